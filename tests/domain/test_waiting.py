"""Waiting for the reporter: holds, questions, auto-close, and how far they may move a deadline."""

from __future__ import annotations

import pytest

from kawal.domain.messages import Actor
from kawal.domain.process import clocks
from tests.domain.lives import ADMIN, INSPECTORATE, NATIONAL, REPORTER, Life, liaison


def asked(life: Life, who: Actor = ADMIN) -> Life:
    return life.do("ask", who, question="di mana?")


# --- Questions -------------------------------------------------------------------------------------------------------


def test_a_liaisons_question_pauses_its_own_respond_clock_and_completion_and_the_others_run_on() -> None:
    life = asked(Life().forwarded("A", "B"), liaison("A"))
    assert life.day("respond", "A") == "paused"
    assert life.day("complete") == "paused"
    assert life.day("respond", "B") == "2022-03-14"
    assert life.day("question") == "2022-03-21"


def test_the_admins_question_pauses_every_opds_respond_clock_and_completion() -> None:
    life = asked(Life().forwarded("A", "B"))
    assert {life.day("respond", "A"), life.day("respond", "B"), life.day("complete")} == {"paused"}


def test_an_opd_that_gets_the_report_while_the_admins_question_is_open_waits_too() -> None:
    life = asked(Life().forwarded("A")).until("2022-03-09").do("forward", ADMIN, opds=["B"])
    assert life.day("respond", "B") == "paused"
    life.until("2022-03-10").do("reply", REPORTER, text="di sini")
    assert life.day("respond", "B") == "2022-03-17"
    assert life.day("respond", "A") == "2022-03-17"


def test_the_answer_lets_what_paused_run_on_with_what_was_left() -> None:
    life = asked(Life().forwarded().until("2022-03-09"), liaison("A")).until("2022-03-11")
    life.do("reply", REPORTER, text="di sini")
    assert life.state.question is None
    assert "question" not in life.running()
    assert life.day("respond", "A") == "2022-03-16"
    assert life.day("complete") == "2022-03-29"


def test_one_question_is_open_at_a_time() -> None:
    life = asked(Life().forwarded("A", "B"), liaison("A"))
    assert life.refusal("ask", liaison("B"), question="q") == "question_open"
    assert life.refusal("ask", ADMIN, question="q") == "question_open"
    assert asked(life.do("reply", REPORTER, text="x"), liaison("B")).state.question is not None


def test_nothing_is_asked_before_the_forward_or_by_an_opd_that_does_not_hold_the_report() -> None:
    assert Life().refusal("ask", ADMIN, question="q") == "wrong_status"
    assert Life().verified().refusal("ask", ADMIN, question="q") == "not_forwarded"
    assert Life().forwarded("A").refusal("ask", liaison("B"), question="q") == "opd_not_holding"


def test_an_unanswered_question_ends_the_report_if_every_opd_has_followed_up() -> None:
    life = asked(Life().forwarded("A").follow_up("A")).past_the_end_of("2022-03-21")
    assert life.status == "selesai"
    assert life.state.closed_by == "question"


def test_an_unanswered_question_lapses_and_the_clocks_go_on_while_some_opd_has_not_followed_up() -> None:
    life = asked(Life().forwarded("A", "B").follow_up("A", final=True)).past_the_end_of("2022-03-21")
    assert life.status == "proses"
    assert life.state.question is None
    assert life.day("respond", "B") == "2022-03-28"
    assert life.day("complete") == "2022-04-08"


def test_an_opd_that_returned_the_report_does_not_keep_an_unanswered_question_from_ending_it() -> None:
    life = Life().forwarded("A", "B").follow_up("A").do("return", liaison("B"), reason="r")
    assert asked(life).past_the_end_of("2022-03-21").status == "selesai"


def test_no_report_ends_by_being_asked_about_when_nobody_has_followed_up() -> None:
    life = asked(Life().forwarded("A")).do("return", liaison("A"), reason="r").past_the_end_of("2022-03-21")
    assert life.status == "belum_ditindaklanjuti"
    assert life.state.question is None


@pytest.mark.parametrize("last", ["2022-03-25"])
def test_a_question_of_the_last_day_that_ends_the_report_makes_no_step_late(last: str) -> None:
    life = Life().forwarded("A").follow_up("A").until(last)
    life = asked(life).past_the_end_of("2022-04-08")
    assert life.status == "selesai"
    assert life.of_kind("breached") == []
    assert life.state.item is None


def test_a_question_of_an_opd_that_gives_the_report_back_is_void() -> None:
    returned = asked(Life().forwarded("A", "B"), liaison("A")).do("return", liaison("A"), reason="r")
    withdrawn = asked(Life().forwarded("A", "B"), liaison("A")).do("withdraw", ADMIN, opd="A", grounds="g")
    for life in (returned, withdrawn):
        assert life.state.question is None
        assert life.day("complete") == "2022-03-25"


