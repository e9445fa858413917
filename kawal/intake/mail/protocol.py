"""SMTP by aiosmtpd, except for how a letter is received, what errors reveal, and time limits.

aiosmtpd keeps each line as an object and refuses the whole letter for one that is long: 25 MB of empty lines took 1 GB
and froze the loop, and a letter with a line over 1,000 characters was bounced (RFC 5321, 4.5.3.1.6 lets a receiver take
more). Here a letter is one buffer whose size is the only limit.
"""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, TLSSetupException, syntax

LARGEST = 25 * 1024 * 1024
"""The most bytes of a letter."""

READ_WITHIN = 600.0
"""Seconds for which a sending server waits for the answer to a letter (RFC 5321, 4.5.3.2.6)."""

TOO_LARGE = "552 5.3.4 The letter is too large"
TRY_AGAIN = "451 4.3.0 Try again later, nothing was taken"

_LINE_END = b"\r\n"
_END = b"\r\n.\r\n"
_PIECES_A_TURN = 8

log = structlog.get_logger()


class LetterProtocol(SMTP):
    """One connection of a sending server."""

    def __init__(self, handler: Any) -> None:
        """Pass letters to `handler`."""
        super().__init__(handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Kawal", hostname="kawal")

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Receive one letter, and answer when it is safe."""
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._letter()
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        if content is None:
            await self.push(TOO_LARGE)
            return
        envelope.content = content
        self._reset_timeout(READ_WITHIN)
        answer = await self.event_handler.handle_DATA(self, self.session, envelope)
        self._reset_timeout()
        await self.push(answer)

    async def handle_exception(self, error: Exception) -> str:
        """Put the sender off after an unforeseen error; nothing about the error is sent outside."""
        log_unforeseen(error)
        return "421 4.3.0 Try again later" if isinstance(error, (TLSSetupException, EOFError)) else TRY_AGAIN

    async def _letter(self) -> bytes | None:
        """Return the letter up to the line that ends it, dots unstuffed (RFC 5321, 4.5.2); None if it is too large."""
        # As if a line had just ended, so that a letter that consists only of the last line ends like any other. What
        # has already arrived is in the reader's buffer, and asyncio has no other way to prepend to it.
        self._reader._buffer[:0] = _LINE_END  # type: ignore[attr-defined]
        content, size, before, pieces = bytearray(), 0, b"", 0
        while True:
            try:
                piece, ended = await self._reader.readuntil(_END), True
            except asyncio.LimitOverrunError as error:
                piece, ended = await self._reader.readexactly(error.consumed), False
            size += len(piece)
            if size > LARGEST + len(_END):
                content.clear()
            else:
                content += _unstuffed(before, piece[: -len(_END[2:])] if ended else piece)
            if ended:
                del content[: len(_LINE_END)]
                return None if size > LARGEST + len(_END) else bytes(content)
            before = (before + piece)[-len(_LINE_END) :]
            pieces += 1
            if not pieces % _PIECES_A_TURN:
                # What has already arrived is read without waiting: give other tasks their turn.
                await asyncio.sleep(0)


def log_unforeseen(error: Exception) -> None:
    """Log where an error occurred, not with which values: those are what people wrote."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    log.error("letter_put_off", error=type(error).__name__, where=f"{where.filename}:{where.lineno}")


def _unstuffed(before: bytes, piece: bytes) -> bytes:
    """Return a piece without the dots stuffed before lines; `before` are the two bytes that precede it."""
    return (before + piece).replace(b"\r\n.", b"\r\n")[len(before) :]
