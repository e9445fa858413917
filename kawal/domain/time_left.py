"""How much time a step has left, in working days: what a queue says of each report beside its deadline.

Pure. A deadline is the end of a local day (Asia/Jakarta). The days are counted by the agency's calendar of today, for
the reader: the deadline itself was derived from the calendar in the complaint's own state, and stands.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from kawal.domain.calendar import Calendar, local_day

_BEFORE_MIDNIGHT = timedelta(microseconds=1)


class Urgency(StrEnum):
    """How near a deadline is; the order is that of a queue."""

    LATE = "late"
    TODAY = "today"
    NEXT = "next"
    """On the next working day, or on a day off before it."""
    AHEAD = "ahead"
    PAUSED = "paused"
    """The clock stands still, because the reporter is waited for."""
    OPEN = "open"
    """Nothing is due by a day."""


class TimeLeft(NamedTuple):
    """The working days that are left until a deadline, or that have passed since."""

    urgency: Urgency
    days: int
    """Working days after today up to and including the last day; of what is late, those after the last day up to today.
    0 where only days off lie between."""
    last_day: date | None
    """The local day at whose end the deadline lies; None for none."""


def time_left(deadline: datetime | None, now: datetime, calendar: Calendar, *, paused: bool = False) -> TimeLeft:
    """Return how much time a step has left at `now`; both instants are aware."""
    if deadline is None:
        return TimeLeft(Urgency.PAUSED if paused else Urgency.OPEN, 0, None)
    last_day, today = local_day(deadline - _BEFORE_MIDNIGHT), local_day(now)
    if deadline <= now:
        return TimeLeft(Urgency.LATE, calendar.between(last_day, today), last_day)
    if last_day == today:
        return TimeLeft(Urgency.TODAY, 0, last_day)
    left = calendar.between(today, last_day)
    return TimeLeft(Urgency.NEXT if left <= 1 else Urgency.AHEAD, left, last_day)
