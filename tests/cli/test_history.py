"""What auditors request on the command line: whole chronicles, and events searched among all complaints."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE, VERIFY

PURPOSE = ("--purpose", "Pemeriksaan khusus 12/2026")


@pytest.fixture(scope="module")
def confidential(running: Kawal) -> str:
    """Return a rahasia report that DPUPR was given, with a refused command."""
    tracking = running.start("Pungutan di kantor", "--rahasia", "--name", "Siti Rahayu", "--email", "siti@example.id")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    running.done("forward", tracking, "--opd", "DPUPR", who=ADMIN)
    assert running("accept", tracking, "--rating", "5", who=DPUPR).code == 1
    return tracking


def test_a_whole_life_tells_every_part_in_words_and_as_json(running: Kawal, english: Kawal, confidential: str) -> None:
    chronicle = running.done("history", confidential, "--workflow", *PURPOSE, who=AUDITOR)
    assert [event["kind"] for event in chronicle["events"]] == ["started", "verified", "forwarded"]
    assert all(event["brought_about_by"] for event in chronicle["events"])
    assert chronicle["refused"][0]["facts"]["code"] == "wrong_role"
    assert chronicle["readings"][-1]["kind"] == "read_history"
    assert chronicle["runs"][0]["events"][0]["type"] == "workflow_execution_started"
    told = english("history", confidential, "--workflow", *PURPOSE, who=AUDITOR).out
    for said in (
        "first follow-up (DPUPR)",
        "source: [S]",
        "accept the follow-up refused: not this role",
        "the command “forward” was accepted",
        "still running",
    ):
        assert said in told, said
    assert "Siti" not in told
    assert "Pungutan" not in told


def test_the_words_of_a_life_are_shown_on_request(running: Kawal, confidential: str) -> None:
    told = running("history", confidential, "--workflow", "--words", *PURPOSE, who=INSPECTORATE).out
    for shown in ("Pungutan di kantor", "siti@example.id", "Pemeriksaan khusus 12/2026"):
        assert shown in told


def test_a_chronicle_is_for_overseers_with_a_purpose(running: Kawal, confidential: str) -> None:
    for who, more, said in (
        (DPUPR, PURPOSE, "admin instansi"),
        ("leadership:Sekda", PURPOSE, "admin instansi"),
        (AUDITOR, (), "tujuan"),
        (AUDITOR, ("--purpose", "x" * 1_000_000), "500"),
    ):
        refused = running("history", confidential, "--workflow", *more, who=who)
        assert (refused.code, refused.out) == (1, ""), who
        assert said in refused.err
    assert running("history", confidential, "--workflow").code == 2


def test_an_opd_reads_an_anonim_report_without_who_sent_it(running: Kawal) -> None:
    person = ("--name", "Sitoresmi Rahayu", "--email", "sitoresmi@rumah.example", "--phone", "0812-3456-7890")
    tracking = running.start("Lampu padam, lapor Sitoresmi (HP.0812.3456.7890)", "--anonim", *person)
    running.done("reply", tracking, "--text", "Saya Rahayu, sitoresmi (at) rumah.example", who="reporter:Sitoresmi")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    running.done("forward", tracking, "--opd", "DPUPR", "--note", "Hubungi RAHAYU di +62 812 3456 7890", who=ADMIN)
    told = {notice["kind"]: notice["id"] for notice in running.done("notices", "--report", tracking)}
    readings = (
        ("show", tracking),
        ("history", tracking, "--words"),
        ("history", tracking, "--words", *PURPOSE),
        ("notices", "--show", str(told["to_handle"])),
    )
    for typed in readings:
        for more in ((), ("--json",)):
            shown = running(*typed, *more, who=DPUPR)
            assert shown.code == 0, shown.err
            for word in ("sitoresmi", "rahayu", "rumah.example", "3456"):
                assert word not in shown.out.lower(), (typed, word)
    assert "Hubungi [disembunyikan] di [disembunyikan]" in running(*readings[-1], who=DPUPR).out
    assert "Rahayu" in running("history", tracking, "--words", who=ADMIN).out


def test_events_are_searched_by_person_opd_kind_and_day(running: Kawal, confidential: str) -> None:
    def found(*options: str) -> set[tuple[str, str]]:
        events = running.done("events", "--limit", "10000", *options, who=AUDITOR)
        return {(one["tracking_id"], one["kind"]) for one in events}

    mine = {(confidential, "started"), (confidential, "verified"), (confidential, "forwarded")}
    assert mine <= found()
    assert (confidential, "forwarded") in found("--opd", "dpupr") >= {(confidential, "forwarded")}
    assert (confidential, "verified") not in found("--opd", "DPUPR")
    name = ADMIN.partition(":")[2]
    by_admin = found("--actor", name.upper())
    assert {(confidential, "verified"), (confidential, "forwarded")} <= by_admin
    assert (confidential, "started") not in by_admin
    assert {kind for _, kind in found("--kind", "forwarded")} == {"forwarded"}
    assert found("--to", "2020-01-01") == set()
    assert mine <= found("--from", "2020-01-01")


def test_a_found_account_finds_the_same(running: Kawal, confidential: str) -> None:
    first = running.done("events", "--kind", "forwarded", "--limit", "1", who=AUDITOR)[0]
    assert confidential
    again = running.done("events", "--actor", first["account"], "--limit", "10000", who=AUDITOR)
    assert first in again
    assert {one["account"] for one in again} == {first["account"]}


def test_refusals_and_readings_are_searched_in_the_access_log(running: Kawal, confidential: str) -> None:
    refused = running.done("events", "--access", "--kind", "refused", "--opd", "DPUPR", who=AUDITOR)
    assert (confidential, "wrong_role") in {(one["tracking_id"], one["facts"].get("code")) for one in refused}
    searches = running.done("events", "--access", "--kind", "read_history", "--limit", "3", who=AUDITOR)
    assert searches[0]["facts"]["matter"] == "search"
    assert searches[0]["facts"]["search"] == {"kinds": ["read_history"]}


def test_a_search_is_told_in_lines_and_cut_short_where_it_says_so(running: Kawal, confidential: str) -> None:
    assert confidential
    outcome = running("events", "--limit", "2", who=INSPECTORATE)
    assert len(outcome.out.splitlines()) == 3
    assert "--limit" in outcome.err
    assert running("events", "--to", "2020-01-01", who=AUDITOR).out.strip() == "Tidak ada data."


def test_a_case_file_is_written_as_pdf_or_json_and_its_export_is_on_record(
    running: Kawal, confidential: str, tmp_path: Path
) -> None:
    paper, data = tmp_path / "perkara.pdf", tmp_path / "perkara.json"
    outcome = running("case-file", confidential, "--output", str(paper), *PURPOSE, who=AUDITOR)
    assert outcome.code == 0, outcome
    assert hashlib.sha256(paper.read_bytes()).hexdigest() in outcome.out
    assert paper.read_bytes().startswith(b"%PDF-")
    told = running.done("case-file", confidential, "--output", str(data), "--without-identity", *PURPOSE, who=AUDITOR)
    assert told["format"] == "json"
    file = json.loads(data.read_text())
    assert (file["purpose"], file["made_by"]["role"]) == (PURPOSE[1], "auditor")
    assert "Pungutan di kantor" in data.read_text()
    assert "siti@example.id" not in data.read_text()
    exports = running.done("events", "--access", "--kind", "exported", "--limit", "2", who=AUDITOR)
    assert [(one["tracking_id"], one["facts"]["form"]) for one in exports] == [
        (confidential, "json"),
        (confidential, "pdf"),
    ]


def test_a_case_file_is_refused_without_leaving_a_file(running: Kawal, confidential: str, tmp_path: Path) -> None:
    path = tmp_path / "perkara.pdf"
    for who, more, output, code in (
        (DPUPR, PURPOSE, str(path), 1),
        (AUDITOR, (), str(path), 1),
        (AUDITOR, PURPOSE, str(tmp_path / "perkara"), 2),
        (AUDITOR, PURPOSE, str(tmp_path / "tidak" / "ada.pdf"), 2),
        (None, PURPOSE, str(path), 2),
    ):
        outcome = running("case-file", confidential, "--output", output, *more, who=who)
        assert (outcome.code, outcome.out) == (code, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "who", "code", "said"),
    [
        ((), DPUPR, 1, "admin instansi"),
        ((), "reporter:Siti", 1, "admin instansi"),
        ((), None, 2, "--as"),
        (("--kind", "unheard"), AUDITOR, 2, "followed_up"),
        (("--kind", "started", "--access"), AUDITOR, 2, "read_history"),
        (("--from", "1 Januari"), AUDITOR, 2, "--from"),
        (("--limit", "0"), AUDITOR, 2, "--limit"),
        (("--opd", "TIDAKADA"), AUDITOR, 1, "TIDAKADA"),
        (("--actor", "Nobody Of That Name"), AUDITOR, 1, "pejabat"),
        (("--actor", "x" * 1_000_000), AUDITOR, 1, "pejabat"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(
    running: Kawal, options: tuple[str, ...], who: str | None, code: int, said: str
) -> None:
    outcome = running("events", *options, who=who)
    assert (outcome.code, outcome.out) == (code, "")
    assert said in outcome.err


def test_what_was_redacted_stands_in_the_history_as_beside_the_process(running: Kawal, english: Kawal) -> None:
    tracking = running.start("Lubang di depan rumah Wati")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    running.done("public", "redact", tracking, "--passage", "rumah Wati", "--why", "Nama tetangga", who=ADMIN)
    running.done("forward", tracking, "--opd", "DPUPR", who=ADMIN)
    told = running.done("history", tracking)
    assert [one["kind"] for one in told] == ["started", "verified", "redacted", "forwarded"]
    assert (told[2]["seq"], told[2]["words"], told[2]["actor"]["name"]) == (None, {"why": "Nama tetangga"}, None)
    for reading in ((), ("--workflow",), ("--workflow", "--words")):
        shown = english("history", tracking, *reading, who=AUDITOR).out
        (line,) = [line for line in shown.splitlines() if "beside the process: words redacted for the public" in line]
        assert "why: Nama tetangga" in line
        assert "WIB" in line
        assert ("passages replaced: rumah Wati" in line) is ("--words" in reading)
    assert "passages replaced: rumah Wati" in english("history", tracking, "--words", who=DPUPR).out
    running.done("public", "redact", tracking, "--anew", "--why", "Keliru", who=ADMIN)
    assert "the public reads the words as they were written" in english("history", tracking).out
