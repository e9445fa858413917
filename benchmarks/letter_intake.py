"""Letters taken per second by a running `kawal up`, beside the floor: the same conversations with nothing done.

    python -m benchmarks letter_intake

The letters are a text of 3 kB with a page, and one with a photograph of 2 MB, nine of the first to one of the second;
each is a report of its own, made safe before it is answered. At the floor the same listener answers at once.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.letters import dialogue, running_up, send_all
from kawal.intake.mail.protocol import LetterProtocol

LETTERS = 200
_SIDE = 1_150
"""Pixels of a picture of noise that takes about 2 MB."""


class _BareListener:
    """Answers every letter at once."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 2.0.0 OK"


@asynccontextmanager
async def _floor() -> AsyncIterator[int]:
    """Listen without doing anything, and yield the port."""
    server = await asyncio.get_running_loop().create_server(lambda: LetterProtocol(_BareListener()), "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


def _photograph() -> bytes:
    picture, file = Image.frombytes("RGB", (_SIDE, _SIDE), os.urandom(3 * _SIDE * _SIDE)), BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def _letter(number: int, photograph: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Warga {number} <warga{number}@example.org>"
    mail["To"] = "lapor@kepri.example.org"
    mail["Subject"] = f"Jalan rusak di Batu {number}"
    mail["Message-ID"] = f"<{number}@example.org>"
    mail.set_content("Jalan di depan rumah “kami” berlubang, mohon diperbaiki.\n" * 26)
    mail.add_alternative("<p>Jalan di depan rumah “kami” berlubang, mohon diperbaiki.</p>\n" * 26, subtype="html")
    if photograph:
        mail.add_attachment(photograph, maintype="image", subtype="jpeg", filename="foto.jpg")
    return bytes(mail).replace(b"\n", b"\r\n")


def _sent(port: int, letters: list[bytes]) -> float:
    """Send letters and return how many were answered 250 in a second."""
    began = time.perf_counter()
    answers = send_all(port, letters)
    seconds = time.perf_counter() - began
    return sum(answer.startswith("250") for answer in answers) / seconds


async def run() -> None:
    """Measure and print."""
    photograph = _photograph()
    letters = [_letter(number, photograph if number % 10 == 0 else b"") for number in range(LETTERS)]
    async with _floor() as port:
        floor = await asyncio.to_thread(_sent, port, letters)
    taken = await asyncio.to_thread(_measured, letters)
    print(f"photograph {len(photograph) / 1_000_000:.1f} MB; taken {taken:.0f} a second; floor {floor:.0f}")


def _measured(letters: list[bytes]) -> float:
    with tempfile.TemporaryDirectory(prefix="kawal-") as folder, running_up(Path(folder) / "home") as up:
        dialogue(
            up.smtp, b"From: a@b.id\r\nSubject: satu\r\n\r\nJalan rusak."
        )  # readers are started by the first letter
        return _sent(up.smtp, letters)
