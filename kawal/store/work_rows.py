"""Which reports a number of the league or of the leadership's page counts, the latest first; no words are read.

A number of an agency is read in the order of an index: by receipt, by the end of the work, or among what is late. One
of an OPD is looked for among what it owes now, else among what it was given, some days of receipt at a time.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.domain.calendar import at_local, end_of, local_day
from kawal.domain.names import Status
from kawal.domain.work_figures import WorkNumber
from kawal.store.text_queries import plain

PAGE = 50

_LONGER = 4
"""At most so many times longer than the last is a stretch of days: of a busy OPD the first day may fill a page."""

_MARGIN = 1.3
"""So many times as many days are looked at as should fill the page if the next ones are like the last."""


class WorkQuery(NamedTuple):
    """A number of an agency or, with `opd`, of one of its OPDs.

    The days are local ones, both included: of closing for what is done of a whole agency, otherwise of receipt.
    """

    number: WorkNumber
    instansi: str
    first: date
    last: date
    opd: str | None = None
    day: date | None = None
    """The local day as of whose end it counts; None: now."""


class RowKey(NamedTuple):
    """Where a page ended: the instant by which its last row is ordered (UTC), and its number."""

    at: datetime
    number: str


class WorkRow(BaseModel):
    """A report behind a number, as it stood then. Times are UTC, days are working days."""

    number: str
    at: datetime
    """By which it is ordered: closing for what is done of a whole agency, otherwise receipt."""
    status: Status
    received_at: datetime
    closed_at: datetime | None
    opds: list[str]
    overdue: bool
    ever_late: bool
    follow_up_days: int | None
    final_days: int | None
    """Of the OPD asked for its own; of a whole agency the report's."""
    rating: int | None
    ever_level: int
    """The highest rung that it has reached by today."""


class WorkPage(NamedTuple):
    """Rows, and where the next page begins; None: there is no more."""

    rows: list[WorkRow]
    after: RowKey | None


async def work_page(pool: asyncpg.Pool, query: WorkQuery, after: RowKey | None = None) -> WorkPage:
    """Return a page of the reports behind a number; all pages together are as many as it counts."""
    rows: list[WorkRow] = []
    stretch = _first_stretch(query, after)
    while stretch is not None and len(rows) <= PAGE:
        statement, arguments = _ask(query, stretch, after, PAGE + 1 - len(rows))
        found = await pool.fetch(statement, *arguments)
        rows += [WorkRow(**dict(row)) for row in found]
        stretch = _stretch_before(query, stretch, len(found), PAGE + 1 - len(rows))
    if len(rows) > PAGE:
        return WorkPage(rows[:PAGE], RowKey(rows[PAGE - 1].at, rows[PAGE - 1].number))
    return WorkPage(rows, None)


_ENDS = frozenset({WorkNumber.DONE, WorkNumber.PUNCTUAL, WorkNumber.RATED})

_OF_AGENCY = {
    WorkNumber.RECEIVED: "true",
    WorkNumber.FOLLOWED_UP: "s.follow_up_days is not null",
    WorkNumber.OWES: "false",
    WorkNumber.DONE: "true",
    WorkNumber.PUNCTUAL: "not s.ever_late",
    WorkNumber.RATED: "s.rating is not null",
    WorkNumber.LATE: "s.overdue",
}
_OF_OPD = {
    WorkNumber.RECEIVED: "true",
    WorkNumber.FOLLOWED_UP: "o.follow_up_days is not null",
    WorkNumber.OWES: "o.owes",
    WorkNumber.DONE: "o.final_days is not null",
    WorkNumber.PUNCTUAL: "o.final_days is not null and not o.late",
    WorkNumber.RATED: "false",
    WorkNumber.LATE: "o.overdue",
}
"""When a span, or an OPD's standing in it, counts."""

_AT_DAY = "s.from_at < $2 and (s.to_at is null or s.to_at >= $2)"
_NOW = "s.to_at is null and $2::timestamptz is null"


class _Stretch(NamedTuple):
    """Days that one statement looks at, both included."""

    first: date
    last: date


