"""`/angka`: the figures that everybody may see, each with its definition and a link to the reports behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import HEADERS, language_of, page
from kawal.console.pages.public.figures_choice import (
    FIRST_YEAR,
    PAGE,
    ROWS,
    Choice,
    Reading,
    read,
    said_when_away,
)
from kawal.console.pages.public.parts import complaints_of, count_call
from kawal.data import places
from kawal.domain.calendar import local_day
from kawal.domain.labels import STATUSES
from kawal.domain.msgids import Message, msgid, msgid_in
from kawal.domain.places import CREDIT
from kawal.domain.public_figures import RANKED_FROM, Figure
from kawal.domain.recap import Recap, check_sums
from kawal.reports.public_figures import PublicFigures, public_figures
from kawal.reports.public_rows import as_csv, figure_rows
from kawal.reports.wording import line_name
from kawal.wording.catalogues import lang_of, say
from kawal.wording.dates import month_names

BOM = "\ufeff"
"""Put before a CSV, so that spreadsheets read its letters as they are."""

NAMES: dict[Figure, Message] = {
    Figure.MASUK: msgid_in("recap", "Received"),
    **{figure: STATUSES[str(figure)] for figure in Figure if figure is not Figure.MASUK},
}

DEFINITIONS: dict[Figure, Message] = {
    Figure.MASUK: msgid("All reports of the period, without archived, merged and passed-on ones."),
    Figure.SELESAI: msgid("The reporter accepted the answer, or did not object in time."),
    Figure.PROSES: msgid("An office has answered or begun to act."),
    Figure.BELUM_DITINDAKLANJUTI: msgid("Checked. No office (OPD) has answered yet."),
    Figure.BELUM_DIVERIFIKASI: msgid("An admin still has to check it, or waits for the reporter."),
    Figure.DIARSIPKAN: msgid("Not taken further. The admin had to say why."),
    Figure.BUKAN_WEWENANG: msgid("Passed on, because another agency has to answer."),
    Figure.DIGABUNG: msgid("About the same matter as an earlier report."),
}
"""What each figure counts, as a citizen understands it."""

APART = (Figure.DIARSIPKAN, Figure.BUKAN_WEWENANG, Figure.DIGABUNG)
"""The figures that are no part of those received."""

IN_LISTS = (Figure.MASUK, Figure.SELESAI, Figure.PROSES, Figure.BELUM_DITINDAKLANJUTI)
"""The figures of an OPD, a category or an area."""

NO_AREA = msgid("(no place that we know)")


class ShownCount(NamedTuple):
    """A number of the page, and the address of the reports behind it."""

    figure: Figure
    value: int
    address: str


class ShownLine(NamedTuple):
    """A line of a list: an OPD, a category or an area."""

    name: str
    place: int | None
    counts: list[ShownCount]
    percent: Decimal | None
    """Done, of those received."""


async def show_figures(request: Request) -> Response:
    """Show the figures, or what is wrong with the address, or the agencies to choose from."""
    await count_call(request)
    asked = await read(request)
    values = {**_form(request, asked), "figures": None}
    if asked.choice is not None:
        values |= await _shown(request, asked.choice)
    return page(request, "public/figures.html", values, status=asked.status)


async def figures_csv(request: Request) -> Response:
    """Send the figures as CSV."""
    await count_call(request)
    asked = await read(request)
    if asked.choice is None:
        return await show_figures(request)
    figures = await figures_of(request, asked.choice)
    areas = await area_names(asked.choice.agency.area, [line.code for line in figures.areas])
    return csv_file("angka", asked.choice, as_csv(figure_rows(figures, lang_of(language_of(request)), areas)))


def _form(request: Request, asked: Reading) -> dict[str, object]:
    today = local_day(complaints_of(request).now())
    return {
        "asked": asked.asked,
        "faults": asked.faults,
        "agencies": asked.agencies,
        "choice": asked.choice,
        "path": PAGE,
        "years": range(today.year, FIRST_YEAR - 1, -1),
        "months": list(enumerate(month_names(language_of(request)), 1)),
        "today": today,
    }


async def _shown(request: Request, choice: Choice) -> dict[str, object]:
    lang = lang_of(language_of(request))
    figures = await figures_of(request, choice)
    recap = figures.all.recap
    areas = await area_names(choice.agency.area, [line.code for line in figures.areas])
    behind = _Behind(choice)
    return {
        "figures": figures,
        "recap": recap,
        "when": choice.said(lang),
        "names": NAMES,
        "definitions": DEFINITIONS,
        "counts": behind.counts(recap, (figure for figure in Figure if figure not in APART)),
        "apart": behind.counts(recap, APART),
        "opds": [
            ShownLine(
                line_name("opd", line.code, line.name, lang),
                line.place,
                behind.counts(line.reports.recap, opd=line.code),
                line.reports.recap.persen_selesai,
            )
            for line in figures.opds
        ],
        "categories": [
            ShownLine(
                line_name("category", line.name, line.name, lang),
                None,
                behind.counts(line.recap, kategori=line.name),
                line.recap.persen_selesai,
            )
            for line in figures.categories
        ],
        "areas": [
            ShownLine(
                areas.get(line.code, line.code) or say(lang, NO_AREA),
                None,
                behind.counts(line.recap, wilayah=line.code),
                line.recap.persen_selesai,
            )
            for line in figures.areas
        ],
        "mismatch": check_sums(recap),
        "ranked_from": RANKED_FROM,
        "csv": choice.address(f"{PAGE}.csv"),
        "credit": CREDIT if areas else None,
    }


class _Behind:
    """The addresses of what is behind the numbers of a page: hundreds, of which only the end differs."""

    def __init__(self, choice: Choice) -> None:
        self._address = choice.address(ROWS)

    def counts(self, recap: Recap, figures: Iterable[Figure] = IN_LISTS, **of: str) -> list[ShownCount]:
        """Return figures of all reports, or of those of one line, each with the address of what is behind it."""
        line = f"{self._address}&{urlencode(of)}" if of else self._address
        return [ShownCount(figure, getattr(recap, figure), f"{line}&angka={figure}") for figure in figures]


async def figures_of(request: Request, choice: Choice) -> PublicFigures:
    """Return the figures of a choice; raises Problem 503."""
    with said_when_away():
        pool = complaints_of(request).pool
        return await public_figures(pool, instansi=choice.agency.code, period=choice.period, day=choice.day)


async def area_names(area: str | None, codes: Sequence[str]) -> Mapping[str, str]:
    """Return the names of areas within `area` by their codes, as far as they are known."""
    if area is None or not any(codes):
        return {}
    return await asyncio.to_thread(_named, area, [code for code in codes if code])


def csv_file(name: str, choice: Choice, content: str) -> Response:
    """Return CSV as a file whose name says what it holds."""
    parts = [name, choice.agency.code, str(choice.year), f"{choice.month:02d}" if choice.month else None]
    parts += [None if choice.day is None else f"per-{choice.day.isoformat()}"]
    file = "-".join(one for one in parts if one) + ".csv"
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{file}"'}
    return Response((BOM + content).encode(), 200, headers, "text/csv; charset=utf-8")


def _named(area: str, codes: Sequence[str]) -> dict[str, str]:
    """Return the names of areas; reading those of a province takes a third of a second, once."""
    if not places.is_made(area):
        return {}
    names = places.gazetteer(area)
    return {code: words for code in codes if (words := names.words(code))}
