"""What is shown of complaints, to whom, and in which form."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from kawal.cli.terminal.dates import WIB
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, CATEGORY, DISHUB, DPUPR, INSPECTORATE, VERIFY

SECRET = ("--rahasia", "--name", "Siti Rahayu", "--email", "siti@example.id")


@pytest.fixture(scope="module")
def held_by_dpupr(running: Kawal) -> str:
    """Return a complaint that DPUPR owes and that is on the Inspectorate's worklist."""
    tracking = running.start("Jembatan retak", "--anonim", "--name", "Siti Rahayu")
    running.done("verify", tracking, *VERIFY, "--pengawasan", who=ADMIN)
    running.done("forward", tracking, "--opd", "DPUPR", who=ADMIN)
    return tracking


@pytest.fixture(scope="module")
def confidential(running: Kawal) -> str:
    """Return a rahasia report, received and not yet verified."""
    return running.start("Pungutan di kantor", *SECRET)


def test_a_complaint_shows_its_status_words_and_deadlines(running: Kawal, held_by_dpupr: str) -> None:
    shown = running.done("show", held_by_dpupr)
    assert shown["status"] == "belum_ditindaklanjuti"
    assert shown["category"] == CATEGORY
    assert shown["words"] == {}, "it is berkadar pengawasan: its words are not public"
    assert {clock["kind"] for clock in shown["clocks"]} == {"respond", "complete"}
    outcome = running("show", held_by_dpupr)
    assert "tindak lanjut pertama (DPUPR)" in outcome.out
    assert "24.00 WIB" in outcome.out
    assert "berkadar pengawasan" in outcome.out


@pytest.mark.parametrize("who", [ADMIN, DPUPR, AUDITOR])
def test_words_that_are_not_public_are_shown_to_the_officials_who_work_on_them(
    running: Kawal, held_by_dpupr: str, who: str
) -> None:
    assert running.done("show", held_by_dpupr, who=who)["words"]["title"] == "Jalan berlubang"
    listed = running.done("list", "--status", "belum_ditindaklanjuti", "--limit", "1000", who=who)
    assert {line["tracking_id"]: line["title"] for line in listed}[held_by_dpupr] == "Jalan berlubang"


def test_nobody_else_is_shown_the_words_of_a_report_that_is_not_public(running: Kawal, held_by_dpupr: str) -> None:
    early = running.start("Trotoar amblas")
    for who in (None, "liaison/DISHUB:Rudi", "reporter:Siti", "leadership:Sekda", "admin@ENTAH:Ani"):
        for tracking in (early, held_by_dpupr):
            assert running.done("show", tracking, who=who)["words"] == {}
        outcome = running("list", "--limit", "1000", "--json", who=who)
        listed = outcome.json if outcome.code == 0 else []
        titles = {line["tracking_id"]: line["title"] for line in listed}
        assert (titles.get(early), titles.get(held_by_dpupr)) == (None, None)
        assert (early in titles) == (who in (None, "reporter:Siti")), "officials list their own queue"
    assert "belum atau bukan untuk umum" in running("show", early).out
    running.done("verify", early, *VERIFY, who=ADMIN)
    assert running.done("show", early)["words"]["title"] == "Jalan berlubang"


@pytest.mark.parametrize(
    ("lang", "said"), [("id", ("aturan:", "sumber:", "akhir pekan")), ("en", ("rule:", "weekend"))]
)
def test_each_deadline_explains_itself_in_both_languages(
    running: Kawal, held_by_dpupr: str, lang: str, said: tuple[str, ...]
) -> None:
    outcome = Kawal(running.home, lang)("show", held_by_dpupr, "--explain")
    assert outcome.code == 0
    assert all(word in outcome.out for word in said)
    assert not re.search(r"\d{4}-\d\d-\d\d", outcome.out)


def test_an_explanation_names_rule_source_start_and_excluded_days(running: Kawal, held_by_dpupr: str) -> None:
    respond, complete = running.done("show", held_by_dpupr, "--explain")["explanations"]
    assert (respond["clock"], respond["rule"]["limit"]) == ("respond:DPUPR", 5)
    assert (complete["clock"], complete["rule"]["limit"]) == ("complete", 60)
    assert respond["rule"]["source"].startswith("[S]")
    # Five working days from a Sunday on contain no day off; sixty always do.
    assert complete["excluded"]
    assert all(set(day) == {"day", "why"} for day in respond["excluded"] + complete["excluded"])


def test_a_new_report_comes_with_advice_for_whoever_verifies_it(running: Kawal) -> None:
    tracking = running.start("Lampu jalan padam")
    assert running("show", tracking, "--advice", who=ADMIN).code == 0
    assert "advice" in running.done("show", tracking, "--advice", who=ADMIN)
    assert running("show", tracking, "--advice").code == 2
    assert running("show", tracking, "--advice", who=DPUPR).code == 1


