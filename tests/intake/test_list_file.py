"""A list comes as spreadsheets save it, and what is none is refused by its row, in a process of its own."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from kawal.domain.calendar import parse_holidays
from kawal.domain.validation_messages import UnreadableFile
from kawal.intake.list_file import LARGEST, MOST_CHARACTERS, ListFiles
from kawal.wording.catalogues import say

OPDS = "Kode;Nama\r\nDISHUB;Dinas Perhubungan, Kebudayaan\r\n\r\nSETDA;“Sekretariat”\r\n"
READ = "Kode\tNama\nDISHUB\tDinas Perhubungan, Kebudayaan\n\nSETDA\t“Sekretariat”\n"


def workbook(*rows: list[object]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(written)
    return written.getvalue()


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 << 20))
    return written.getvalue()


async def test_a_list_is_read_as_excel_in_indonesia_saves_it() -> None:
    files = ListFiles()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "windows-1252"):
        assert await files.text_of(OPDS.encode(encoding)) == READ, encoding
    for plain in (f"sep=|\n{OPDS.replace(';', '|')}", OPDS.replace(";", "\t"), OPDS.replace("\r\n", "\r")):
        assert (await files.text_of(plain.encode())).strip() == READ.strip(), plain
    commas = 'kode,nama\n"A,B","Dinas\nPekerjaan  ""Umum"""\n,,,\nC,D,,\n'
    assert (await files.text_of(commas.encode())) == 'kode\tnama\nA,B\t"Dinas Pekerjaan ""Umum"""\n\n\nC\tD\n'
    # Whoever judges the list says which row has too many cells, in a workbook as in a CSV.
    assert (await files.text_of(workbook(["kode", "nama"], ["A", "B", "C"]))) == "kode\tnama\nA\tB\tC\n"
    day = datetime(2031, 1, 1)  # noqa: DTZ001 - a spreadsheet's
    book = workbook([], ["tanggal", "jenis", "nama", None], [], [day, "libur_nasional", "Tahun Baru Masehi"])
    text = await files.text_of(book)
    assert text == "\ntanggal\tjenis\tnama\n\n2031-01-01\tlibur_nasional\tTahun Baru Masehi\n"
    saved = await files.text_of(b"Tanggal;Jenis;Nama\r\n1/1/2031;libur_nasional;Tahun Baru Masehi\r\n")
    assert parse_holidays(saved) == parse_holidays(text.strip())


async def test_what_is_no_list_is_refused_by_its_row_with_what_to_do() -> None:
    files = ListFiles()
    refused = {
        b'kode;nama\nA;B\nC;"D\nE;F\n': "Baris 3: ",
        workbook(["kode", "nama"], ["A", "=1+1"]): "Baris 2, kolom “B”: ",
        workbook(["kode", "=1+1"], ["A", "B"]): "Baris 1, kolom “B”: ",
        b"": "kosong",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ".xlsx",
        b"kode;nama\nA;\x00": "CSV UTF-8",
        b"kode;nama\nA;\x81": "CSV UTF-8",
        b"PK\x03\x04 no archive": "XLSX",
        bomb(): "CSV",
        b"A;B\n" * (MOST_CHARACTERS // 4 + 1): "terlalu panjang",
        b"x" * (LARGEST + 1): "1 MB",
    }
    for content, said in refused.items():
        with pytest.raises(UnreadableFile) as raised:
            await files.text_of(content)
        assert said in say("id", raised.value.reason), content[:40]
