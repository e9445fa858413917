"""Files that an operator names: read as a whole, as UTF-8, with faults reported under the file's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kawal.cli.terminal.faults import UsageError
from kawal.domain.validation_messages import UnreadableFile

Result = TypeVar("Result")

BIGGEST_FILE = 5_000_000


def read_file(path: str, parse: Callable[[str], Result]) -> Result:
    """Return what `parse` makes of a file's text; raises UsageError naming the file and what is wrong in it."""
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > BIGGEST_FILE:
            raise UsageError("bad_file", path=path, detail=f"> {BIGGEST_FILE} bytes")
        return parse(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError("no_such_file", option="FILE", path=path, detail=error.strerror) from None
    except UnicodeDecodeError:
        raise UsageError("not_utf8", option="FILE", path=path) from None
    except UnreadableFile as error:
        raise UsageError("bad_file", path=path, detail=error.reason) from None


def new_file(named: str | None) -> Path | None:
    """Return the new file that an option names, None for none; raises UsageError where none could be written there."""
    if named is None:
        return None
    path = Path(named).expanduser()
    if path.exists() or not path.parent.is_dir():
        raise UsageError("cannot_write", path=path, detail="–" if path.parent.is_dir() else "folder")
    return path


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, readable only by its owner; raises OSError, which names the file."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
