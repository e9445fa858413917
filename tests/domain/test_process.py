"""Every row of the table of commands: who may do it in which status, and its effect on status, clocks and who owes."""

from __future__ import annotations

import pytest

from kawal.domain.names import FINAL, CommandName, Role, Status
from kawal.domain.process.transitions import TRANSITIONS
from tests.domain.lives import ADMIN, AGENCY, INSPECTORATE, REPORTER, SYSTEM, Life, liaison

NOT_FINAL = "belum_diverifikasi ditunda belum_ditindaklanjuti proses"
BEFORE_FOLLOW_UP = "belum_diverifikasi ditunda belum_ditindaklanjuti"
FORWARDED = "belum_ditindaklanjuti proses"

AS_WRITTEN = {
    # command: (who, who besides them after take_over, in which statuses at most)
    "verify": ("agency_admin", True, "belum_diverifikasi ditunda"),
    "hold": ("agency_admin", False, "belum_diverifikasi belum_ditindaklanjuti"),
    "reply": ("reporter", False, f"{NOT_FINAL} selesai digabung"),
    "archive": ("agency_admin", True, BEFORE_FOLLOW_UP),
    "pass_on": ("agency_admin", True, BEFORE_FOLLOW_UP),
    "merge": ("agency_admin", False, NOT_FINAL),
    "forward": ("agency_admin", True, NOT_FINAL),
    "handle": ("agency_admin", False, "belum_diverifikasi belum_ditindaklanjuti"),
    "receive": ("liaison", False, FORWARDED),
    "return": ("liaison", False, FORWARDED),
    "withdraw": ("agency_admin", False, FORWARDED),
    "ask": ("liaison agency_admin", False, FORWARDED),
    "follow_up": ("liaison agency_admin", True, FORWARDED),
    "extend": ("liaison", False, FORWARDED),
    "grant": ("agency_admin", False, FORWARDED),
    "refuse_extension": ("agency_admin", False, FORWARDED),
    "accept": ("reporter", False, "proses"),
    "dispute": ("reporter", False, "proses selesai"),
    "close": ("agency_admin", False, "proses"),
    "rate": ("reporter", False, "selesai"),
    "conceal": ("reporter", False, f"{NOT_FINAL} selesai diarsipkan bukan_wewenang digabung"),
    "reopen": ("agency_admin inspectorate", False, "selesai"),
    "reclassify": ("agency_admin", False, NOT_FINAL),
    "escalate": ("agency_admin liaison", False, NOT_FINAL),
    "instruct": ("inspectorate", False, NOT_FINAL),
    "take_over": ("inspectorate", False, NOT_FINAL),
    "resolve": ("inspectorate", False, " ".join(Status)),
    "nudge": ("agency_admin", False, FORWARDED),
    "recompute": ("system", False, NOT_FINAL),
    "attach": ("system", False, NOT_FINAL),
}
"""The table of commands, copied out by hand from the description of the process."""


@pytest.mark.parametrize("name", CommandName)
def test_the_table_of_transitions_is_the_one_written_in_the_description(name: CommandName) -> None:
    who, taken_over, statuses = AS_WRITTEN[name]
    row = TRANSITIONS[name]
    assert set(row.who) == {Role(role) for role in who.split()}
    assert row.statuses == {Status(status) for status in statuses.split()}
    assert row.taken_over is taken_over


def test_in_a_final_status_only_what_the_description_names_is_possible() -> None:
    allowed = {status: {name for name, row in TRANSITIONS.items() if status in row.statuses} for status in FINAL}
    assert allowed.pop(Status.SELESAI) == {"rate", "reply", "reopen", "resolve", "conceal", "dispute"}
    assert allowed.pop(Status.DIGABUNG) == {"reply", "resolve", "conceal"}
    assert all(names == {"resolve", "conceal"} for names in allowed.values())


# --- Before the first forward ----------------------------------------------------------------------------------------


def test_a_new_report_is_unverified_and_its_verify_clock_runs() -> None:
    life = Life()
    assert life.status == "belum_diverifikasi"
    assert life.running() == {"verify"}


