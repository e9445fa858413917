"""Deadlines: each rule by an example from the calendar of 2022, and all of them against an independent computation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.calendar import Calendar, Holiday, HolidayKind
from kawal.domain.names import ClockKind
from kawal.domain.policy import Policy, Rules
from kawal.domain.process import clocks
from kawal.domain.process.projection import clock_line, explain_clocks
from kawal.domain.process.state import Clock, Step
from tests.domain.lives import (
    ADMIN,
    HOLIDAY_DATES,
    LISTED,
    NATIONAL,
    REPORTER,
    RULES,
    SYSTEM,
    Life,
    examples,
    liaison,
    local,
)
from tests.domain.oracle import Reckoning, Workdays

WORKDAYS = Workdays(HOLIDAY_DATES)
starts = st.dates(date(2022, 1, 1), date(2025, 6, 30))


# --- The plain limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report_class", "pengawasan", "completion"),
    [
        ("permintaan_informasi", False, "2022-03-14"),
        ("aspirasi", False, "2022-03-14"),
        ("pengaduan", False, "2022-03-25"),
        ("pengaduan", True, "2022-06-13"),
    ],
)
def test_each_class_has_its_own_completion_limit_and_the_same_respond_limit(
    report_class: str, pengawasan: bool, completion: str
) -> None:
    life = Life()
    assert life.day("verify") == "2022-03-10"
    life.forwarded(report_class=report_class, pengawasan=pengawasan)
    assert life.day("respond", "A") == "2022-03-14"
    assert life.day("complete") == completion


@pytest.mark.parametrize(("at", "day"), [("2022-03-07 00:00", "2022-03-10"), ("2022-03-06 23:59", "2022-03-09")])
def test_day_zero_is_the_local_date_of_the_event(at: str, day: str) -> None:
    assert Life(at).day("verify") == day


def test_a_deadline_is_the_end_of_its_day_and_a_step_done_within_it_is_in_time() -> None:
    life = Life().until("2022-03-10 23:59").forwarded()
    assert life.of_kind("breached") == []
    late = Life().until("2022-03-11 00:00")
    assert [event.at for event in late.of_kind("breached")] == [local("2022-03-11 00:00")]


def test_the_aftercare_is_thirty_calendar_days() -> None:
    assert Life().closed().day("aftercare") == "2022-04-06"


def test_a_follow_up_that_is_not_final_leaves_completion_running() -> None:
    life = Life().forwarded().until("2022-03-10").follow_up()
    assert life.running() == {"complete"}
    assert life.day("complete") == "2022-03-25"


def test_a_deadline_in_a_year_without_a_calendar_is_provisional_and_firm_once_it_is_imported() -> None:
    life = Life("2026-12-21 09:00").forwarded()
    line = clock_line(life.clock("complete"), life.state)
    assert line.provisional
    assert not clock_line(life.clock("respond", "A"), Life("2026-12-01 09:00").forwarded().state).provisional
    year = [
        Holiday(day=date(2027, month, day), kind=HolidayKind.LIBUR_NASIONAL, name="Libur")
        for month, day in ((1, 1), (1, 4), (5, 1), (6, 1), (8, 17), (12, 25))
    ]
    calendar = Calendar.from_holidays("nasional-2027", [*LISTED, *year])
    before = life.day("complete")
    life.do("recompute", SYSTEM, rules={"policy": RULES.policy, "calendar": calendar}, why="SKB 2027")
    assert not clock_line(life.clock("complete"), life.state).provisional
    assert life.events[-1].facts["deadlines"]["complete"] == life.day("complete")
    assert life.events[-1].facts["deadlines_before"]["complete"] == before
    assert before < life.day("complete")


# --- Against the oracle ----------------------------------------------------------------------------------------------


@examples(150)
@given(starts, st.integers(1, 80))
def test_a_plain_deadline_is_numpys(start: date, limit: int) -> None:
    clock = Clock(kind=ClockKind.COMPLETE, started_at=local(f"{start} 09:00"), started_on=start, limit=limit)
    assert clocks.last_day(clock, NATIONAL) == Reckoning(WORKDAYS, start, limit).last_day


def move(clock: Clock, reckoning: Reckoning, what: str, day: date, days: int) -> None:
    """Apply one event to both."""
    still = reckoning.last_day is None
    if what == "extend":
        clock.steps.append(Step(since=day, days=days))
        reckoning.extend(days)
    elif what == "stop" and not still:
        clock.steps.append(Step(since=day))
        reckoning.stop(day)
    elif what == "run_again" and still:
        pause = clock.open_pause
        assert pause is not None
        pause.least = 3
        clocks.resume(clock, day)
        reckoning.run_again(day)


moves = st.lists(st.tuples(st.sampled_from(["stop", "run_again", "extend"]), st.integers(0, 9), st.integers(1, 5)))


@examples(150)
@given(starts, st.integers(1, 60), moves)
def test_stopping_running_again_and_extending_move_a_deadline_as_numpy_says(
    start: date, limit: int, happenings: list[tuple[str, int, int]]
) -> None:
    clock = Clock(kind=ClockKind.COMPLETE, started_at=local(f"{start} 09:00"), started_on=start, limit=limit)
    reckoning, day = Reckoning(WORKDAYS, start, limit), start
    for what, gap, days in happenings:
        day += timedelta(days=gap)
        move(clock, reckoning, what, day, days)
        assert clocks.last_day(clock, NATIONAL) == reckoning.last_day


gaps = st.lists(st.integers(0, 8), max_size=8)


@examples(150)
@given(starts, gaps)
def test_holding_again_and_again_moves_the_verify_deadline_as_numpy_says(start: date, days: list[int]) -> None:
    life, day = Life(f"{start} 09:00"), start
    reckoning = Reckoning(WORKDAYS, start, 3)
    for number, gap in enumerate(days):
        day += timedelta(days=gap)
        if reckoning.waits_until and reckoning.waits_until < day:
            reckoning.answered(reckoning.waits_until)
        life.until(day)
        if life.state.is_final or life.state.ever_late:
            assert life.state.is_final or (reckoning.last_day and reckoning.last_day < day)
            return
        if number % 2:
            life.do("reply", REPORTER, text="ini")
            reckoning.answered(day)
        else:
            life.do("hold", ADMIN, missing="lokasi")
            reckoning.wait(day)
        assert life.day("verify") == str(reckoning.last_day or "paused")


actions = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["ask", "reply", "extend", "final", "dispute", "recompute", "class"])),
    max_size=14,
)

LEAVE = Holiday(day=date(2022, 3, 16), kind=HolidayKind.LIBUR_DAERAH, name="Libur daerah")
MORE = [LEAVE.day, date(2023, 5, 10), date(2024, 7, 10), date(2025, 3, 12)]
CALENDARS = {
    "nasional": (NATIONAL, WORKDAYS),
    "daerah": (
        Calendar.from_holidays(
            "daerah", [*LISTED, *(Holiday(day=day, kind=LEAVE.kind, name=LEAVE.name) for day in MORE)]
        ),
        Workdays([*HOLIDAY_DATES, *MORE]),
    ),
}
CLASSES = {
    "aspirasi": (5, {"report_class": "aspirasi", "pengawasan": False}),
    "biasa": (14, {"report_class": "pengaduan", "pengawasan": False}),
    "pengawasan": (60, {"report_class": "pengaduan", "pengawasan": True}),
}


class Completion:
    """A forwarded complaint's completion clock and its reference, given the same events on the same days."""

    def __init__(self, start: date) -> None:
        self.life = Life(f"{start} 09:00").forwarded("A")
        self.life.follow_up("A")
        self.day, self.class_name, self.calendar_name = start, "biasa", "nasional"
        self.reckoning = Reckoning(WORKDAYS, start, 14)
        self.moved_late = False

    def to(self, day: date) -> bool:
        """Let time pass; return False once the clock is late or the complaint closed, where the comparison ends."""
        self.day = day
        until = self.reckoning.waits_until
        if until and until < day:
            self.reckoning.answered(until)
        self.life.until(day)
        late = self.reckoning.last_day is not None and self.reckoning.last_day < day
        complete = self.life.state.clock(ClockKind.COMPLETE)
        breached = complete is not None and complete.breached_at is not None
        assert self.life.state.is_final or breached == late
        return not (late or self.life.state.is_final)

    def take(self, what: str) -> None:
        life, waiting = self.life, self.life.state.question is not None
        runs = life.state.clock(ClockKind.COMPLETE) is not None
        if what == "ask" and not waiting:
            life.do("ask", ADMIN, question="di mana")
            if runs:
                self.reckoning.wait(self.day)
        elif what == "reply":
            life.do("reply", REPORTER, text="di sini")
            self.reckoning.answered(self.day)
        elif what == "extend" and runs and not life.state.extension_granted:
            life.do("extend", liaison("A"), days=4, grounds="hujan").do("grant", ADMIN)
            self.reckoning.extend(4)
        elif what == "final" and runs and not waiting:
            life.follow_up("A", final=True)
            self.reckoning.stop(self.day)
        elif what == "dispute" and not runs and not waiting:
            life.do("dispute", REPORTER, why="masih")
            self.reckoning.run_again(self.day)
        elif what == "recompute" and not (waiting and self.reckoning.last_day):
            self._anew(self.class_name, "daerah" if self.calendar_name == "nasional" else "nasional")
        elif what == "class":
            self._anew({"biasa": "pengawasan", "pengawasan": "aspirasi", "aspirasi": "biasa"}[self.class_name])

    def _anew(self, class_name: str, calendar_name: str | None = None) -> None:
        calendar, workdays = CALENDARS[calendar_name or self.calendar_name]
        limit, arguments = CLASSES[class_name]
        if calendar_name is None:
            self.life.do("reclassify", ADMIN, **arguments)
        else:
            rules = Rules(policy=RULES.policy, calendar=calendar)
            self.life.do("recompute", SYSTEM, rules=rules.model_dump(mode="json"), why="kalender baru")
        self.reckoning = self.reckoning.replayed(workdays, limit)
        self.reckoning.cap_again()
        self.class_name, self.calendar_name = class_name, calendar_name or self.calendar_name


