"""Recorded rotations of the master key: each beginning and end once, however often the command is run."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import asyncpg

from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore


class Rotation(NamedTuple):
    """A rotation that has begun; `to_key` is the id of the master key that is to wrap everything."""

    id: int
    to_key: str
    began_at: datetime


class MasterKeyUse(NamedTuple):
    """How many data keys a master key wraps."""

    master_key_id: str
    keys: int


class MasterRotations:
    """A store of rotations of the master key, with an entry in the access log for each beginning and end."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; entries are encrypted with `keys`."""
        self._pool = pool
        self._log = AccessLog(pool, keys)

    async def open(self) -> Rotation | None:
        """Return the rotation in progress; None if there is none."""
        row = await self._pool.fetchrow("select id, to_key, began_at from master_rotation where ended_at is null")
        return None if row is None else Rotation(*row)

    async def begin(self, to_key: str, by: Actor, at: datetime) -> Rotation:
        """Record that one begins; raises asyncpg's UniqueViolationError while another is in progress."""
        async with self._pool.acquire() as conn, conn.transaction():
            number = await conn.fetchval(
                "insert into master_rotation (to_key, began_at) values ($1, $2) returning id", to_key, at
            )
            facts = {"act": "master_begun", "rotation": number, "master_key": to_key}
            await self._log.append_lasting(conn, AccessKind.KEY_ROTATED, by, at, facts=facts)
        return Rotation(number, to_key, at)

    async def end(self, rotation: Rotation, by: Actor, at: datetime) -> None:
        """Record that it has ended: nothing is wrapped by another master key; repeating it changes nothing."""
        async with self._pool.acquire() as conn, conn.transaction():
            ended = await conn.fetchval(
                "update master_rotation set ended_at = greatest($2, began_at) where id = $1 and ended_at is null"
                " returning id",
                rotation.id,
                at,
            )
            if ended is not None:
                facts = {"act": "master_done", "rotation": rotation.id, "master_key": rotation.to_key}
                await self._log.append_lasting(conn, AccessKind.KEY_ROTATED, by, at, facts=facts)

    async def use(self) -> list[MasterKeyUse]:
        """Return which master keys wrap how many data keys."""
        rows = await self._pool.fetch(
            "select master_key_id, count(*) from data_key where wrapped_key is not null group by 1 order by 1"
        )
        return [MasterKeyUse(*row) for row in rows]