def test_verifying_leaves_the_verify_clock_running_until_the_forward() -> None:
    life = Life().verified()
    assert life.status == "belum_ditindaklanjuti"
    assert life.running() == {"verify"}
    assert life.do("forward", ADMIN, opds=["A"]).running() == {"respond:A", "complete"}


def test_verifying_as_berkadar_pengawasan_opens_the_inspectorates_item() -> None:
    item = Life().verified(pengawasan=True).state.item
    assert item is not None
    assert item.open
    assert item.why == "pengawasan"


def test_only_a_pengaduan_is_berkadar_pengawasan() -> None:
    given = {"title": "t", "report_class": "aspirasi", "category": "c", "pengawasan": True}
    assert Life().refusal("verify", ADMIN, **given) == "pengawasan_only_pengaduan"
    assert Life().refusal("handle", ADMIN, **given) == "pengawasan_only_pengaduan"
    assert (
        Life().verified().refusal("reclassify", ADMIN, report_class="aspirasi", pengawasan=True)
        == "pengawasan_only_pengaduan"
    )


def test_a_reply_brings_a_held_report_back_to_where_it_was() -> None:
    unverified = Life().do("hold", ADMIN, missing="lokasi")
    assert unverified.status == "ditunda"
    assert unverified.do("reply", REPORTER, text="Jl. Merdeka").status == "belum_diverifikasi"
    verified = Life().verified().do("hold", ADMIN, missing="lokasi").do("reply", REPORTER, text="Jl. Merdeka")
    assert verified.status == "belum_ditindaklanjuti"
    assert verified.running() == {"verify"}


def test_verifying_a_held_report_ends_the_hold_and_its_ten_days() -> None:
    life = Life().do("hold", ADMIN, missing="lokasi")
    assert life.day("verify") == "paused"
    life.verified()
    assert life.status == "belum_ditindaklanjuti"
    assert life.day("verify") == "2022-03-10"
    assert "hold" not in life.running()


def test_forwarding_a_report_that_was_verified_and_then_held_ends_the_hold() -> None:
    life = Life().verified().do("hold", ADMIN, missing="lokasi").do("forward", ADMIN, opds=["A"])
    assert life.status == "belum_ditindaklanjuti"
    assert life.running() == {"respond:A", "complete"}


def test_a_report_cannot_be_held_once_it_was_forwarded() -> None:
    life = Life().forwarded()
    assert life.refusal("hold", ADMIN, missing="lokasi") == "already_forwarded"
    life.do("return", liaison("A"), reason="bukan kami")
    assert life.refusal("hold", ADMIN, missing="lokasi") == "already_forwarded"


def test_a_held_report_is_archived_when_the_reporter_stays_silent_for_ten_working_days() -> None:
    life = Life().do("hold", ADMIN, missing="lokasi").until("2022-03-21 23:59")
    assert life.status == "ditunda"
    life.past_the_end_of("2022-03-21")
    assert life.status == "diarsipkan"
    assert life.running() == set()
    assert life.state.is_over


@pytest.mark.parametrize(("name", "given"), [("archive", {"reason": "spam"}), ("pass_on", {"agency": "Pusat"})])
def test_archiving_and_passing_on_stop_all_and_are_possible_before_the_first_follow_up(
    name: str, given: dict[str, str]
) -> None:
    held = Life().do("hold", ADMIN, missing="lokasi")
    for life in (Life(), held, Life().verified(), Life().forwarded("A", "B")):
        assert life.do(name, ADMIN, **given).running() == set()
        assert life.state.is_over
    assert Life().forwarded().follow_up().refusal(name, ADMIN, **given) == "wrong_status"


def test_only_a_verified_report_is_forwarded() -> None:
    assert Life().refusal("forward", ADMIN, opds=["A"]) == "not_verified"


# --- Merging ---------------------------------------------------------------------------------------------------------


def test_merging_ends_the_report_and_stops_all_from_every_open_status() -> None:
    for life in (Life(), Life().verified(), Life().forwarded(), Life().forwarded().follow_up(), Life().finished()):
        life.do("merge", ADMIN, main="7654321")
        assert life.status == "digabung"
        assert life.running() == set()
        assert life.state.main_report == "7654321"
        assert life.state.is_over


