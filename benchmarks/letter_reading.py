"""Letters read per second by the processes that read them, beside the floor: processes that take the bytes and return.

    python -m benchmarks letter_reading

Two readers, as the listener has. The letters are a text of 3 kB, and one with a photo of 2 MB; the mix is nine of the
first to one of the second. Neither database nor SMTP has a part in it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

from kawal.intake.mail.letter import read_aside, taken
from kawal.intake.mail.letter_reading import READ_AT_ONCE, READING
from kawal.intake.reading_process import ReadingProcesses

SECONDS = 5.0
WAITING = 4
"""Letters that wait for a reader, so that none is ever idle."""

_TASK = f"{read_aside.__module__}:{read_aside.__name__}"
_FLOOR = f"{__name__}:hand_back"


def hand_back(_said: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return how much came; this is the floor's task."""
    return {"bytes": sum(map(len, pieces))}, []


def _letter(photo: bytes = b"") -> bytes:
    mail = EmailMessage()
    mail["From"] = "Siti Aminah <siti@example.org>"
    mail["To"] = "lapor@kepri.example.org"
    mail["Subject"] = "Jalan rusak di Batu 9"
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content("Jalan di depan rumah “kami” berlubang, mohon diperbaiki.\n" * 26)
    mail.add_alternative("<p>Jalan di depan rumah “kami” berlubang, mohon diperbaiki.</p>\n" * 26, subtype="html")
    if photo:
        mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="foto.jpg")
    return bytes(mail)


async def _rate(task: str, letters: Sequence[bytes], *, letters_read: bool) -> float:
    """Return how many are read in a second."""
    readers = ReadingProcesses(task, READING, READ_AT_ONCE)
    count = 0

    async def read_on(until: float) -> None:
        nonlocal count
        number = 0
        while time.perf_counter() < until:
            answer = await readers.read({}, letters[number % len(letters)])
            if letters_read:
                taken(answer.said, answer.pieces)
            number += 1
            count += 1

    try:
        await asyncio.gather(*(readers.read({}, letters[0]) for _ in range(WAITING)))  # starts them
        began = time.perf_counter()
        await asyncio.gather(*(read_on(began + SECONDS) for _ in range(WAITING)))
        return count / (time.perf_counter() - began)
    finally:
        readers.close()


async def run() -> None:
    """Measure and print."""
    small, large = _letter(), _letter(os.urandom(2_000_000))
    for name, letters in (
        ("text of 3 kB", [small]),
        ("photo of 2 MB", [large]),
        ("nine to one", [*[small] * 9, large]),
    ):
        read = await _rate(_TASK, letters, letters_read=True)
        floor = await _rate(_FLOOR, letters, letters_read=False)
        print(f"{name:14} {read:7.0f} letters/s   floor {floor:7.0f}   {read / floor:4.0%} of it")
