"""Reminders, breaches, the Inspectorate's item and the rungs above it."""

from __future__ import annotations

import pytest

from kawal.domain.process.projection import snapshot
from kawal.domain.process.state import Item
from kawal.domain.process.timers import next_wake, reason_without_deadline
from tests.domain.lives import ADMIN, INSPECTORATE, REPORTER, SYSTEM, Life, liaison, local


def item(life: Life) -> Item:
    assert life.state.item is not None
    return life.state.item


def late() -> Life:
    """Forward to A on 7 March; its first follow-up was due by the end of the 14th."""
    return Life().forwarded("A").past_the_end_of("2022-03-14")


# --- Reminders -------------------------------------------------------------------------------------------------------


def test_whoever_owes_is_reminded_at_half_of_the_limit_and_on_the_last_working_day() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-14")
    reminded = [event for event in life.of_kind("reminded") if event.facts["key"] == "respond:A"]
    assert [(event.facts["which"], event.at) for event in reminded] == [
        ("half", local("2022-03-10 08:00")),
        ("last", local("2022-03-14 08:00")),
    ]
    assert {event.facts["owed_by"] for event in reminded} == {"liaison"}


def test_two_clocks_with_the_same_deadline_are_both_reminded_of() -> None:
    life = Life().forwarded("A", "B", report_class="aspirasi").past_the_end_of("2022-03-14")
    for key in ("respond:A", "respond:B", "complete"):
        marks = [event.facts["which"] for event in life.of_kind("reminded") if event.facts["key"] == key]
        assert marks == ["half", "last"], key


def test_nobody_is_reminded_of_a_paused_or_finished_step() -> None:
    life = Life().forwarded("A").do("ask", liaison("A"), question="q").past_the_end_of("2022-03-14")
    assert [event for event in life.of_kind("reminded") if event.facts["key"] in ("respond:A", "complete")] == []


def test_a_reminder_whose_hour_has_passed_is_not_sent_after_the_fact() -> None:
    life = Life("2022-03-07 09:00").forwarded("A").until("2022-03-14 09:00")
    life.do("reclassify", ADMIN, report_class="aspirasi", pengawasan=False)
    assert [event for event in life.of_kind("reminded") if event.facts["key"] == "complete"] == []


def test_an_instruction_for_a_sunday_is_reminded_of_on_the_friday_before() -> None:
    life = late().do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-20").until("2022-03-21")
    reminded = [event for event in life.of_kind("reminded") if event.facts["key"] == "instruction"]
    assert [event.at for event in reminded] == [local("2022-03-18 08:00")]


# --- Breach and rungs ------------------------------------------------------------------------------------------------


def test_a_missed_deadline_opens_the_inspectorates_item_at_that_instant() -> None:
    life = late()
    (breach,) = life.of_kind("breached")
    assert breach.at == local("2022-03-15 00:00")
    assert breach.facts["key"] == "respond:A"
    assert item(life).open
    assert item(life).why == "breach"
    assert life.state.ever_late


def test_three_working_days_after_the_breach_the_sekda_and_after_seven_the_gubernur() -> None:
    life = late().past_the_end_of("2022-03-23")
    assert life.rungs("respond:A") == [(2, "2022-03-17"), (3, "2022-03-23")]
    assert item(life).level == 3
    assert life.until("2022-06-30").rungs("respond:A") == [(2, "2022-03-17"), (3, "2022-03-23")]


@pytest.mark.parametrize("key", ["verify", "forward", "take_over", "complete"])
def test_every_step_that_an_official_owes_climbs_alike(key: str) -> None:
    life = Life()
    if key == "forward":
        life.forwarded("A").do("return", liaison("A"), reason="r")
    elif key == "take_over":
        life.do("escalate", ADMIN, why="w").do("take_over", INSPECTORATE)
    elif key == "complete":
        life.forwarded("A").follow_up("A")
    life.until("2022-06-30")
    assert len(life.days_of("breached", key)) == 1
    assert [rung for rung, _ in life.rungs(key)] == [2, 3]


def test_clocks_of_the_reporter_breach_nothing() -> None:
    life = Life().closed().until("2022-06-30")
    assert life.of_kind("breached") == []


def test_a_complaint_has_one_item_and_each_breach_in_it_its_own_rungs() -> None:
    life = late().until("2022-06-30")
    assert life.rungs("respond:A") == [(2, "2022-03-17"), (3, "2022-03-23")]
    assert life.rungs("complete") == [(2, "2022-03-30"), (3, "2022-04-05")]
    assert item(life).opened_at == local("2022-03-15 00:00")


