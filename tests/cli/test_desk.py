"""The front desk: registers a report, and speaks for a reporter whom it has recognised."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kawal.cli.terminal.dates import WIB
from tests.cli.running import Kawal, Outcome

DESK, ADMIN, BUDI = "desk:Loket Satu", "admin:Ani", "liaison/DPUPR:Budi"
PHONE = "0812 7000 4321"


@pytest.fixture(scope="module")
def registered(running: Kawal) -> dict[str, str]:
    """Return number and access code of a report that the desk registered."""
    told = running.done(
        "start", "--title", "Lampu padam", "--text", "Lampu padam di Batu 9.", "--phone", PHONE, who=DESK
    )
    return {"id": told["tracking_id"], "code": told["secret"]}


def finished(running: Kawal) -> dict[str, str]:
    told = running.done("start", "--title", "Lampu", "--text", "Padam.", "--phone", PHONE, who=DESK)
    verified = ("--title", "Lampu", "--category", "PERHUBUNGAN", "--class", "pengaduan")
    running.done("verify", told["tracking_id"], *verified, who=ADMIN)
    running.done("forward", told["tracking_id"], "--opd", "DPUPR", who=ADMIN)
    running.done("follow-up", told["tracking_id"], "--text", "Sudah menyala.", "--final", who=BUDI)
    return {"id": told["tracking_id"], "code": told["secret"]}


def code_of(outcome: Outcome) -> int:
    assert outcome.out == ""
    return outcome.code


def test_the_desk_is_told_the_access_code_to_hand_out(english: Kawal, registered: dict[str, str]) -> None:
    shown = english("start", "--title", "Air mati", "--text", "Sejak Senin.", who=DESK)
    assert shown.code == 0, shown
    assert "access code" in shown.out
    assert "RECEIPT OF A REPORT" in shown.out
    assert "/l/" not in shown.out
    assert len(registered["code"]) == 10


def test_the_slip_has_number_code_and_the_link_where_the_public_address_is_known(english: Kawal) -> None:
    kawal = Kawal(english.home, "en", KAWAL_PUBLIC_URL="https://lapor.example/")
    told = kawal.done("start", "--title", "Air mati", "--text", "Sejak Senin.", who=DESK)
    assert told["link"] == f"https://lapor.example/l/{told['tracking_id']}/{told['secret']}"
    printed = kawal("start", "--title", "Air mati", "--text", "Sejak Selasa.", who=DESK).out
    assert "https://lapor.example/l/" in printed
    assert "Pemerintah Provinsi Kepulauan Riau" in printed


@pytest.mark.parametrize("known", ["code", "phone"])
def test_the_desk_speaks_for_whoever_knows_the_code_or_a_contact(running: Kawal, known: str) -> None:
    case = finished(running)
    shown = ("--code", case["code"].lower()) if known == "code" else ("--contact", "+62 812-7000-4321")
    running.done("accept", case["id"], "--rating", "4", *shown, who=DESK)
    (event,) = [one for one in running.done("history", case["id"]) if one["kind"] == "accepted"]
    assert (event["actor"]["role"], event["facts"]["via"]) == ("desk", "desk")
    assert "spoken_accept" in {one["kind"] for one in running.done("notices", "--report", case["id"])}


def test_nobody_is_spoken_for_unrecognised(english: Kawal, registered: dict[str, str]) -> None:
    number = registered["id"]
    for known in ((), ("--code", "0000000000"), ("--contact", "0812 7000 9999"), ("--contact", "x@example.org")):
        refused = english("reply", number, "--text", "Masih padam", *known, who=DESK)
        assert code_of(refused) == 1
        assert "access code" in refused.err
    assert english("reply", "7654321", "--text", "t", "--code", "1", who=DESK).code == 1


def test_who_acted_on_the_report_does_not_speak_for_its_reporter(english: Kawal, running: Kawal) -> None:
    case = finished(running)
    refused = english("accept", case["id"], "--code", case["code"], who="desk:budi")
    assert code_of(refused) == 1
    assert "cannot speak for its reporter" in refused.err


def test_a_paper_takes_effect_today_with_its_stamp_and_grounds_on_record(english: Kawal, running: Kawal) -> None:
    case = finished(running)
    today = datetime.now(WIB).date()
    spoken = ("dispute", case["id"], "--why", "Masih padam", "--code", case["code"])
    early, late = str(today - timedelta(days=15)), str(today + timedelta(days=1))
    for stamp in (early, late):
        assert "14 days" in english(*spoken, "--stamp", stamp, "--stamp-grounds", "g", who=DESK).err
    stamped = ("--stamp", str(today - timedelta(days=3)))
    assert "why" in english(*spoken, *stamped, who=DESK).err
    running.done(*spoken, *stamped, "--stamp-grounds", "Kotak surat", who=DESK)
    (event,) = [one for one in running.done("history", case["id"]) if one["kind"] == "disputed"]
    assert event["facts"]["stamp"] == stamped[1]


def test_the_desk_conceals_and_it_is_never_taken_back(english: Kawal, registered: dict[str, str]) -> None:
    known = ("--code", registered["code"])
    assert english("conceal", registered["id"], "--anonim", *known, who=DESK).code == 0
    again = english("conceal", registered["id"], "--anonim", *known, who=DESK)
    assert code_of(again) == 1
    assert "already" in again.err


def test_the_desk_changes_the_code_and_only_the_new_one_is_known_from_then_on(english: Kawal, running: Kawal) -> None:
    told = running.done("start", "--title", "Air", "--text", "Mati.", "--phone", PHONE, who=DESK)
    changed = english("code", "change", told["tracking_id"], "--contact", PHONE, who=DESK)
    assert changed.code == 0, changed
    fresh = changed.out.split()[-1]
    assert fresh != told["secret"]
    refused = english("reply", told["tracking_id"], "--text", "Masih", "--code", told["secret"], who=DESK)
    assert code_of(refused) == 1
    running.done("reply", told["tracking_id"], "--text", "Masih mati", "--code", fresh, who=DESK)


def test_the_reporter_conceals_without_being_asked_for_a_code(english: Kawal, registered: dict[str, str]) -> None:
    assert english("conceal", registered["id"], "--rahasia", who="reporter:Siti").code == 0
