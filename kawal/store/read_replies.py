"""What a reporter said that an official noted as read: it then waits for nobody, unless more is said.

An act beside the process; the complaint hears nothing of it, and stands in its queues as if nothing had been said.
"""

from __future__ import annotations

from datetime import datetime

import asyncpg

from kawal.domain.messages import Actor
from kawal.store.data_keys import DataKeyStore
from kawal.store.ledger import snapshot_from
from kawal.store.read_model import places_json
from kawal.store.side_acts import SideActKind, SideActs

_HELD = "select from complaint where tracking_id = $1 for update"
_READ = """
    insert into reply_read (tracking_id, seq, at, account) values ($1, $2, $3, $4)
    on conflict (tracking_id) do update set seq = excluded.seq, at = excluded.at, account = excluded.account
    where reply_read.seq < excluded.seq returning seq
"""


class ReadReplies:
    """A store of what was noted as read."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._acts = SideActs(pool, keys)

    async def note(self, tracking_id: str, seq: int, actor: Actor, at: datetime) -> bool:
        """Note as read what waits and was said by event `seq`; return False if it is not that which waits.

        Raises KeyDestroyed for an erased complaint.
        """
        key = await self._acts.key_of(tracking_id)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_HELD, tracking_id)
            row = await snapshot_from(conn, tracking_id)
            if row is None or row.said_seq != seq:
                return False
            if await conn.fetchval(_READ, tracking_id, seq, at, actor.account) is None:
                return False
            # Places come twice; the second ones are those of a complaint of which nothing said waits.
            await conn.execute("select follow_queues($1, $2)", tracking_id, places_json(row)[1])
            facts = {"what": "reply", "event": seq}
            await self._acts.append(conn, key, SideActKind.REPLY_READ, tracking_id, at, actor, facts, {})
        return True
