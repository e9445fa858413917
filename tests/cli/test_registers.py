"""Decrees and action plans entered, corrected and continued by commands."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE


def test_a_decree_is_entered_corrected_and_withdrawn(running: Kawal, tmp_path: Path) -> None:
    file = tmp_path / "sk.pdf"
    file.write_bytes(b"%PDF-1.7 SK")
    typed = ("--number", "SK 12/2026", "--date", "2026-01-10", "--opd", "dpupr", "--document", "JDIH 12/2026")
    made = running.done("register", "decree", *typed, "--file", str(file), who=ADMIN)
    assert (made["opd"], made["document_hash"]) == ("DPUPR", sha256(b"%PDF-1.7 SK").hexdigest())
    number = str(made["entry"])
    corrected = running.done("register", "decree", "--correct", number, "--valid-until", "2026-12-31", who=INSPECTORATE)
    assert (corrected["number"], corrected["valid_until"], corrected["revision"]) == ("SK 12/2026", "2026-12-31", 2)
    assert running("register", "decree", "--correct", number, "--withdrawn", who=ADMIN).code == 0
    row = next(line for line in running("register", "list").out.splitlines() if line.startswith(f"{number}\tKEPRI"))
    assert row.split("\t")[2:5] == ["DPUPR", "SK 12/2026", "10 Jan 2026"]
    assert row.endswith("ditarik")


def test_a_plan_has_items_that_go_on(running: Kawal) -> None:
    typed = ("--year", "2026", "--submitted", "2026-01-15", "--item", "Melatih penghubung", "--item", "Menyusun SOP")
    made = running.done("register", "plan", *typed, who=ADMIN)
    number = str(made["entry"])
    assert [item["state"] for item in made["items"]] == ["not_begun", "not_begun"]
    later = running.done("register", "progress", number, "2", "--state", "done", "--on", "2026-03-01", who=ADMIN)
    assert [(item["title"], item["state"]) for item in later["items"]] == [
        ("Melatih penghubung", "not_begun"),
        ("Menyusun SOP", "done"),
    ]
    more = running.done("register", "plan", "--correct", number, "--item", "Evaluasi", who=ADMIN)
    assert [item["place"] for item in more["items"]] == [1, 2, 3]
    listed = running.done("register", "list")["plans"]
    assert next(plan for plan in listed if plan["entry"] == made["entry"])["items"][1]["on_day"] == "2026-03-01"


def test_what_cannot_be_entered_is_refused_with_its_reason(running: Kawal) -> None:
    decree = ("register", "decree", "--number", "SK 1", "--date", "2026-01-10")
    for arguments, who, said in (
        (decree, DPUPR, "Peran pejabat penghubung"),
        (decree, AUDITOR, "Peran auditor"),
        ((*decree, "--opd", "TIDAKADA"), ADMIN, "TIDAKADA"),
        ((*decree, "--valid-until", "2025-01-01"), ADMIN, "1 Januari 2025"),
        ((*decree, "--correct", "999"), ADMIN, "register list"),
        (("register", "decree", "--number", "SK 1"), ADMIN, "decided_on"),
        (("register", "progress", "999", "1", "--state", "done"), ADMIN, "register list"),
    ):
        outcome = running(*arguments, who=who)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert said in outcome.err
    refused = running.done("events", "--access", "--kind", "refused", "--limit", "50", who=AUDITOR)
    kept = [(one["role"], one["facts"]["code"]) for one in refused if one["facts"]["command"] == "register"]
    assert sorted(kept[:2]) == [("auditor", "wrong_role"), ("liaison", "wrong_role")]
    assert running(*decree).code == 2
    assert running(*decree, "--file", "/tidak/ada", who=ADMIN).code == 2
