"""The indicators for people and for programs: terminal table, JSON, CSV, XLSX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kawal.reports.cells import harmless, write_cell
from kawal.reports.indicators import Indicator, IndicatorTable, Part
from kawal.reports.recap import local_label
from kawal.reports.wording import Lang, Words

INDICATORS = {
    "sk": Words("SK", "Decree (SK)"),
    "activity": Words("Keaktifan akun", "Account activity"),
    "data": Words("Pengelolaan data", "Management data"),
    "quality": Words("Mutu tindak lanjut", "Quality of follow-up"),
    "plan": Words("Rencana aksi", "Action plan"),
    "recap": Words("Rekapitulasi", "Recap"),
}

PARTS = {
    "decree_agencies": Words("Instansi dengan SK yang berlaku", "Agencies with a decree in force"),
    "decrees_in_force": Words("SK yang berlaku", "Decrees in force"),
    "opds_attended": Words("OPD dengan penghubung yang aktif", "OPDs with an active liaison"),
    "seen_agency_admin": Words("Akun admin instansi yang aktif", "Agency admins' accounts seen"),
    "seen_liaison": Words("Akun pejabat penghubung yang aktif", "Liaisons' accounts seen"),
    "seen_inspectorate": Words("Akun Inspektorat yang aktif", "The Inspectorate's accounts seen"),
    "seen_leadership": Words("Akun pimpinan yang aktif", "The leadership's accounts seen"),
    "data_complete": Words("Klasifikasi, kategori, dan OPD lengkap", "Class, category and OPD complete"),
    "data_class": Words("Berklasifikasi", "With a class"),
    "data_category": Words("Berkategori", "With a category"),
    "data_opd": Words("Pada OPD atau instansi", "With an OPD or the agency"),
    "deadlines_kept": Words("Semua tenggat ditepati", "Every deadline kept"),
    "quality_answers": Words("Menjawab laporan", "Answer the report"),
    "quality_partly": Words("Menjawab sebagian", "Answer in part"),
    "quality_does_not": Words("Tidak menjawab", "Do not answer"),
    "quality_disputed": Words("Pengulas berbeda pendapat", "Reviewers divided"),
    "quality_reviewed": Words("Contoh yang sudah diulas", "Of the sample, reviewed"),
    "quality_erased": Words("Contoh yang dihapus sebelum diulas", "Of the sample, erased unreviewed"),
    "plan_agencies": Words("Instansi dengan rencana aksi", "Agencies with an action plan"),
    "plan_done": Words("Butir selesai", "Items done"),
    "plan_under_way": Words("Butir berjalan", "Items under way"),
    "selesai": Words("Selesai", "Done"),
    "ditindaklanjuti": Words("Ditindaklanjuti", "Followed up"),
    "days_to_follow_up": Words("Rata-rata hari kerja ke tindak lanjut", "Mean working days to follow-up"),
    "days_to_completion": Words("Rata-rata hari kerja ke penyelesaian", "Mean working days to completion"),
    "satisfaction": Words("Kepuasan (1–5)", "Satisfaction (1–5)"),
}

SOURCES = {
    "sk": Words("daftar SK", "register of decrees"),
    "activity": Words("akun, catatan", "accounts, record"),
    "data": Words("rekam laporan", "record of reports"),
    "quality": Words("ulasan mutu", "quality review"),
    "plan": Words("daftar rencana aksi", "register of plans"),
    "recap": Words("rekapitulasi", "recap"),
}
"""Where each indicator's figures come from."""

_HEADINGS = (
    Words("Indikator", "Indicator"),
    Words("Unsur", "Part"),
    Words("Nilai", "Value"),
    Words("Jumlah", "Count"),
    Words("Dari", "Of"),
    Words("Sumber", "Source"),
)
"""The source stands last; a terminal's table has it under the indicator's name."""
_NO_SCORE = Words(
    "Bobot resmi tidak diumumkan: indikator ditampilkan berdampingan, tanpa nilai gabungan.",
    "No official weights are public: the indicators stand side by side, without a score.",
)
_NO_ACCOUNT = Words("OPD tanpa akun penghubung: {opds}.", "OPDs without a liaison's account: {opds}.")
_NOT_SEEN = Words(
    "OPD yang penghubungnya tidak aktif sejak {since}: {opds}.",
    "OPDs whose liaison was not seen since {since}: {opds}.",
)


