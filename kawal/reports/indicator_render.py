"""The indicators as terminal table, JSON, CSV and XLSX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kawal.domain.msgids import msgid
from kawal.reports.cells import harmless, write_cell
from kawal.reports.indicators import Indicator, IndicatorTable, Part
from kawal.reports.wording import ALL_AGENCIES
from kawal.wording.catalogues import Lang, say
from kawal.wording.dates import show_day, show_long_instant, show_number

if TYPE_CHECKING:
    from rich.console import RenderableType

INDICATORS = {
    "sk": msgid("Decree (SK)"),
    "activity": msgid("Account activity"),
    "data": msgid("Management data"),
    "quality": msgid("Quality of follow-up"),
    "plan": msgid("Action plan"),
    "recap": msgid("Recap"),
}

PARTS = {
    "decree_agencies": msgid("Agencies with a decree in force"),
    "decrees_in_force": msgid("Decrees in force"),
    "opds_attended": msgid("OPDs with an active liaison"),
    "seen_agency_admin": msgid("Agency admins seen"),
    "seen_liaison": msgid("Liaisons seen"),
    "seen_inspectorate": msgid("Inspectorate officials seen"),
    "seen_leadership": msgid("Leaders seen"),
    "data_complete": msgid("Class, category and OPD complete"),
    "data_class": msgid("With a class"),
    "data_category": msgid("With a category"),
    "data_opd": msgid("With an OPD, or handled by the agency"),
    "deadlines_kept": msgid("Every deadline met"),
    "quality_answers": msgid("Answer the report"),
    "quality_partly": msgid("Answer in part"),
    "quality_does_not": msgid("Do not answer"),
    "quality_disputed": msgid("Reviewers divided"),
    "quality_reviewed": msgid("Sampled follow-ups reviewed"),
    "quality_erased": msgid("Sampled follow-ups erased before review"),
    "plan_agencies": msgid("Agencies with an action plan"),
    "plan_done": msgid("Items done"),
    "plan_under_way": msgid("Items under way"),
    "selesai": msgid("Done"),
    "ditindaklanjuti": msgid("Followed up"),
    "days_to_follow_up": msgid("Mean working days to follow-up"),
    "days_to_completion": msgid("Mean working days to completion"),
    "satisfaction": msgid("Satisfaction (1–5)"),
    "satisfaction_spoken": msgid("Ratings given for reporters (desk, tray), not counted above"),
}

SOURCES = {
    "sk": msgid("register of decrees"),
    "activity": msgid("accounts, record"),
    "data": msgid("record of reports"),
    "quality": msgid("quality review"),
    "plan": msgid("register of plans"),
    "recap": msgid("recap"),
}
"""The source of each indicator's figures."""

_HEADINGS = (
    msgid("Indicator"),
    msgid("Part"),
    msgid("Value"),
    msgid("Count"),
    msgid("Of"),
    msgid("Source"),
)
"""The source is the last column; a terminal's table shows it below the indicator's name."""
_FIGURES = _HEADINGS[2:5]
_NO_SCORE = msgid("No official weights have been published: the indicators stand side by side, without a score.")
_NO_ACCOUNT = msgid("OPDs without a liaison's account: {opds}.")
_NOT_SEEN = msgid("OPDs whose liaison has not been seen since {since}: {opds}.")


