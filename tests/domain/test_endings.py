"""How a complaint ends and is reopened, and what the Inspectorate may do with it."""

from __future__ import annotations

from datetime import date

import pytest

from kawal.domain.messages import Actor
from tests.domain.lives import ADMIN, INSPECTORATE, INSPECTORATE_OWNER, REPORTER, RULES, SYSTEM, Life, liaison

# --- The reporter's judgement and the end ----------------------------------------------------------------------------


def test_accepting_closes_with_the_rating_and_starts_the_aftercare() -> None:
    life = Life().closed()
    assert life.status == "selesai"
    assert life.running() == {"aftercare"}
    assert life.state.rating == 5
    assert life.state.closed_by == "accept"


def test_a_dispute_voids_all_finals_and_each_of_those_opds_owes_again() -> None:
    life = Life().finished("A", "B")
    life.do("dispute", REPORTER, why="masih rusak")
    assert life.status == "proses"
    assert life.owes() == {"A", "B"}
    assert life.running() == {"complete"}
    assert life.state.item is None


def test_the_second_dispute_opens_the_inspectorates_item() -> None:
    life = Life().finished().do("dispute", REPORTER, why="w").follow_up(final=True).do("dispute", REPORTER, why="w")
    assert life.state.item is not None
    assert life.state.item.why == "second_dispute"


def test_the_admin_closes_only_what_is_in_process() -> None:
    life = Life().forwarded("A", "B").follow_up("A").do("close", ADMIN, grounds="selesai di lapangan")
    assert life.status == "selesai"
    assert life.running() == {"aftercare"}
    assert Life().forwarded().refusal("close", ADMIN, grounds="g") == "wrong_status"


def test_a_reply_in_selesai_changes_nothing() -> None:
    life = Life().closed()
    before = life.running(), life.status
    life.do("reply", REPORTER, text="terima kasih")
    assert (life.running(), life.status) == before


def test_rating_is_possible_within_thirty_calendar_days_of_selesai_and_not_later() -> None:
    life = Life().closed().until("2022-04-06 23:59").do("rate", REPORTER, rating=2)
    assert life.state.rating == 2
    life.past_the_end_of("2022-04-06")
    assert life.state.is_over
    assert life.refusal("rate", REPORTER, rating=1) == "aftercare_over"


@pytest.mark.parametrize("who", [ADMIN, INSPECTORATE])
def test_reopening_voids_all_finals_and_restarts_completion(who: Actor) -> None:
    life = Life().closed().until("2022-03-09")
    life.do("reopen", who, grounds="keliru")
    assert life.status == "proses"
    assert life.owes() == {"A"}
    assert life.running() == {"complete"}
    assert life.state.closed_at is None


def test_reopening_is_possible_after_the_end() -> None:
    life = Life().closed().until("2023-01-10").do("reopen", ADMIN, grounds="keliru")
    assert life.status == "proses"
    assert not life.state.is_over


def test_reopening_restarts_completion_even_where_nobody_is_left_to_owe() -> None:
    life = Life().forwarded().follow_up().do("withdraw", ADMIN, opd="A", grounds="g").do("close", ADMIN, grounds="g")
    life.until("2022-03-09").do("reopen", ADMIN, grounds="keliru")
    assert life.status == "proses"
    assert life.running() == {"forward", "complete"}


def test_a_complaint_is_not_over_while_the_inspectorates_item_is_open() -> None:
    life = Life().forwarded(pengawasan=True).follow_up(final=True).do("accept", REPORTER).until("2022-06-01")
    assert life.state.aftercare_over
    assert not life.state.is_over
    assert life.do("resolve", INSPECTORATE, finding="selesai").state.is_over


# --- The Inspectorate ------------------------------------------------------------------------------------------------


def test_the_inspectorate_acts_only_on_an_open_item() -> None:
    life = Life().forwarded()
    assert life.refusal("take_over", INSPECTORATE) == "no_item"
    assert life.refusal("resolve", INSPECTORATE, finding="f") == "no_item"
    assert life.refusal("instruct", INSPECTORATE, to="A", text="t", by="2022-03-09") == "no_item"


