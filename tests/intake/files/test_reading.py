"""Realistic CSV and XLSX files: encodings, quotes, huge lines, formulas, bombs, and a hundred thousand rows."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kawal.domain.msgids import Message
from kawal.intake.files.csv_file import LONGEST_LINE, encoding_of
from kawal.intake.files.faults import Fault, FaultFile, FileFault, harmless
from kawal.intake.files.format_detection import open_table
from kawal.intake.files.table import Row, Table
from kawal.intake.files.xlsx_file import MOST_HELD, weigh
from kawal.wording.catalogues import say
from tests.domain.lives import examples

HEADER = "No,Judul,Isi\n"


def written(folder: Path, content: bytes | str, name: str = "laporan.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(table: Table) -> list[Row | Fault]:
    return list(table.rows)


def cells(rows: list[Row | Fault]) -> list[list[object]]:
    return [list(row.cells.values()) for row in rows if isinstance(row, Row)]


def bad_rows(rows: list[Row | Fault]) -> list[int]:
    return [row.row for row in rows if isinstance(row, Fault)]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("No,Judul\n1,Jalan “rusak”\n".encode(), "utf-8"),
        ("No,Judul\n1,Jalan “rusak”\n".encode("utf-8-sig"), "utf-8-sig"),
        ("No,Judul\n1,Jalan “rusak”\n".encode("windows-1252"), "windows-1252"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, content: bytes, encoding: str) -> None:
    table = open_table(written(tmp_path, content))
    assert table.encoding == encoding
    assert table.columns == ("No", "Judul")
    assert cells(read(table)) == [["1", "Jalan “rusak”"]]


@pytest.mark.parametrize(
    "content",
    [
        "No,Judul\n1,x\n".encode("utf-16"),
        b"No,Judul\n1,\x00\n",
        b"No,Judul\n1,\x81\xff\n",
        b"",
        b"\n\n",
        b",,\n1,2,3\n",
        b"No,No\n1,2\n",
        b"\xd0\xcf\x11\xe0rest",
        b"PK\x03\x04 not a workbook",
    ],
)
def test_what_is_no_table_is_refused_in_both_languages(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileFault) as fault:
        open_table(written(tmp_path, content))
    assert say("id", fault.value.reason) != say("en", fault.value.reason)


@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
def test_the_header_shows_the_delimiter(tmp_path: Path, by: str) -> None:
    table = open_table(written(tmp_path, f"No{by}Judul{by}Isi\n1{by}a{by}b\n"))
    assert cells(read(table)) == [["1", "a", "b"]]


def test_a_line_break_in_quotes_belongs_to_the_cell(tmp_path: Path) -> None:
    rows = read(open_table(written(tmp_path, HEADER + '1,"a ""b""","dua\nbaris"\r\n2,c,d')))
    assert cells(rows) == [["1", 'a "b"', "dua\nbaris"], ["2", "c", "d"]]
    assert [row.number for row in rows if isinstance(row, Row)] == [2, 4]


def test_an_open_quote_costs_its_row_and_no_other(tmp_path: Path) -> None:
    good = "".join(f"{n},Judul {n},Isi {n}\n" for n in range(3, 3_000))
    rows = read(open_table(written(tmp_path, f'{HEADER}1,"Judul,Isi\n2,a,b\n{good}')))
    assert bad_rows(rows) == [2]
    assert len(cells(rows)) == 2_998


def test_a_line_without_end_a_huge_cell_and_too_many_cells_are_faults_of_their_rows(tmp_path: Path) -> None:
    content = f"{HEADER}1,a,b\n2,{'x' * (5 * LONGEST_LINE)},b\n3,{'y' * 50_000},b\n4,a,b,c,d\n\n,,\n5,a\n6,a,b\n"
    rows = read(open_table(written(tmp_path, content)))
    assert bad_rows(rows) == [3, 4, 5]
    assert cells(rows) == [["1", "a", "b"], ["5", "a"], ["6", "a", "b"]]


