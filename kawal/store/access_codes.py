"""How often a report's access code was changed: what the present code and cookies are derived from."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from kawal.domain.access import AccessKind
from kawal.domain.messages import Actor
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore

_CHANGE = """
    insert into access_code as a (tracking_id, generation, changed_at)
    select tracking_id, 1, $2 from inbox where tracking_id::text = $1
    on conflict (tracking_id) do update set generation = a.generation + 1, changed_at = excluded.changed_at
    returning generation
"""


class AccessCodes:
    """A store of generations: a report's first access code is of generation 0, and each change makes the next one."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; changes go on record in the access log, with the keys of `keys`."""
        self._pool = pool
        self._access_log = AccessLog(pool, keys)

    async def generation(self, tracking_id: str) -> int:
        """Return the generation of a report's present code; that of a report that does not exist is 0, too."""
        found: int | None = await self._pool.fetchval(
            "select generation from access_code where tracking_id::text = $1", tracking_id
        )
        return found or 0

    async def change(self, tracking_id: str, actor: Actor, at: datetime) -> int | None:
        """End a report's present code, on record; return the new one's generation, None for an unknown report."""
        async with self._pool.acquire() as conn, conn.transaction():
            generation: int | None = await conn.fetchval(_CHANGE, tracking_id, at)
            if generation is not None:
                told = {"what": "code_changed"}
                await self._access_log.append_lasting(
                    conn, AccessKind.ADMINISTERED, actor, at, tracking_id=tracking_id, facts=told
                )
            return generation
