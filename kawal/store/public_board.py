"""The public board: reports that everybody may read, the newest first, searched, filtered, and behind each figure.

What is shown comes from the views `public_report` and `public_status` alone. Which reports to show is found in tables
that follow them (`board_entry`, `status_span.publicity`), and what the view does not show any more is left out here. No
page counts: one row more than a page shows is asked for, to know whether there is a next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Any, Generic, NamedTuple, TypeVar

import asyncpg
from pydantic import BaseModel

from kawal.domain.calendar import local_day
from kawal.domain.names import Status
from kawal.domain.report_numbers import is_number
from kawal.store.counted_reports import WALKED, FigureKey, FigureQuery, counted_reports
from kawal.store.text_queries import all_of, any_of, plain, typed

PAGE = 20
BEGINNING = 200
"""The number of characters of a report's text that its row shows."""

_PAGES_EXPECTED = 3
"""The pages of matches that the stretch of days should hold which the index is asked for first: many more would be
gathered in vain, and with fewer it often has to be asked once more, for all days."""

_SURE = 2
"""As few matches among those walked say nothing of how rare they are: one may be chance. Without any they are so rare
that the index is asked for all days at once."""

_NAMED_DAYS = timedelta(days=20)
"""The longest stretch that is asked for by days, each a word to look up; longer ones are asked for by months."""

_FURTHEST = timedelta(days=730)
"""The longest stretch that is asked for at all: where reports are so few, the index is asked for all days at once."""

_AFTER_EVERY_NUMBER = "9" * 10

_LONGEST = 100
"""The number of characters by which a filter's value is told from others (schema.sql, board_listing)."""

_NUMBER = re.compile(r"\s*#?\s*([0-9]{7,9})\s*")


class BoardQuery(NamedTuple):
    """What is looked for; empty or None does not restrict. `category` is a main category or a leaf, `opd` and
    `area` are codes; of an area's reports are those of the areas within it."""

    words: str = ""
    place: str = ""
    category: str | None = None
    opd: str | None = None
    status: Status | None = None
    instansi: str | None = None
    area: str | None = None


class BoardKey(NamedTuple):
    """Where a page of the board ended: receipt and number of its last row."""

    received_at: datetime
    number: str


class BoardRow(BaseModel):
    """A report on the board. Times are UTC; of an anonim report, the beginning of their local day."""

    number: str
    instansi: str
    status: Status
    title: str | None
    beginning: str
    """Of its text, cut at a word."""
    place: str | None
    category: str | None
    opds: list[str]
    """The names of the OPDs that owe or have finished, in the order in which they got it."""
    anonim: bool
    received_at: datetime
    first_forwarded_at: datetime | None
    first_follow_up_at: datetime | None
    completed_at: datetime | None
    supporters: int


class PublicStatus(BaseModel):
    """A report of which the public knows number, status and date of receipt."""

    number: str
    instansi: str
    status: Status
    received_at: datetime
    anonim: bool


class PublicReport(BoardRow):
    """A report with all its public words; the point of an anonim one is rounded to about a kilometre."""

    body: str | None
    redacted_why: str | None
    """Why words of it were replaced; None if none were."""
    latitude: float | None
    longitude: float | None


Key = TypeVar("Key", BoardKey, FigureKey)


class BoardPage(NamedTuple, Generic[Key]):
    """A page, and where the next one begins; None: there is no more."""

    rows: list[BoardRow]
    after: Key | None


_COLUMNS = """
    p.tracking_id::text as number, p.instansi::text as instansi, p.status::text as status, p.title, p.body, p.place,
    p.latitude, p.longitude, p.category, p.anonim, p.received_at, p.first_forwarded_at, p.first_follow_up_at,
    p.completed_at, p.supporters, p.redacted_why,
    (select coalesce(array_agg(coalesce(o.name, i.name, l.code::text) order by l.place), '{}')
        from complaint_opd l
        left join opd o on o.instansi = l.instansi and o.code = l.code left join instansi i on i.code = l.code
        where l.tracking_id = p.tracking_id and l.state in ('owes', 'final')) as opds
"""
_SHOWN = tuple(name for name in BoardRow.model_fields if name != "beginning")
_REPORTS = f"select {_COLUMNS} from public_report p where p.tracking_id::text = any ($1)"  # noqa: S608 - own words
_STATUS = """
select s.tracking_id::text as number, s.instansi::text as instansi, s.status::text as status, s.received_at, s.anonim
from public_status s where s.tracking_id::text = $1
"""
_ORDER = "order by shown_at desc, tracking_id desc"
_WANTED = "(websearch_to_tsquery('indonesian', $6) && $7::tsquery)"
_READ = """
select numnode(websearch_to_tsquery('indonesian', $1)) as words, tsvector_to_array(to_tsvector('simple', $2)) as place
"""


