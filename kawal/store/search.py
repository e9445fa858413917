"""Search in the record of all complaints: events, and the entries of the access log, by person, OPD, time and kind.

Process record only: what people wrote is encrypted, and nothing here decrypts it. The newest comes first, and memory
does not grow with the number of results.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
from pydantic import BaseModel, Field

from kawal.domain.calendar import at_local
from kawal.domain.messages import Actor
from kawal.domain.names import EventKind, Role, Status
from kawal.store.scoped import ScopedPool

_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
"""Nothing is recorded outside these days."""


class SearchQuery(BaseModel):
    """The search criteria; None or empty ones do not restrict the search. Times are UTC."""

    instansi: str | None = None
    accounts: list[str] | None = None
    """Any of these; an empty list finds nothing."""
    opd: str | None = None
    """Whose officials acted, or which the event is about."""
    kinds: list[str] = Field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    before: int | None = None
    """Only what is before this position (of events) or number (of entries): where the last page ended."""


def within(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Return the beginning of a local day and the end of another, as `since` and `until`; None is open."""

    def begin(day: date) -> datetime:
        return at_local(min(max(day, _FIRST), _LAST), 0)

    since = None if first is None else begin(first)
    return since, None if last is None else begin(min(last, _LAST) + timedelta(days=1))


class FoundEvent(BaseModel):
    """An event of a complaint."""

    position: int
    """Its place in the order of recording, over all complaints."""
    tracking_id: str
    seq: int
    at: datetime
    recorded_at: datetime
    kind: EventKind
    role: Role
    account: str
    opd: str | None
    status: Status
    facts: dict[str, Any]
    """Without the full text of the rules."""


class FoundEntry(BaseModel):
    """An entry of the access log; `tracking_id` is None if it is not about a single complaint."""

    n: int
    at: datetime
    kind: str
    role: Role
    account: str
    opd: str | None
    tracking_id: str | None
    facts: dict[str, Any]


class Search:
    """A search in the record, for an official.

    What matches is asked as the application: under row-level security whose OPD an event is about could not be looked
    up in an index. What is shown of it is read in the official's scope.
    """

    def __init__(self, pool: asyncpg.Pool, actor: Actor) -> None:
        """Read through `pool`, as this official."""
        self._pool = pool
        self._seen = ScopedPool(pool, actor)

    async def events(self, wanted: SearchQuery, most: int) -> AsyncIterator[FoundEvent]:
        """Yield the matching events, up to a maximum."""
        async for row in self._rows(_EVENTS, "event e", _EVENT_CONDITIONS, wanted, "position", most):
            yield FoundEvent(**dict(row))

    async def entries(self, wanted: SearchQuery, most: int) -> AsyncIterator[FoundEntry]:
        """Yield the matching entries of the access log, up to a maximum.

        With an agency: the entries about its complaints, and those by its people that are about no complaint.
        """
        async for row in self._rows(_ENTRIES, "access_log e", _ENTRY_CONDITIONS, wanted, "n", most):
            yield FoundEntry(**dict(row))

    async def _rows(
        self, shown: str, table: str, conditions: dict[str, str], wanted: SearchQuery, key: str, most: int
    ) -> AsyncIterator[Any]:
        while most > 0:
            query, values = _query(f"select e.{key} from {table}", conditions, wanted, key, min(most, _TOGETHER))  # noqa: S608 - own words
            keys = [row[key] for row in await self._pool.fetch(query, *values)]
            by_key = f"{shown} from {table} where e.{key} = any ($1) order by e.{key} desc"
            for row in await self._seen.fetch(by_key, keys):
                yield row
            if len(keys) < _TOGETHER:
                return
            most, wanted = most - len(keys), wanted.model_copy(update={"before": keys[-1]})


_TOGETHER = 500
"""So many are read at once."""


_EVENTS = """
select e.position, e.tracking_id::text as tracking_id, e.seq, e.at, e.recorded_at, e.kind::text as kind,
       e.actor_role::text as role, e.actor_account as account, e.actor_opd as opd, e.status::text as status,
       e.facts - 'rules' as facts
"""
_EVENT_CONDITIONS = {
    "instansi": "(select c.instansi from complaint c where c.tracking_id = e.tracking_id) = {}",
    "accounts": "e.actor_account = any ({}::text[]) and e.actor_role <> 'system'",
    "opd": "(coalesce(e.facts ->> 'opd', e.actor_opd) = {0} or (e.facts ? 'opds' and e.facts -> 'opds' ? {0}))",
    "kinds": "e.kind = any ({}::text[])",
    "since": "e.at >= {}",
    "until": "e.at < {}",
    "before": "e.position < {}",
}

_ENTRIES = """
select e.n, e.at, e.kind, e.actor_role::text as role, e.actor_account as account, e.actor_opd as opd,
       e.tracking_id::text as tracking_id, e.facts
"""
_ENTRY_CONDITIONS = {
    "instansi": "coalesce((select c.instansi from complaint c where c.tracking_id = e.tracking_id),"
    " (select a.instansi from account a where a.id = e.actor_account)) = {}",
    "accounts": "e.actor_account = any ({}::text[])",
    "opd": "e.actor_opd = {}",
    "kinds": "e.kind = any ({}::text[])",
    "since": "e.at >= {}",
    "until": "e.at < {}",
    "before": "e.n < {}",
}


def _query(
    select: str, conditions: dict[str, str], wanted: SearchQuery, order: str, most: int
) -> tuple[str, list[object]]:
    """Return a query with only the given conditions, so that the database can plan with the matching indexes."""
    given = {name: value for name in conditions if (value := getattr(wanted, name)) is not None and (value != [])}
    if wanted.accounts == []:
        given["accounts"] = wanted.accounts
    where = [conditions[name].format(f"${n}") for n, name in enumerate(given, 1)]
    narrowed = f"where {' and '.join(where)}" if where else ""
    return f"{select} {narrowed} order by e.{order} desc limit ${len(given) + 1}", [*given.values(), most]