@examples(150)
@given(starts, actions)
def test_completion_moves_with_questions_extension_disputes_calendar_and_class_as_numpy_says(
    start: date, happenings: list[tuple[int, str]]
) -> None:
    completion = Completion(start)
    for gap, what in happenings:
        if not completion.to(completion.day + timedelta(days=gap)):
            return
        completion.take(what)
        clock = completion.life.state.clock(ClockKind.COMPLETE)
        last_day = completion.reckoning.last_day
        if clock is None:
            assert last_day is None
            continue
        if clock.breached_at is not None:
            assert last_day is not None
            assert last_day < completion.day
            return
        assert clocks.last_day(clock, completion.life.state.rules.calendar) == last_day


# --- Pausing, one rule at a time -------------------------------------------------------------------------------------


def test_pausing_and_resuming_on_one_day_changes_nothing() -> None:
    life = Life().until("2022-03-08").do("hold", ADMIN, missing="x").do("reply", REPORTER, text="x")
    assert life.day("verify") == "2022-03-10"


def test_what_was_left_counts_from_the_day_of_resuming() -> None:
    life = Life().until("2022-03-08").do("hold", ADMIN, missing="x").until("2022-03-14").do("reply", REPORTER, text="x")
    assert life.day("verify") == "2022-03-16"