class _Statements(NamedTuple):
    newest: str
    looked_through: str
    """Those among the newest that match, each beside how many were looked at; a row without number for none."""
    found: str


def _statements(*, instansi: bool, status: bool, after: bool) -> _Statements:
    """Return the statements for a page, with only the given conditions, so that an index gives the order."""
    conditions = [
        "instansi = $1" if instansi else "$1::text is null",
        "status = $5" if status else "$5::text is null",
        "(shown_at, tracking_id) < ($2, $3::text)" if after else "$2::timestamptz is null and $3::text is null",
    ]
    scope = f"from board_entry where {' and '.join(conditions)}"
    asked = "select tracking_id::text as number, shown_at"
    return _Statements(
        newest=f"{asked} {scope} {_ORDER} limit $4",
        looked_through=f"""
            with newest as materialized (select * {scope} {_ORDER} limit {WALKED})
            select walked, since, half, number, shown_at
            from (select count(*) as walked, min(shown_at) as since,
                percentile_disc(0.5) within group (order by shown_at) as half from newest) as n left join (
                {asked}, tracking_id from newest where found_by @@ {_WANTED} {_ORDER} limit $4) as f on true
            {_ORDER}
        """,  # noqa: S608 - own words
        found=f"""
            with found as materialized (select tracking_id, shown_at {scope} and found_by @@ {_WANTED})
            {asked} from found {_ORDER} limit $4
        """,  # noqa: S608 - own words
    )


def _statements_for(wanted: BoardQuery, *, after: bool) -> _Statements:
    return _statements(instansi=wanted.instansi is not None, status=wanted.status is not None, after=after)


