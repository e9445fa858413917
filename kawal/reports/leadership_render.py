"""The leadership's figures as tables for files: a workbook with a sheet for each, and one long CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kawal.domain.msgids import Message, msgid
from kawal.reports.cells import harmless, write_cell
from kawal.reports.leadership import Leadership
from kawal.wording.catalogues import Lang, say
from kawal.wording.dates import month_names, show_days, show_long_day
from kawal.wording.work_numbers import FIVE, office_name

Cell = str | int | Decimal | None

FIVE_FIGURES = msgid("Five figures")
BY_MONTH = msgid("By month")
OWED = msgid("Owed by OPD")
BY_PLACE = msgid("By place")
CSV_COLUMNS = ("table", "line", "figure", "value")

_TITLE = msgid("Figures of {agency}, as of {day}")
_NO_AREA = msgid("(no place that we know)")
_PLACES_NOTE = msgid("Public reports received in {year}.")


class FigureSheet(NamedTuple):
    """A table: the first cell of a row is the name of its line, `key` and `keys` name table and columns to programs."""

    key: str
    title: str
    note: str
    keys: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class FigureSheets(NamedTuple):
    """All tables of a file, in one language."""

    title: str
    lang: Lang
    sheets: Sequence[FigureSheet]


def sheets_of(figures: Leadership, areas: Mapping[str, str], lang: Lang) -> FigureSheets:
    """Return the tables; `areas` are the names of areas by their codes."""
    title = say(lang, _TITLE, agency=figures.name, day=show_long_day(figures.day, lang))
    made = (_five(figures, lang), _by_month(figures, lang), _owed(figures, lang), _by_place(figures, areas, lang))
    return FigureSheets(title, lang, made)


def as_csv(file: FigureSheets) -> str:
    """Return a row for each value, by RFC 4180 with a decimal point. No cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for sheet in file.sheets:
        for line, *values in sheet.rows:
            for key, value in zip(sheet.keys, values, strict=True):
                writer.writerow(
                    [sheet.key, harmless(str(line)), key, harmless(value) if isinstance(value, str) else value]
                )
    return out.getvalue()


def as_xlsx(file: FigureSheets) -> bytes:
    """Return a workbook with numbers as numbers; takes a moment of processor time, so run it in a thread."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in file.sheets:
        page = book.create_sheet(sheet.title[:31])
        for n, row in enumerate(_with_heads(file, sheet), start=1):
            for column, value in enumerate(row, start=1):
                shown = float(value) if isinstance(value, Decimal) else value
                write_cell(page.cell(n, column), shown, bold=n <= _HEADS)
        page.column_dimensions["A"].width = 34
        page.freeze_panes = f"B{_HEADS + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_HEADS = 3
"""The rows above a sheet's lines: title, note, headings."""


def _with_heads(file: FigureSheets, sheet: FigureSheet) -> Iterator[Sequence[Cell]]:
    yield [file.title]
    yield [sheet.note]
    yield sheet.headings
    yield from sheet.rows


def _five(figures: Leadership, lang: Lang) -> FigureSheet:
    now, before = figures.now, figures.before
    days = [show_days(one.first, one.day, lang) for one in (now, before)]
    rows: list[list[Cell]] = [
        [say(lang, name), now.values[number], before.values[number]] for number, name in FIVE.items()
    ]
    return _sheet("five", FIVE_FIGURES, "", ("now", "before"), [*days], rows, lang)


def _by_month(figures: Leadership, lang: Lang) -> FigureSheet:
    names = month_names(lang)
    rows: list[list[Cell]] = [
        [
            f"{names[one.month.month - 1]} {one.month.year}",
            one.received,
            one.done,
            one.to_follow_up.count,
            one.to_follow_up.median,
            one.to_follow_up.p90,
        ]
        for one in figures.months
    ]
    headings = [
        say(lang, heading)
        for heading in (
            msgid("Received in the month"),
            msgid("Done in the month"),
            msgid("Followed up"),
            msgid("Working days to the first follow-up: half of them"),
            msgid("Working days to the first follow-up: nine of ten"),
        )
    ]
    keys = ("received", "done", "follow_ups", "median_days", "p90_days")
    return _sheet("months", BY_MONTH, "", keys, headings, rows, lang)


def _owed(figures: Leadership, lang: Lang) -> FigureSheet:
    rows: list[list[Cell]] = [
        [say(lang, office_name(one.code, one.name)), one.count.reports, one.count.late] for one in figures.owed
    ]
    headings = [say(lang, msgid("In work")), say(lang, msgid("Late"))]
    return _sheet("owed", OWED, "", ("in_work", "late"), headings, rows, lang)


def _by_place(figures: Leadership, areas: Mapping[str, str], lang: Lang) -> FigureSheet:
    rows: list[list[Cell]] = [
        [areas.get(code, code) if code else say(lang, _NO_AREA), count]
        for code, count in sorted(figures.areas.items(), key=lambda pair: -pair[1])
    ]
    note = say(lang, _PLACES_NOTE, year=figures.day.year)
    return _sheet("places", BY_PLACE, note, ("public_reports",), [say(lang, msgid("Reports"))], rows, lang)


def _sheet(
    key: str,
    title: Message,
    note: str,
    keys: Sequence[str],
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    lang: Lang,
) -> FigureSheet:
    return FigureSheet(key, say(lang, title), note, keys, ["", *headings], rows)
