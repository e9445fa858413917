"""What happens to a complaint if nobody acts: its own clocks run ahead on a copy by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from kawal.domain.messages import Event
from kawal.domain.process.decide import pass_time
from kawal.domain.process.state import State
from kawal.domain.process.timers import CERTAIN, Silence

LOOKED_AHEAD = 12
"""So many instants of the clocks are looked through: what comes after them is nobody's plan."""


class ComingInstant(NamedTuple):
    """What one instant brings by itself, and the complaint after it."""

    at: datetime
    """UTC."""
    events: list[Event]
    state: State


def foreseen(state: State, now: datetime, silence: Silence = CERTAIN) -> Iterator[ComingInstant]:
    """Yield what the clocks bring after `now` (UTC), in order, as long as nobody acts; nothing of a complaint at rest.

    What is due by `now` counts as having happened. Each instant is reckoned when it is asked for.
    """
    current = state.fork()
    _, due = pass_time(current, now, silence)
    while due is not None:
        at, current = due.at, current.fork()
        events, due = pass_time(current, at, silence, due)
        yield ComingInstant(at, events, current)


def foresight(state: State, now: datetime, most: int = LOOKED_AHEAD) -> list[ComingInstant]:
    """Return the next instants of the clocks after `now` (UTC): as many as anybody is told of, or `most`."""
    return list(islice(foreseen(state, now), most))