def test_paused_on_the_last_day_nothing_is_left_and_the_deadline_is_the_day_of_resuming() -> None:
    life = Life().until("2022-03-10").do("hold", ADMIN, missing="x").until("2022-03-14").do("reply", REPORTER, text="x")
    assert life.day("verify") == "2022-03-14"


def test_with_nothing_left_and_resumed_on_a_weekend_the_deadline_is_the_next_working_day() -> None:
    life = Life().until("2022-03-10").do("hold", ADMIN, missing="x").until("2022-03-12").do("reply", REPORTER, text="x")
    assert life.day("verify") == "2022-03-14"


def test_completion_runs_again_with_what_was_left_and_at_least_three_days() -> None:
    early = Life().finished().until("2022-03-09").do("dispute", REPORTER, why="w")
    assert early.day("complete") == "2022-03-29"
    last_day = Life().forwarded().until("2022-03-10").follow_up().until("2022-03-25").follow_up(final=True)
    assert last_day.until("2022-03-28").do("dispute", REPORTER, why="w").day("complete") == "2022-03-31"


def test_reopening_gives_completion_what_was_left_and_at_least_three_days() -> None:
    life = Life().closed().until("2022-04-01").do("reopen", ADMIN, grounds="g")
    assert life.day("complete") == "2022-04-22"
    late = Life().forwarded().follow_up().past_the_end_of("2022-04-01").do("close", ADMIN, grounds="g")
    late.do("reopen", ADMIN, grounds="g")
    assert late.clock("complete").breached_at is None
    assert late.day("complete") == "2022-04-06"