@pytest.mark.parametrize("who", [ADMIN, liaison("A")])
def test_admin_and_liaison_open_the_item_before_its_time(who: Actor) -> None:
    life = Life().forwarded().do("escalate", who, why="mendesak")
    assert life.state.item is not None
    assert life.state.item.why == "escalated"


def test_after_a_takeover_the_inspectorate_owes_instead_of_everyone_who_owed() -> None:
    life = Life().forwarded("A", "B").follow_up("B", final=True).do("escalate", ADMIN, why="w")
    life.until("2022-03-08").do("take_over", INSPECTORATE)
    assert life.owes() == {INSPECTORATE_OWNER}
    assert life.running() == {"take_over", "complete"}
    assert life.day("take_over") == "2022-03-28"
    assert life.refusal("follow_up", liaison("A"), text="t") == "opd_not_holding"
    life.do("follow_up", INSPECTORATE, text="t", final=True)
    assert life.running() == {"auto_close"}


def test_after_a_takeover_the_inspectorate_may_do_the_admins_verify_forward_archive_and_pass_on() -> None:
    def taken() -> Life:
        return Life().do("escalate", ADMIN, why="w").do("take_over", INSPECTORATE)

    given = {"title": "t", "report_class": "pengaduan", "category": "c"}
    assert Life().do("escalate", ADMIN, why="w").refusal("verify", INSPECTORATE, **given) == "wrong_role"
    assert taken().do("verify", INSPECTORATE, **given).status == "belum_ditindaklanjuti"
    assert taken().do("archive", INSPECTORATE, reason="r").status == "diarsipkan"
    assert taken().do("pass_on", INSPECTORATE, agency="Pusat").status == "bukan_wewenang"
    life = taken().do("verify", INSPECTORATE, **given).do("forward", INSPECTORATE, opds=["A"])
    assert life.owes() == {"A"}
    assert life.running() == {"respond:A", "complete"}


def test_a_final_follow_up_of_the_inspectorate_stands_when_it_forwards_to_one_more_opd() -> None:
    life = Life().forwarded().do("escalate", ADMIN, why="w").do("take_over", INSPECTORATE)
    life.do("follow_up", INSPECTORATE, text="t", final=True).do("forward", INSPECTORATE, opds=["B"])
    assert life.owes() == {"B"}
    assert life.do("return", liaison("B"), reason="r").running() == {"auto_close"}


def test_an_item_is_resolved_only_when_no_breached_step_is_owed() -> None:
    life = Life().forwarded().past_the_end_of("2022-03-14")
    assert life.refusal("resolve", INSPECTORATE, finding="f") == "breach_still_owed"
    life.follow_up().do("resolve", INSPECTORATE, finding="f")
    assert life.state.item is not None
    assert not life.state.item.open


def test_a_rule_set_newer_than_the_report_never_touches_it() -> None:
    newer = RULES.model_copy(update={"policy": RULES.policy.model_copy(update={"effective_from": date(2022, 4, 1)})})
    life = Life().forwarded()
    assert life.refusal("recompute", SYSTEM, rules=newer.model_dump(mode="json"), why="w") == "rules_too_new"


def test_a_request_to_extend_is_void_once_completion_stops() -> None:
    life = Life().forwarded().do("extend", liaison("A"), days=2, grounds="g").follow_up(final=True)
    assert life.do("dispute", REPORTER, why="w").refusal("grant", ADMIN) == "no_extension_pending"


def test_an_opd_that_had_not_followed_up_when_the_report_was_closed_owes_its_first_follow_up_again() -> None:
    life = Life().forwarded("A", "B").follow_up("A").do("close", ADMIN, grounds="g")
    life.until("2022-03-21").do("reopen", ADMIN, grounds="keliru")
    assert life.running() == {"respond:B", "complete"}
    assert life.day("respond", "B") == "2022-03-28"


def test_an_items_own_rungs_stop_at_a_final_status() -> None:
    life = Life().verified(pengawasan=True).do("archive", ADMIN, reason="r").past_the_end_of("2022-03-16")
    assert life.rungs(None) == []
    assert life.state.item is not None
    assert life.state.item.open
