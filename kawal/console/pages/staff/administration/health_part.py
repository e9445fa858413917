"""How one part of the system stands, as `/kelola/keadaan` shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from kawal.domain.msgids import Message, Sayable, msgid

PATIENCE = timedelta(minutes=5)
"""For how long something may wait that is done within a minute where all is well."""


class State(StrEnum):
    """How a part of the system stands."""

    WELL = "well"
    TROUBLE = "trouble"
    OFF = "off"
    """Not configured."""
    UNKNOWN = "unknown"


SHAPES: Mapping[State, str] = {State.WELL: "✓", State.TROUBLE: "▲", State.OFF: "–", State.UNKNOWN: "?"}
WORDS: Mapping[State, Message] = {
    State.WELL: msgid("well"),
    State.TROUBLE: msgid("needs attention"),
    State.OFF: msgid("not in use"),
    State.UNKNOWN: msgid("not known"),
}


class PartHealth(NamedTuple):
    """A part of the system: how it stands, and what to do about it."""

    name: Sayable
    state: State
    said: Sayable
    todo: Sayable | None = None


def judged(name: Sayable, well: bool, said: Sayable, todo: Sayable) -> PartHealth:
    """Return a part that is well or needs attention; what to do is told of the latter alone."""
    return PartHealth(name, State.WELL if well else State.TROUBLE, said, None if well else todo)


def too_long(since: datetime | None, now: datetime) -> bool:
    """Tell whether something has waited for longer than it should."""
    return since is not None and now - since > PATIENCE