# --- Extension -------------------------------------------------------------------------------------------------------


def test_a_grant_moves_completion_by_the_days_asked_for_and_only_once() -> None:
    life = Life().forwarded().do("extend", liaison("A"), days=5, grounds="alat")
    assert life.day("complete") == "2022-03-25"
    assert life.do("grant", ADMIN).day("complete") == "2022-04-01"
    assert life.refusal("extend", liaison("A"), days=1, grounds="alat") == "extension_used"


def test_at_most_five_days_are_asked_for_and_one_request_waits_at_a_time() -> None:
    life = Life().forwarded()
    assert life.refusal("extend", liaison("A"), days=6, grounds="g") == "too_many_days"
    assert life.refusal("grant", ADMIN) == "no_extension_pending"
    life.do("extend", liaison("A"), days=2, grounds="g")
    assert life.refusal("extend", liaison("A"), days=2, grounds="g") == "extension_pending"
    assert life.do("refuse_extension", ADMIN, grounds="g").day("complete") == "2022-03-25"
    assert life.do("extend", liaison("A"), days=2, grounds="g").state.extension_days == 2


def test_a_request_undecided_at_the_deadline_lapses_and_a_late_completion_is_not_extended() -> None:
    life = Life().forwarded().follow_up().do("extend", liaison("A"), days=2, grounds="g").past_the_end_of("2022-03-25")
    assert life.kinds()[-2:] == ["extension_lapsed", "breached"]
    assert life.refusal("grant", ADMIN) in ("no_extension_pending", "completion_not_open")
    assert life.refusal("extend", liaison("A"), days=2, grounds="g") == "completion_not_open"


# --- Moved deadlines -------------------------------------------------------------------------------------------------


def test_reclassifying_recomputes_from_the_same_start() -> None:
    life = Life().forwarded().until("2022-03-09")
    life.do("reclassify", ADMIN, report_class="aspirasi", pengawasan=False)
    assert life.day("complete") == "2022-03-14"
    assert life.events[-1].facts["deadlines_before"] == {"complete": "2022-03-25"}
    life.do("reclassify", ADMIN, report_class="pengaduan", pengawasan=True)
    assert life.day("complete") == "2022-06-13"
    assert life.state.item is not None


def test_a_deadline_moved_into_the_past_breaches_at_the_move_and_rungs_count_from_then() -> None:
    life = Life().forwarded().follow_up().until("2022-03-17 10:00")
    life.do("reclassify", ADMIN, report_class="aspirasi", pengawasan=False)
    (breach,) = life.of_kind("breached")
    assert breach.at == life.now
    assert breach.facts["day0"] == "2022-03-17"
    assert breach.facts["nominal"].startswith("2022-03-14T17:00")
    assert life.past_the_end_of("2022-03-28").rungs("complete") == [(2, "2022-03-22"), (3, "2022-03-28")]


def test_an_auto_close_moved_into_the_past_closes_at_the_move_and_the_aftercare_counts_from_then() -> None:
    extra = Calendar.from_holidays("lebih", [*LISTED, LEAVE])
    life = Life(rules=Rules(policy=RULES.policy, calendar=extra)).finished().until("2022-03-22 10:00")
    assert life.day("auto_close") == "2022-03-22"
    life.do("recompute", SYSTEM, rules=RULES.model_dump(mode="json"), why="libur daerah batal")
    assert life.status == "selesai"
    assert life.day("aftercare") == "2022-04-21"


def test_a_corrected_policy_gives_every_open_deadline_anew_from_the_same_start() -> None:
    corrected = Rules(policy=Policy(version="ralat", effective_from=date(2020, 1, 1), respond=3), calendar=NATIONAL)
    life = Life().forwarded().do("recompute", SYSTEM, rules=corrected.model_dump(mode="json"), why="ralat")
    assert life.day("respond", "A") == "2022-03-10"


# --- Every deadline explains itself ----------------------------------------------------------------------------------


def test_every_running_clock_explains_its_rule_start_and_each_excluded_day() -> None:
    life = Life("2022-04-28 09:00").forwarded()
    explained = {line.clock: line for line in explain_clocks(life.state, {})}
    assert set(explained) == life.running()
    assert str(explained["respond:A"].last_day) == "2022-05-13"
    assert len(explained["respond:A"].excluded) == 10
    assert explained["complete"].rule.limit == 14
