"""`/inspektorat/opd`: the OPDs of an agency beside each other, for the reports received in a year or a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.pages.frame import language_of
from kawal.console.pages.public.figures_choice import FIRST_YEAR, Arguments, Choice, read_asked, said_when_away
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.leadership.asked import LEAGUE, reader_of, rows_address
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Sayable
from kawal.domain.public_figures import RANKED_FROM
from kawal.domain.work_figures import WorkNumber
from kawal.reports.league import LeagueLine, league
from kawal.wording.dates import month_names
from kawal.wording.work_numbers import OF_OPD, office_name


class ShownLine(NamedTuple):
    """An OPD of the league, with the address of the reports behind each of its numbers."""

    name: Sayable
    line: LeagueLine
    to: Mapping[WorkNumber, str]


async def show_league(request: Request) -> Response:
    """Show the league of the reports received in a year or a month, now or as of the end of a day."""
    signed, agency = await reader_of(request)
    lang, today = language_of(request), local_day(complaints_of(request).now())
    asked = read_asked(Arguments.of(request.query_params)._replace(instansi=agency.code), [agency], today)
    lines: list[ShownLine] = []
    if asked.choice is not None:
        lines = await _lines(request, asked.choice)
    values = {
        "agency": agency,
        "choice": asked.choice,
        "asked": asked.asked,
        "faults": asked.faults,
        "path": LEAGUE,
        "when": None if asked.choice is None else asked.choice.said(lang),
        "ranked": [one for one in lines if one.line.place is not None],
        "others": [one for one in lines if one.line.place is None],
        "ranked_from": RANKED_FROM,
        "numbers": OF_OPD,
        "years": range(today.year, FIRST_YEAR - 1, -1),
        "months": list(enumerate(month_names(lang), 1)),
        "today": today,
    }
    return staff_page(request, signed, "staff/league.html", values, status=asked.status)


async def _lines(request: Request, choice: Choice) -> list[ShownLine]:
    with said_when_away():
        agency_sums = complaints_of(request).pool
        found = await league(agency_sums, instansi=choice.agency.code, period=choice.period, day=choice.day)
    return [_shown(one, choice) for one in found]


def _shown(line: LeagueLine, choice: Choice) -> ShownLine:
    to = {
        number: rows_address(number, choice.period.first, choice.last, opd=line.work.code, day=choice.day)
        for number in OF_OPD
    }
    return ShownLine(office_name(line.work.code, line.name), line, to)


ROUTES = [Route(LEAGUE, read_in_time(show_league), methods=["GET"])]
