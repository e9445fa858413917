"""A list that an official uploads, as text: CSV as spreadsheets save it, or the first sheet of a workbook.

What comes is bounded, and read in a process of its own. Cells are parted by tabs, and line n of the text is row n of
the file, so that whoever judges the list can name the row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from kawal.domain.msgids import Message, Sayable, Sentence, msgid, sentence
from kawal.domain.validation_messages import UnreadableFile
from kawal.intake.files.faults import WHOLE_ROW, Fault, FileFault
from kawal.intake.files.format_detection import is_workbook
from kawal.intake.files.table import Cell, is_day_only
from kawal.intake.files.xlsx_file import open_workbook
from kawal.intake.reading_process import Limits, ReadingProcesses, UnreadableBytes

LARGEST = 1 << 20
"""The most bytes of a file."""

MOST_CHARACTERS = 100_000
"""The most of its text: some thousand lines."""

_READING = Limits(cpu_seconds=10, wall_seconds=60, memory=512 * 1024 * 1024)
_LEGACY = "windows-1252"
_UNUSED_IN_LEGACY = b"\x81\x8d\x8f\x90\x9d"

_TOO_LARGE = msgid("The file is larger than 1 MB. Save only the list, without pictures and other sheets.")
TOO_LONG = msgid("The list is too long.")
_NOT_READ = msgid("The file cannot be read. Save it as XLSX or as CSV UTF-8, and choose it again.")
_NO_TEXT = msgid("The file is no CSV. Save it as XLSX or as CSV UTF-8, and choose it again.")
_WHOLE_FILE = msgid("The file: {reason}")
_ROW = msgid("Row {row}: {reason}")
_CELL = msgid("Row {row}, column “{column}”: {reason}")


class ListFiles:
    """Reads such files, one at a time."""

    def __init__(self) -> None:
        """Start no process yet."""
        self._readers = ReadingProcesses("kawal.intake.list_file:read_aside", _READING)

    async def text_of(self, content: bytes) -> str:
        """Return a file's text; raises UnreadableFile, which names the row where there is one."""
        if len(content) > LARGEST:
            raise UnreadableFile(_TOO_LARGE)
        try:
            said, _ = await self._readers.read({}, content)
        except UnreadableBytes as error:
            raise UnreadableFile(_NOT_READ) from error
        if "text" not in said:
            raise UnreadableFile(_fault_in_words(said))
        return str(said["text"])


def _fault_in_words(said: dict[str, Any]) -> Sayable:
    reason = Sentence(Message(str(said["reason"])), dict(said["places"]))
    if said["row"] is None:
        return sentence(_WHOLE_FILE, reason=reason)
    if said["column"] == WHOLE_ROW:
        return sentence(_ROW, row=said["row"], reason=reason)
    return sentence(_CELL, row=said["row"], column=said["column"], reason=reason)


# --- In the reader ----------------------------------------------------------------------------------------------------


class _RowFault(Exception):  # noqa: N818 - names the condition
    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


def read_aside(_: dict[str, Any], pieces: Sequence[bytes]) -> tuple[dict[str, Any], Sequence[bytes]]:
    """Return the text of one file, or what is wrong with it; this is the reading process's task."""
    content = pieces[0]
    try:
        rows = _sheet_rows(content) if is_workbook(content[:8]) else _csv_rows(_decoded(content))
        return {"text": _as_text(rows)}, []
    except FileFault as fault:
        return _told(None, WHOLE_ROW, fault.reason), []
    except _RowFault as raised:
        return _told(*raised.fault), []


def _told(row: int | None, column: str, reason: Sayable) -> dict[str, Any]:
    message, places = reason if isinstance(reason, Sentence) else (reason, {})
    return {"row": row, "column": column, "reason": message.one, "places": {k: str(v) for k, v in places.items()}}


def _as_text(rows: Iterator[tuple[int, Sequence[str]]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    line = 1
    for number, cells in rows:
        if written.tell() + number - line > MOST_CHARACTERS:
            raise FileFault(TOO_LONG)
        written.write("\n" * (number - line))
        writer.writerow([" ".join(cell.split()) for cell in _without_empty_end(cells)])
        line = number + 1
    if written.tell() > MOST_CHARACTERS:
        raise FileFault(TOO_LONG)
    return written.getvalue()


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells without the empty ones that spreadsheets add at a row's end."""
    filled = [place for place, cell in enumerate(cells, 1) if cell.strip()]
    return cells[: filled[-1]] if filled else []


def _sheet_rows(content: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    table = open_workbook(io.BytesIO(content), headed=False)
    for row in table.rows:
        if isinstance(row, Fault):
            raise _RowFault(row)
        yield row.number, [_cell_text(cell) for cell in row.cells.values()]


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if is_day_only(cell) else cell.isoformat(" ")
    return cell


def _decoded(content: bytes) -> str:
    """Return a CSV's text by its byte order mark, else as UTF-8 or, where it is none, as what Excel saves plainly."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if b"\x00" in content:
            raise FileFault(_NO_TEXT)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or any(byte in content for byte in _UNUSED_IN_LEGACY):
            raise FileFault(msgid("the file's encoding is not recognised; save it as CSV UTF-8")) from None
        return content.decode(_LEGACY)


def _csv_rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    if len(text) > MOST_CHARACTERS:
        raise FileFault(TOO_LONG)
    lines = list(io.StringIO(text, newline=None))
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise FileFault(msgid("the file is empty"))
    delimiter = _delimiter(lines[first])
    if _names_delimiter(lines[first]):
        lines[first] = "\n"
    reader, number = csv.reader(lines, delimiter=delimiter, strict=True), 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _RowFault(Fault(number, WHOLE_ROW, msgid("a quotation mark is not closed"))) from None
        if cells is None:
            return
        yield number, cells
        number = reader.line_num + 1


def _names_delimiter(line: str) -> bool:
    """Tell whether a first line is Excel's own, such as `sep=;`."""
    return line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == len("sep=;")


def _delimiter(first: str) -> str:
    """Return what parts the cells; Excel writes semicolons where the comma is the decimal sign, as in Indonesia."""
    return first[4] if _names_delimiter(first) else next((one for one in "\t;" if one in first), ",")
