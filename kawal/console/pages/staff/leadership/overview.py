"""`/pimpinan`: five figures against the month before, what came up, a year by months, what is late, and where.

Everything is as of the end of any day, but for what came up, which is as of now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import PART, SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.public.figures import NO_AREA, area_names
from kawal.console.pages.public.figures_choice import ROWS as PUBLIC_ROWS
from kawal.console.pages.public.figures_choice import Choice, said_when_away
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.leadership import charts
from kawal.console.pages.staff.leadership.asked import OVERVIEW, AskedDay, asked_day, reader_of, rows_address
from kawal.console.pages.staff.queue_lines import clockwork_of, list_values, shown_line
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.access import Act, may
from kawal.domain.msgids import Message, Sayable, verbatim
from kawal.domain.names import Role
from kawal.domain.notes import Audience
from kawal.domain.places import CREDIT, NAMES_CREDIT
from kawal.domain.public_figures import Figure, Period
from kawal.domain.work_figures import WorkNumber
from kawal.domain.work_queues import Queue
from kawal.reports.leadership import EVER, Leadership, MonthSoFar, OwedLine, leadership
from kawal.store.directory import Instansi
from kawal.store.queues import Scope, queue_page
from kawal.wording.dates import month_names
from kawal.wording.queue_words import EMPTY
from kawal.wording.work_numbers import FIVE, MEANINGS, office_name

CAME_UP = 20
"""The most urgent of what came up that are shown."""

PLACES = 12
"""The places with the most reports that are shown unfolded."""


class ShownValue(NamedTuple):
    """A value of one of the five figures, and the address of the reports that it is of."""

    value: int | Decimal | None
    address: str


class ShownFigure(NamedTuple):
    """One of the five figures."""

    name: Message
    meaning: Message
    now: ShownValue
    before: ShownValue
    percent: bool

    @property
    def change(self) -> int | Decimal | None:
        """What it is more (or, negative, less) than the month before; None where one of them is not known."""
        now, before = self.now.value, self.before.value
        return None if now is None or before is None else now - before


class ShownMonth(NamedTuple):
    """A month of the year, with the addresses of the reports behind its numbers."""

    name: str
    received: ShownValue
    done: ShownValue
    followed_up: ShownValue
    median: Decimal | None
    p90: int | None


class ShownOwed(NamedTuple):
    """What an OPD owes."""

    name: Sayable
    owes: ShownValue
    late: ShownValue


class ShownArea(NamedTuple):
    """Public reports of an area."""

    name: Sayable
    reports: int
    address: str


async def show_overview(request: Request) -> Response:
    """Show the agency's figures; to the page's script, what came up alone."""
    signed, agency = await reader_of(request)
    came_up = await _came_up(request, signed, agency)
    if PART in request.query_params:
        return staff_page(request, signed, "staff/came_up.html", came_up)
    asked, lang = asked_day(request), language_of(request)
    figures = await figures_of(request, agency, asked)
    months = _months(figures, lang, asked.past)
    drawn, tiles = await asyncio.to_thread(_drawn, agency.area or "", figures.areas)
    values = {
        **came_up,
        "agency": agency,
        "asked": asked,
        "given": request.query_params.get("per", ""),
        "figures": figures,
        "five": five(figures, asked.past),
        "months": months,
        "flow": charts.columns([(one.received, one.done) for one in figures.months]),
        "speed": charts.columns(
            [(one.to_follow_up.p90 or 0, float(one.to_follow_up.median or 0)) for one in figures.months]
        ),
        "charts": charts,
        "owed": [_owed(line, figures.day, asked.past) for line in figures.owed],
        "most_late": max((line.count.late for line in figures.owed), default=0),
        "areas": await _areas(agency, figures, asked),
        "map": drawn,
        "tiles": tiles,
        "most_places": PLACES,
        "credit": CREDIT,
        "credit_of_names": NAMES_CREDIT,
        "may_ask_what_if": may(signed.actor, Act.ASK_WHAT_IF, agency.code) is None,
        "files": {kind: _file_address(kind, asked.past) for kind in ("pdf", "xlsx", "csv")},
    }
    return staff_page(request, signed, "staff/leadership.html", values, status=422 if asked.fault else 200)


async def figures_of(request: Request, agency: Instansi, asked: AskedDay) -> Leadership:
    """Return the figures of an agency as of a day; raises Problem 503."""
    with said_when_away():
        agency_sums = complaints_of(request).pool
        return await leadership(agency_sums, instansi=agency.code, day=asked.day, past=asked.past is not None)


def five(figures: Leadership, past: date | None) -> Sequence[ShownFigure]:
    """Return the five figures."""
    now, before = figures.now.values, figures.before.values
    return [
        ShownFigure(
            FIVE[number],
            MEANINGS[number],
            ShownValue(now[number], _behind(number, figures.now, past)),
            ShownValue(before[number], _behind(number, figures.before, figures.before.day)),
            percent=number is WorkNumber.PUNCTUAL,
        )
        for number in FIVE
    ]


def _behind(number: WorkNumber, month: MonthSoFar, past: date | None) -> str:
    first = EVER if number is WorkNumber.LATE else month.first
    return rows_address(number, first, month.day, day=past)


def _months(figures: Leadership, lang: str, past: date | None) -> Sequence[ShownMonth]:
    names = month_names(lang)
    shown = []
    for one in figures.months:
        last = min(Period.of_month(one.month.year, one.month.month).until - timedelta(days=1), figures.day)

        def behind(number: WorkNumber, first: date = one.month, last: date = last) -> str:
            return rows_address(number, first, last, day=past)

        shown.append(
            ShownMonth(
                f"{names[one.month.month - 1]} {one.month.year}",
                ShownValue(one.received, behind(WorkNumber.RECEIVED)),
                ShownValue(one.done, behind(WorkNumber.DONE)),
                ShownValue(one.to_follow_up.count, behind(WorkNumber.FOLLOWED_UP)),
                one.to_follow_up.median,
                one.to_follow_up.p90,
            )
        )
    return shown


def _owed(line: OwedLine, day: date, past: date | None) -> ShownOwed:
    def value(number: WorkNumber, count: int) -> ShownValue:
        return ShownValue(count, rows_address(number, EVER, day, opd=line.code, day=past))

    return ShownOwed(
        office_name(line.code, line.name),
        value(WorkNumber.OWES, line.count.reports),
        value(WorkNumber.LATE, line.count.late),
    )


async def _areas(agency: Instansi, figures: Leadership, asked: AskedDay) -> Sequence[ShownArea]:
    """Return the areas of the year's public reports, the one with the most first; they lead to the public lists."""
    names: Mapping[str, str] = await area_names(agency.area, list(figures.areas))
    of_year = Choice(agency, figures.day.year, None, asked.past, asked.today)
    rows = of_year.address(PUBLIC_ROWS, angka=str(Figure.MASUK))
    return [
        ShownArea(
            verbatim(names.get(code, code)) if code else NO_AREA,
            count,
            f"{rows}&{urlencode({'wilayah': code})}",
        )
        for code, count in sorted(figures.areas.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _drawn(area: str, reports: Mapping[str, int]) -> tuple[charts.AreaMap | None, charts.DistrictTiles | None]:
    """Return what is drawn of the places, which reads files."""
    return charts.area_map(area, reports), charts.district_tiles(area, reports)


async def _came_up(request: Request, signed: SignedIn, agency: Instansi) -> Mapping[str, Any]:
    """Return what the part takes that follows others: what came up and is not resolved, the highest rung first."""
    scope = Scope(Role.LEADERSHIP, agency.code, None, signed.actor.account)
    seen = complaints_of(request).seen_by(signed.actor)
    found = await queue_page(seen.pool, Queue.COME_UP, scope, limit=CAME_UP)
    clockwork = await clockwork_of(request, signed)
    return {
        **list_values(),
        "came_up": [shown_line(line, Queue.COME_UP, clockwork) for line in found.lines],
        "may_note": may(signed.actor, Act.ADD_NOTE, None) is None,
        "to_inspectorate": Audience.INSPECTORATE,
        "nothing_came_up": EMPTY[Queue.COME_UP],
    }


def _file_address(kind: str, past: date | None) -> str:
    return f"{OVERVIEW}.{kind}" + ("" if past is None else f"?per={past.isoformat()}")


ROUTES = [Route(OVERVIEW, read_in_time(show_overview), methods=["GET"])]
