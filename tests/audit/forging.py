"""What an administrator with every right in the database, and with our code, can do to a record."""

from __future__ import annotations

import asyncpg

from kawal.proof.chain import EVENT_FIELDS, GENESIS, event_hash
from tests.database_owner import as_owner


async def recomputed(pool: asyncpg.Pool, chain: str, seq: int) -> None:
    """Change the actor of one event, and then recompute the whole chain so that it is consistent."""
    async with as_owner(pool) as conn:
        await conn.execute("alter table event disable trigger all")
        prev = GENESIS
        await conn.execute("update event set actor_opd = 'DISHUB' where workflow_id = $1 and seq = $2", chain, seq)
        for row in await conn.fetch("select * from event where workflow_id = $1 order by seq", chain):
            hash_ = event_hash(prev, [row[field] for field in EVENT_FIELDS])
            await conn.execute(
                "update event set prev_hash = $3, hash = $4 where workflow_id = $1 and seq = $2",
                chain,
                row["seq"],
                prev,
                hash_,
            )
            prev = hash_
