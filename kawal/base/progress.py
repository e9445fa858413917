"""A progress line for long steps: rewritten in place on a terminal, printed now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

QUIET_SECONDS = 30.0
"""Seconds between lines when the output is not a terminal: a log, a pipe, continuous integration."""
USUAL_COLUMNS = 80


class Progress:
    """A progress display: the share done if known, a label, the seconds since the start, and the current step."""

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
        """Show the current step, and the share of the whole that is done (0 to 1); off a terminal at most twice a
        minute."""
        done = "" if share is None else f"{int(share * 100):2d} %  "
        line = f"{done}{self._label}  {self.seconds:3.0f} s  {doing}"
        if self._terminal:
            self._stream.write(f"\r\x1b[K{_cut(line, self._columns() - 1)}")
        elif self.seconds - self._shown >= QUIET_SECONDS:
            self._shown = self.seconds
            self._stream.write(line + "\n")
        self._stream.flush()

    def done(self, outcome: str) -> None:
        """Print a final, complete line."""
        start = "\r\x1b[K" if self._terminal else ""
        self._stream.write(f"{start}{self._label}  {self.seconds:3.0f} s  {outcome}\n")
        self._stream.flush()

    def _columns(self) -> int:
        """Return the terminal's current width; it may have been resized since the last line."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or USUAL_COLUMNS
        except OSError:
            return USUAL_COLUMNS


def _cut(line: str, columns: int) -> str:
    """Cut `line` to fit on one row; the last column stays free because some terminals wrap a row that fills it."""
    return line if len(line) <= columns else line[: columns - 1] + "…"