class PublicBoard:
    """Reads what the public may see of complaints."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Read through `pool`."""
        self._pool = pool

    async def page(self, wanted: BoardQuery, after: BoardKey | None = None) -> BoardPage[BoardKey]:
        """Return a page of the reports that match everything wanted, those received last first.

        Words are found in any form, in title and text; a number finds that report whatever else is wanted.
        """
        named = _NUMBER.fullmatch(wanted.words)
        if named is not None:
            rows = await self._rows([named[1]])
            return BoardPage([row for row in rows if wanted.instansi in (None, row.instansi)], None)
        keys = await self._found(wanted, after)
        rows = await self._rows([key.number for key in keys[:PAGE]])
        return BoardPage(rows, keys[PAGE - 1] if len(keys) > PAGE else None)

    async def behind(self, query: FigureQuery, after: FigureKey | None = None) -> BoardPage[FigureKey]:
        """Return a page of the public reports that a figure counts, by local day of receipt, the latest first.

        All pages together are exactly the figure's public part (kawal.reports.public_figures).
        """
        keys = await counted_reports(self._pool, query, after, most=PAGE + 1)
        rows = await self._rows([key.number for key in keys[:PAGE]])
        return BoardPage(rows, keys[PAGE - 1] if len(keys) > PAGE else None)

    async def one(self, number: str) -> PublicReport | PublicStatus | None:
        """Return a report by its number: all its public words; or status and date where no more is public; or None."""
        if not is_number(number):
            return None
        for row in await self._pool.fetch(_REPORTS, [number]):
            return PublicReport(**dict(row), beginning=_beginning(row["body"]))
        row = await self._pool.fetchrow(_STATUS, number)
        return None if row is None else PublicStatus(**dict(row))

    async def _rows(self, numbers: Sequence[str]) -> list[BoardRow]:
        """Return the rows of these numbers in their order, without those that the public may not read any more."""
        found = {row["number"]: row for row in await self._pool.fetch(_REPORTS, numbers)}
        return [
            BoardRow(**{name: found[number][name] for name in _SHOWN}, beginning=_beginning(found[number]["body"]))
            for number in numbers
            if number in found
        ]

    async def _found(self, wanted: BoardQuery, after: BoardKey | None) -> list[BoardKey]:
        """Return the keys of a page's reports, and of one more if there is."""
        words, filters = await self._read(wanted)
        if words is None:
            return []
        ask = _statements_for(wanted, after=after is not None)
        agency = wanted.instansi and plain(wanted.instansi)
        position = [agency, *(after or (None, None)), PAGE + 1, wanted.status]
        if not words and not filters:
            return _keys(await self._pool.fetch(ask.newest, *position))
        rows = await self._pool.fetch(ask.looked_through, *position, words, all_of(filters))
        found = _keys(row for row in rows if row["number"] is not None)
        if rows[0]["walked"] < WALKED or len(found) > PAGE:
            return found
        since, half = rows[0]["since"], rows[0]["half"]
        newer = [key for key in found if key.received_at > since]
        older: list[BoardKey] = []
        behind = min([BoardKey(since, _AFTER_EVERY_NUMBER), *([after] if after else [])])
        further = _statements_for(wanted, after=True).found
        for days in _stretches(since, half, len(found), agency):
            left = PAGE + 1 - len(newer)
            if len(older) < left:
                position = [agency, *behind, left, wanted.status]
                asked = " & ".join(filter(None, [all_of(filters), days]))
                older = _keys(await self._pool.fetch(further, *position, words, asked))
        return newer + older

    async def _read(self, wanted: BoardQuery) -> tuple[str | None, list[str]]:
        """Return the words to be found, None where nothing can be, and the filters as words of their own."""
        words, place = typed(wanted.words), typed(wanted.place)
        filters = [
            f"{name} {plain(value)[:_LONGEST]}"
            for name, value in (
                ("leaf" if " / " in (wanted.category or "") else "main", wanted.category),
                ("opd", wanted.opd),
                ("area", wanted.area),
            )
            if value
        ]
        if wanted.words.strip() or wanted.place.strip():
            read = await self._pool.fetchrow(_READ, words, place)
            if (wanted.words.strip() and not read["words"]) or (wanted.place.strip() and not read["place"]):
                return None, filters
            filters += [f"place {word[:_LONGEST]}" for word in read["place"]]
        return words, filters


def _stretches(since: datetime, half: datetime, matches: int, instansi: str | None) -> Iterator[str]:
    """Yield what finds the reports received until `since`: those of as many days as should hold enough, then all.

    How many there are to be expected is judged by the matches among those walked, half of which were received until
    `half`.
    """
    within = "" if instansi is None else f" {instansi}"
    reach = (half - since) * (2 * _PAGES_EXPECTED * PAGE / max(matches, _SURE))
    if matches and reach <= _FURTHEST:
        yield f"({any_of(_named_days(local_day(since - reach), local_day(since), within))})"
    yield "" if instansi is None else all_of([f"instansi{within}"])


def _named_days(first: date, last: date, within: str) -> Iterator[str]:
    """Yield the words of an entry (schema.sql, board_listing) for these days or, of a long stretch, their months."""
    named, day = ("day", first) if last - first <= _NAMED_DAYS else ("month", first.replace(day=1))
    while day <= last:
        yield f"{named}{within} {day}"
        day = day + timedelta(days=1) if named == "day" else (day + timedelta(days=31)).replace(day=1)


def _keys(rows: Iterable[Any]) -> list[BoardKey]:
    return [BoardKey(row["shown_at"], row["number"]) for row in rows]


def _beginning(body: str | None) -> str:
    """Return the first BEGINNING characters of a text, cut at a word where there is one."""
    flat = " ".join((body or "").split())
    if len(flat) <= BEGINNING:
        return flat
    cut = shorten(flat, BEGINNING, placeholder="…")
    return cut if len(cut) > 1 else flat[: BEGINNING - 1] + "…"