@examples(300)
@given(st.binary(max_size=2_000))
def test_no_bytes_are_more_than_a_refused_file_or_rows(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = written(tmp_path_factory.getbasetemp(), b"No,Judul\n" + content, "acak.csv")
    try:
        for row in open_table(path).rows:
            assert isinstance(row, (Row, Fault))
    except FileFault:
        return


SIMPLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30)


@examples(200)
@given(st.lists(st.tuples(SIMPLE, SIMPLE, SIMPLE), max_size=10))
def test_what_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(("A", "B", "C"))
    writer.writerows(rows)
    path = written(tmp_path_factory.getbasetemp(), buffer.getvalue().encode("utf-8-sig"), "ditulis.csv")
    wanted = [[cell.strip() for cell in row] for row in rows]
    assert cells(read(open_table(path))) == [row for row in wanted if any(row)]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "besar.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f'{n},"Jalan, rusak {n}","{"Lubang besar. " * 20}"\n' for n in range(100_000))
    assert path.stat().st_size > 30_000_000
    tracemalloc.start()
    try:
        count = sum(isinstance(row, Row) for row in open_table(path).rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 8_000_000


def workbook(folder: Path, *rows: tuple[str | float | datetime | None, ...]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(folder / "laporan.xlsx")
    book.close()
    return folder / "laporan.xlsx"


def test_a_workbook_gives_texts_numbers_and_dates(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("No", "Judul", "Tanggal"), (1234567.0, "Jalan", datetime(2022, 1, 10, 9)), (7, None, ""))  # noqa: DTZ001
    table = open_table(path)
    assert table.encoding is None
    assert cells(read(table)) == [["1234567", "Jalan", datetime(2022, 1, 10, 9)], ["7", "", ""]]  # noqa: DTZ001


def test_a_formula_is_refused_and_never_calculated(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("No", "Judul"), (1, "=1+1"), (2, "baik"))
    rows = read(open_table(path))
    assert bad_rows(rows) == [2]
    assert [row.column for row in rows if isinstance(row, Fault)] == ["Judul"]
    assert cells(rows) == [["2", "baik"]]


def test_an_unknown_sheet_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="Sheet"):
        open_table(workbook(tmp_path, ("No",), (1,)), sheet="Lain")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bom.xlsx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(MOST_HELD // (1 << 20) + 1):
            part.write(b"\0" * (1 << 20))
    assert bomb.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(FileFault):
            open_table(bomb)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_entities_of_a_doctype_are_refused(tmp_path: Path) -> None:
    evil = tmp_path / "doctype.xlsx"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(FileFault, match="DOCTYPE"):
        weigh(evil)


@examples(100)
@given(st.binary(max_size=500), st.integers(0, 3_000))
def test_a_broken_workbook_is_a_refused_file(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, place: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    whole = workbook(folder, ("No", "Judul"), (1, "a")).read_bytes()
    broken = written(folder, whole[:place] + noise + whole[place + len(noise) :], "rusak.xlsx")
    try:
        read(open_table(broken))
    except FileFault:
        return


@pytest.mark.parametrize("cell", ["=1+1", "+62", "-1", "@x", "\t=1", "\r=1"])
def test_the_fault_file_runs_in_no_spreadsheet(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "galat.csv"
    with FaultFile(str(path)) as file:
        assert not path.exists()
        file.write(Fault(7, cell, Message(cell)))
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["baris", "kolom", "alasan", "reason"]
    assert rows[1][0] == "7"
    assert not any(one.startswith(("=", "+", "-", "@")) for one in rows[1])
    assert harmless("biasa") == "biasa"


def test_a_resumed_import_adds_to_the_faults_of_before(tmp_path: Path) -> None:
    path = tmp_path / "galat.csv"
    for append in (False, True):
        with FaultFile(str(path), append=append) as file:
            file.write(Fault(1, "*", Message("a")))
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 3


def test_encoding_is_decided_over_the_whole_file(tmp_path: Path) -> None:
    late = b"No,Judul\n" + b"1,biasa\n" * 200_000 + "2,“kutip”\n".encode("windows-1252")
    assert encoding_of(written(tmp_path, late)) == "windows-1252"
