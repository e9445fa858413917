"""Calendar and rule sets of a running system: imported as new versions, and every open deadline moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from kawal.cli.commands.calendar import shipped
from kawal.domain.calendar import FIXED, local_day
from tests.cli.running import Kawal, Up


@pytest.fixture(scope="module")
def kawal(short_folder: Path) -> Iterator[Kawal]:
    """Yield a system of its own: what is imported here must not move the deadlines of other tests."""
    kawal = Kawal(short_folder / "kalender")
    up = Up(kawal, "--no-ui")
    try:
        up.wait_until_ready()
        yield kawal
    finally:
        assert up.stop() == 0


def _file(folder: Path, name: str, days: dict[date, str]) -> str:
    lines = [f"{day},libur_nasional,{text}" for day, text in sorted(days.items())]
    path = folder / name
    path.write_text("\n".join(["tanggal,jenis,nama", *lines]) + "\n")
    return str(path)


def test_a_late_holiday_moves_every_open_deadline_and_keeps_the_old_one_on_record(kawal: Kawal, tmp_path: Path) -> None:
    tracking = kawal.start()
    before = kawal.done("show", tracking)
    calendar, _ = shipped()
    received = local_day(datetime.fromisoformat(before["received_at"]))
    new_leave = calendar.add(received, 2)
    days_off = {**_year(received.year), **_year(new_leave.year), new_leave: "Libur baru"}
    file = _file(tmp_path, "kalender-baru.csv", days_off)

    imported = kawal.done("calendar", "import", file)
    assert imported["version"] == "kalender-baru"
    assert kawal.done("show", tracking)["clocks"] == before["clocks"]
    moved = kawal.done("calendar", "recompute", "--why", "Libur baru ditetapkan")
    assert [answer["tracking_id"] for answer in moved] == [tracking]

    after = kawal.done("show", tracking, "--explain")
    assert after["calendar_version"] == "kalender-baru"
    assert after["clocks"][0]["deadline"] > before["clocks"][0]["deadline"]
    assert {"day": str(new_leave), "why": "Libur baru"}.items() <= next(
        day for day in after["explanations"][0]["excluded"] if day["day"] == str(new_leave)
    ).items()
    event = kawal.done("history", tracking, "--words", who="auditor:Rina")[-1]
    assert (event["kind"], event["words"]["why"]) == ("recomputed", "Libur baru ditetapkan")
    assert kawal.done("calendar", "recompute") == []
    shown = kawal.done("calendar", "show", "--year", str(new_leave.year))
    assert shown["years"][0]["days_off"][str(new_leave)] == "Libur baru"

    # `calendar deadline` now uses the running system's calendar.
    days = ("calendar", "deadline", "--start", str(received), "--working-days", "2")
    assert kawal(*days).out.strip() == str(calendar.add(received, 3))


def _year(year: int) -> dict[date, str]:
    """Return a year's days off as shipped; for a year that is not known, those of fixed date."""
    _, names = shipped()
    known = {day: name for day, name in names.items() if day.year == year}
    return known or {date(year, month, day): name for month, day, _since, name in FIXED}


def test_a_version_is_never_changed_in_place(kawal: Kawal, tmp_path: Path) -> None:
    days = _year(2025)
    file = _file(tmp_path, "k2025.csv", days)
    assert kawal("calendar", "import", file).code == 0
    assert kawal("calendar", "import", file).code == 0
    other = _file(tmp_path, "k2025.csv", {**days, date(2025, 3, 3): "Lain"})
    refused = kawal("calendar", "import", other)
    assert refused.code == 1
    assert "--version" in refused.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("tanggal,jenis,nama\n2027-01-01,libur,Tahun Baru\n", "jenis"),
        ("tanggal,jenis,nama\n2027-13-01,libur_nasional,x\n", "tanggal"),
        ("tanggal,jenis,nama\n2027-01-01,libur_nasional,Tahun Baru\n", "2027-05-01"),
        ("day,kind,name\n", "tanggal,jenis,nama"),
    ],
)
def test_a_calendar_file_with_a_mistake_changes_nothing(kawal: Kawal, tmp_path: Path, content: str, said: str) -> None:
    before = kawal.done("calendar", "show")
    path = tmp_path / "salah.csv"
    path.write_text(content)
    outcome = kawal("calendar", "import", str(path))
    assert outcome.code == 2
    assert said in outcome.err
    assert kawal.done("calendar", "show") == before


def test_the_agencys_own_leave_holds_for_it(kawal: Kawal, tmp_path: Path) -> None:
    path = tmp_path / "hari-jadi.csv"
    path.write_text("tanggal,jenis,nama\n2026-09-24,libur_daerah,Hari Jadi Provinsi\n")
    assert kawal("calendar", "import", str(path), "--own").code == 0
    days = kawal.done("calendar", "show", "--year", "2026")["years"][0]["days_off"]
    assert days["2026-09-24"] == "Hari Jadi Provinsi"


def test_rule_sets_are_listed_and_a_correction_is_added(kawal: Kawal, tmp_path: Path) -> None:
    versions = [policy["version"] for policy in kawal.done("policy", "list")]
    assert versions == ["permenpan-62-2018", "permenpan-5-2025"]
    path = tmp_path / "koreksi.toml"
    path.write_text('[[policy]]\nversion = "koreksi-1"\neffective_from = 2025-06-01\nverify = 2\n')
    assert kawal.done("policy", "import", str(path)) == ["koreksi-1"]
    assert kawal.done("policy", "import", str(path)) == []
    assert "koreksi-1" in kawal("policy", "list").out
    path.write_text('[[policy]]\nversion = "koreksi-2"\neffective_from = 2025-06-01\nverifikasi = 2\n')
    wrong = kawal("policy", "import", str(path))
    assert wrong.code == 2
    assert "verifikasi" in wrong.err
