"""A real terminal (a pty) with a given number of columns, and what was written to it."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from types import TracebackType
from typing import Self


class Terminal:
    """A terminal opened by `with`; `stream` writes to it, like a program whose output it is."""

    def __init__(self, columns: int) -> None:
        self.opened_with = self.columns = columns
        self._ours, self.theirs = pty.openpty()
        self.stream = os.fdopen(self.theirs, "w", encoding="utf-8")
        self._read = b""
        self.resize(columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stream.close()
        os.close(self._ours)

    def resize(self, columns: int) -> None:
        self.columns = columns
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self) -> str:
        """Return everything that was written until now."""
        os.set_blocking(self._ours, False)
        try:
            while more := os.read(self._ours, 65536):
                self._read += more
        except BlockingIOError:
            pass
        return self._read.decode()

    def wait_for(self, words: str) -> None:
        """Read until `words` have been written; the test's own time limit ends it."""
        os.set_blocking(self._ours, True)
        while words not in self._read.decode(errors="replace"):
            self._read += os.read(self._ours, 65536)

    def rewritten(self) -> list[str]:
        """Return the rows that were written over each other, in their order."""
        return [row.split("\r\n")[0] for row in self.read().split("\r\x1b[K")[1:]]
