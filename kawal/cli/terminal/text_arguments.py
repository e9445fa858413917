"""Long texts on the command line: given directly, from standard input with `-`, from a file with `@FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from kawal.cli.terminal.faults import UsageError

MOST_BYTES = 1_000_000
"""More than any text may have; the limit of each text is checked by the rules."""


def read_text(value: str, option: str) -> str:
    """Return the text that an option's value stands for; `@@…` is a text that begins with one @. Raises UsageError."""
    if value == "-":
        return _decoded(sys.stdin.buffer.read(MOST_BYTES + 1), option, "stdin")
    if value.startswith("@@"):
        return value[1:]
    if value.startswith("@"):
        return _from_file(Path(value[1:]).expanduser(), option)
    return value


def _from_file(path: Path, option: str) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(file.read(MOST_BYTES + 1), option, str(path))
    except OSError as error:
        raise UsageError("no_such_file", option=option, path=path, detail=error.strerror) from None


def _decoded(content: bytes, option: str, where: str) -> str:
    if len(content) > MOST_BYTES:
        raise UsageError("file_too_big", option=option, path=where, limit=MOST_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("not_utf8", option=option, path=where) from None
