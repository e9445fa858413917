"""What would have become of reports under another policy: nothing else under the same one, and counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.calendar import local_day
from kawal.domain.messages import Event
from kawal.domain.names import OWED_STEPS, CommandName, EventKind, Status
from kawal.domain.policy import RULES as RULES_TABLE
from kawal.domain.policy import Policy
from kawal.domain.process.decide import tick
from kawal.domain.process.other_rules import refolded
from kawal.domain.scenario import decode, read_rows
from kawal.domain.what_if import ReportOutcomes, WhatIfQuestion, WhatIfSums, compared, mark_of
from kawal.domain.what_if_figures import WhatIfFigure
from scenarios.make_kepri_2022 import FILE, shipped_rules
from scenarios.simulate import simulate
from tests.domain.lives import HOLIDAY_DATES, INSPECTORATE, REPORTER, RULES, Life, examples, liaison
from tests.domain.oracle import Workdays
from tests.domain.test_imported_history import IMPORT, told
from tests.domain.test_imported_history import lived as imported
from tests.domain.test_properties import begins, lived, steps

F = WhatIfFigure
SAME = RULES.policy
OWED = [row.limit for row in RULES_TABLE if row.clock in OWED_STEPS]
"""The limits of what officials owe."""


def under(events: list[Event], as_of: datetime, **limits: int) -> ReportOutcomes:
    return compared(events, as_of, SAME.model_copy(update=limits))


def asked_of(life: Life, **limits: int) -> tuple[set[str], set[str]]:
    """Return the figures in which a life counts, and those in which it would count."""
    found = under(life.events, life.now, **limits)
    assert found.would is not None
    return set(found.was.marks), set(found.would.marks)


OTHERWISE = {EventKind.ASKED, EventKind.TAKEN_OVER, EventKind.RETURNED, EventKind.WITHDRAWN, EventKind.MERGED}
"""After these the clock of an OPD's first follow-up stands still, or stops."""


def answered_late(events: list[Event], days: int) -> bool:
    """Count on a second calendar whether an OPD followed up later than so many working days after its forward."""
    forwarded = [(opd, local_day(event.at)) for event in events for opd in event.facts.get("opds", [])]
    answered = [(event.facts["opd"], local_day(event.at)) for event in events if event.kind is EventKind.FOLLOWED_UP]
    workdays = Workdays(HOLIDAY_DATES)
    return any(
        min((day for by, day in answered if by == opd), default=date.max) > workdays.nth(since, days)
        for opd, since in forwarded
    )


# --- The same policy changes nothing ----------------------------------------------------------------------------------


def test_2022_under_its_own_policy_comes_out_as_it_was_and_under_another_as_a_count_by_days_says() -> None:
    year = simulate(read_rows(decode(FILE.read_bytes()), "csv"), shipped_rules())
    own = shipped_rules()(date(2022, 1, 1)).policy
    outcomes = [compared(events, year.until, own) for events in year.events.values()]
    assert [one for one in outcomes if one.would != one.was or one.left_out] == []
    sums = WhatIfSums().with_reports(outcomes)
    assert sums.counts(F.RECKONED) == (len(year.events), len(year.events))
    assert sums.was == sums.would
    assert sums.reminders_were == sums.reminders_would_be > 0
    assert {F.LATE, F.SEKDA, F.HEAD, F.CLOSED, F.ARCHIVED} <= set(sums.was)

    two_days, late = own.model_copy(update={"respond": 2}), 0
    plain = [events for events in year.events.values() if not OTHERWISE & {event.kind for event in events}][::3]
    for events in plain:
        outcome = compared(events, year.until, two_days).would
        assert outcome is not None
        assert (F.LATE_FOLLOWED_UP in outcome.marks) is answered_late(events, 2), events[0].facts["tracking_id"]
        late += answered_late(events, 2)
    assert 10 < late < len(plain) - 10


@examples(15)
@given(begins, steps)
def test_any_life_under_its_own_policy_comes_out_as_it_was(at: str, script: list[tuple[int, int, int]]) -> None:
    life = lived(at, script)
    again = refolded(life.events, life.now)
    kept = {"last_seq", "done", "changes", "said"}
    assert again.state.model_dump(exclude=kept) == life.state.model_dump(exclude=kept)
    assert (again.left_out, under(life.events, life.now).would is None) == ([], False)


@pytest.mark.parametrize("undated", [False, True])
def test_an_imported_past_comes_out_as_it_was_and_follows_other_limits(undated: bool) -> None:
    at = IMPORT - timedelta(days=60)
    row = told(Status.PROSES, verified_at=at, forwarded_at=None if undated else at, followed_up_at=IMPORT)
    row = row.model_copy(update={"received_at": at})
    events, state = imported(row, undated=undated)
    until = IMPORT + timedelta(days=10)
    events = [*events, *tick(state, until).events]
    same, longer = under(events, until), under(events, until, respond=100, complete_pengaduan=100)
    assert same.would == same.was
    assert longer.would is not None
    assert (F.LATE in same.was.marks, F.LATE in longer.would.marks) == (not undated, False)


