"""Which public reports a figure counts, by local day of receipt, the latest first.

Those of a whole agency are read in the order of an index. Those of one OPD, main category or area are looked for among
the first of them; where these do not fill a page they are few among many, and found by keys (schema.sql, figure_keys),
a few months of receipt at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import asyncpg

from kawal.domain.calendar import end_of
from kawal.domain.public_figures import STATUSES, Figure, Period
from kawal.store.text_queries import plain


class FigureQuery(NamedTuple):
    """A figure of an agency: by months of receipt, of one OPD, main category or area ('' for none) where given.

    `day` is the local day as of whose end statuses count; None: now.
    """

    figure: Figure
    instansi: str
    period: Period
    day: date | None = None
    opd: str | None = None
    category: str | None = None
    area: str | None = None

    @property
    def lines(self) -> dict[str, str]:
        """The lines of the figures that it is restricted to: each axis with its value, as a database takes it."""
        given = {"opd": self.opd, "category": self.category, "area": self.area}
        return {axis: plain(value) for axis, value in given.items() if value is not None}

    @property
    def until(self) -> date:
        """The first day of receipt after it."""
        return self.period.until if self.day is None else min(self.period.until, self.day + timedelta(days=1))

    @property
    def at(self) -> datetime | None:
        """The instant as of which statuses count; None: now."""
        return None if self.day is None else end_of(self.day)


class FigureKey(NamedTuple):
    """Where a page of the reports behind a figure ended: local day of receipt and number of its last row."""

    day: date
    number: str


WALKED = 1_000
"""The number of newest reports that are looked through for those wanted before an index is asked for them: what is
frequent is found at once, and what is not has few matches."""

_ORDER = "order by recap_day(received_at) desc, tracking_id desc"
_ASKED = "select tracking_id::text as number, recap_day(received_at) as day"
_OF_LINE = {
    "opd": "case ${n} when '' then opds = '{{}}' else ${n} = any (opds) end",
    "category": "coalesce(split_part(category, ' / ', 1), '') = ${n}",
    "area": "coalesce(area, '') = ${n}",
}
"""The condition of a line, its value being argument n."""


async def counted_reports(
    pool: asyncpg.Pool, query: FigureQuery, after: FigureKey | None, *, most: int
) -> list[FigureKey]:
    """Return the first `most` public reports that the figure counts, or those that follow `after`."""
    arguments = [query.instansi, query.period.first, query.until, query.at, *(after or (None, None)), most]
    shape = _Shape(tuple(query.lines), past=query.day is not None, after=after is not None)
    if not query.lines:
        return _keys(await pool.fetch(_in_order(query.figure, shape), *arguments))
    rows = await pool.fetch(_looked_through(query.figure, shape), *arguments, *query.lines.values())
    if rows[0]["walked"] < WALKED or len(rows) == most:
        return _keys(row for row in rows if row["number"] is not None)
    statement = _by_key(shape)
    found: list[FigureKey] = []
    for months in _stretches(query, after):
        arguments[-1] = most - len(found)
        found += _keys(
            await pool.fetch(statement, *arguments, *query.lines.values(), list(STATUSES[query.figure]), months)
        )
        if len(found) == most:
            break
    return found


class _Shape(NamedTuple):
    """What tells one statement from another: the axes of the lines, a past day or now, a later page or the first."""

    axes: tuple[str, ...]
    past: bool
    after: bool

    def of_line(self) -> str:
        """Return the condition of the lines, their values being $8 and following."""
        return " and ".join(_OF_LINE[axis].format(n=n) for n, axis in enumerate(self.axes, 8))

    def conditions(self) -> str:
        """Return what else holds of a span that counts; $1 to $6 are `arguments` of counted_reports."""
        return " and ".join(
            (
                "instansi = $1 and publicity = 'public'",
                "recap_day(received_at) >= $2 and recap_day(received_at) < $3",
                "from_at < $4 and (to_at is null or to_at >= $4)"
                if self.past
                else "to_at is null and $4::timestamptz is null",
                "(recap_day(received_at), tracking_id) < ($5, $6::text)"
                if self.after
                else "$5::date is null and $6::text is null",
            )
        )


def _keys(rows: Iterable[asyncpg.Record]) -> list[FigureKey]:
    return [FigureKey(row["day"], row["number"]) for row in rows]


def _in_order(figure: Figure, shape: _Shape) -> str:
    return f"{_ASKED} from ({_newest(figure, shape, 'tracking_id, received_at', '$7')}) as found {_ORDER}"


def _looked_through(figure: Figure, shape: _Shape) -> str:
    """Return a statement of the newest that are on the lines, each beside how many were looked at.

    There is a row without number where none is.
    """
    newest = _newest(figure, shape, "tracking_id, received_at, opds, category, area", str(WALKED))
    return f"""
        with newest as materialized ({newest})
        select walked, number, day from (select count(*) as walked from newest) as n left join (
            {_ASKED} from newest where {shape.of_line()} {_ORDER} limit $7) as found on true
        order by day desc, number desc
    """  # noqa: S608 - own words


def _newest(figure: Figure, shape: _Shape, columns: str, most: str) -> str:
    """Return a statement that reads each status by itself, so that its index gives the order."""
    parts = " union all ".join(
        f"(select {columns} from status_span where status = '{status}' and {shape.conditions()} {_ORDER} limit {most})"  # noqa: S608 - own words
        for status in STATUSES[figure]
    )
    return f"select * from ({parts}) as each_status {_ORDER} limit {most}"  # noqa: S608 - own words


def _by_key(shape: _Shape) -> str:
    """Return a statement that finds the spans by the key of their first line, months and statuses (the last arguments).

    By nothing else: for any other condition the planner would take an index that leads through every span.
    """
    statuses = 8 + len(shape.axes)
    return f"""
        with keyed as materialized (
            select * from status_span
            where publicity = 'public' and figure_keys(instansi, status, received_at, opds, category, area) && array(
                select figure_key($1, '{shape.axes[0]}', $8, status, month)
                from unnest(${statuses}::text[]) as status, unnest(${statuses + 1}::date[]) as month)),
        found as (
            select tracking_id, received_at from keyed
            where status = any (${statuses}) and {shape.of_line()} and {shape.conditions()})
        {_ASKED} from found {_ORDER} limit $7
    """  # noqa: S608 - own words


def _stretches(query: FigureQuery, after: FigureKey | None) -> Iterator[list[date]]:
    """Yield the months in which to look, the latest first: one, two more, the others."""
    last = query.until - timedelta(days=1)
    latest = last if after is None else min(last, after.day)  # an address may begin at any day
    months = [latest.replace(day=1)]
    while months[-1] > query.period.first:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    yield from (some for some in (months[:1], months[1:3], months[3:]) if some)
