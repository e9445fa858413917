"""Spans derived from the record: what the recap counts, and from when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kawal.domain.messages import Actor, Event, OpdLine, Snapshot
from kawal.domain.names import Channel, EventKind, Role, Status
from kawal.domain.process.spans import spans_of

NOON = datetime(2022, 3, 7, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
SYSTEM = Actor(role=Role.SYSTEM, account="kawal")


def event(seq: int, hours: int, status: Status) -> Event:
    at = NOON + hours * HOUR
    return Event(seq=seq, at=at, recorded_at=at, kind=EventKind.STARTED, actor=SYSTEM, status=status)


def after(status: Status, **more: Any) -> Snapshot:
    fixed = {"tracking_id": "1234567", "instansi": "KEPRI", "channel": Channel.WEB, "received_at": NOON}
    none = {"report_class": None, "pengawasan": False, "category": None, "anonim": False, "rahasia": False}
    return Snapshot.model_validate(fixed | none | {"status": status} | more)


NEW, FORWARDED, DONE = Status.BELUM_DIVERIFIKASI, Status.BELUM_DITINDAKLANJUTI, Status.SELESAI


def test_a_span_ends_where_the_next_begins_and_what_changes_nothing_begins_none() -> None:
    steps = [
        ([event(1, 0, NEW)], after(NEW)),
        ([event(2, 1, NEW)], after(NEW)),
        ([event(3, 2, FORWARDED)], after(FORWARDED, category="JALAN")),
    ]
    first, second = spans_of(steps)
    assert (first.seq, first.from_at, first.to_at) == (1, NOON, NOON + 2 * HOUR)
    assert (second.seq, second.from_at, second.to_at, second.told.category) == (3, NOON + 2 * HOUR, None, "JALAN")


def test_of_events_at_one_instant_the_last_counts() -> None:
    steps = [([event(1, 0, NEW), event(2, 0, FORWARDED)], after(FORWARDED))]
    (only,) = spans_of(steps)
    assert (only.seq, only.told.status) == (2, str(FORWARDED))
    (merged,) = spans_of([([event(1, 0, NEW)], after(NEW)), ([event(2, 0, FORWARDED)], after(FORWARDED))])
    assert (merged.seq, merged.told.status) == (2, str(FORWARDED))


def test_of_an_imported_past_only_what_is_dated_by_then_is_known_at_each_instant() -> None:
    line = OpdLine(code="DISHUB", state="owes", forwarded_at=NOON)
    gone = OpdLine(code="DINKES", state="returned", forwarded_at=NOON)
    told = after(
        DONE,
        opds=[line, gone],
        first_follow_up_at=NOON + HOUR,
        work_days_to_follow_up=1,
        work_days_to_completion=4,
        rating=5,
        ever_late=True,
        ever_level=2,
    )
    spans = spans_of([([event(1, 0, NEW), event(2, 1, Status.PROSES), event(3, 2, DONE)], told)])
    assert [span.told.opds for span in spans] == [["DISHUB"]] * 3
    assert [span.told.follow_up_days for span in spans] == [None, 1, 1]
    assert [span.told.completion_days for span in spans] == [None, None, 4]
    assert [(span.told.rating, span.told.ever_late, span.told.escalated) for span in spans] == [
        (None, False, False),
        (None, False, False),
        (5, True, True),
    ]
