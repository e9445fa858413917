"""A person's data on the command line: found by any contact, exported, erased, and the reasons for refusals."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from kawal.store.vacuum import TABLES
from tests.cli.running import Kawal

ADMIN, EKA, LIAISON = "admin:Ani", "inspectorate:Eka", "liaison/DPUPR:Budi"


def report(running: Kawal, email: str, *more: str) -> str:
    return running.start("Lampu taman padam", "--email", email, "--phone", "0812 7000 1234", *more)


def archived(running: Kawal, tracking_id: str) -> None:
    running.done("archive", tracking_id, "--reason", "Sudah diperbaiki", who=ADMIN)


def test_what_is_over_is_erased_and_what_is_not_is_told_with_exit_code_1(running: Kawal, english: Kawal) -> None:
    mail = "hapus@example.org"
    over, open_one = report(running, mail), report(running, mail)
    archived(running, over)
    who = ("person", "erase", "--email", " HAPUS@example.org", "--ground", "Surat 12/2026")
    planned = running.done(*who, "--dry-run", who=EKA)
    assert [(one["tracking_id"], one["erased"], one["code"]) for one in planned] == [
        (over, False, None),
        (open_one, False, "erase_open"),
    ]
    done = english(*who, "--basis", "unlawful", who=ADMIN)
    assert done.code == 1
    assert "erased" in done.out
    assert "300 seconds" in done.err
    shown = running.done("show", over)
    assert (shown["words"], shown["erased"]["ground"]) == ({}, "unlawful")
    for reading in ("show", "history"):
        assert "the content was erased on" in english(reading, over).err.lower()
    refused = running("reopen", over, "--grounds", "Ulang", who=ADMIN)
    assert refused.code == 1
    verified = english("audit", "verify", over)
    assert verified.code == 0, verified
    assert "on the ground unlawful" in verified.out
    assert [one["tracking_id"] for one in running.done(*who, "--dry-run", who=ADMIN)] == [open_one]


def test_all_is_handed_out_in_one_file(running: Kawal, tmp_path: Path) -> None:
    tracking_id = report(running, "salin@example.org", "--rahasia")
    output = tmp_path / "salin.zip"
    done = running.done(
        "person", "export", "--email", "salin@example.org", "--purpose", "Surat 13", "--output", str(output), who=ADMIN
    )
    assert (done["reports"], done["attachments"], done["letters"]) == (1, 0, 0)
    with zipfile.ZipFile(output) as archive:
        (told,) = json.loads(archive.read("person.json"))["reports"]
    assert (told["tracking_id"], told["report"]["title"]) == (tracking_id, "Lampu taman padam")


@pytest.mark.parametrize(
    ("arguments", "who", "code"),
    [
        (("--ground", "Surat"), ADMIN, 2),
        (("--email", "  ", "--ground", "Surat"), ADMIN, 2),
        (("--email", "a@example.org"), ADMIN, 2),
        (("--email", "a@example.org", "--ground", "Surat", "--basis", "bosan"), ADMIN, 2),
        (("--email", "a@example.org", "--ground", "Surat"), None, 2),
        (("--email", "a@example.org", "--ground", "Surat"), LIAISON, 1),
        (("--email", "a@example.org", "--ground", " "), ADMIN, 1),
        (("--email", "a@example.org", "--ground", "x" * 1_000_000), ADMIN, 1),
        (("--email", "tiada@example.org", "--ground", "Surat"), ADMIN, 1),
        (("--phone", "-", "--ground", "Surat"), ADMIN, 1),
    ],
)
def test_what_cannot_be_meant_or_may_not_be_is_said(
    running: Kawal, arguments: tuple[str, ...], who: str | None, code: int
) -> None:
    outcome = running("person", "erase", *arguments, who=who)
    assert (outcome.code, outcome.out) == (code, "")
    assert len(outcome.err) < 1000


def test_words_are_searched_and_rahasia_ones_for_a_purpose(running: Kawal) -> None:
    open_one = running.start("Pohon trembesi tumbang")
    hidden = running.start("Pohon trembesi tumbang", "--rahasia")
    early = running.start("Pohon trembesi tumbang")
    verify = ("--title", "Pohon trembesi tumbang", "--class", "pengaduan", "--category", "PERHUBUNGAN")
    running.done("verify", open_one, *verify, who=ADMIN)
    found = running.done("find", "trembesi")
    assert [one["tracking_id"] for one in found] == [open_one]
    both = running.done("find", "trembesi", "pohon", "--purpose", "Sidang", who="auditor:Rani")
    assert {one["tracking_id"] for one in both} == {open_one, hidden, early}
    assert running("find", "trembesi", "--purpose", "Sidang", who=LIAISON).code == 1
    assert running("find", "x" * 1_000_000).code == 1
    assert running("find").code == 2


def test_what_postgresql_keeps_of_erased_data_is_cleared(running: Kawal) -> None:
    assert running.done("person", "clean-up") == {"tables": len(TABLES), "statistics": True, "log": True}
