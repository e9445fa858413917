"""A shell on a terminal, in which somebody types `kawal …` and presses TAB."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ANSWERED_WITHIN = 60.0

TOLD = "\x18"
"""Ctrl-X: the shell writes its line into a file."""

CLEARED = "\x15"

BASH = ("bash", "--norc", "--noprofile", "-i")
BASH_BEGINS = r"""
PS1='$ '; bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'
bind 'set completion-query-items 0'; bind 'set print-completions-horizontally on'
bind -x '"\C-x": printf "%s" "$READLINE_LINE" >"$TOLD_IN.new"; mv "$TOLD_IN.new" "$TOLD_IN"'
"""

ZSH = ("zsh", "-f", "-i")
ZSH_BEGINS = r"""
PS1='$ '; unsetopt zle_bracketed_paste prompt_sp; LISTMAX=10000
tell() { print -rn -- "$BUFFER" >"$TOLD_IN.new"; mv "$TOLD_IN.new" "$TOLD_IN" }
zle -N tell; bindkey '^X' tell; bindkey '^U' kill-whole-line
"""

MAIN = "PEKERJAAN UMUM DAN PENATAAN RUANG"

COMPLETED = (
    ("kawal sho", "kawal show "),
    ("kawal opd ren", "kawal opd rename "),
    ("kawal verify 1234567 --cl", "kawal verify 1234567 --class "),
    ("kawal verify 1234567 --class asp", "kawal verify 1234567 --class aspirasi "),
    ("kawal verify 1234567 --class=asp", "kawal verify 1234567 --class=aspirasi "),
    ("kawal forward 1234567 --opd DISH", "kawal forward 1234567 --opd DISHUB "),
    ("kawal forward 1234567 --opd dish", "kawal forward 1234567 --opd dishub "),
    ("kawal list --instansi KEP", "kawal list --instansi KEPRI "),
    ("kawal list --as aud", "kawal list --as auditor:"),
    ("kawal list --as liaison/DISH", "kawal list --as liaison/DISHUB:"),
    ("kawal --as admin:Ani list --over", "kawal --as admin:Ani list --overdue "),
    ("kawal show --as=admin@KEPRI:Ani --exp", "kawal show --as=admin@KEPRI:Ani --explain "),
)
"""What is typed before TAB, and the line after it, in either shell."""


class Typist:
    """Opened by `with`; the shell has read what `kawal completion` prints."""

    def __init__(self, shell: Sequence[str], begins: str, environment: Mapping[str, str], folder: Path) -> None:
        self._told = folder / "line"
        _put_program(folder)
        paths = f"{folder}:{environment['PATH']}"
        more = {"PATH": paths, "TERM": "vt100", "TOLD_IN": str(self._told), "COLUMNS": "200", "LINES": "500"}
        self._terminal, theirs = pty.openpty()
        self._process = subprocess.Popen(
            shell, env={**environment, **more}, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._type(f'stty cols 200 rows 500; {begins.strip()}\neval "$(kawal completion {shell[0]})"\n')
        self._line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def completed(self, line: str) -> str:
        """Return the line after TAB."""
        self._type(f"{line}\t")
        completed, _ = self._line()
        return completed

    def offered(self, line: str) -> str:
        """All that the terminal shows after TAB was pressed twice."""
        self._type(f"{line}\t\t")
        _, shown = self._line()
        return shown

    def _type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def _line(self) -> tuple[str, str]:
        """Return the line as the shell has it now and what the terminal showed until then; clear the line."""
        self._told.unlink(missing_ok=True)
        self._type(TOLD)
        shown, until = b"", time.monotonic() + ANSWERED_WITHIN
        while not self._told.exists():
            assert time.monotonic() < until, shown.decode(errors="replace")
            if select.select([self._terminal], [], [], 0.05)[0]:
                shown += os.read(self._terminal, 65536)
        self._type(CLEARED)
        return self._told.read_text(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\0", "", shown.decode(errors="replace"))


def _put_program(folder: Path) -> None:
    program = folder / "kawal"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kawal.cli "$@"\n')
    program.chmod(0o755)
