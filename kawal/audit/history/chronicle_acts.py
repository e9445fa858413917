"""What officials released, redacted or noted as read of a complaint, to be told among its events.

Needs nothing of the engine.

Of supports nothing is told but their number, which is no act of the history.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from kawal.domain.messages import Actor
from kawal.record import Record
from kawal.store.side_acts import SideAct


class _EventTime(Protocol):
    @property
    def recorded_at(self) -> datetime: ...


class _ActTime(Protocol):
    @property
    def at(self) -> datetime: ...


EventT = TypeVar("EventT", bound=_EventTime)
ActT = TypeVar("ActT", bound=_ActTime)


async def acts_of(record: Record, tracking_id: str, *, words: bool) -> list[SideAct]:
    """Return the acts in order; without `words` nobody's name, and of their words the reasons that the public reads."""
    acts = await record.side_acts.told(tracking_id)
    if words or not acts:
        return acts
    shown = await record.public_versions.shown(tracking_id)
    return [_without_words(one, why=shown.has(one.facts.get("attachment"))) for one in acts]


def interleaved(events: Sequence[EventT], acts: Sequence[ActT]) -> Iterator[EventT | ActT]:
    """Yield both in the order in which they came on record, each kind in its own order."""
    waiting = deque(acts)
    for event in events:
        while waiting and waiting[0].at < event.recorded_at:
            yield waiting.popleft()
        yield event
    yield from waiting


def _without_words(act: SideAct, *, why: bool) -> SideAct:
    words = {"why": act.words["why"]} if why and "why" in act.words else {}
    nameless: Actor | None = None if act.actor is None else act.actor.model_copy(update={"name": None})
    return act.model_copy(update={"words": words, "actor": nameless})
