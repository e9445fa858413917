"""The mark of a demo: a file that its home is given before anything else lies there, and that no other home has.

Everything a demo may do and a real installation must not (signing in without proof, moving the clock) asks for it. It
names the home's own master key, so that a mark that strayed into another home opens nothing.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from kawal.base.clock import Clock
from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence

FILE = "demo.json"


class DemoMark(BaseModel):
    """What a demo knows of itself."""

    model_config = ConfigDict(extra="forbid", ser_json_timedelta="float")

    master_key: str
    """The id of the master key that was made for this home."""
    ready: bool = False
    """Whether the year was played to its end."""
    ahead: timedelta = timedelta()
    """How far the demo's clock is ahead of the machine's."""
    moving_by: timedelta = timedelta()
    """By how much the clock was being moved when this was written; nothing: it stood where `ahead` says."""
    skips: dict[str, timedelta] = Field(default_factory=dict)
    """While it is moved: by how much each open workflow will have been moved in all, by its id."""


def demo_mark(home: Path) -> DemoMark | None:
    """Return the mark of a home; None for a home that is no demo. Raises SystemUnavailable for one that is damaged."""
    try:
        return DemoMark.model_validate_json((home / FILE).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        file = home / FILE
        raise SystemUnavailable(sentence(msgid("The mark of a demo, {file}, cannot be read."), file=file)) from error


def write_demo_mark(home: Path, mark: DemoMark) -> None:
    """Write the mark; the file is replaced as a whole."""
    draft = home / f"{FILE}.new"
    draft.write_text(mark.model_dump_json(indent=1))
    draft.replace(home / FILE)


def clock_of(home: Path) -> Clock:
    """Return the clock by which a home's complaints live, as it stands now."""
    mark = demo_mark(home)
    return Clock() if mark is None else Clock(mark.ahead)


def refuse_demo(home: Path) -> None:
    """Raise SystemUnavailable for a demo's home: what is for real installations alone must not run there."""
    if demo_mark(home) is not None:
        raise SystemUnavailable(
            sentence(msgid("{home} holds a demo; run it with `make demo`, or choose another KAWAL_HOME."), home=home)
        )
