"""Reading the file of a recorded year, as commands are given one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.terminal.faults import UsageError

if TYPE_CHECKING:
    from kawal.domain.scenario import ScenarioRow


def rows_of(file: str) -> list[ScenarioRow]:
    """Return the file's rows; raises UsageError for one that cannot be read."""
    from kawal.domain.scenario import MalformedRow, decode, format_of, read_rows

    try:
        return read_rows(decode(content_of(file)), format_of(file))
    except MalformedRow as error:
        raise UsageError("bad_file", path=file, detail=error.sentence) from error


def content_of(file: str) -> bytes:
    """Return what a file holds; raises UsageError."""
    try:
        return Path(file).expanduser().read_bytes()
    except OSError as error:
        raise UsageError("bad_file", path=file, detail=error.strerror) from error