# --- Holds and the cap -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ADMIN, liaison("A")])
def test_a_take_over_ends_the_question_and_what_it_paused_runs_on(who: Actor) -> None:
    life = asked(Life().forwarded("A", "B").do("escalate", ADMIN, why="macet"), who).until("2022-03-09")
    life.do("take_over", INSPECTORATE)
    assert life.state.question is None
    assert life.running() == {"complete", "take_over"}
    assert life.day("complete") == "2022-03-29"


def test_a_hold_of_the_last_day_that_ends_in_the_archive_makes_no_step_late() -> None:
    life = Life().until("2022-03-10").do("hold", ADMIN, missing="x").past_the_end_of("2022-03-24")
    assert life.status == "diarsipkan"
    assert life.of_kind("breached") == []
    assert life.state.is_over


def test_holds_add_up_to_ten_working_days_and_beyond_that_pause_nothing() -> None:
    life = Life().do("hold", ADMIN, missing="x").until("2022-03-16").do("reply", REPORTER, text="x")
    assert clocks.waited(life.clock("verify"), NATIONAL) == 7
    assert life.day("verify") == "2022-03-21"
    life.do("hold", ADMIN, missing="y").past_the_end_of("2022-03-21")
    assert life.days_of("pause_ended") == ["2022-03-21"]
    assert life.status == "ditunda"
    assert life.day("verify") == "2022-03-24"
    life.do("reply", REPORTER, text="y").do("hold", ADMIN, missing="z")
    assert life.day("verify") == "2022-03-24"
    life.past_the_end_of("2022-03-24")
    assert life.days_of("breached", "verify") == ["2022-03-24"]


def test_each_clock_has_its_own_ten_days_of_waiting() -> None:
    life = asked(Life().forwarded("A", "B"), liaison("A")).until("2022-03-14").do("reply", REPORTER, text="x")
    asked(life, liaison("B")).past_the_end_of("2022-03-21")
    assert life.days_of("pause_ended", "complete") == ["2022-03-21"]
    assert "respond:B" not in [event.facts["key"] for event in life.of_kind("pause_ended")]


def test_days_of_waiting_stay_used_when_the_report_comes_to_the_same_opd_again() -> None:
    life = asked(Life().forwarded("A"), liaison("A")).until("2022-03-16").do("reply", REPORTER, text="x")
    life.do("return", liaison("A"), reason="r").do("forward", ADMIN, opds=["A"])
    asked(life, liaison("A")).past_the_end_of("2022-03-21")
    assert life.days_of("pause_ended", "respond:A") == ["2022-03-21"]


def test_a_late_clock_is_not_paused_and_its_rungs_run_on() -> None:
    life = Life().forwarded("A").past_the_end_of("2022-03-14")
    asked(life, liaison("A"))
    assert life.day("respond", "A") == "2022-03-14"
    assert life.day("complete") == "paused"
    assert life.past_the_end_of("2022-03-23").rungs("respond:A") == [(2, "2022-03-17"), (3, "2022-03-23")]


# --- Auto-close ------------------------------------------------------------------------------------------------------


def test_ten_working_days_after_the_final_follow_up_without_a_reply_the_report_is_selesai() -> None:
    life = Life().finished().until("2022-03-21 23:59")
    assert life.status == "proses"
    life.past_the_end_of("2022-03-21")
    assert life.status == "selesai"
    assert life.state.closed_by == "auto_close"
    assert life.day("aftercare") == "2022-04-20"


def test_a_reply_restarts_the_auto_close_clock() -> None:
    life = Life().finished().until("2022-03-10").do("reply", REPORTER, text="terima kasih")
    assert life.day("auto_close") == "2022-03-24"


def test_another_final_follow_up_restarts_the_auto_close_clock_and_progress_does_not() -> None:
    life = Life().finished().until("2022-03-09").follow_up()
    assert life.day("auto_close") == "2022-03-21"
    assert life.follow_up(final=True).day("auto_close") == "2022-03-23"


def test_the_ten_days_of_auto_close_count_for_no_ones_deadline() -> None:
    life = Life().forwarded(report_class="aspirasi").until("2022-03-14").follow_up(final=True)
    life.past_the_end_of("2022-03-28")
    assert life.status == "selesai"
    assert life.of_kind("breached") == []


def test_an_answer_to_a_question_restarts_auto_close_too() -> None:
    life = asked(Life().finished().until("2022-03-09")).until("2022-03-10").do("reply", REPORTER, text="x")
    assert life.day("auto_close") == "2022-03-24"


# --- Taking over while waiting ---------------------------------------------------------------------------------------


def test_a_takeover_of_a_held_report_ends_the_hold() -> None:
    life = Life().do("hold", ADMIN, missing="x").do("escalate", ADMIN, why="w").do("take_over", INSPECTORATE)
    assert life.status == "belum_diverifikasi"
    assert life.running() == {"take_over"}