def test_the_advice_on_a_rahasia_report_is_for_a_purpose(running: Kawal) -> None:
    tracking = running.start("Lampu jalan padam", "--rahasia")
    refused = running("show", tracking, "--advice", who=ADMIN)
    assert (refused.code, refused.out) == (1, "")
    assert running("show", tracking, "--advice", "--purpose", "Verifikasi", who=ADMIN).code == 0


def test_the_list_is_narrowed_by_status_opd_and_lateness(running: Kawal, held_by_dpupr: str) -> None:
    def listed(*options: str) -> set[str]:
        return {line["tracking_id"] for line in running.done("list", "--limit", "1000", *options)}

    assert held_by_dpupr in listed()
    assert held_by_dpupr in listed("--opd", "dpupr")
    assert held_by_dpupr in listed("--status", "proses", "--status", "belum_ditindaklanjuti")
    assert held_by_dpupr not in listed("--opd", "DISHUB")
    assert held_by_dpupr not in listed("--status", "selesai")
    assert held_by_dpupr in listed("--instansi", "KEPRI")
    assert listed("--overdue") == set()


def test_a_list_that_is_cut_short_says_so(running: Kawal, held_by_dpupr: str, confidential: str) -> None:
    assert held_by_dpupr != confidential
    outcome = running("list", "--limit", "1")
    assert len(outcome.out.splitlines()) == 2
    assert "--limit" in outcome.err


def test_a_list_in_a_pipe_is_lines_of_cells(running: Kawal, held_by_dpupr: str) -> None:
    header, *lines = running("list", "--limit", "1000").out.splitlines()
    assert header.split("\t")[:2] == ["Nomor", "Status"]
    row = next(line.split("\t") for line in lines if line.startswith(held_by_dpupr))
    assert row[1] == "Belum ditindaklanjuti"
    assert row[4] == "DPUPR"


def test_the_words_of_a_confidential_report_stand_in_no_list(running: Kawal, confidential: str) -> None:
    for arguments in (("list", "--limit", "1000"), ("show", confidential), ("history", confidential), ("notices",)):
        for form in ((), ("--json",)):
            outcome = running(*arguments, *form)
            assert outcome.code == 0
            assert "Pungutan di kantor" not in outcome.out
            assert "Siti" not in outcome.out
    assert "rahasia" in running("show", confidential).out


PURPOSE = ("--purpose", "Pemeriksaan khusus 12/2026")


def test_words_are_read_by_those_who_may_and_the_reading_is_on_record(running: Kawal, confidential: str) -> None:
    first = running.done("history", confidential, "--words", *PURPOSE, who=AUDITOR)[0]
    assert first["words"]["title"] == "Pungutan di kantor"
    assert first["words"]["reporter"]["name"] == "Siti Rahayu"
    assert "Pungutan" in running("history", confidential, "--words", *PURPOSE, who=ADMIN).out
    for who in (DPUPR, "leadership:Sekda", "national:Pusat", "adapter:web"):
        refused = running("history", confidential, "--words", *PURPOSE, who=who)
        assert (refused.code, refused.out) == (1, "")
    assert running("history", confidential, "--words").code == 2


def test_a_confidential_report_is_read_only_for_a_purpose_of_readable_length(running: Kawal, confidential: str) -> None:
    for purpose, said in (((), "tujuan"), (("--purpose", "x" * 1_000_000), "500"), (("--purpose", "  "), "tujuan")):
        refused = running("history", confidential, "--words", *purpose, who=AUDITOR)
        assert (refused.code, refused.out) == (1, "")
        assert said in refused.err
        assert len(refused.err) < 1000


def test_an_opd_reads_an_anonim_report_without_its_reporter(running: Kawal, held_by_dpupr: str) -> None:
    outcome = running("history", held_by_dpupr, "--words", "--json", *PURPOSE, who=DPUPR)
    assert outcome.code == 0
    assert "Jembatan retak" in outcome.out
    assert "Siti" not in outcome.out
    assert running("history", held_by_dpupr, "--words", who=DISHUB).code == 1


def test_who_the_reporter_is_is_shown_only_for_a_purpose(running: Kawal, held_by_dpupr: str) -> None:
    without = running("history", held_by_dpupr, "--words", who=INSPECTORATE)
    assert "Jembatan retak" in without.out
    assert "Siti" not in without.out
    assert "--purpose" in without.err
    assert "Siti" in running("history", held_by_dpupr, "--words", *PURPOSE, who=INSPECTORATE).out


def test_history_keeps_keys_and_answers_to_itself(running: Kawal, held_by_dpupr: str) -> None:
    for event in running.done("history", held_by_dpupr):
        assert not {"idempotency_key", "digest", "answer"} & set(event)
        assert event["words"] == {}


def test_an_opd_or_an_agency_that_does_not_exist_is_no_empty_list(running: Kawal) -> None:
    for arguments, said in (
        (("list", "--opd", "TIDAKADA"), "TIDAKADA"),
        (("list", "--instansi", "TIDAKADA"), "KEPRI"),
        (("inspectorate", "--instansi", "TIDAKADA"), "KEPRI"),
        (("recap", "--as-of", "2999-01-01"), "1 Januari 2999"),
    ):
        outcome = running(*arguments)
        assert (outcome.code, outcome.out) == (1, "")
        assert said in outcome.err


