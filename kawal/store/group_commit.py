"""Group commit for the inbox: rows that arrive at the same time share one statement and one flush.

A row waits only for the statement in progress. On an idle system it is written alone; under load, each statement takes
the rows that arrived meanwhile. If one row of several is refused, each is tried separately, so that no other row fails
because of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

MOST = 200
"""Rows per statement."""

_INSERT = """
with r as materialized (
    select * from unnest(
        $1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::uuid[], $8::bytea[],
        $9::timestamptz[], $10::interval[], $11::bytea[], $12::text[]
    ) as r (tracking_id, instansi, channel, external_mac, idempotency_mac, digest_mac, data_key_id, body, received_at,
        held, wrapped_key, master_key_id)
), keys as (
    insert into data_key (data_key_id, owner, wrapped_key, master_key_id)
    select data_key_id, 'complaint-' || tracking_id, wrapped_key, master_key_id from r
)
insert into inbox (
    tracking_id, instansi, channel, external_mac, idempotency_mac, digest_mac, data_key_id, body, received_at,
    next_try_at)
select tracking_id, instansi, channel, external_mac, idempotency_mac, digest_mac, data_key_id, body, received_at,
    now() + held
from r
returning id, tracking_id::text as tracking_id
"""


class InboxRow(NamedTuple):
    """A report with its key, in stored form."""

    tracking_id: str
    instansi: str
    channel: str
    external_mac: bytes | None
    idempotency_mac: bytes | None
    digest_mac: bytes
    data_key_id: UUID
    body: bytes
    received_at: datetime
    held: timedelta
    wrapped_key: bytes
    master_key_id: str


async def insert_rows(source: asyncpg.Pool | asyncpg.Connection, rows: Sequence[InboxRow]) -> dict[str, int]:
    """Insert reports with their keys in one statement; return their rows' numbers by tracking id."""
    inserted = await source.fetch(_INSERT, *map(list, zip(*rows, strict=True)))
    return {row["tracking_id"]: row["id"] for row in inserted}


class _PendingRow(NamedTuple):
    row: InboxRow
    done: asyncio.Future[int]


class GroupCommit:
    """A writer of inbox rows with their keys, which commits rows together that arrive together."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`, with one statement at a time."""
        self._pool = pool
        self._pending: list[_PendingRow] = []
        self._flushing: asyncio.Task[None] | None = None

    async def insert(self, row: InboxRow) -> int:
        """Commit a row with its key and return its number; raises asyncpg's errors as a statement of its own would."""
        loop = asyncio.get_running_loop()
        waiting = _PendingRow(row, loop.create_future())
        self._pending.append(waiting)
        if self._flushing is None or self._flushing.done():
            self._flushing = loop.create_task(self._flush())
        return await waiting.done

    async def _flush(self) -> None:
        while self._pending:
            taken, self._pending = self._pending[:MOST], self._pending[MOST:]
            try:
                await self._commit(taken)
            except BaseException as error:
                for one in taken:
                    if not one.done.done():
                        one.done.set_exception(error)
                if not isinstance(error, Exception):
                    raise

    async def _commit(self, taken: list[_PendingRow]) -> None:
        try:
            numbers = await insert_rows(self._pool, [one.row for one in taken])
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError):
            if len(taken) == 1:
                raise
            # Concurrently: a row that shares a key with another still finds the first one's row.
            await asyncio.gather(*(self._commit_alone(one) for one in taken))
            return
        for one in taken:
            if not one.done.done():
                one.done.set_result(numbers[one.row.tracking_id])

    async def _commit_alone(self, one: _PendingRow) -> None:
        try:
            await self._commit([one])
        except Exception as error:
            if not one.done.done():
                one.done.set_exception(error)
