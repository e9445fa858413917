"""CSV files: their encoding is detected and reported, and records are cut so that a broken quote costs one row only."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kawal.domain.msgids import msgid, sentence
from kawal.intake.files.faults import WHOLE_ROW, Fault, FileFault
from kawal.intake.files.table import MOST_COLUMNS, Row, Table, header_of, row_of

BLOCK = 1 << 20
LONGEST_LINE = 200_000
"""The most characters of a line, and of a record with line breaks inside quotes."""
MOST_LINES = 500
"""The most lines of one record: the end of an open quote is not searched for beyond."""
DELIMITERS = (",", ";", "\t", "|")
_UNUSED_IN_WINDOWS_1252 = b"\x81\x8d\x8f\x90\x9d"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class _Line(NamedTuple):
    number: int
    text: str
    whole: bool
    """False where the line was too long and its end was dropped."""
    done: float


def encoding_of(path: Path) -> str:
    """Return a text file's encoding: utf-8-sig (with a byte order mark), utf-8 or windows-1252.

    Reads the file once, in blocks. Raises FileFault for anything else.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf_8 = True
    with path.open("rb") as file:
        beginning = file.read(4)
        if beginning.startswith(_WIDE):
            raise FileFault(msgid("the file is UTF-16; save it as CSV UTF-8"))
        file.seek(0)
        seen = b""
        while block := file.read(BLOCK):
            if b"\x00" in block:
                raise FileFault(msgid("the file is not CSV: it contains NUL bytes"))
            seen = seen or bytes(byte for byte in _UNUSED_IN_WINDOWS_1252 if byte in block)
            utf_8 = utf_8 and _decodes(decoder, block)
    utf_8 = utf_8 and _decodes(decoder, b"", final=True)
    if utf_8:
        return "utf-8-sig" if beginning.startswith(codecs.BOM_UTF8) else "utf-8"
    if seen:
        raise FileFault(
            msgid("the file's encoding is not recognised; save it as CSV UTF-8"),
        )
    return "windows-1252"


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def open_csv(path: Path, delimiter: str | None = None) -> Table:
    """Open a CSV; without `delimiter` the header shows which one it uses. Raises FileFault and OSError."""
    encoding = encoding_of(path)
    lines = _lines(path, encoding)
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        raise FileFault(msgid("the file is empty"))
    if not first.whole:
        raise FileFault(msgid("the first row is too long"))
    by = delimiter or max(DELIMITERS, key=first.text.count)
    columns = header_of(_cells(first.text, by))
    return Table(columns, _rows(lines, columns, by), encoding)


def _lines(path: Path, encoding: str) -> Iterator[_Line]:
    """Yield the file's lines, each of bounded length; `done` counts bytes."""
    size = max(path.stat().st_size, 1)
    number = 0
    with path.open("rb") as file:
        while raw := file.readline(4 * LONGEST_LINE):
            number += 1
            whole = raw.endswith(b"\n") or len(raw) < 4 * LONGEST_LINE
            rest = raw
            while not rest.endswith(b"\n") and len(rest) == 4 * LONGEST_LINE:
                rest = file.readline(4 * LONGEST_LINE)
            text = raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"), "replace")
            yield _Line(number, text, whole and len(text) <= LONGEST_LINE, file.tell() / size)


def _rows(lines: Iterator[_Line], columns: tuple[str, ...], delimiter: str) -> Iterator[Row | Fault]:
    for number, record, done in _records(lines):
        if isinstance(record, Fault):
            yield record
            continue
        try:
            cells = _cells(record, delimiter)
        except csv.Error:
            yield _misquoted(number)
            continue
        made = row_of(number, columns, cells, done)
        if made is not None:
            yield made


def _records(lines: Iterator[_Line]) -> Iterator[tuple[int, str | Fault, float]]:
    """Yield records, joining lines while a quote is open.

    If the quote never closes, its first line is a fault and the rest is read again.
    """
    waiting: deque[_Line] = deque()
    while True:
        first = waiting.popleft() if waiting else next(lines, None)
        if first is None:
            return
        if not first.whole:
            reason = sentence(msgid("the row is longer than {most} characters"), most=LONGEST_LINE)
            fault = Fault(first.number, WHOLE_ROW, reason)
            yield first.number, fault, first.done
            continue
        record = _joined(first, lines, waiting)
        yield first.number, _misquoted(first.number) if record is None else record, first.done


def _joined(first: _Line, lines: Iterator[_Line], waiting: deque[_Line]) -> str | None:
    parts, quotes, length = [first.text], first.text.count('"'), len(first.text)
    taken: list[_Line] = []
    while quotes % 2:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is not None:
            taken.append(line)
            parts.append(line.text)
            quotes += line.text.count('"')
            length += len(line.text)
        if line is None or not line.whole or len(taken) >= MOST_LINES or length > LONGEST_LINE:
            waiting.extendleft(reversed(taken))
            return None
    return "".join(parts)


def _misquoted(number: int) -> Fault:
    return Fault(number, WHOLE_ROW, msgid("a quotation mark is not closed"))


def _cells(record: str, delimiter: str) -> list[str]:
    csv.field_size_limit(LONGEST_LINE)
    cells = next(
        csv.reader(
            [record.rstrip("\r\n")] if "\n" not in record.rstrip("\r\n") else _split(record),
            delimiter=delimiter,
            strict=True,
        ),
        [],
    )
    if len(cells) > 10 * MOST_COLUMNS:
        raise csv.Error("too many cells")
    return [cell.strip() for cell in cells]


def _split(record: str) -> list[str]:
    return record.rstrip("\r\n").splitlines(keepends=True)
