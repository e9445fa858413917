"""XLSX files: sizes are checked before anything is unpacked, rows are read one by one, formulas never calculated."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from kawal.domain.msgids import msgid, sentence
from kawal.intake.files.faults import Fault, FileFault
from kawal.intake.files.table import MOST_COLUMNS, Cell, Row, Table, header_of, row_of

MOST_UNPACKED = 2 << 30
"""The most bytes of the whole workbook, unpacked."""
MOST_HELD = 128 << 20
"""The most bytes of each part that is read into memory as a whole: shared texts, styles, the workbook itself."""
MOST_RATIO = 200
"""How many times its size a part may grow in unpacking; a sheet of one repeated word reaches about a hundred."""
SMALL_PART = 10 << 20
MOST_PARTS = 2_000
_SHEETS = "xl/worksheets/"
_FORMULA, _ERROR = "f", "e"
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    NotImplementedError,
    ArithmeticError,
)
"""Errors that the readers of archives and XML raise on a damaged or forged workbook."""


def open_workbook(source: Path | IO[bytes], sheet: str | None = None, *, headed: bool = True) -> Table:
    """Open a sheet, the first one if none is named. Raises FileFault and OSError.

    One that is not `headed` has rows alone; its columns are called by their letters.
    """
    weigh(source)
    try:
        with warnings.catch_warnings():
            # What the reader does not support (validations, missing styles) does not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(source, read_only=True, data_only=False, keep_links=False)
    except _BROKEN as error:
        raise _unreadable() from error
    names = book.sheetnames
    if not names or (sheet is not None and sheet not in names):
        book.close()
        raise FileFault(
            sentence(msgid("there is no sheet “{what}”; there are: {names}"), what=sheet or "", names=", ".join(names)),
        )
    page = book[sheet or names[0]]
    if not hasattr(page, "reset_dimensions"):
        book.close()
        raise FileFault(msgid("the first sheet is not a table"))
    # The size that a file states for itself is not to be trusted.
    total = page.max_row or 0
    page.reset_dimensions()
    rows = enumerate(page.iter_rows(max_col=MOST_COLUMNS), start=1)
    try:
        first = next(((number, cells) for number, cells in rows if any(cell.value for cell in cells)), None)
    except _BROKEN as error:
        raise _unreadable() from error
    if first is None:
        raise FileFault(msgid("the sheet is empty"))
    if not headed:
        letters = tuple(get_column_letter(place) for place in range(1, MOST_COLUMNS + 1))
        return Table(letters, _rows(chain([first], rows), letters, max(total, 1), book), header=first[0] - 1)
    columns = header_of([cell.value for cell in first[1]])
    return Table(columns, _rows(rows, columns, max(total, 1), book), header=first[0])


def weigh(source: Path | IO[bytes]) -> None:
    """Refuse a workbook that would unpack to far more than its size; only its table of contents is read."""
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise FileFault(msgid("the workbook is encrypted"))
            heavy = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED
            if heavy or any(_bloated(part) for part in parts):
                raise FileFault(
                    msgid("the workbook is too large once unpacked; save it as CSV"),
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        if b"<!DOCTYPE" in content.read(1_024):
                            raise FileFault(msgid("the workbook declares a DOCTYPE"))
    except _BROKEN as error:
        if isinstance(error, FileFault):
            raise
        raise _unreadable() from error


def _bloated(part: zipfile.ZipInfo) -> bool:
    if not part.filename.startswith(_SHEETS) and part.file_size > MOST_HELD:
        return True
    return part.file_size > SMALL_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _unreadable() -> FileFault:
    return FileFault(msgid("not a whole XLSX workbook"))


def _rows(
    rows: Iterator[tuple[int, tuple[Any, ...]]], columns: tuple[str, ...], total: int, book: Any
) -> Iterator[Row | Fault]:
    try:
        while True:
            try:
                numbered = next(rows, None)
            except _BROKEN as error:
                raise _unreadable() from error
            if numbered is None:
                return
            number, cells = numbered
            made = _calculated(number, columns, cells) or row_of(
                number, columns, [_cell(cell.value) for cell in cells], min(number / total, 1.0)
            )
            if made is not None:
                yield made
    finally:
        book.close()


def _calculated(number: int, columns: tuple[str, ...], cells: tuple[Any, ...]) -> Fault | None:
    """Return a fault for a formula: Kawal does not compute its result, and the saved one may be anything."""
    for name, cell in zip(columns, cells, strict=False):
        kind = getattr(cell, "data_type", None)
        if kind == _FORMULA:
            return Fault(number, name, msgid("the cell is a formula; save its value"))
        if kind == _ERROR:
            return Fault(number, name, msgid("the cell is a spreadsheet error"))
    return None


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case datetime():
            return value.replace(tzinfo=None)
        case date():
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the mapping gives the zone
        case bool():
            return "ya" if value else "tidak"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case time() | timedelta() | int() | float():
            return str(value)
        case _:
            return str(value).strip()