def test_an_item_opened_without_a_breach_climbs_three_and_seven_days_after_its_opening() -> None:
    for life in (
        Life().verified(pengawasan=True),
        Life().forwarded().do("reclassify", ADMIN, report_class="pengaduan", pengawasan=True),
        Life().forwarded().do("escalate", ADMIN, why="w"),
    ):
        assert life.past_the_end_of("2022-03-16").rungs(None) == [(2, "2022-03-10"), (3, "2022-03-16")]


def test_the_rungs_stop_when_the_owed_step_is_done_late() -> None:
    life = late().until("2022-03-16").follow_up("A").until("2022-03-24")
    assert life.rungs("respond:A") == []
    assert item(life).open
    ladder = life.past("respond", "A").ladder
    assert ladder is not None
    assert ladder.stopped == "done"


def test_the_item_says_that_a_late_step_was_done_after_all() -> None:
    life = late().do("follow_up", liaison("A"), text="t", final=False)
    assert item(life).done_late == ["respond:A"]


def test_a_later_breach_opens_a_resolved_item_again_with_rungs_of_its_own() -> None:
    life = late().follow_up("A").do("resolve", INSPECTORATE, finding="f")
    assert not item(life).open
    life.past_the_end_of("2022-03-25")
    assert item(life).open
    assert life.past_the_end_of("2022-03-30").rungs("complete") == [(2, "2022-03-30")]


def test_a_breach_fires_once_whatever_pauses_grants_classes_and_calendars_do_to_its_clock() -> None:
    life = Life().forwarded(report_class="aspirasi").follow_up().past_the_end_of("2022-03-14")
    life.do("ask", ADMIN, question="q").until("2022-03-16").do("reply", REPORTER, text="x")
    life.do("reclassify", ADMIN, report_class="pengaduan", pengawasan=False)
    life.do("recompute", SYSTEM, rules=life.state.rules.model_dump(mode="json"), why="w")
    life.until("2022-06-30")
    assert life.days_of("breached", "complete") == ["2022-03-14"]
    assert life.rungs("complete") == [(2, "2022-03-17"), (3, "2022-03-23")]


def test_a_dispute_begins_a_new_period_in_which_completion_may_breach_again() -> None:
    life = Life().forwarded().follow_up().past_the_end_of("2022-03-25").follow_up(final=True)
    life.do("dispute", REPORTER, why="w").until("2022-06-30")
    assert life.days_of("breached", "complete") == ["2022-03-25", "2022-03-30"]


def test_a_forward_to_the_same_opd_begins_a_new_period_of_its_respond_clock() -> None:
    life = late().do("return", liaison("A"), reason="r").do("forward", ADMIN, opds=["A"]).until("2022-06-30")
    assert life.days_of("breached", "respond:A") == ["2022-03-14", "2022-03-22"]


# --- Instructing -----------------------------------------------------------------------------------------------------


def test_an_instruction_stops_the_rungs_that_run_and_missed_they_go_on_counted_from_its_date() -> None:
    life = late().until("2022-03-16").do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-22")
    assert life.past_the_end_of("2022-03-21").rungs("respond:A") == []
    life.past_the_end_of("2022-03-22")
    assert [event.facts["met"] for event in life.of_kind("instruction_ended")] == [False]
    assert life.until("2022-05-10").rungs("respond:A") == [(2, "2022-03-25"), (3, "2022-03-31")]


def test_a_second_rung_already_reached_does_not_fire_again_after_a_missed_instruction() -> None:
    life = late().until("2022-03-18").do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-22")
    assert life.until("2022-05-10").rungs("respond:A") == [(2, "2022-03-17"), (3, "2022-03-31")]


def test_a_breach_after_the_instruction_starts_its_own_rungs() -> None:
    life = late().until("2022-03-23").do("instruct", INSPECTORATE, to="A", text="t", by="2022-04-05")
    assert life.past_the_end_of("2022-03-30").rungs("complete") == [(2, "2022-03-30")]


def test_an_instruction_that_is_followed_ends_without_another_rung() -> None:
    life = late().do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-22").until("2022-03-16").follow_up("A")
    assert life.state.instruction is None
    assert life.past_the_end_of("2022-03-23").rungs("respond:A") == []


def test_an_instruction_to_the_admin_is_followed_by_the_admins_step_also_before_any_forward() -> None:
    life = Life().do("escalate", ADMIN, why="w").do("instruct", INSPECTORATE, to="admin", text="t", by="2022-03-09")
    life.verified()
    assert life.state.instruction is None
    assert life.past_the_end_of("2022-03-09").of_kind("instruction_ended") == []


