"""The result of a row by its mapping, and the message for one that has none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.calendar import at_local
from kawal.domain.names import Channel, ReportClass, Status
from kawal.domain.policy import Rules
from kawal.intake.files.dates import BadDate, read_date
from kawal.intake.files.faults import Fault, FileFault
from kawal.intake.files.mapping import Mapping, read_mapping
from kawal.intake.files.rows import PlannedReport, Planner, RowNames
from kawal.intake.files.table import Cell, Row
from kawal.wording.catalogues import say
from tests.domain.lives import RULES, examples

NOW = at_local(date(2022, 9, 5), 12)
KNOWN = RowNames(
    "KEPRI",
    {"dpupr": "DPUPR", "dinas pekerjaan umum": "DPUPR"},
    {"topik lainnya": "TOPIK LAINNYA", "perhubungan": "PERHUBUNGAN"},
)
LAPOR = read_mapping("lapor")
ROW: dict[str, Cell] = {
    "Tracking ID": "5123456",
    "Kanal": "Website",
    "Judul": "Jalan berlubang",
    "Isi Laporan": "Lubang besar di depan pasar.",
    "Kategori": "Perhubungan",
    "Tanggal": "10 Januari 2022 09:30",
    "Status": "Proses",
    "Disposisi": "Dinas Pekerjaan  Umum",
}


def rules_of(day: date) -> Rules | None:
    return RULES if day.year >= 2020 else None


def planner(mapping: Mapping = LAPOR) -> Planner:
    return Planner(mapping, KNOWN, rules_of, "berkas", NOW)


def plan(mapping: Mapping = LAPOR, /, **more: Cell) -> PlannedReport | list[Fault]:
    return planner(mapping).plan(Row(2, {**ROW, **more}))


def faults(**more: Cell) -> list[tuple[str, str]]:
    found = plan(**more)
    assert isinstance(found, list)
    assert all(fault.row == 2 for fault in found)
    return [(fault.column, say("id", fault.reason)) for fault in found]


def test_a_lapor_row_becomes_a_report_with_its_past() -> None:
    planned = plan()
    assert isinstance(planned, PlannedReport)
    report = planned.report
    assert (report.external_id, report.channel, report.category) == ("5123456", Channel.WEB, "PERHUBUNGAN")
    assert report.proposed_class is ReportClass.PENGADUAN
    assert planned.received_at == datetime(2022, 1, 10, 2, 30, tzinfo=UTC)
    assert planned.status is Status.PROSES
    assert report.past is not None
    assert [step.name for step in report.past.steps] == ["verify", "forward", "follow_up"]
    assert {step.at for step in report.past.steps} == {None}


@pytest.mark.parametrize(
    "said",
    ["7 jam yang lalu", "Kemarin", "kemarin, 09:00", "hari ini", "2 hari lalu", "baru saja", "yesterday", "3 days ago"],
)
def test_relative_dates_are_refused_with_the_reason(said: str) -> None:
    ((column, reason),) = faults(Tanggal=said)
    assert column == "Tanggal"
    assert "relatif" in reason


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"Judul": ""}, "Judul"),
        ({"Judul": "x" * 151}, "Judul"),
        ({"Isi Laporan": "x" * 10_001}, "Isi Laporan"),
        ({"Judul": "a\x07b"}, "Judul"),
        ({"Isi Laporan": "a\ufffdb"}, "Isi Laporan"),
        ({"Status": "Entah"}, "Status"),
        ({"Disposisi": "Dinas Antah"}, "Disposisi"),
        ({"Kategori": "ANTAH"}, "Kategori"),
        ({"Kanal": "Merpati"}, "Kanal"),
        ({"Tanggal": "31/02/2022"}, "Tanggal"),
        ({"Tanggal": "10 Januari 2019 09:30"}, "Tanggal"),
        ({"Tanggal": "10 Januari 2023"}, "Tanggal"),
        ({"Tanggal": ""}, "Tanggal"),
        ({"Tanggal Selesai": "11/01/2022"}, "Tanggal Selesai"),
        ({"Tanggal Tindak Lanjut": "09/01/2022"}, "Tanggal Tindak Lanjut"),
        ({"Tracking ID": "9" * 201}, "Tracking ID"),
    ],
)
def test_a_fault_names_its_column(more: dict[str, Cell], column: str) -> None:
    assert [name for name, _ in faults(**more)] == [column]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    assert {name for name, _ in faults(Tanggal="kemarin", Status="Entah", Kanal="Merpati")} == {
        "Tanggal",
        "Status",
        "Kanal",
    }


def test_a_step_of_the_same_day_without_an_hour_is_not_before_the_receipt() -> None:
    planned = plan(**{"Tanggal Tindak Lanjut": "10/01/2022"})
    assert isinstance(planned, PlannedReport)
    assert planned.report.past is not None
    assert planned.report.past.steps[-1].at == planned.received_at


def mapping(**more: Any) -> Mapping:
    return Mapping.model_validate({"name": "kertas", "columns": {"Judul": "title", "Isi Laporan": "text"}, **more})


def test_a_row_without_an_id_is_known_again_by_its_content() -> None:
    first, again = plan(mapping()), plan(mapping())
    other = plan(mapping(), Judul="Lampu padam")
    assert isinstance(first, PlannedReport)
    assert isinstance(again, PlannedReport)
    assert isinstance(other, PlannedReport)
    assert first.report.external_id == again.report.external_id != other.report.external_id
    # Notices of a new report of today are sent as for any other.
    assert first.report.past is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"columns": {"Judul": "title"}}, "text"),
        ({"columns": {"Judul": "title", "Isi": "text", "X": "warna"}}, "warna"),
        ({"columns": {"Judul": "title", "Isi": "text", "X": "title"}}, "title"),
        ({"zone": "Mars"}, "WIB"),
        ({"undated": "guess"}, "undated"),
        ({"colour": 1}, "colour"),
        ({"defaults": {"status": "proses"}}, "received_at"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mapping(**more)


def test_a_mapping_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "peta.toml"
    path.write_bytes(b"\xff = [")
    with pytest.raises(FileFault, match="TOML"):
        read_mapping(str(path))


@pytest.mark.parametrize(
    ("zone", "hour"), [("WIB", 2), ("WITA", 1), ("WIT", 0), ("Asia/Makassar", 1), ("+07:00", 2), ("-03:30", 12)]
)
def test_a_date_is_of_the_mappings_zone(zone: str, hour: int) -> None:
    at, _ = read_date("2022-01-10 09:00", ["iso"], mapping(zone=zone).timezone)
    assert at.hour == hour
    assert read_date("2022-01-10T09:00:00Z", ["iso"], mapping(zone=zone).timezone)[0].hour == 9


@examples(500)
@given(st.text(max_size=60))
def test_any_words_are_a_date_or_refused(text: str) -> None:
    try:
        at, _ = read_date(text, LAPOR.dates, LAPOR.timezone)
    except BadDate:
        return
    assert at.tzinfo is not None


@examples(500)
@given(st.dictionaries(st.sampled_from(sorted(LAPOR.columns)), st.text(max_size=40) | st.datetimes()))
def test_any_row_is_planned_or_has_faults(cells: dict[str, Cell]) -> None:
    made = planner().plan(Row(2, {**ROW, **cells}))
    assert isinstance(made, PlannedReport) or made


@given(st.sampled_from(sorted(LAPOR.columns)), st.text(min_size=1, max_size=40))
def test_any_text_in_one_cell_is_planned_or_a_fault_of_some_column(column: str, text: str) -> None:
    made = plan(**{column: text})
    assert isinstance(made, PlannedReport) or all(fault.column in {*LAPOR.columns, "*"} for fault in made)
