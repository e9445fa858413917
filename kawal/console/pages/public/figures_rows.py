"""`/angka/baris`: the public reports behind one number, and how many hidden ones it counts beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.frame import language_of, page
from kawal.console.pages.public.figures import (
    DEFINITIONS,
    NAMES,
    NO_AREA,
    area_names,
    csv_file,
)
from kawal.console.pages.public.figures_choice import ROWS, Choice, read, said_when_away
from kawal.console.pages.public.parts import complaints_of, count_call, count_download
from kawal.domain.calendar import local_day
from kawal.domain.labels import STATUSES
from kawal.domain.msgids import Sayable, msgid, sentence, verbatim
from kawal.domain.public_figures import Figure, FigureCount
from kawal.reports.public_figures import figure_count
from kawal.reports.public_rows import as_csv, board_rows
from kawal.reports.wording import line_name
from kawal.store.counted_reports import FigureKey, FigureQuery
from kawal.store.public_board import BoardPage, PublicBoard
from kawal.web.problems import Problem
from kawal.wording.catalogues import lang_of
from kawal.wording.dates import show_day

CSV_ROWS = 10_000
"""How many reports one CSV holds at most: what is more is asked for by the month."""

_FIGURES = {str(figure): figure for figure in Figure}
_AFTER = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{7,9})")

_NO_SUCH_FIGURE = msgid("There is no such figure. Choose one on the page of the figures.")
_ONE_OF_THEM = msgid("Choose either an OPD, or a category, or a place.")
_TOO_MANY = msgid("These are more than {count} reports. Choose a single month.")


class NumberAddress(NamedTuple):
    """A number of the page of figures: which figure, and of what part of the reports."""

    choice: Choice
    figure: Figure
    opd: str | None
    category: str | None
    area: str | None

    @property
    def query(self) -> FigureQuery:
        """What the store is asked for."""
        agency, period, day = self.choice.agency.code, self.choice.period, self.choice.day
        return FigureQuery(self.figure, agency, period, day, self.opd, self.category, self.area)

    @property
    def public_only(self) -> bool:
        """Tell whether the number counts public reports alone."""
        return self.category is not None or self.area is not None

    def address(self, path: str = ROWS, **more: str) -> str:
        """Return the address of these reports."""
        given = {"angka": str(self.figure), "opd": self.opd, "kategori": self.category, "wilayah": self.area}
        return self.choice.address(path, **{name: value for name, value in given.items() if value is not None}, **more)


async def show_rows(request: Request) -> Response:
    """Show a page of the reports behind a number."""
    await count_call(request)
    wanted = await _wanted(request)
    count = await _count(request, wanted)
    found = await _page(request, wanted, count, _after(request.query_params))
    values = {
        "rows": found.rows,
        "days": {row.number: show_day(local_day(row.received_at), language_of(request)) for row in found.rows},
        "count": count,
        "public_only": wanted.public_only,
        "of": await _of(request, wanted),
        "agency": wanted.choice.agency,
        "name": NAMES[wanted.figure],
        "definition": DEFINITIONS[wanted.figure],
        "when": wanted.choice.said(language_of(request)),
        "past": wanted.choice.day is not None,
        "statuses": STATUSES,
        "back": wanted.choice.address(),
        "csv": wanted.address(f"{ROWS}.csv"),
        "following": None if found.after is None else wanted.address(setelah=_from_key(found.after)),
    }
    return page(request, "public/figures_rows.html", values)


async def rows_csv(request: Request) -> Response:
    """Send all reports behind a number as CSV, whole or not at all."""
    await count_download(request)
    wanted = await _wanted(request)
    count = await _count(request, wanted)
    if count.public > CSV_ROWS:
        raise Problem(422, "too_many_rows", sentence(_TOO_MANY, count=CSV_ROWS))
    parts, found = [as_csv(board_rows([]))], await _page(request, wanted, count, None)
    while True:
        parts.append(as_csv(islice(board_rows(found.rows), 1, None)))
        if found.after is None:
            return csv_file(f"angka-{wanted.figure}", wanted.choice, "".join(parts))
        found = await _page(request, wanted, count, found.after)


async def _wanted(request: Request) -> NumberAddress:
    """Return which number the address names; raises Problem with what to do."""
    asked = await read(request)
    if asked.choice is None:
        raise Problem(
            asked.status if asked.faults else 422,
            "no_such_figures",
            next(iter(asked.faults.values()), None) or _NO_SUCH_FIGURE,
        )
    given = request.query_params
    figure = _FIGURES.get(given.get("angka", ""))
    if figure is None:
        raise Problem(404, "no_such_figure", _NO_SUCH_FIGURE)
    of = [given.get(name) for name in ("opd", "kategori", "wilayah")]
    if sum(one is not None for one in of) > 1:
        raise Problem(422, "too_many_parts", _ONE_OF_THEM)
    return NumberAddress(asked.choice, figure, *of)


async def _page(
    request: Request, wanted: NumberAddress, count: FigureCount, after: FigureKey | None
) -> BoardPage[FigureKey]:
    """Return a page of the reports; of a number that is 0 without asking the store for what may be no code at all."""
    if not count.public:
        return BoardPage([], None)
    with said_when_away():
        return await PublicBoard(complaints_of(request).pool).behind(wanted.query, after)


async def _count(request: Request, wanted: NumberAddress) -> FigureCount:
    """Return the number with its parts: nothing where the page has no such line."""
    with said_when_away():
        return await figure_count(complaints_of(request).pool, wanted.query)


async def _of(request: Request, wanted: NumberAddress) -> Sayable | None:
    """Return the name of the OPD, the category or the area; None for all reports."""
    lang, agency = lang_of(language_of(request)), wanted.choice.agency
    if wanted.opd is not None:
        with said_when_away():
            names = await complaints_of(request).directory.names(agency.code)
        return verbatim(line_name("opd", wanted.opd, names.get(wanted.opd, wanted.opd), lang))
    if wanted.category is not None:
        return verbatim(line_name("category", wanted.category, wanted.category, lang))
    if wanted.area is None:
        return None
    areas = await area_names(agency.area, [wanted.area])
    return verbatim(areas.get(wanted.area, wanted.area)) if wanted.area else NO_AREA


def _after(given: Mapping[str, str]) -> FigureKey | None:
    """Return where the page begins; None for the first one, and for what is no such place."""
    found = _AFTER.fullmatch(given.get("setelah", ""))
    try:
        return None if found is None else FigureKey(date.fromisoformat(found[1]), found[2])
    except ValueError:
        return None


def _from_key(key: FigureKey) -> str:
    return f"{key.day.isoformat()}.{key.number}"