def test_an_instruction_on_what_is_late_no_more_is_still_recorded_as_missed_when_nothing_is_done() -> None:
    life = late().follow_up("A").do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-22")
    life.past_the_end_of("2022-03-22")
    assert [event.facts["met"] for event in life.of_kind("instruction_ended")] == [False]


def test_a_step_that_an_earlier_instruction_brought_about_is_no_merit_under_a_later_one() -> None:
    life = late().do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-22").until("2022-03-16").follow_up("A")
    life.do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-18").past_the_end_of("2022-03-18")
    assert [event.facts["met"] for event in life.of_kind("instruction_ended")] == [False]


def test_an_instructions_date_lies_within_ten_working_days() -> None:
    life = late().until("2022-03-15")
    assert life.refusal("instruct", INSPECTORATE, to="A", text="t", by="2022-03-14") == "date_out_of_reach"
    assert life.refusal("instruct", INSPECTORATE, to="A", text="t", by="2022-03-30") == "date_out_of_reach"
    assert life.refusal("instruct", INSPECTORATE, to="B", text="t", by="2022-03-29") == "opd_not_holding"
    assert life.do("instruct", INSPECTORATE, to="A", text="t", by="2022-03-29").day("instruction") == "2022-03-29"


# --- Taking over and resolving ---------------------------------------------------------------------------------------


def test_a_takeover_stops_the_rungs_that_run_and_its_own_clock_of_fourteen_climbs() -> None:
    life = late().until("2022-03-16").do("take_over", INSPECTORATE).until("2022-06-30")
    assert life.rungs("respond:A") == []
    assert life.days_of("breached", "take_over") == ["2022-04-05"]
    assert [rung for rung, _ in life.rungs("take_over")] == [2, 3]


def test_completion_that_was_late_when_taken_over_climbs_no_more_and_is_still_owed() -> None:
    life = Life().forwarded().follow_up().past_the_end_of("2022-03-25").do("take_over", INSPECTORATE)
    life.past_the_end_of("2022-04-11")
    assert life.rungs("complete") == []
    assert life.refusal("resolve", INSPECTORATE, finding="f") == "breach_still_owed"
    life.do("follow_up", INSPECTORATE, text="t", final=True).do("resolve", INSPECTORATE, finding="f")


def test_at_a_final_status_the_rungs_stop_and_the_item_stays_until_it_is_resolved() -> None:
    life = late().do("archive", ADMIN, reason="r").until("2022-06-30")
    assert life.rungs("respond:A") == []
    assert item(life).open
    assert not life.state.is_over
    assert next_wake(life.state) is None
    assert reason_without_deadline(life.state) is not None
    assert life.do("resolve", INSPECTORATE, finding="f").state.is_over


def test_what_happened_while_nobody_watched_happens_once_and_at_its_own_instant() -> None:
    watched, slept = Life().forwarded("A"), Life().forwarded("A")
    for day in range(8, 32):
        watched.until(f"2022-03-{day:02}")
    slept.until("2022-03-31")
    assert [(e.seq, e.at, e.kind, e.facts) for e in slept.events] == [
        (e.seq, e.at, e.kind, e.facts) for e in watched.events
    ]
    assert slept.state == watched.state


# --- Whose lateness ---------------------------------------------------------------------------------------------------


def test_an_opd_is_late_by_its_own_clocks_counts_its_own_days_and_stays_late_when_it_gets_the_report_again() -> None:
    life = Life().until("2022-03-21 09:00").forwarded("A", "B").until("2022-03-23 09:00").follow_up("A")
    life.past_the_end_of(life.day("respond", "B"))
    prompt, slow = snapshot(life.state).opds
    assert life.state.ever_late
    assert (prompt.late, prompt.overdue, prompt.follow_up_days) == (False, False, 2)
    assert (slow.late, slow.overdue, slow.follow_up_days) == (True, True, None)
    life.do("return", liaison("B"), reason="Bukan jalan kota").do("forward", ADMIN, opds=["B"])
    again = snapshot(life.state).opds[1]
    assert (again.code, again.state, again.late, again.overdue) == ("B", "owes", True, False)
    life.past_the_end_of(life.day("complete"))
    assert {line.code: line.overdue for line in snapshot(life.state).opds} == {"A": True, "B": True}
    life.follow_up("A", final=True)
    assert snapshot(life.state).opds[0].final_days == 14
