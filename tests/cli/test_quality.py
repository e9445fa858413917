"""A sample of follow-ups drawn, read and judged by commands."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kawal.cli.terminal.dates import WIB
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, AUDITOR, INSPECTORATE, VERIFY

OPD = "BIRO-PEMOTDA"
LIAISON, BIRO = f"liaison/{OPD}:Dewi", "admin:Rudi Biro Organisasi"
TODAY = datetime.now(WIB).date()


@pytest.fixture(scope="module")
def answered(running: Kawal) -> list[str]:
    """Return three complaints of one OPD with a final follow-up; the last one is rahasia."""
    return [
        _answered(running, "Batas desa"),
        _answered(running, "Peta wilayah", "--name", "Siti Rahayu"),
        _answered(running, "Pungutan", "--rahasia"),
    ]


@pytest.fixture(scope="module")
def drawn(running: Kawal, answered: list[str]) -> dict[str, Any]:
    """Return a draw of all three."""
    assert answered
    made: dict[str, Any] = running.done(*_draw(30), who=INSPECTORATE)
    return made


def test_a_draw_tells_its_seed_and_can_be_repeated(running: Kawal, answered: list[str], drawn: dict[str, Any]) -> None:
    number = str(drawn["id"])
    assert (drawn["candidates"], drawn["seed"], drawn["seed_source"]) == (3, "lotere-1", "given")
    items = running.done("quality", "list", number)
    assert {item["tracking_id"] for item in items} == set(answered)
    lots = [sha256(f"lotere-1\n{item['tracking_id']}\n{item['seq']}".encode()).hexdigest() for item in items]
    assert lots == sorted(lots)
    again = running("quality", "redraw", number, "--candidates", "--json")
    assert again.code == 0
    assert (again.json["agrees"], again.json["recorded"], again.json["changed"]) == (True, True, [])
    assert [line["lot"] for line in again.json["lots"]] == lots
    assert "Cocok" in running("quality", "redraw", number).out
    assert number in [line.split("\t")[0] for line in running("quality", "list").out.splitlines()]


def test_a_draw_is_refused_twice_and_to_those_who_may_not(running: Kawal, drawn: dict[str, Any]) -> None:
    assert drawn
    for arguments, who, said in (
        (_draw(5), INSPECTORATE, f"(nomor {drawn['id']})"),
        (_draw(5, days=3), LIAISON, "Peran pejabat penghubung"),
        (_draw(5, days=3), AUDITOR, "Peran auditor"),
        (_draw(5, days=3)[:-2], INSPECTORATE, "pernyataan bersegel"),
        (_draw(0, days=3), INSPECTORATE, "1000"),
        (_draw(5, days=-3), INSPECTORATE, "Sampel tidak dapat ditarik dari periode"),
        ((*_draw(5, days=3)[:-1], "dua kata"), INSPECTORATE, "Bilangan acak"),
        (_draw(5, opd="BIRO-ORGANISASI"), INSPECTORATE, "Tidak ada tindak lanjut"),
    ):
        outcome = running(*arguments, who=who)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert said in outcome.err
    assert running(*_draw(5, opd="TIDAKADA"), who=INSPECTORATE).code == 1
    assert running("quality", "list", "999").code == 1
    assert running("quality", "result", "999").code == 1


def test_a_reviewer_reads_judges_once_and_corrects(running: Kawal, answered: list[str], drawn: dict[str, Any]) -> None:
    number, place = str(drawn["id"]), _place(running, drawn, answered[0])
    shown = running("quality", "read", number, place, who=INSPECTORATE)
    assert shown.code == 0
    assert "Batas desa di Jalan" in shown.out
    assert "Sudah ditangani" in shown.out
    judged = ("quality", "review", number, place, "--verdict")
    taken = running.done(*judged, "partly", "--grounds", "Hanya satu patok", who=INSPECTORATE)
    assert [one["verdict"] for one in taken["reviews"]] == ["partly"]
    for arguments, who, said in (
        ((*judged, "answers", "--grounds", "x"), INSPECTORATE, "--correct"),
        ((*judged, "answers", "--grounds", "x", "--correct"), BIRO, "belum menilai"),
        ((*judged, "answers", "--grounds", "x"), ADMIN, "ikut menangani"),
        ((*judged, "answers", "--grounds", "x"), LIAISON, "Peran pejabat penghubung"),
        ((*judged, "answers", "--grounds", " "), BIRO, "--grounds"),
        ((*judged, "answers", "--grounds", "y" * 2001), BIRO, "--grounds"),
    ):
        outcome = running(*arguments, who=who)
        assert (outcome.code, outcome.out) == (1, ""), outcome
        assert said in outcome.err
    # A reviewer who has not judged yet does not see the other's verdict.
    hidden = running("quality", "read", number, place, who=BIRO)
    assert "Hanya satu patok" not in hidden.out
    assert "(1)" in hidden.err
    item = running.done("quality", "read", number, place, who=BIRO)["item"]
    assert (item["reviews"], item["hidden"]) == ([], 1)
    for reader, seen in ((None, []), (BIRO, []), (INSPECTORATE, ["partly"]), (AUDITOR, ["partly"])):
        listed = _listed(running, number, place, reader)
        assert ([one["verdict"] for one in listed["reviews"]], listed["hidden"]) == (seen, int(not seen))
    assert "1 penilaian" in running("quality", "list", number, who=BIRO).out
    assert "menjawab sebagian" in running("quality", "list", number, who=AUDITOR).out.lower()
    running.done(*judged, "does_not", "--grounds", "Patoknya salah", who=BIRO)
    assert "Hanya satu patok" in running("quality", "read", number, place, who=BIRO).out
    corrected = running.done(*judged, "answers", "--grounds", "Dilihat sendiri", "--correct", who=INSPECTORATE)
    assert sorted(one["verdict"] for one in corrected["reviews"]) == ["answers", "does_not"]
    told = running.done("quality", "read", number, place, who=AUDITOR)["reviews"]
    assert [(one["revision"], one["grounds"]) for one in told] == [
        (1, "Hanya satu patok"),
        (1, "Patoknya salah"),
        (2, "Dilihat sendiri"),
    ]
    counted = running.done("quality", "result", number)
    assert (counted["drawn"], counted["reviewed"], counted["does_not"], counted["disputed"]) == (3, 1, 1, 1)
    assert counted["opds"][OPD]["waiting"] == 2
    assert running("quality", "result", number).out.splitlines()[-1].startswith("Seluruhnya\t3\t1")


def test_a_refused_reading_for_review_is_on_record(running: Kawal, answered: list[str], drawn: dict[str, Any]) -> None:
    place = _place(running, drawn, answered[0])
    assert running("quality", "read", str(drawn["id"]), place, who=LIAISON).code == 1
    chronicle = running.done("history", answered[0], "--workflow", who=AUDITOR)
    assert '"command": "quality read"' in json.dumps(chronicle)


def test_a_rahasia_report_is_read_for_a_purpose_and_no_reporter_is_named(
    running: Kawal, answered: list[str], drawn: dict[str, Any]
) -> None:
    number = str(drawn["id"])
    secret, named = _place(running, drawn, answered[2]), _place(running, drawn, answered[1])
    refused = running("quality", "read", number, secret, who=INSPECTORATE)
    assert (refused.code, refused.out) == (1, "")
    shown = running("quality", "read", number, secret, "--purpose", "ulasan mutu", who=INSPECTORATE)
    assert "Pungutan di Jalan" in shown.out
    outcome = running("quality", "read", number, named, "--json", who=INSPECTORATE)
    assert outcome.code == 0
    assert "Siti" not in outcome.out
    assert running("quality", "read", number, "77", who=INSPECTORATE).code == 1
    assert running("quality", "read", number, named).code == 2


def _answered(kawal: Kawal, title: str, *more: str) -> str:
    tracking = kawal.start(title, *more)
    kawal.done("verify", tracking, *VERIFY, who=ADMIN)
    kawal.done("forward", tracking, "--opd", OPD, who=ADMIN)
    kawal.done("follow-up", tracking, "--text", "Sudah ditangani", "--final", who=LIAISON)
    return tracking


def _draw(size: int, *, days: int = 2, opd: str = OPD) -> tuple[str, ...]:
    first, last = TODAY - timedelta(days), TODAY
    period = ("--from", str(first), "--to", str(last), "--opd", opd)
    return ("quality", "draw", *period, "--size", str(size), "--seed", "lotere-1")


def _place(kawal: Kawal, drawn: dict[str, Any], tracking: str) -> str:
    items = kawal.done("quality", "list", str(drawn["id"]))
    return str(next(item["place"] for item in items if item["tracking_id"] == tracking))


def _listed(kawal: Kawal, number: str, place: str, who: str | None) -> dict[str, Any]:
    items = kawal.done("quality", "list", number, who=who)
    return next(item for item in items if str(item["place"]) == place)


def test_the_indicators_stand_side_by_side(running: Kawal, drawn: dict[str, Any], tmp_path: Path) -> None:
    assert drawn
    table = running.done("indicators")
    assert set(table["indicators"]) == {"sk", "activity", "data", "quality", "plan", "recap"}
    activity = table["indicators"]["activity"]
    assert activity["opds_attended"]["count"] >= 1
    assert OPD not in [one["opd"] for one in table["unattended"]]
    assert len(table["unattended"]) == activity["opds_attended"]["of"] - activity["opds_attended"]["count"]
    assert table["indicators"]["quality"]["quality_reviewed"]["of"] >= 3
    assert "tanpa nilai gabungan" in running("indicators").out
    for name, begins in (("indikator.xlsx", b"PK"), ("indikator.csv", b"indicator,"), ("indikator.json", b"{")):
        assert running("indicators", "--output", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    before = running.done("indicators", "--as-of", "2025-12-31")
    assert before["year"] == 2025
    assert before["indicators"]["activity"]["seen_liaison"] == {"count": 0, "of": 0, "percent": None}
    assert running("indicators", "--instansi", "BATAM").code == 1
    assert running("indicators", "--as-of", "2999-01-01").code == 1
    assert running("indicators", "--year", "22").code == 2
    assert running("indicators", "--format", "xlsx").code == 2
    assert "Mutu tindak lanjut" in running("recap").out
