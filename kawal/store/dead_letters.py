"""Accepted reports that cannot be started: an agency's list of them, and what of it was set aside."""

from __future__ import annotations

import asyncpg

from kawal.store.inbox import InboxLine


class DeadLetters:
    """A store of what the relay has given up; it is tried again through the inbox."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def of(self, instansi: str, limit: int = 1000) -> list[InboxLine]:
        """Return an agency's dead letters, also those that were set aside, the latest first."""
        rows = await self._pool.fetch(
            "select id as inbox_id, tracking_id, instansi, channel, status, received_at, attempts, next_try_at,"
            " last_error from inbox where instansi = $1 and status in ('dead', 'set_aside') order by id desc limit $2",
            instansi,
            limit,
        )
        return [InboxLine(**dict(row)) for row in rows]

    async def count(self, instansi: str, most: int) -> int:
        """Return how many of an agency's dead letters wait for a person, at most `most`."""
        found: int = await self._pool.fetchval(
            "select count(*) from (select from inbox where instansi = $1 and status = 'dead' limit $2) as few",
            instansi,
            most,
        )
        return found

    async def is_one(self, tracking_id: str) -> bool:
        """Return whether a report was given up, set aside or not."""
        found: bool = await self._pool.fetchval(
            "select exists (select from inbox where tracking_id = $1 and status in ('dead', 'set_aside'))", tracking_id
        )
        return found

    async def set_aside(self, tracking_id: str) -> bool:
        """Take a dead letter out of the lists; return False if the report is none, or was set aside before."""
        done = await self._pool.execute(
            "update inbox set status = 'set_aside' where tracking_id = $1 and status = 'dead'", tracking_id
        )
        return bool(done == "UPDATE 1")
