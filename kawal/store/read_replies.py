"""What an official noted as read of what a reporter said: from then on it waits for nobody."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from kawal.store.read_model import places_of, snapshot_from

_NOTE = """
insert into reply_read as r (tracking_id, seq, at, account) values ($1, $2, $3, $4)
on conflict (tracking_id) do update set seq = excluded.seq, at = excluded.at, account = excluded.account
where r.seq < excluded.seq
"""


async def note_read(pool: asyncpg.Pool, tracking_id: str, seq: int, account: str, at: datetime) -> bool:
    """Note that an official read what the reporter said by an event and before; take the complaint out of queues.

    `seq` is what the official saw (`Snapshot.said_seq`): what came later still waits. Returns False where nothing of it
    waited any more. The caller asks who may, and puts it on record.
    """
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("select from complaint where tracking_id = $1 for update", tracking_id)
        row = await snapshot_from(conn, tracking_id)
        if row is None or row.said_seq is None or row.said_seq > seq:
            return False
        noted = await conn.execute(_NOTE, tracking_id, seq, at, account)
        await conn.execute("select follow_queues($1, $2)", tracking_id, places_of(row, seq))
    return bool(noted != "INSERT 0 0")
