"""One line that shows a long step is alive: rewritten in place on a terminal, printed now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

QUIET_SECONDS = 10.0


class Progress:
    """Shows a label, the seconds since the start, and what is being done now."""

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

    def show(self, doing: str) -> None:
        """Say what is being done; off a terminal at most every ten seconds."""
        line = f"{self._label}  {self.seconds:4.0f} s  {doing}"
        if self._terminal:
            self._stream.write(f"\r\x1b[K{line[:110]}")
        elif self.seconds - self._shown >= QUIET_SECONDS:
            self._shown = self.seconds
            self._stream.write(line + "\n")
        self._stream.flush()

    def done(self, outcome: str) -> None:
        """Leave one last line."""
        start = "\r\x1b[K" if self._terminal else ""
        self._stream.write(f"{start}{self._label}  {self.seconds:4.0f} s  {outcome}\n")
        self._stream.flush()
