"""Reports in a list of the officials', as a page shows them: what they wait for, and how much time is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.domain.calendar import Calendar
from kawal.domain.labels import CHANNELS, CLASSES, STATUSES
from kawal.domain.msgids import Sayable
from kawal.domain.time_left import TimeLeft, time_left
from kawal.domain.work_queues import Queue
from kawal.store.queues import MOST_COUNTED, QueueLine
from kawal.wording.queue_words import WAITS_FOR
from kawal.wording.time_left import SHAPES, time_in_words


class ShownLine(NamedTuple):
    """A report in a list."""

    line: QueueLine
    why: Sequence[Sayable | str]
    """What it waits for, the most urgent first."""
    left: TimeLeft | None
    """None where nothing is owed any more."""


class Clockwork(NamedTuple):
    """By what the time left is counted: now, and the agency's calendar."""

    now: datetime
    calendar: Calendar

    def left(self, deadline: datetime | None, *, paused: bool = False) -> TimeLeft:
        """Return how much time is left."""
        return time_left(deadline, self.now, self.calendar, paused=paused)


async def clockwork_of(request: Request, signed: SignedIn) -> Clockwork:
    """Return now, and the calendar of the agency in which somebody acts; of several that of the first."""
    complaints = complaints_of(request)
    instansi = signed.actor.instansi or (await complaints.directory.all_instansi())[0].code
    return Clockwork(complaints.now(), await complaints.rulebook.calendar_for(instansi))


def shown_line(line: QueueLine, queue: Queue, clockwork: Clockwork) -> ShownLine:
    """Return a line as a page shows it."""
    why = [WAITS_FOR.get(one, one) for one in line.why]
    if queue is Queue.FINISHED:
        return ShownLine(line, why, None)
    return ShownLine(line, why, clockwork.left(line.deadline, paused=_stands_still(line)))


def _stands_still(line: QueueLine) -> bool:
    """Tell whether a clock runs that has no deadline at the moment: it is paused."""
    return line.owed_by is not None


def counted(n: int) -> str:
    """Return a queue's count as it is shown: "7", or "99+" where there are more than are counted."""
    return f"{MOST_COUNTED - 1}+" if n >= MOST_COUNTED else str(n)


def list_values() -> Mapping[str, Any]:
    """Return the words that a template of a list needs."""
    return {
        "shapes": SHAPES,
        "time_in_words": time_in_words,
        "status_names": STATUSES,
        "class_names": CLASSES,
        "channel_names": CHANNELS,
    }