# --- Another one, counted by hand -------------------------------------------------------------------------------------


def test_an_opd_that_needed_four_days_is_late_under_three_and_escalated_until_it_follows_up() -> None:
    life = Life("2022-03-07 09:00").forwarded("A")  # three working days end on the 10th, rung two is on the 15th
    life.until("2022-03-11").follow_up("A").until("2022-03-16 10:00")
    was, would = asked_of(life, respond=3)
    of_opd = {mark_of(figure, "A") for figure in (F.LATE, F.INSPECTORATE)}
    assert would - was == {F.LATE, F.LATE_FOLLOWED_UP, F.INSPECTORATE, *of_opd}
    _, in_time = asked_of(life, respond=4)
    assert in_time == was
    life = Life("2022-03-07 09:00").forwarded("A").until("2022-03-16 10:00").follow_up("A")
    assert F.SEKDA in asked_of(life, respond=3)[1]
    assert F.SEKDA not in asked_of(life, respond=3, rung_two=6)[1]


def test_an_answer_that_comes_after_an_earlier_closing_is_left_out() -> None:
    life = Life("2022-03-07 09:00").finished("A").until("2022-03-16 09:00").do("accept", REPORTER, rating=4)
    found = under(life.events, life.now, auto_close=5)
    assert found.would is not None
    assert F.CLOSED in found.would.marks
    assert F.CLOSED not in found.was.marks
    assert found.left_out == [CommandName.ACCEPT]


def test_what_the_inspectorate_did_about_a_late_step_is_left_out_where_nothing_was_late() -> None:
    life = Life("2022-03-07 09:00").forwarded("A").until("2022-03-15 09:00").do("take_over", INSPECTORATE)
    life.until("2022-03-16 09:00").do("follow_up", INSPECTORATE, text="Sudah ditambal", final=True)
    found = under(life.events, life.now, respond=20)
    assert found.would is not None
    assert found.left_out == [CommandName.TAKE_OVER, CommandName.FOLLOW_UP]
    assert not {F.LATE, F.INSPECTORATE} & found.would.marks


def test_what_happened_after_the_day_does_not_count() -> None:
    life = Life("2022-03-07 09:00").forwarded("A").until("2022-04-30")
    late = life.state.ever_late
    early = under(life.events, Life("2022-03-08 09:00").now)
    assert late
    assert early.would == early.was
    assert F.LATE not in early.was.marks


def test_a_record_that_the_rules_alone_do_not_give_counts_in_no_figure() -> None:
    life = Life("2022-03-07 09:00").forwarded("A").until("2022-04-30")
    told_less = [event for event in life.events if event.kind is not EventKind.BREACHED]
    told_less = [event for event in told_less if event.kind is not EventKind.RUNG_REACHED]
    assert under(told_less, life.now).would is None
    sums = WhatIfSums().with_reports([under(told_less, life.now), under(life.events, life.now)])
    assert (sums.untold, sums.counts(F.RECKONED), sums.opds) == (1, (1, 1), ["A"])


@examples(15)
@given(begins, steps, st.integers(1, 4))
def test_shorter_limits_of_what_officials_owe_never_make_fewer_reports_late(
    at: str, script: list[tuple[int, int, int]], by: int
) -> None:
    life = lived(at, script)
    shorter = {name: max(1, getattr(SAME, name) - by) for name in OWED}
    was, would = asked_of(life, **shorter)
    assert F.LATE not in was or F.LATE in would


def test_the_same_question_has_the_same_digest_whatever_the_policy_is_called() -> None:
    def digest(policy: Policy) -> str:
        return WhatIfQuestion(
            policy=policy, first=date(2022, 1, 1), last=date(2022, 12, 31), as_of=date(2023, 1, 31)
        ).digest

    renamed = SAME.model_copy(update={"version": "lain", "basis": "SK"})
    assert digest(SAME) == digest(renamed) != digest(SAME.model_copy(update={"respond": 4}))


def test_a_liaison_of_another_opd_stands_on_its_own_line() -> None:
    life = Life("2022-03-07 09:00").forwarded("A", "B").until("2022-03-10")
    life.do("follow_up", liaison("B"), text="Ditambal", final=False).until("2022-03-12")
    _, would = asked_of(life, respond=3)
    assert (mark_of(F.LATE, "A") in would, mark_of(F.LATE, "B") in would) == (True, False)
