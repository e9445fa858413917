"""A recap as terminal table, JSON, CSV and XLSX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, get_args

from kawal.domain.recap import Recap
from kawal.reports.cells import harmless, write_cell
from kawal.reports.recap import RecapTable
from kawal.reports.wording import FIGURES, PLACE, TOTAL, WAYS, line_name, notes, title, warnings
from kawal.wording.catalogues import Lang, say
from kawal.wording.dates import show_number

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

Format = Literal["table", "json", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)


def figures_of(recap: Recap) -> dict[str, int | float | None]:
    """Return all figures as numbers by their export keys, percentages and means to two places; None where there is
    none.
    """
    return {figure.key: _number(figure.of(recap)) for figure in FIGURES}


def as_json(table: RecapTable, lang: Lang = "id") -> str:
    """Return the total's figures at the top level, with the query, the lines, the warnings and the notes."""
    about: dict[str, Any] = {
        "instansi": table.instansi,
        "year": table.year,
        "as_of": None if table.as_of is None else table.as_of.isoformat(),
        "by": table.by,
    }
    lines = [
        {
            "key": line.key,
            "name": _name(table, line.key, line.name, lang),
            "place": line.place,
            **figures_of(line.recap),
        }
        for line in table.lines
    ]
    told = {
        "quality": table.quality.model_dump(),
        "lines": lines,
        "warnings": warnings(table, lang),
        "notes": notes(table, lang),
    }
    return json.dumps(about | figures_of(table.total) | told, ensure_ascii=False, indent=2)


def as_csv(table: RecapTable, lang: Lang = "id") -> str:
    """Return CSV by RFC 4180 with a decimal point; the last row is the total. No cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in _rows(table, lang, [figure.key for figure in FIGURES], ("key", "name", "place")):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def as_xlsx(table: RecapTable, lang: Lang = "id") -> bytes:
    """Return a workbook of one sheet with numbers as numbers; warnings and notes are above the table in bold."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook always has one
    sheet.title = f"Rekap {table.year}"
    above = [title(table, lang), *warnings(table, lang), *notes(table, lang)]
    by = "" if table.by is None else say(lang, WAYS[table.by])
    headings = [say(lang, figure.heading) for figure in FIGURES]
    rows = [[text] for text in above] + list(_rows(table, lang, headings, (by, "", say(lang, PLACE))))
    for n, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            write_cell(sheet.cell(n, column), value, bold=n <= len(above) + 1)
    sheet.freeze_panes = f"C{len(above) + 2}"
    for column in range(1, len(FIGURES) + 4):
        sheet.column_dimensions[get_column_letter(column)].width = 28 if column == 2 else 14
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_table(table: RecapTable, lang: Lang = "id") -> RenderableType:
    """Return the table for a terminal: highlighted warnings first, then the lines, then every figure of the total."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    parts: list[RenderableType] = [
        Panel(Text(text, style="bold white on red"), border_style="red") for text in warnings(table, lang)
    ]
    if table.by is not None:
        parts.append(_lines_table(table, lang))
    parts += [Text(text, style="italic") for text in notes(table, lang)]
    parts.append(_total_table(table, lang))
    return Group(*parts)


def as_text(table: RecapTable, lang: Lang = "id", width: int = 140) -> str:
    """Return the terminal's table as plain text of that width, for files and logs."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(as_table(table, lang))
    assert isinstance(console.file, io.StringIO)  # noqa: S101 - given above
    return console.file.getvalue()


def _lines_table(table: RecapTable, lang: Lang) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    assert table.by is not None  # noqa: S101 - the caller asked
    shown = Table(title=Text(title(table, lang)), title_justify="left", box=SIMPLE_HEAD, padding=0, pad_edge=False)
    if table.by == "instansi":
        shown.add_column(say(lang, PLACE), justify="right")
    shown.add_column(say(lang, WAYS[table.by]), overflow="fold", min_width=12)
    chosen = [(figure, figure.short) for figure in FIGURES if figure.short is not None]
    for _, heading in chosen:
        shown.add_column(say(lang, heading), justify="right", no_wrap=True)
    for line in table.lines:
        place = [_shown(line.place, lang)] if table.by == "instansi" else []
        name = Text(_name(table, line.key, line.name, lang))
        shown.add_row(*place, name, *(_shown(figure.of(line.recap), lang) for figure, _ in chosen))
    return shown


def _total_table(table: RecapTable, lang: Lang) -> Table:
    from rich.table import Table
    from rich.text import Text

    heading = title(table, lang) if table.by is None else say(lang, TOTAL)
    shown = Table(title=Text(heading), title_justify="left", show_header=False)
    shown.add_column()
    shown.add_column(justify="right")
    for figure in FIGURES:
        shown.add_row(say(lang, figure.heading), _shown(figure.of(table.total), lang))
    return shown


def _rows(table: RecapTable, lang: Lang, headings: list[str], first: tuple[str, str, str]) -> Iterator[list[Any]]:
    """Yield heading, lines and total: key, name and place before the figures."""
    yield [*first, *headings]
    for line in table.lines:
        name = _name(table, line.key, line.name, lang)
        yield [line.key, name, line.place, *figures_of(line.recap).values()]
    yield ["", say(lang, TOTAL), None, *figures_of(table.total).values()]


def _name(table: RecapTable, key: str, name: str, lang: Lang) -> str:
    return name if table.by is None else line_name(table.by, key, name, lang)


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _shown(value: int | Decimal | None, lang: Lang) -> str:
    return "–" if value is None else show_number(value, lang)
