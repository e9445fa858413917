"""Files of secrets that an operator writes: nobody else may read them, and no error repeats what they say."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import Message, msgid, sentence

T = TypeVar("T", bound=BaseModel)


def is_there(file: Path) -> bool:
    """Return whether there is such a file; raises SystemUnavailable for one that others may read."""
    if not file.exists():
        return False
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise SystemUnavailable(sentence(msgid("{file} may be read by others; `chmod 600` it."), file=file))
    return True


def read_tables(file: Path, name: str, model: type[T], unreadable: Message) -> list[T]:
    """Return the TOML file's tables of that name; none where there is no file.

    Raises SystemUnavailable for a bad one, with `unreadable`, whose places are `file` and `kind`.
    """
    if not is_there(file):
        return []
    try:
        return [model.model_validate(one) for one in tomllib.loads(file.read_text(encoding="utf-8")).get(name, [])]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        # The error's own text could repeat a secret.
        raise SystemUnavailable(sentence(unreadable, file=file, kind=type(error).__name__)) from None
