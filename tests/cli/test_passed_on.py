"""Two agencies of one installation on the command line: what was passed on has two numbers, and two erasures."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.cli.running import Kawal, running_on

KEPRI, BATAM = "admin@KEPRI:Ani", "admin@BATAM:Bayu"
BATAM_NAME = "Pemerintah Kota Batam"
WITHIN = 60.0
MAIL = "pindah@example.org"
ERASE = ("person", "erase", "--email", MAIL, "--ground", "Surat 21/2026")


@pytest.fixture(scope="module")
def two(short_folder: Path) -> Iterator[Kawal]:
    """Yield the command line of a running installation of two agencies."""
    with running_on(short_folder / "two") as kawal:
        _add_agency(kawal)
        yield kawal


@pytest.fixture(scope="module")
def passed_on(two: Kawal) -> tuple[str, str]:
    """Return the two numbers of a report that KEPRI passed on to BATAM."""
    first = two.start("Lampu taman padam", "--email", MAIL, "--instansi", "KEPRI")
    two.done("pass-on", first, "--agency", BATAM_NAME, who=KEPRI)
    return first, _goes_on_as(two, first)


def _add_agency(kawal: Kawal) -> None:
    async def once() -> None:
        endpoints = json.loads((kawal.home / "run" / "endpoints.json").read_text())
        conn = await asyncpg.connect(endpoints["database_url"])
        try:
            await conn.execute("insert into instansi (code, name) values ('BATAM', $1)", BATAM_NAME)
        finally:
            await conn.close()

    asyncio.run(once())


def _goes_on_as(kawal: Kawal, first: str) -> str:
    """Wait until the report has started at the other agency, and return its number there."""
    began = time.monotonic()
    while True:
        second = kawal.done("show", first, who=KEPRI)["goes_on_as"]
        if second is not None and kawal("show", second).code == 0:
            return str(second)
        assert time.monotonic() - began < WITHIN, "the report did not go on"
        time.sleep(0.2)


def test_each_number_names_the_other(two: Kawal, passed_on: tuple[str, str]) -> None:
    first, second = passed_on
    shown = [two.done("show", first, who=KEPRI), two.done("show", second, who=BATAM)]
    assert [(one["goes_on_as"], one["continues"]) for one in shown] == [(second, None), (None, first)]
    assert [one["instansi"] for one in shown] == ["KEPRI", "BATAM"]
    english = Kawal(two.home, "en")
    (line,) = [
        line for line in english("show", first, who=KEPRI).out.splitlines() if line.startswith("Goes on as report")
    ]
    assert second in line
    (line,) = [
        line for line in english("show", second, who=BATAM).out.splitlines() if line.startswith("Goes on from report")
    ]
    assert first in line
    assert second not in two("show", first).out, "the other number is for officials"


def test_who_erases_the_first_one_is_told_as_which_it_goes_on_and_that_this_stays(
    two: Kawal, passed_on: tuple[str, str]
) -> None:
    first, second = passed_on
    told = f"Laporan {first} berlanjut sebagai laporan {second} di {BATAM_NAME}. Laporan {second} tidak ikut terhapus"
    (planned,) = two.done(*ERASE, "--dry-run", who=KEPRI)
    assert planned["goes_on_as"][:2] == [second, BATAM_NAME]
    dry = two(*ERASE, "--dry-run", who=KEPRI)
    assert told in dry.err
    done = two(*ERASE, who=KEPRI)
    assert (done.code, told in done.err) == (0, True), done
    assert two.done("show", first)["erased"] is not None
    kept = two.done("show", second)
    assert kept.get("erased") is None
    (told_there,) = two.done(*ERASE, "--dry-run", who=BATAM)
    assert (told_there["tracking_id"], told_there["continues"]) == (second, None), "the first one is erased already"


def test_who_names_no_agency_of_their_own_is_told_how_and_not_to_name_the_other_one(
    two: Kawal, passed_on: tuple[str, str]
) -> None:
    told = Kawal(two.home, "en")("pass-on", passed_on[0], "--agency", BATAM_NAME, who="admin:Ani")
    assert told.code == 2
    assert "Say in which agency you hold the role, one of BATAM, KEPRI: --as ROLE@CODE:NAME" in " ".join(
        told.err.split()
    )