def test_what_is_shown_is_in_the_readers_language(running: Kawal, english: Kawal, held_by_dpupr: str) -> None:
    assert "DPUPR (harus menindaklanjuti)" in running("show", held_by_dpupr).out
    assert "DPUPR (has to follow up)" in english("show", held_by_dpupr).out
    told = running("history", held_by_dpupr).out
    assert "klasifikasi: pengaduan" in told
    assert "class: complaint (pengaduan)" in english("history", held_by_dpupr).out
    assert "True" not in told


def test_a_date_that_the_inspectorate_set_is_not_explained_as_the_longest_one(running: Kawal, english: Kawal) -> None:
    tracking, today = running.start(), datetime.now(WIB).date().isoformat()
    running.done("verify", tracking, *VERIFY, "--pengawasan", who=ADMIN)
    running.done("instruct", tracking, "--to", "admin", "--text", "Teruskan", "--by", today, who=INSPECTORATE)
    assert "tanggal yang ditetapkan, paling lama 10 hari kerja" in running("show", tracking, "--explain").out
    assert "the date that was set, at most 10 working days" in english("show", tracking, "--explain").out


def test_the_worklist_says_why_since_when_who_owes_and_who_is_next(running: Kawal, held_by_dpupr: str) -> None:
    item = next(one for one in running.done("inspectorate") if one["tracking_id"] == held_by_dpupr)
    assert (item["why"], item["level"], item["owing"], item["next_rung"]) == ("pengawasan", 1, ["DPUPR"], 2)
    assert item["next_rung_on"]
    outcome = running("inspectorate")
    row = next(line for line in outcome.out.splitlines() if line.startswith(held_by_dpupr))
    assert "berkadar pengawasan" in row
    assert "Sekretaris Daerah" in row


def test_notices_are_listed_without_text_and_shown_to_their_recipient(running: Kawal, held_by_dpupr: str) -> None:
    lines = running.done("notices", "--report", held_by_dpupr)
    to_dpupr = next(line for line in lines if line["to_opd"] == "DPUPR")
    assert "body" not in to_dpupr
    number = str(to_dpupr["id"])
    shown = running("notices", "--show", number, who=DPUPR)
    assert shown.code == 0
    assert held_by_dpupr in shown.out
    assert running.done("notices", "--show", number, who=AUDITOR)["subject"]
    for who in (DISHUB, "reporter:Siti", INSPECTORATE):
        assert running("notices", "--show", number, who=who).code == 1
    assert running("notices", "--show", number).code == 2
    assert running("notices", "--show", "999999", who=ADMIN).code == 1
    assert running("notices", "--state", "failed").out.strip() == "Tidak ada data."


def test_a_notice_of_a_rahasia_report_is_read_for_a_purpose_but_by_its_recipient(
    running: Kawal, confidential: str
) -> None:
    lines = running.done("notices", "--report", confidential)
    number = str(next(line["id"] for line in lines if line["to_role"] == "reporter"))
    assert running("notices", "--show", number, who="reporter:Siti").code == 0
    for who in (AUDITOR, ADMIN):
        refused = running("notices", "--show", number, who=who)
        assert (refused.code, refused.out) == (1, "")
        assert running("notices", "--show", number, "--purpose", "sidang 12", who=who).code == 0
    log = running.done("history", confidential, "--workflow", "--purpose", "sidang 12", who=AUDITOR)
    assert '"purpose_needed"' in json.dumps(log)
    assert f'"notice": {number}' in json.dumps(log)


@pytest.mark.parametrize("way", ["opd", "channel", "class", "category", "month", "instansi"])
def test_a_recap_is_printed_by_every_way(running: Kawal, held_by_dpupr: str, way: str) -> None:
    assert held_by_dpupr
    table = running.done("recap", "--by", way)
    assert table["by"] == way
    assert table["lines"]
    assert table["masuk"] >= 1
    assert running("recap", "--by", way).code == 0


def test_a_recap_goes_into_a_file_whose_name_gives_the_form(running: Kawal, tmp_path: Path) -> None:
    for name, begins in (("rekap.xlsx", b"PK"), ("rekap.csv", b"key,"), ("rekap.json", b"{")):
        outcome = running("recap", "--output", str(tmp_path / name))
        assert outcome.code == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert running("recap", "--output", str(tmp_path / "tidak" / "ada.csv")).code == 2


def test_a_recap_of_a_day_before_anything_came_in_is_empty(running: Kawal, held_by_dpupr: str) -> None:
    assert held_by_dpupr
    assert running.done("recap", "--as-of", "2026-01-01")["masuk"] == 0
    assert running.done("recap", "--year", "2022")["persen_selesai"] is None
    assert running("recap", "--instansi", "BATAM").code == 1
    assert running("recap", "--year", "22").code == 2
