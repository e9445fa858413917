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

HELD_FOR = timedelta(seconds=60)
"""How long a report counts as open after its page was last heard of."""

_OPEN = """
    insert into presence (tracking_id, person, account, since, seen_at) values ($1, $2, $3, $4, $4)
    on conflict (tracking_id, person) do update set account = excluded.account, seen_at = excluded.seen_at,
        since = case when presence.seen_at > $5 then presence.since else excluded.since end
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

    async def open(self, tracking_id: str, account: str, at: datetime) -> None:
        """Hold a recorded report open for an official's person from `at` on (UTC), or hold it further."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("delete from presence where seen_at <= $1", at - HELD_FOR)
            await conn.execute(_OPEN, tracking_id, person_of(account), account, at, at - HELD_FOR)

    async def leave(self, tracking_id: str, account: str) -> None:
        """Hold a report open no longer."""
        await self._pool.execute(
            "delete from presence where tracking_id = $1 and person = $2", tracking_id, person_of(account)
        )

    async def others(self, numbers: Sequence[str], account: str, at: datetime) -> dict[str, Presence]:
        """Return which of these reports somebody else has open at `at`, and who has had it for longest."""
        rows = await self._pool.fetch(_OTHERS, list(numbers), person_of(account), at - HELD_FOR)
        found: dict[str, Presence] = {}
        for row in rows:
            found.setdefault(row["tracking_id"], Presence(**dict(row)))
        return found
