"""`/pimpinan/baris`: the reports behind a number, the latest first; as many as it counts, and no word of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.leadership.asked import (
    LEAGUE,
    OVERVIEW,
    ROWS,
    asked_day,
    day_of,
    reader_of,
    rows_address,
)
from kawal.console.pages.time_limits import read_in_time
from kawal.domain.labels import STATUSES
from kawal.domain.msgids import Message, msgid
from kawal.domain.names import Role
from kawal.domain.work_figures import WorkNumber
from kawal.domain.work_queues import SEKDA
from kawal.reports.leadership import EVER
from kawal.store.work_rows import PAGE, RowKey, WorkQuery, work_page
from kawal.web.problems import Problem
from kawal.wording.work_numbers import NUMBERS, OF_OPD

_NO_SUCH_NUMBER = msgid("There is no such number. Choose one on the page of figures.")
_AFTER = re.compile(r"([0-9]{1,18})\.([0-9]{7,9})\.([0-9]{1,9})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def show_rows(request: Request) -> Response:
    """Show a page of the reports behind a number."""
    signed, agency = await reader_of(request)
    query = _query(request, agency.code)
    complaints = complaints_of(request)
    after, passed = _after(request.query_params.get("setelah", ""))
    found = await work_page(complaints.pool, query, after)
    names = await complaints.directory.names(agency.code)
    values = {
        "query": query,
        "agency": agency,
        "name": _name(query),
        "whole_time": query.first == EVER,
        "opd": None if query.opd is None else names.get(query.opd, query.opd),
        "rows": found.rows,
        "begins_at": passed + 1,
        "may_open": {
            row.number for row in found.rows if signed.actor.role is not Role.LEADERSHIP or row.ever_level >= SEKDA
        },
        "statuses": STATUSES,
        "following": None if found.after is None else _address(query, setelah=_from_key(found.after, passed + PAGE)),
        "back": _back(query),
    }
    return staff_page(request, signed, "staff/work_rows.html", values)


def _query(request: Request, instansi: str) -> WorkQuery:
    """Return what the address names; raises Problem 404 for what is no number."""
    given = request.query_params
    first, last = day_of(given.get("dari", "")), day_of(given.get("sampai", ""))
    number, asked = given.get("angka", ""), asked_day(request)
    opd = given.get("opd")
    known = OF_OPD if opd is not None else NUMBERS
    if number not in known or first is None or last is None or asked.fault is not None or first < EVER:
        raise Problem(404, "no_such_number", _NO_SUCH_NUMBER)
    return WorkQuery(WorkNumber(number), instansi, first, min(last, asked.today), opd, asked.past)


def _name(query: WorkQuery) -> Message:
    return (NUMBERS if query.opd is None else OF_OPD)[query.number]


def _address(query: WorkQuery, **more: str) -> str:
    return rows_address(query.number, query.first, query.last, opd=query.opd, day=query.day, **more)


def _back(query: WorkQuery) -> str:
    """Return the address of the page that showed the number."""
    asked = {} if query.day is None else {"per": query.day.isoformat()}
    if query.opd is None or query.first == EVER:
        return f"{OVERVIEW}?{urlencode(asked)}" if asked else OVERVIEW
    return f"{LEAGUE}?{urlencode({'tahun': str(query.first.year), **asked})}"


def _after(text: str) -> tuple[RowKey | None, int]:
    """Return where the page begins and how many rows came before it; the first page for what is no such place."""
    found = _AFTER.fullmatch(text)
    try:
        return (None, 0) if found is None else (_key(int(found[1]), found[2]), int(found[3]))
    except OverflowError:
        return None, 0


def _key(microseconds: int, number: str) -> RowKey:
    return RowKey(_EPOCH + timedelta(microseconds=microseconds), number)


def _from_key(key: RowKey, passed: int) -> str:
    return f"{(key.at - _EPOCH) // timedelta(microseconds=1)}.{key.number}.{passed}"


ROUTES = [Route(ROWS, read_in_time(show_rows), methods=["GET"])]
