"""Deciding about an item of the tray: one at a time, in a transaction that holds the item until it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import encrypt
from kawal.store.changes import tell_of_many
from kawal.store.data_keys import DataKeyStore
from kawal.store.tray import LINE, TrayLine, grounds_aad, line_of


class TrayDecision:
    """An item that nobody else can decide meanwhile; what is done to it takes effect when its block ends."""

    def __init__(self, conn: asyncpg.Connection, keys: DataKeyStore, line: TrayLine) -> None:
        """Decide about the locked item of `line` within the transaction of `conn`."""
        self._conn = conn
        self._keys = keys
        self.line = line

    async def give(self, tracking_id: str, by: str, at: datetime, *, stays: bool) -> None:
        """Note that it was given to a report; with `stays` it goes on waiting for the other reports that it names."""
        await self._conn.execute(
            "insert into tray_item_report (item, tracking_id, given_at) values ($1, $2, $3)"
            " on conflict (item, tracking_id) do update set given_at = $3",
            self.line.item,
            tracking_id,
            at,
        )
        if stays:
            await self._conn.execute("update tray_item set tracking_id = $2 where id = $1", self.line.item, tracking_id)
        else:
            await self._decide("given", by, at, tracking_id)

    async def start(self, tracking_id: str, by: str, at: datetime) -> None:
        """Note that it became a report."""
        await self._decide("started", by, at, tracking_id)

    async def dismiss(self, by: str, at: datetime, grounds: str) -> None:
        """Note that it was dismissed, and why; the letter stays for a while."""
        key = await self._keys.key_for(SYSTEM)
        sealed = encrypt(key, grounds.encode(), grounds_aad(self.line.item))
        await self._decide("dismissed", by, at, self.line.tracking_id)
        await self._conn.execute("update tray_item set grounds = $2 where id = $1", self.line.item, sealed)

    async def undo(self) -> None:
        """Make it wait again; what it is late for stays as it was."""
        await self._conn.execute(
            "update tray_item set state = 'waiting', decided_at = null, decided_by = null, grounds = null"
            " where id = $1",
            self.line.item,
        )

    async def pass_to(self, instansi: str) -> None:
        """Lay it into another agency's tray; its time goes on from the receipt, and that agency's offices are told."""
        await self._conn.execute(
            "update tray_item set instansi = $2, reminded_at = null, escalated_at = null, retry_at = null"
            " where id = $1",
            self.line.item,
            instansi,
        )
        await tell_of_many(self._conn, instansi)

    async def _decide(self, state: str, by: str, at: datetime, tracking_id: str | None) -> None:
        await self._conn.execute(
            "update tray_item set state = $2, decided_by = $3, decided_at = $4, tracking_id = $5 where id = $1",
            self.line.item,
            state,
            by,
            at,
            tracking_id,
        )


@asynccontextmanager
async def deciding(pool: asyncpg.Pool, keys: DataKeyStore, item: int) -> AsyncIterator[TrayDecision | None]:
    """Hold an item while the block decides about it; None if there is none of that number.

    Who comes second waits, and sees what was decided. What the block raises leaves the item as it was. What it did is
    told to whoever has the agency's tray open.
    """
    async with pool.acquire() as conn, conn.transaction():
        row = await conn.fetchrow(f"{LINE} where t.id = $1 for update of t", item)
        yield None if row is None else TrayDecision(conn, keys, line_of(row))
        if row is not None:
            await tell_of_many(conn, row["instansi"])