def _first_stretch(query: WorkQuery, after: RowKey | None) -> _Stretch | None:
    """Return all days or, where an OPD's reports are looked for by days, the latest of them; None if there is none."""
    if not _is_by_days(query):
        return _Stretch(query.first, query.last)
    last = query.last if after is None else min(query.last, local_day(after.at))
    return _Stretch(last, last) if last >= query.first else None


def _stretch_before(query: WorkQuery, looked_at: _Stretch, found: int, lacking: int) -> _Stretch | None:
    """Return the days to be looked at next, by how many rows the last ones held; None if there are no more."""
    if looked_at.first <= query.first:
        return None
    days = (looked_at.last - looked_at.first).days + 1
    enough = math.ceil(_MARGIN * days * lacking / found) if found else days * _LONGER
    last = looked_at.first - timedelta(days=1)
    return _Stretch(max(last - timedelta(days=min(enough, days * _LONGER) - 1), query.first), last)


def _ask(query: WorkQuery, stretch: _Stretch, after: RowKey | None, most: int) -> tuple[str, list[object]]:
    at = _ordered_by(query)
    conditions = [
        "s.instansi = $1 and s.status not in ('diarsipkan', 'bukan_wewenang', 'digabung')",
        _NOW if query.day is None else _AT_DAY,
        f"{at} >= $3 and {at} < $4",
        f"({at}, s.tracking_id) < ($5, $6::text)" if after else "$5::timestamptz is null and $6::text is null",
        _OF_AGENCY[query.number] if query.opd is None else _OF_OPD[query.number],
    ]
    days = "o.final_days" if query.opd is not None else "s.completion_days"
    followed = "o.follow_up_days" if query.opd is not None else "s.follow_up_days"
    statement = f"""
        select s.tracking_id::text as number, {at} as at, s.status::text as status, s.received_at, s.closed_at, s.opds,
            s.overdue, s.ever_late, {followed} as follow_up_days, {days} as final_days, s.rating, c.ever_level
        from {_source(query)} where {" and ".join(conditions)}
        order by {at} desc, s.tracking_id desc limit $7
    """  # noqa: S608 - own words
    arguments: list[object] = [
        query.instansi,
        None if query.day is None else end_of(query.day),
        at_local(stretch.first, 0),
        end_of(stretch.last),
        *(after or (None, None)),
        most,
    ]
    if query.opd is None:
        return statement, arguments
    return statement, [*arguments, plain(query.opd), *(stretch if _is_by_days(query) else ())]


def _ordered_by(query: WorkQuery) -> str:
    """Return the instant by which rows are ordered; of a whole agency as the index has it in which they are read."""
    if query.opd is not None:
        return "s.received_at"
    return "s.closed_at" if query.number in _ENDS else "c.received_at"


def _is_by_days(query: WorkQuery) -> bool:
    """Tell whether the reports are many, and only found by the days on which they were received."""
    return not (query.opd is None or query.number is WorkNumber.LATE or _is_owed_now(query))


def _is_owed_now(query: WorkQuery) -> bool:
    return query.opd is not None and query.number is WorkNumber.OWES and query.day is None


def _source(query: WorkQuery) -> str:
    """Return the tables, in the order in which they are to be read."""
    standing = "" if query.opd is None else " join lateral unnest(s.standings) as o on o.code = $8"
    if query.number is WorkNumber.LATE or (query.opd is None and query.number in _ENDS):
        some = "s.overdue" if query.number is WorkNumber.LATE else "s.closed_at is not null"
        return f"complaint c join status_span s on s.tracking_id = c.tracking_id and {some}{standing}"
    reports = "complaint c"
    if _is_owed_now(query):
        reports = (
            "complaint_opd l join complaint c on c.tracking_id = l.tracking_id and l.code = $8 and l.state = 'owes'"
        )
    elif query.opd is not None:
        reports = "received_for($1, $8, $9, $10) as n join complaint c on c.tracking_id = n"
    return f"{reports} join status_span s on s.tracking_id = c.tracking_id{standing}"
