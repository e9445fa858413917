"""The past of imported reports: right status and clocks, missed deadlines as history, rungs from the import on."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.calendar import at_local, end_of
from kawal.domain.messages import Actor, Event, Report
from kawal.domain.names import FINAL, Channel, ClockKind, EventKind, ReportClass, Role, Status
from kawal.domain.notices import notices_for
from kawal.domain.process.clocks import last_day
from kawal.domain.process.decide import tick
from kawal.domain.process.evolve import fold
from kawal.domain.process.imported_history import Milestones, RowFault, first_decision, past_of
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import Begin
from kawal.domain.process.state import State
from kawal.domain.process.timers import next_wake
from tests.domain.lives import RULES, examples

NOON = at_local(date(2022, 1, 10), 12)
IMPORT = at_local(date(2022, 9, 5), 12)
DAY = timedelta(days=1)
CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG"


def told(status: Status, **more: Any) -> Milestones:
    return Milestones(
        **{
            "status": status,
            "received_at": NOON,
            "title": "Jalan berlubang",
            "report_class": ReportClass.PENGADUAN,
            "category": CATEGORY,
            "opd": "DPUPR",
            **more,
        }
    )


def lived(row: Milestones, now: datetime = IMPORT, *, undated: bool = False) -> tuple[list[Event], State]:
    """Return the events and the state that a row gives at its import; the events fold to that state."""
    past = past_of(row, "berkas", now, undated=undated)
    report = Report(title=row.title or "Judul", text="Isi laporan", channel=Channel.WEB, past=past)
    actor = Actor(role=Role.ADAPTER, account="impor")
    begin = Begin(
        tracking_id="1234567", instansi="KEPRI", report=report, actor=actor, rules=RULES, received_at=row.received_at
    )
    decision = first_decision(begin, now)
    assert fold(decision.events) == decision.state
    return decision.events, decision.state


def kinds(events: list[Event]) -> list[EventKind]:
    return [event.kind for event in events]


def at(day: int, month: int = 1) -> datetime:
    return at_local(date(2022, month, day), 12)


def test_a_closed_report_is_over_with_every_step_at_its_own_date() -> None:
    row = told(
        Status.SELESAI,
        verified_at=at(11),
        forwarded_at=at(12),
        followed_up_at=at(14),
        completed_at=at(20),
        closed_at=at(24),
        rating=4,
    )
    events, state = lived(row)
    assert kinds(events) == [
        EventKind.STARTED,
        EventKind.VERIFIED,
        EventKind.FORWARDED,
        EventKind.FOLLOWED_UP,
        EventKind.FOLLOWED_UP,
        EventKind.CLOSED,
        EventKind.RATED,
        EventKind.AFTERCARE_ENDED,
    ]
    assert [event.at for event in events[:6]] == [NOON, at(11), at(12), at(14), at(20), at(24)]
    assert {event.recorded_at for event in events} == {IMPORT}
    assert state.is_over
    assert not state.ever_late
    row_now = snapshot(state)
    assert (row_now.work_days_to_follow_up, row_now.work_days_to_completion, row_now.rating) == (2, 6, 4)


def test_a_deadline_missed_before_the_import_stands_as_history_without_rungs() -> None:
    events, state = lived(
        told(Status.SELESAI, verified_at=at(20), forwarded_at=at(20), completed_at=at(21), closed_at=at(24))
    )
    (breach,) = [event for event in events if event.kind is EventKind.BREACHED]
    assert breach.facts["clock"] == ClockKind.VERIFY
    assert breach.at == end_of(date(2022, 1, 13))
    assert state.ever_late
    assert state.item is None
    assert EventKind.RUNG_REACHED not in kinds(events)


def test_a_step_still_owed_late_opens_the_item_at_the_import_and_climbs_from_there() -> None:
    events, state = lived(told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), forwarded_at=at(12)))
    assert kinds(events)[-3:] == [EventKind.BREACHED, EventKind.BREACHED, EventKind.IMPORTED]
    assert events[-1].facts["late"] == ["respond:DPUPR", "complete"]
    assert state.item is not None
    assert (state.item.opened_at, state.item.why, state.item.open) == (IMPORT, "breach", True)
    later = tick(state, IMPORT + 30 * DAY)
    rungs = [event for event in later.events if event.kind is EventKind.RUNG_REACHED]
    assert [(event.facts["rung"], event.facts["day"]) for event in rungs if event.facts["key"] == "complete"] == [
        (2, "2022-09-08"),
        (3, "2022-09-14"),
    ]
    assert not [event for event in later.events if event.kind is EventKind.BREACHED]


def test_a_step_that_is_owed_in_time_goes_on_under_its_own_deadline() -> None:
    _, state = lived(told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), forwarded_at=at(12)), at(13))
    assert state.item is None
    clock = state.clock(ClockKind.RESPOND, "DPUPR")
    assert clock is not None
    assert last_day(clock, state.rules.calendar) == date(2022, 1, 19)
    assert next_wake(state) is not None


def test_a_supervised_report_reaches_the_inspectorate_at_the_import() -> None:
    row = told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), forwarded_at=at(12), pengawasan=True)
    events, state = lived(row, at(13))
    assert state.item is not None
    assert (state.item.why, state.item.opened_at) == ("pengawasan", at(13))
    assert state.item.ladder is not None
    assert state.item.ladder.day0 == date(2022, 1, 13)
    assert not any(event.facts.get("item_opened") for event in events[:-1])


def test_a_reporter_whose_time_had_run_out_gets_the_whole_time_again() -> None:
    _, state = lived(told(Status.PROSES, verified_at=at(11), forwarded_at=at(11), completed_at=at(12)))
    assert state.status is Status.PROSES
    clock = state.clock(ClockKind.AUTO_CLOSE)
    assert clock is not None
    assert clock.started_at == IMPORT
    _, held = lived(told(Status.DITUNDA, held_at=at(11), opd=None))
    assert held.status is Status.DITUNDA
    assert held.clock(ClockKind.HOLD).started_at == IMPORT  # type: ignore[union-attr]


def test_undated_steps_stand_at_the_latest_instant_and_miss_no_deadline() -> None:
    events, state = lived(told(Status.PROSES, followed_up_at=at(20, 6)), undated=True)
    verified, forwarded = events[1], events[2]
    assert (verified.at, verified.facts["undated"]) == (at(20, 6), True)
    assert forwarded.at == at(20, 6)
    assert events[3].facts.get("undated") is None
    late = [event.facts["clock"] for event in events if event.kind is EventKind.BREACHED]
    assert late == [ClockKind.COMPLETE]
    assert state.status is Status.PROSES
    _, unknown = lived(told(Status.BELUM_DITINDAKLANJUTI), undated=True)
    assert not unknown.ever_late
    assert unknown.clock(ClockKind.RESPOND, "DPUPR").started_at == IMPORT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (told(Status.PROSES, verified_at=at(11), forwarded_at=at(11)), "followed_up_at"),
        (told(Status.BELUM_DIVERIFIKASI, verified_at=at(11)), "verified_at"),
        (told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), forwarded_at=at(10) - DAY), "forwarded_at"),
        (told(Status.BELUM_DITINDAKLANJUTI, verified_at=IMPORT + DAY, forwarded_at=IMPORT + DAY), "verified_at"),
        (told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), category=None), "category"),
        (told(Status.BELUM_DITINDAKLANJUTI, verified_at=at(11), report_class=None), "class"),
        (told(Status.DIGABUNG), "status"),
        (told(Status.SELESAI, verified_at=at(11), forwarded_at=at(11), followed_up_at=at(12)), "closed_at"),
    ],
)
def test_what_a_row_does_not_tell_or_tells_wrongly_is_refused_by_field(row: Milestones, field: str) -> None:
    with pytest.raises(RowFault) as fault:
        past_of(row, "berkas", IMPORT, undated=False)
    assert fault.value.field == field
    assert fault.value.reason
    assert fault.value.reason


@pytest.mark.parametrize("status", [Status.DIARSIPKAN, Status.BUKAN_WEWENANG])
def test_archived_and_passed_on_reports_are_over_at_once(status: Status) -> None:
    _, state = lived(told(status, closed_at=at(12), opd=None))
    assert state.status is status
    assert state.is_over


DATED = ("verified_at", "held_at", "forwarded_at", "followed_up_at", "completed_at", "closed_at")
FITTING = {
    Status.BELUM_DIVERIFIKASI: (),
    Status.DITUNDA: ("verified_at", "held_at"),
    Status.BELUM_DITINDAKLANJUTI: ("verified_at", "forwarded_at"),
    Status.PROSES: ("verified_at", "forwarded_at", "followed_up_at", "completed_at"),
    Status.SELESAI: ("verified_at", "forwarded_at", "followed_up_at", "completed_at", "closed_at"),
    Status.DIARSIPKAN: ("verified_at", "forwarded_at", "closed_at"),
    Status.BUKAN_WEWENANG: ("verified_at", "forwarded_at", "closed_at"),
}


@st.composite
def rows(draw: st.DrawFn) -> Milestones:
    status = draw(st.sampled_from(sorted(FITTING)))
    hours = sorted(draw(st.lists(st.integers(0, 6_000), min_size=6, max_size=6)))
    dates = {
        name: NOON + timedelta(hours=hour)
        for name, hour in zip(DATED, hours, strict=True)
        if name in FITTING[status] and draw(st.booleans())
    }
    return told(
        status,
        opd=draw(st.sampled_from(["DPUPR", None])),
        report_class=draw(st.sampled_from(sorted(ReportClass))),
        pengawasan=draw(st.booleans()),
        follow_up=draw(st.text(max_size=3)),
        reason=draw(st.sampled_from(["", "Sudah jelas", "x" * 2_001, "\x00"])),
        accepted=draw(st.booleans()),
        rating=draw(st.none() | st.integers(1, 5)),
        **dates,
    )


@examples(1_000)
@given(rows())
def test_every_row_is_refused_or_stands_at_its_status_with_quiet_clocks(row: Milestones) -> None:
    try:
        events, state = lived(row, IMPORT, undated=True)
    except RowFault:
        return
    assert state.status is row.status
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(earlier.at <= later.at for earlier, later in itertools.pairwise(events))
    assert all(event.facts["imported"] for event in events)
    assert {event.recorded_at for event in events} == {IMPORT}
    forbidden = {EventKind.REMINDED, EventKind.RUNG_REACHED, EventKind.AUTO_CLOSED, EventKind.HOLD_EXPIRED}
    assert not forbidden & set(kinds(events))
    after = snapshot(state)
    assert not [notice for event in events for notice in notices_for(event, after)]
    # Nothing is left for the first timer to catch up on.
    assert tick(state, IMPORT).events == []
    late = bool(state.breached_and_owed())
    assert after.item_open == (row.status not in FINAL and (late or state.pengawasan))
    if after.item_open:
        assert after.item_opened_at == IMPORT