def test_a_report_is_not_merged_into_itself() -> None:
    life = Life()
    assert life.refusal("merge", ADMIN, main=life.state.tracking_id) == "main_is_itself"


def attach(life: Life, **given: object) -> dict[str, object]:
    fitting = {"follower": "7654321", "received_at": life.state.received_at.isoformat(), "instansi": AGENCY}
    return fitting | given


def test_a_main_report_takes_a_follower_with_the_followers_that_one_has() -> None:
    life = Life()
    life.do("attach", SYSTEM, **attach(life, followers=["1111111", "2222222"]))
    assert life.state.followers == ["7654321", "1111111", "2222222"]


def test_a_main_report_refuses_followers_of_another_agency_or_received_earlier_and_when_it_is_final() -> None:
    life = Life()
    assert life.refusal("attach", SYSTEM, **attach(life, instansi="RIAU")) == "main_other_instansi"
    assert life.refusal("attach", SYSTEM, **attach(life, received_at="2022-03-01T00:00:00Z")) == "main_later"
    assert life.refusal("attach", SYSTEM, **attach(life, follower=life.state.tracking_id)) == "main_is_itself"
    assert Life().closed().refusal("attach", SYSTEM, **attach(life)) == "wrong_status"


# --- Forwarding and who owes -----------------------------------------------------------------------------------------


def test_forwarding_starts_a_respond_clock_for_each_opd_and_one_completion_clock() -> None:
    life = Life().forwarded("A", "B")
    assert life.running() == {"respond:A", "respond:B", "complete"}
    assert life.owes() == {"A", "B"}


def test_a_later_forward_starts_the_new_opds_respond_and_leaves_completion_where_it_was() -> None:
    life = Life().forwarded("A").until("2022-03-09").do("forward", ADMIN, opds=["B"])
    assert life.day("respond", "B") == "2022-03-16"
    assert life.day("complete") == "2022-03-25"


def test_a_forward_in_process_leaves_the_report_in_process() -> None:
    life = Life().forwarded("A").follow_up("A").do("forward", ADMIN, opds=["B"])
    assert life.status == "proses"


def test_an_opd_that_owes_is_not_forwarded_to_again_and_none_twice_at_once() -> None:
    assert Life().forwarded("A").refusal("forward", ADMIN, opds=["A"]) == "opd_already_owes"
    assert Life().verified().refusal("forward", ADMIN, opds=["A", "A"]) == "opd_already_owes"


def test_handling_an_unverified_report_verifies_it_and_puts_the_agency_in_the_opds_place() -> None:
    life = Life().do("handle", ADMIN, title="t", report_class="pengaduan", category="c", pengawasan=True)
    assert life.status == "belum_ditindaklanjuti"
    assert life.running() == {f"respond:{AGENCY}", "complete"}
    assert life.day("complete") == "2022-06-13"
    assert life.state.item is not None
    life.do("follow_up", ADMIN, text="selesai", final=True)
    assert life.running() == {"auto_close"}


def test_handling_needs_verifys_arguments_before_verification_and_none_after_it() -> None:
    assert Life().refusal("handle", ADMIN) == "not_verified"
    assert Life().verified().refusal("handle", ADMIN, title="t") == "malformed"
    assert Life().verified().do("handle", ADMIN).owes() == {AGENCY}


def test_receiving_shows_that_the_opd_saw_it_and_changes_nothing_else() -> None:
    life = Life().forwarded()
    before = life.running(), life.day("respond", "A"), life.status
    life.until("2022-03-08").do("receive", liaison("A"))
    assert (life.running(), life.day("respond", "A"), life.status) == before
    assert life.state.owners["A"].received_at == life.now
    assert life.refusal("receive", liaison("B")) == "opd_not_holding"


def test_a_return_stops_that_opds_respond_clock_and_not_the_citizens_completion_clock() -> None:
    life = Life().forwarded("A", "B").until("2022-03-08").do("return", liaison("A"), reason="bukan kami")
    assert life.running() == {"respond:B", "complete"}
    assert life.day("complete") == "2022-03-25"


