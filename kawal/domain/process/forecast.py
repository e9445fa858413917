"""What happens to a complaint if nobody acts: its own clocks run ahead on a copy by the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from kawal.domain.messages import Event
from kawal.domain.process.decide import tick
from kawal.domain.process.state import State
from kawal.domain.process.timers import CERTAIN, Silence, next_wake


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
    current = tick(state, now, silence).state
    while (at := next_wake(current, silence)) is not None:
        decision = tick(current, at, silence)
        yield ComingInstant(at, decision.events, decision.state)
        current = decision.state
