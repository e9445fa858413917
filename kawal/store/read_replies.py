"""What an official noted as read of what a reporter said: from then on it waits for nobody, unless more is said.

An act beside the process; the complaint hears nothing of it, and stands in its queues as if nothing had been said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg

from kawal.domain.messages import Actor
from kawal.store.data_keys import DataKeyStore
from kawal.store.read_model import places_of, snapshot_from
from kawal.store.side_acts import SideActKind, SideActs

_NOTE = """
insert into reply_read as r (tracking_id, seq, at, account) values ($1, $2, $3, $4)
on conflict (tracking_id) do update set seq = excluded.seq, at = excluded.at, account = excluded.account
where r.seq < excluded.seq
"""


class ReadReplies:
    """A store of what was noted as read, each on record as an act beside the process."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._acts = SideActs(pool, keys)

    async def note(self, tracking_id: str, seq: int, actor: Actor, at: datetime) -> bool:
        """Note as read what the reporter said by event `seq` and before; return False where nothing of it waited.

        Raises KeyDestroyed for an erased complaint.
        """
        key = await self._acts.key_of(tracking_id)
        facts = {"what": "reply", "event": seq}
        async with self._pool.acquire() as conn, conn.transaction():
            noted = await note_read(conn, tracking_id, seq, actor.account, at)
            if noted:
                await self._acts.append(conn, key, SideActKind.REPLY_READ, tracking_id, at, actor, facts, {})
        return noted


async def note_read(source: Any, tracking_id: str, seq: int, account: str, at: datetime) -> bool:
    """Note that an official read what the reporter said by an event and before; take the complaint out of queues.

    `seq` is what the official saw (`Snapshot.said_seq`): what came later still waits. Returns False where nothing of it
    waited any more. `source` is a connection within the caller's transaction, who asks who may and puts it on record.
    """
    await source.execute("select from complaint where tracking_id = $1 for update", tracking_id)
    row = await snapshot_from(source, tracking_id)
    if row is None or row.said_seq is None or row.said_seq > seq:
        return False
    noted = await source.execute(_NOTE, tracking_id, seq, at, account)
    await source.execute("select follow_queues($1, $2)", tracking_id, places_of(row, seq))
    return str(noted) != "INSERT 0 0"
