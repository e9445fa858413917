"""Which public reports a figure counts, by local day of receipt, the latest first.

Those of a whole agency are read in the order of an index. Those of one OPD, main category or area may be few among
many: they are found by keys (schema.sql, figure_keys), a few months of receipt at a time, so that what is frequent is
not gathered whole.
"""

from __future__ import annotations

from collections.abc import Iterator
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


_ORDER = "order by recap_day(received_at) desc, tracking_id desc limit $7"
_FOUND = f"select tracking_id::text as number, recap_day(received_at) as day from found {_ORDER}"  # noqa: S608 - own words
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
    arguments = [query.instansi, query.period.first, query.until, query.at, *(after or (None, None))]
    if not query.lines:
        statement = _in_order(query.figure, past=query.day is not None, after=after is not None)
        return _keys(await pool.fetch(statement, *arguments, most))
    statement = _by_key(tuple(query.lines), past=query.day is not None, after=after is not None)
    found: list[FigureKey] = []
    for months in _stretches(query, after):
        left = most - len(found)
        rows = await pool.fetch(
            statement, *arguments, left, list(STATUSES[query.figure]), months, *query.lines.values()
        )
        found += _keys(rows)
        if len(found) == most:
            break
    return found


def _keys(rows: list[asyncpg.Record]) -> list[FigureKey]:
    return [FigureKey(row["day"], row["number"]) for row in rows]


def _conditions(*, past: bool, after: bool) -> str:
    """Return what holds of a span that counts; $1 to $6 are `arguments` of counted_reports."""
    return " and ".join(
        (
            "instansi = $1 and publicity = 'public'",
            "recap_day(received_at) >= $2 and recap_day(received_at) < $3",
            "from_at < $4 and (to_at is null or to_at >= $4)" if past else "to_at is null and $4::timestamptz is null",
            "(recap_day(received_at), tracking_id) < ($5, $6::text)"
            if after
            else "$5::date is null and $6::text is null",
        )
    )


def _in_order(figure: Figure, *, past: bool, after: bool) -> str:
    """Return a statement that reads each status by itself, so that its index gives the order."""
    conditions = _conditions(past=past, after=after)
    parts = [
        f"(select tracking_id, received_at from status_span where status = '{status}' and {conditions} {_ORDER})"  # noqa: S608 - own words
        for status in STATUSES[figure]
    ]
    return f"with found as ({' union all '.join(parts)}) {_FOUND}"


def _by_key(axes: tuple[str, ...], *, past: bool, after: bool) -> str:
    """Return a statement that finds the spans by the key of their first line, months ($9) and statuses ($8).

    By nothing else: for any other condition the planner would take an index that leads through every span.
    """
    lines = " and ".join(_OF_LINE[axis].format(n=n) for n, axis in enumerate(axes, 10))
    return f"""
        with keyed as materialized (
            select * from status_span
            where publicity = 'public' and figure_keys(instansi, status, received_at, opds, category, area) && array(
                select figure_key($1, '{axes[0]}', $10, status, month)
                from unnest($8::text[]) as status, unnest($9::date[]) as month)),
        found as (
            select tracking_id, received_at from keyed
            where status = any ($8) and {lines} and {_conditions(past=past, after=after)})
        {_FOUND}
    """  # noqa: S608 - own words


def _stretches(query: FigureQuery, after: FigureKey | None) -> Iterator[list[date]]:
    """Yield the months in which to look, the latest first: one, two more, the others."""
    latest = query.until - timedelta(days=1) if after is None else after.day
    months = [latest.replace(day=1)]
    while months[-1] > query.period.first:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    yield from (some for some in (months[:1], months[1:3], months[3:]) if some)