def as_json(table: IndicatorTable, lang: Lang = "id") -> str:
    """Indicators by key, each part with count, of, percent or mean; whoever lacks an active liaison; the notes."""
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
    """RFC 4180 with a decimal point, a row a part; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("indicator", "part", "name", "value", "count", "of", "source"))
    for indicator, part in _parts(table):
        name = harmless(PARTS[part.key].to(lang))
        writer.writerow(
            (indicator.key, part.key, name, _value(part), part.count, part.of, SOURCES[indicator.key].to("en"))
        )
    return out.getvalue()


def as_xlsx(table: IndicatorTable, lang: Lang = "id") -> bytes:
    """A workbook of one sheet with numbers as numbers; title and notes stand above the table in bold."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook always has one
    above = [[title(table, lang)], *([text] for text in notes(table, lang))]
    rows = [*above, [heading.to(lang) for heading in _HEADINGS], *_rows(table, lang, _value)]
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
    """For a terminal: a line a part, beside the first its indicator and source; below it what a reader must know."""
    shown = Table(title=Text(title(table, lang)), title_justify="left")
    for heading in _HEADINGS[:-1]:
        number = heading.id in ("Nilai", "Jumlah", "Dari")
        shown.add_column(heading.to(lang), justify="right" if number else "left", no_wrap=number)
    for indicator in table.indicators:
        whose = iter((INDICATORS[indicator.key].to(lang), f"({SOURCES[indicator.key].to(lang)})"))
        shown.add_section()
        for part in indicator.parts:
            figures = (_shown(part), part.count, part.of)
            told = ("–" if value is None else str(value) for value in figures)
            shown.add_row(next(whose, ""), PARTS[part.key].to(lang), *told)
    return Group(shown, *(Text(text, style="italic") for text in notes(table, lang)))


def as_text(table: IndicatorTable, lang: Lang = "id", width: int = 120) -> str:
    """The terminal's table as plain text of that width, for files and logs."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(as_table(table, lang))
    assert isinstance(console.file, io.StringIO)  # noqa: S101 - given above
    return console.file.getvalue()


def title(table: IndicatorTable, lang: Lang) -> str:
    """What the table is about, in one line."""
    whose = table.instansi or Words("semua instansi", "all agencies").to(lang)
    when = "" if table.as_of is None else Words(", per ", ", as of ").to(lang) + local_label(table.as_of)
    return Words("Indikator penilaian", "Assessment indicators").to(lang) + f" {table.year}: {whose}{when}"


def notes(table: IndicatorTable, lang: Lang) -> list[str]:
    """What a reader must know, and which OPDs have nobody."""
    told = [_NO_SCORE.to(lang)]
    for text, without_account in ((_NO_ACCOUNT, True), (_NOT_SEEN, False)):
        opds = [one for one in table.unattended if (one.accounts == 0) is without_account]
        if opds:
            named = ", ".join(one.opd if table.instansi else f"{one.instansi}/{one.opd}" for one in opds)
            told.append(text.to(lang).format(since=table.since, opds=named))
    return told


def _parts(table: IndicatorTable) -> Iterator[tuple[Indicator, Part]]:
    return ((indicator, part) for indicator in table.indicators for part in indicator.parts)


def _rows(table: IndicatorTable, lang: Lang, value: Callable[[Part], Any]) -> Iterator[list[Any]]:
    """Indicator, part, value (per cent or mean), count, of, source."""
    for indicator, part in _parts(table):
        names = INDICATORS[indicator.key].to(lang), PARTS[part.key].to(lang)
        yield [*names, value(part), part.count, part.of, SOURCES[indicator.key].to(lang)]


def _json_part(part: Part) -> dict[str, Any]:
    if part.mean is not None or part.of is None:
        return {"count": part.count, "mean": _value(part)}
    return {"count": part.count, "of": part.of, "percent": _value(part)}


def _value(part: Part) -> float | None:
    value = part.mean if part.mean is not None else part.percent
    return None if value is None else float(value)


def _shown(part: Part) -> str | None:
    return str(part.mean) if part.mean is not None else None if part.percent is None else f"{part.percent} %"
