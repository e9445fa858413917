"""One line that shows a long step is alive: rewritten in place on a terminal, printed now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

QUIET_SECONDS = 30.0
"""How far apart lines are where nobody watches them: in a log, a pipe, a continuous integration."""
USUAL_COLUMNS = 80


class Progress:
    """Shows the share done where it is known, a label, the seconds since the start, and what is being done now."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        """Start counting."""
        self._label = label
        self._stream = sys.stderr if stream is None else stream
        self._began = time.monotonic()
        self._shown = -QUIET_SECONDS
        self._terminal = self._stream.isatty()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def show(self, doing: str, share: float | None = None) -> None:
        """Say what is being done, and how much of the whole is done (0 to 1); off a terminal at most twice a minute."""
        done = "" if share is None else f"{int(share * 100):2d} %  "
        line = f"{done}{self._label}  {self.seconds:3.0f} s  {doing}"
        if self._terminal:
            self._stream.write(f"\r\x1b[K{_cut(line, self._columns() - 1)}")
        elif self.seconds - self._shown >= QUIET_SECONDS:
            self._shown = self.seconds
            self._stream.write(line + "\n")
        self._stream.flush()

    def done(self, outcome: str) -> None:
        """Leave one last line, whole."""
        start = "\r\x1b[K" if self._terminal else ""
        self._stream.write(f"{start}{self._label}  {self.seconds:3.0f} s  {outcome}\n")
        self._stream.flush()

    def _columns(self) -> int:
        """Ask how wide the terminal is now: it may have been resized since the last line."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or USUAL_COLUMNS
        except OSError:
            return USUAL_COLUMNS


def _cut(line: str, columns: int) -> str:
    """Keep `line` on one row: a row that is full to its last column would wrap on some terminals, so it stays free."""
    return line if len(line) <= columns else line[: columns - 1] + "…"