def as_json(table: IndicatorTable, lang: Lang = "id") -> str:
    """Return the indicators by key, their parts with count, of, percent or mean; OPDs without active liaison; notes."""
    content: dict[str, Any] = {
        "instansi": table.instansi,
        "year": table.year,
        "as_of": None if table.as_of is None else table.as_of.isoformat(),
        "active_since": table.since.isoformat(),
        "indicators": {one.key: {part.key: _json_part(part) for part in one.parts} for one in table.indicators},
        "unattended": [one.model_dump() for one in table.unattended],
        "notes": notes(table, lang),
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_csv(table: IndicatorTable, lang: Lang = "id") -> str:
    """Return CSV by RFC 4180 with a decimal point, one row per part; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("indicator", "part", "name", "value", "count", "of", "source"))
    for indicator, part in _parts(table):
        name = harmless(say(lang, PARTS[part.key]))
        writer.writerow(
            (indicator.key, part.key, name, _value(part), part.count, part.of, say("en", SOURCES[indicator.key]))
        )
    return out.getvalue()


def as_xlsx(table: IndicatorTable, lang: Lang = "id") -> bytes:
    """Return a workbook of one sheet with numbers as numbers; title and notes are above the table in bold."""
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook always has one
    above = [[title(table, lang)], *([text] for text in notes(table, lang))]
    rows = [*above, [say(lang, heading) for heading in _HEADINGS], *_rows(table, lang, _value)]
    for n, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            write_cell(sheet.cell(n, column), value, bold=n <= len(above) + 1)
    sheet.freeze_panes = f"A{len(above) + 2}"
    for letter, width in zip("ABCDEF", (22, 42, 10, 10, 10, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_table(table: IndicatorTable, lang: Lang = "id") -> RenderableType:
    """Return the table for a terminal: one line per part, the first also with indicator and source; notes below it."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=Text(title(table, lang)), title_justify="left")
    for heading in _HEADINGS[:-1]:
        number = heading in _FIGURES
        shown.add_column(say(lang, heading), justify="right" if number else "left", no_wrap=number)
    for indicator in table.indicators:
        whose = iter((say(lang, INDICATORS[indicator.key]), f"({say(lang, SOURCES[indicator.key])})"))
        shown.add_section()
        for part in indicator.parts:
            figures = (_shown(part, lang), part.count, part.of)
            told = ("–" if value is None else str(value) for value in figures)
            shown.add_row(next(whose, ""), say(lang, PARTS[part.key]), *told)
    return Group(shown, *(Text(text, style="italic") for text in notes(table, lang)))


def as_text(table: IndicatorTable, lang: Lang = "id", width: int = 120) -> str:
    """Return the terminal's table as plain text of that width, for files and logs."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(as_table(table, lang))
    assert isinstance(console.file, io.StringIO)  # noqa: S101 - given above
    return console.file.getvalue()


def title(table: IndicatorTable, lang: Lang) -> str:
    """Return the table's title in one line."""
    whose = table.instansi or ALL_AGENCIES
    if table.as_of is None:
        return say(lang, msgid("Assessment indicators {year}: {whose}"), year=table.year, whose=whose)
    at = show_long_instant(table.as_of, lang)
    return say(lang, msgid("Assessment indicators {year}: {whose}, as of {at}"), year=table.year, whose=whose, at=at)


def notes(table: IndicatorTable, lang: Lang) -> list[str]:
    """Return the notes for the reader, and which OPDs have no active liaison."""
    told = [say(lang, _NO_SCORE)]
    for text, without_account in ((_NO_ACCOUNT, True), (_NOT_SEEN, False)):
        opds = [one for one in table.unattended if (one.accounts == 0) is without_account]
        if opds:
            named = ", ".join(one.opd if table.instansi else f"{one.instansi}/{one.opd}" for one in opds)
            told.append(say(lang, text, since=show_day(table.since, lang), opds=named))
    return told


def _parts(table: IndicatorTable) -> Iterator[tuple[Indicator, Part]]:
    return ((indicator, part) for indicator in table.indicators for part in indicator.parts)


def _rows(table: IndicatorTable, lang: Lang, value: Callable[[Part], Any]) -> Iterator[list[Any]]:
    """Yield rows of indicator, part, value (per cent or mean), count, of, source."""
    for indicator, part in _parts(table):
        names = say(lang, INDICATORS[indicator.key]), say(lang, PARTS[part.key])
        yield [*names, value(part), part.count, part.of, say(lang, SOURCES[indicator.key])]


def _json_part(part: Part) -> dict[str, Any]:
    if part.mean is not None or part.of is None:
        return {"count": part.count, "mean": _value(part)}
    return {"count": part.count, "of": part.of, "percent": _value(part)}


def _value(part: Part) -> float | None:
    value = part.mean if part.mean is not None else part.percent
    return None if value is None else float(value)


def _shown(part: Part, lang: Lang) -> str | None:
    if part.mean is not None:
        return show_number(part.mean, lang)
    return None if part.percent is None else f"{show_number(part.percent, lang)} %"
