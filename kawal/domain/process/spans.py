"""Spans: what the recap counts of a complaint and from when to when, derived from its events.

The database makes them step by step (`follow_spans` in schema.sql); here they are derived from the record alone, so
that an auditor can check them. A step is the events that were recorded together, and the complaint after the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from kawal.domain.messages import Event, OpdLine, Snapshot
from kawal.domain.names import Status

NOT_COUNTED = frozenset({"returned", "withdrawn", "handed_on"})
"""States of an OPD that a span does not include."""


class OpdStanding(NamedTuple):
    """How an OPD stands in a report: its own working days and lateness."""

    code: str
    owes: bool
    overdue: bool
    late: bool
    follow_up_days: int | None
    final_days: int | None


class SpanContent(NamedTuple):
    """The content of a span."""

    status: str
    report_class: str | None
    category: str | None
    opds: list[str]
    follow_up_days: int | None
    completion_days: int | None
    rating: int | None
    overdue: bool
    ever_late: bool
    escalated: bool
    closed_at: datetime | None
    standings: list[OpdStanding]


class Span(NamedTuple):
    """From one instant (inclusive) to another (exclusive; None: until today); `seq` is the event that began it."""

    seq: int
    from_at: datetime
    to_at: datetime | None
    told: SpanContent


def spans_of(steps: Iterable[tuple[list[Event], Snapshot]]) -> list[Span]:
    """Return the spans after all steps, the earliest first."""
    spans: list[Span] = []
    for events, after in steps:
        spans = carried_on(spans, events, after)
    return spans


def carried_on(spans: Sequence[Span], events: Sequence[Event], after: Snapshot) -> list[Span]:
    """Return the spans after one more step; all but the last of them are final."""
    found = list(spans)
    for place, event in enumerate(events):
        if place + 1 < len(events) and events[place + 1].at <= event.at:
            continue
        _go_on(found, event, after, last=place + 1 == len(events))
    return found


def _go_on(spans: list[Span], event: Event, after: Snapshot, *, last: bool) -> None:
    stood = spans[-1] if spans else None
    told = _told(event, after, stood.told if stood else None, last=last)
    if stood is None:
        spans.append(Span(event.seq, event.at, None, told))
        return
    if told == stood.told:
        return
    from_at = max(event.at, stood.from_at)
    spans.pop()
    if from_at != stood.from_at:
        spans.append(stood._replace(to_at=from_at))
    spans.append(Span(event.seq, from_at, None, told))


def _own_rating(after: Snapshot) -> int | None:
    """Return the rating that the reporter gave; one given through somebody counts apart."""
    return after.rating if after.rated_via is None else None


def _told(event: Event, after: Snapshot, stood: SpanContent | None, *, last: bool) -> SpanContent:
    """Return the content known at an event; before the last instant of an imported past, only what is dated by then."""

    def dated(when: datetime | None) -> bool:
        return last or (when is not None and when <= event.at)

    def known(days: int | None, when: datetime | None) -> int | None:
        return days if dated(when) else None

    def standing(line: OpdLine) -> OpdStanding:
        before = next((one for one in (stood.standings if stood else []) if one.code == line.code), None)
        return OpdStanding(
            code=line.code,
            owes=line.state == "owes",
            overdue=line.overdue if last else before is not None and before.overdue,
            late=line.late if last else before is not None and before.late,
            follow_up_days=known(line.follow_up_days, line.first_follow_up_at),
            final_days=known(line.final_days, line.final_at),
        )

    counted = [line for line in after.opds if line.state not in NOT_COUNTED]
    return SpanContent(
        status=str(event.status),
        report_class=None if after.report_class is None else str(after.report_class),
        category=after.category,
        opds=[line.code for line in counted],
        follow_up_days=known(after.work_days_to_follow_up, after.first_follow_up_at),
        completion_days=known(after.work_days_to_completion, after.completed_at),
        rating=_own_rating(after) if last else stood and stood.rating,
        overdue=after.overdue if last else stood is not None and stood.overdue,
        ever_late=after.ever_late if last else stood is not None and stood.ever_late,
        escalated=after.ever_level > 0 if last else stood is not None and stood.escalated,
        closed_at=after.closed_at if event.status is Status.SELESAI and dated(after.closed_at) else None,
        standings=[standing(line) for line in counted],
    )