def test_a_return_says_where_the_report_belongs_if_the_liaison_knows() -> None:
    told = Life().forwarded("A", "B").do("return", liaison("A"), reason="bukan kami", belongs_to="C")
    untold = Life().forwarded("A", "B").do("return", liaison("A"), reason="bukan kami")
    assert told.events[-1].facts["belongs_to"] == "C"
    assert told.events[-1].words == untold.events[-1].words == {"reason": "bukan kami"}
    assert "belongs_to" not in untold.events[-1].facts  # as histories have it in which no liaison could say so


@pytest.mark.parametrize("code", ["A", "INSPEKTORAT"])
def test_a_return_names_no_opd_that_cannot_be_meant(code: str) -> None:
    assert Life().forwarded("A").refusal("return", liaison("A"), reason="r", belongs_to=code) == "unknown_opd"


def test_an_opd_that_followed_up_cannot_return_the_report() -> None:
    assert Life().forwarded().follow_up().refusal("return", liaison("A"), reason="r") == "opd_has_followed_up"


def test_when_nobody_owes_and_no_final_stands_the_admin_owes_a_forward_within_three_days() -> None:
    life = Life().forwarded("A").until("2022-03-08").do("return", liaison("A"), reason="bukan kami")
    assert life.status == "belum_ditindaklanjuti"
    assert life.running() == {"forward", "complete"}
    assert life.day("forward") == "2022-03-11"
    assert life.do("forward", ADMIN, opds=["B"]).running() == {"respond:B", "complete"}


def test_a_report_withdrawn_from_its_last_opd_stays_in_process_if_someone_had_followed_up() -> None:
    life = Life().forwarded("A").follow_up().do("withdraw", ADMIN, opd="A", grounds="salah OPD")
    assert life.status == "proses"
    assert life.running() == {"forward", "complete"}


def test_withdrawing_stops_that_opds_respond_clock_and_needs_an_opd_that_owes() -> None:
    life = Life().forwarded("A", "B").do("withdraw", ADMIN, opd="B", grounds="cukup A")
    assert life.running() == {"respond:A", "complete"}
    assert life.refusal("withdraw", ADMIN, opd="B", grounds="g") == "opd_not_holding"
    assert life.follow_up("A", final=True).refusal("withdraw", ADMIN, opd="A", grounds="g") == "opd_not_holding"


def test_when_the_last_opd_that_owes_is_withdrawn_and_a_final_stands_the_reporter_is_waited_for() -> None:
    life = Life().forwarded("A", "B").follow_up("A", final=True)
    assert "auto_close" not in life.running()
    life.until("2022-03-09").do("withdraw", ADMIN, opd="B", grounds="cukup A")
    assert life.running() == {"auto_close"}
    assert life.day("auto_close") == "2022-03-23"


def test_a_forward_after_all_finals_switches_auto_close_off_and_completion_on() -> None:
    life = Life().finished("A").do("forward", ADMIN, opds=["B"])
    assert life.running() == {"respond:B", "complete"}
    life.do("return", liaison("B"), reason="bukan kami")
    assert life.running() == {"auto_close"}


def test_a_report_in_process_from_the_first_opd_is_complete_only_when_all_have_posted_their_final_one() -> None:
    life = Life().forwarded("A", "B").follow_up("A", final=True)
    assert life.status == "proses"
    assert life.running() == {"respond:B", "complete"}
    life.follow_up("B")
    assert life.running() == {"complete"}
    assert life.refusal("accept", REPORTER) == "no_final_stands"
    assert life.follow_up("B", final=True).running() == {"auto_close"}


def test_only_who_holds_the_report_follows_up() -> None:
    life = Life().forwarded("A")
    assert life.refusal("follow_up", liaison("B"), text="t") == "opd_not_holding"
    assert life.refusal("follow_up", ADMIN, text="t") == "opd_not_holding"
    assert life.refusal("follow_up", INSPECTORATE, text="t") == "wrong_role"


def test_a_nudge_is_only_on_record() -> None:
    life = Life().forwarded("A")
    before = life.running(), life.status, life.owes()
    life.do("nudge", ADMIN, opd="A", how="telepon")
    assert (life.running(), life.status, life.owes()) == before
    assert Life().verified().refusal("nudge", ADMIN, opd="A", how="telepon") == "not_forwarded"
