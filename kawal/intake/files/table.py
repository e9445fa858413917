"""A file as rows of named cells, whatever its type; read as needed, never as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kawal.domain.msgids import msgid, sentence
from kawal.intake.files.faults import WHOLE_ROW, Fault, FileFault

MOST_COLUMNS = 200
LONGEST_CELL = 40_000
"""The most characters of a cell; more than any field of a report takes."""

Cell = str | datetime


class Row(NamedTuple):
    """One row, by the names of the header; an empty cell is "". `done` is the part of the file read so far (0-1)."""

    number: int
    cells: dict[str, Cell]
    done: float = 0.0


class Table(NamedTuple):
    """The header of a file and its rows; a row that cannot be read is represented by its fault."""

    columns: tuple[str, ...]
    rows: Iterator[Row | Fault]
    encoding: str | None = None
    """The text's encoding; None for a workbook."""
    header: int = 1
    """The row in which the names of the columns stand."""


def header_of(cells: Sequence[object]) -> tuple[str, ...]:
    """Return the names of the columns; raises FileFault for a header without names, or with one twice."""
    names = [" ".join(str(cell or "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise FileFault(msgid("the first row does not name the columns"))
    if len(names) > MOST_COLUMNS:
        raise FileFault(sentence(msgid("more than {most_columns} columns"), most_columns=MOST_COLUMNS))
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileFault(sentence(msgid("columns named twice: {twice}"), twice=", ".join(twice)))
    return tuple(names)


def row_of(number: int, columns: Sequence[str], cells: Sequence[Cell], done: float) -> Row | Fault | None:
    """Return the row, None for an empty one, or the fault: too many cells, or a huge one."""
    if not any(cells):
        return None
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        reason = msgid("more cells ({cells}) than columns that the header names ({columns})")
        return Fault(number, WHOLE_ROW, sentence(reason, cells=len(cells), columns=len(columns)))
    named = dict(zip(columns, cells, strict=False))
    for name, cell in named.items():
        if isinstance(cell, str) and len(cell) > LONGEST_CELL:
            return Fault(
                number,
                name,
                sentence(msgid("the cell is longer than {longest_cell} characters"), longest_cell=LONGEST_CELL),
            )
    return Row(number, named, done)


def is_day_only(value: date) -> bool:
    """Tell whether a spreadsheet's date has no time of day."""
    return not isinstance(value, datetime) or (value.hour, value.minute, value.second) == (0, 0, 0)
