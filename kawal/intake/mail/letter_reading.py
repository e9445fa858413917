"""Reading a letter in a process of its own, within limits: what a program wrote is not parsed where others wait."""

from __future__ import annotations

from collections.abc import Sequence

from kawal.intake.mail.letter import ReceivedLetter, taken
from kawal.intake.reading_process import Limits, ReadingProcesses, UnreadableBytes

READ_AT_ONCE = 2
READING = Limits(cpu_seconds=5, wall_seconds=60, memory=768 * 1024 * 1024)
"""The largest ordinary letter, 25 MB with a photograph, takes a second and 250 MB."""


class LetterReaders:
    """The processes that read letters, at most `at_once` at a time; whoever creates them closes them."""

    def __init__(self, at_once: int = READ_AT_ONCE) -> None:
        """Start nothing yet."""
        self._readers = ReadingProcesses("kawal.intake.mail.letter:read_aside", READING, at_once)

    def close(self) -> None:
        """End the processes."""
        self._readers.close()

    async def read(self, content: bytes, recipients: Sequence[str] = ()) -> ReceivedLetter:
        """Read a letter that came to these addresses; raises UnreadableBytes, and OSError as ReadingProcesses."""
        answer = await self._readers.read({"recipients": list(recipients)}, content)
        try:
            return taken(answer.said, answer.pieces)
        except (KeyError, TypeError, ValueError, AttributeError):
            # The reading process is as little to be trusted as what it read.
            raise UnreadableBytes("crash") from None
