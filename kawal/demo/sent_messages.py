"""What a demo would have sent: its mail server and its gateways keep every message here, and pass none on."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import BaseModel

from kawal.base.clock import Clock
from kawal.intake.mail.protocol import LetterProtocol

KEPT = 200
"""So many are shown, the newest."""

FILE = "sent.jsonl"


class SentMessage(BaseModel):
    """A letter, or a message to a telephone."""

    at: datetime
    """By the demo's clock."""
    by: str
    """`email`, or the channel's code."""
    to: str
    subject: str = ""
    text: str


class SentMessages:
    """Every message, in a file of the demo's home; the last ones at hand."""

    def __init__(self, home: Path, clock: Clock) -> None:
        """Go on with what the home holds."""
        self._file = home / FILE
        self._clock = clock
        lines = self._file.read_text().splitlines()[-KEPT:] if self._file.exists() else []
        self._last = deque(map(SentMessage.model_validate_json, lines), maxlen=KEPT)

    def add(self, by: str, to: str, text: str, subject: str = "") -> None:
        """Keep a message as of now."""
        message = SentMessage(at=self._clock.now(), by=by, to=to, subject=subject, text=text)
        self._last.append(message)
        with self._file.open("a", encoding="utf-8") as opened:
            opened.write(message.model_dump_json() + "\n")

    def newest_first(self) -> list[SentMessage]:
        """Return the last KEPT messages."""
        return list(reversed(self._last))


class _Handler:
    """Takes every letter; aiosmtpd calls it."""

    def __init__(self, sent: SentMessages) -> None:
        self._sent = sent

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one letter, as its recipients would have read it."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = await asyncio.to_thread(_read, content)
        body = letter.get_body(("plain",))
        text = "" if body is None else str(body.get_content())
        self._sent.add("email", ", ".join(envelope.rcpt_tos), text, str(letter.get("Subject", "")))
        return "250 2.0.0 OK, kept and not sent on"


@asynccontextmanager
async def keeping_letters(sent: SentMessages) -> AsyncIterator[int]:
    """Be a mail server on this machine that passes nothing on, while the block runs; yield its port."""
    handler = _Handler(sent)
    server = await asyncio.get_running_loop().create_server(lambda: LetterProtocol(handler), "127.0.0.1", 0)
    try:
        address: Any = server.sockets[0].getsockname()
        yield int(address[1])
    finally:
        server.close()
        await server.wait_closed()


def _read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)
