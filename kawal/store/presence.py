"""Which official has which report open now: a lease of a minute that the page renews while it is visible.

It is no record and binds nobody: it lets colleagues at one queue not decide the same report twice, and a page say who
else is here. Rows that ran out are deleted by whoever writes next; nothing of it is sealed, exported or kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from kawal.domain.persons import person_of
from kawal.store.changes import tell_of_presence

HELD_FOR = timedelta(seconds=60)
"""How long a report counts as open after its page was last heard of."""

_OPEN = """
    insert into presence (tracking_id, person, account, since, seen_at, page) values ($1, $2, $3, $4, $4, $5)
    on conflict (tracking_id, person) do update set account = excluded.account, seen_at = excluded.seen_at,
        page = excluded.page
    returning since = seen_at as new
"""
_LEAVE = """
    delete from presence where tracking_id = $1 and person = $2 and ($3::text is null or page = $3) returning person
"""
_OTHERS = """
    select tracking_id::text as tracking_id, account, since from presence
    where tracking_id::text = any ($1) and person <> $2 and seen_at > $3 order by tracking_id, since
"""


class Presence(NamedTuple):
    """Somebody who has a report open."""

    tracking_id: str
    account: str
    since: datetime


class Presences:
    """A store of who has what open."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def open(self, tracking_id: str, account: str, at: datetime, page: str | None = None) -> None:
        """Hold a recorded report open for an official's person from `at` on (UTC), or hold it further.

        `page` is the page that shows it, under a name of its own. Whoever watches is told of who comes and of whose
        lease ran out, and not that one goes on.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            ended = await conn.fetch("delete from presence where seen_at <= $1 returning tracking_id", at - HELD_FOR)
            changed = [str(row["tracking_id"]) for row in ended]
            if await conn.fetchval(_OPEN, tracking_id, person_of(account), account, at, page):
                changed.append(tracking_id)
            await tell_of_presence(conn, changed)

    async def leave(self, tracking_id: str, account: str, page: str | None = None) -> None:
        """Hold a report open no longer; with a `page` only if that is the one that was heard of last."""
        async with self._pool.acquire() as conn, conn.transaction():
            left = await conn.fetch(_LEAVE, tracking_id, person_of(account), page)
            await tell_of_presence(conn, [tracking_id] if left else [])

    async def others(self, numbers: Sequence[str], account: str, at: datetime) -> dict[str, Presence]:
        """Return which of these reports somebody else has open at `at`, and who has had it for longest."""
        rows = await self._pool.fetch(_OTHERS, list(numbers), person_of(account), at - HELD_FOR)
        found: dict[str, Presence] = {}
        for row in rows:
            found.setdefault(row["tracking_id"], Presence(**dict(row)))
        return found
