"""What a notice says of the process: dates, codes and numbers of an event and of the row after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from kawal.domain.calendar import local_day
from kawal.domain.messages import Event, Snapshot
from kawal.domain.names import ClockKind, EventKind, ReportClass


class Case(NamedTuple):
    """An event with the read model's row after it."""

    event: Event
    after: Snapshot

    def fact(self, name: str) -> Any:
        """Return a fact of the event, None if it has none of that name."""
        return self.event.facts.get(name)


_PLAIN_FACTS = (
    "opd",
    "opds",
    "clock",
    "deadline",
    "days",
    "count",
    "main",
    "rung",
    "rating",
    "via",
    "stamp",
    "anonim",
    "rahasia",
)

_CLOCK_OF: dict[EventKind, ClockKind] = {
    EventKind.STARTED: ClockKind.VERIFY,
    EventKind.HELD: ClockKind.HOLD,
    EventKind.ASKED: ClockKind.QUESTION,
    EventKind.FORWARDED: ClockKind.RESPOND,
    EventKind.FOLLOWED_UP: ClockKind.AUTO_CLOSE,
    EventKind.RETURNED: ClockKind.FORWARD,
    EventKind.DISPUTED: ClockKind.COMPLETE,
    EventKind.ACCEPTED: ClockKind.AFTERCARE,
    EventKind.REOPENED: ClockKind.COMPLETE,
    EventKind.EXTENSION_GRANTED: ClockKind.COMPLETE,
    EventKind.INSTRUCTED: ClockKind.INSTRUCTION,
    EventKind.TAKEN_OVER: ClockKind.TAKE_OVER,
}
"""The clock whose deadline an event's notices name, if the event does not contain the date itself."""


def question_ended(case: Case) -> bool:
    """Return whether the event ended a question to the reporter that need not be answered any more."""
    answered = case.event.kind is EventKind.REPLIED or case.fact("why") == "unanswered"
    return not answered and (case.fact("deadlines") or {}).get(str(ClockKind.QUESTION)) == "ended"


def process_facts(case: Case, opd: str | None) -> dict[str, Any]:
    """Return the part of a body that comes from the process record: dates, codes, numbers."""
    body = {name: case.fact(name) for name in _PLAIN_FACTS if case.fact(name) is not None}
    if case.event.kind in (EventKind.VERIFIED, EventKind.RECLASSIFIED, EventKind.HANDLED):
        body["class"] = str(case.after.report_class or ReportClass.PENGADUAN)
        body["category"] = case.after.category
    if case.event.kind is EventKind.BREACHED and case.fact("nominal"):
        body["deadline"] = case.fact("nominal")
    if question_ended(case):
        body["question_over"] = True
    if case.event.kind is EventKind.ASKED:
        body["opd"] = case.fact("by") or case.after.instansi
    if case.event.kind is EventKind.INSTRUCTED:
        body["by"] = case.fact("by")
    if case.event.kind is EventKind.REFUSED:
        body["refused"] = {"command": case.fact("command"), "code": case.fact("code"), "details": case.event.words}
    clock = _CLOCK_OF.get(case.event.kind)
    deadline = open_deadline(case, clock, opd) if clock else None
    if deadline is not None:
        body["deadline"] = last_day(deadline)
    if "deadline" in body:
        body["deadline"] = _day(str(body["deadline"]))
    return body


def _day(stamp: str) -> str:
    """Return the local day of a fact that is either a day or the instant at which that day ends."""
    return last_day(datetime.fromisoformat(stamp)) if "T" in stamp else stamp


def open_deadline(case: Case, clock: ClockKind, opd: str | None = None) -> datetime | None:
    """Return the earliest open deadline of that kind, of one OPD if one is given."""
    open_ones = [
        line.deadline
        for line in case.after.clocks
        if line.kind is clock and line.deadline is not None and (opd is None or line.opd in (None, opd))
    ]
    return min(open_ones, default=None)


def last_day(deadline: datetime) -> str:
    """Return the local day (ISO) that ends with a deadline: an end at 24:00 belongs to the day before."""
    return local_day(deadline - timedelta(seconds=1)).isoformat()
