"""What happens to items of the tray that wait: who is to be told of them, and which letters are kept long enough.

Each is held in a transaction while it is told, and noted as told when the letter is sent: a crash in between leaves it
due, so that nothing is forgotten and at worst told twice. Several rounds at once do not meet in an item.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import asyncpg
import structlog

from kawal.crypto.encryption import NotAuthentic
from kawal.domain.calendar import local_day
from kawal.domain.tray import KEPT
from kawal.store.automatic_letters import AutomaticLetters
from kawal.store.data_keys import DataKeyStore
from kawal.store.tray import EMPTY, LINE, Tray, TrayLine, line_of

MOST_AT_ONCE = 100
"""The most items of which one letter tells."""

log = structlog.get_logger()


class TrayOffice(StrEnum):
    """An office that is told of items that wait; the value is the stem of its columns."""

    ADMINS = "remind"
    INSPECTORATE = "escalate"


_TOLD = {TrayOffice.ADMINS: "reminded_at", TrayOffice.INSPECTORATE: "escalated_at"}
_DUE = {
    office: f"t.state = 'waiting' and t.person and t.{office}_at <= $1 and t.{told} is null"
    " and (t.retry_at is null or t.retry_at <= $1)"
    for office, told in _TOLD.items()
}


class DueItems:
    """Items of an agency of which an office is to be told now; nobody else tells of them meanwhile."""

    def __init__(self, conn: asyncpg.Connection, office: TrayOffice, lines: list[TrayLine]) -> None:
        """Hold the rows of `lines` within the transaction of `conn`."""
        self._conn = conn
        self._office = office
        self.lines = lines

    async def told(self, at: datetime) -> None:
        """Note that the office was told of them."""
        await self._conn.execute(
            f"update tray_item set {_TOLD[self._office]} = $2, retry_at = null where id = any ($1)",  # noqa: S608 - own names
            [line.item for line in self.lines],
            at,
        )

    async def put_off(self, until: datetime) -> None:
        """Note that nothing is to be tried before an instant."""
        await self._conn.execute(
            "update tray_item set retry_at = $2 where id = any ($1)", [line.item for line in self.lines], until
        )


class AwaitedAnswer(NamedTuple):
    """An item whose sender is still to be told that it was received."""

    item: int
    instansi: str
    sender: str
    received_at: datetime


class TrayRound:
    """A store that hands out what is due."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._tray = Tray(pool, keys)
        self._letters = AutomaticLetters(pool, keys)

    async def agencies_due(self, office: TrayOffice, now: datetime) -> list[str]:
        """Return the agencies with items of which an office is to be told."""
        rows = await self._pool.fetch(
            f"select distinct t.instansi::text as code from tray_item t where {_DUE[office]} order by 1",  # noqa: S608 - own names
            now,
        )
        return [row["code"] for row in rows]

    @asynccontextmanager
    async def due(self, office: TrayOffice, instansi: str, now: datetime) -> AsyncIterator[DueItems]:
        """Hold an agency's items of which an office is to be told now, the oldest first, until the block ends."""
        async with self._pool.acquire() as conn, conn.transaction():
            rows = await conn.fetch(
                f"{LINE} where {_DUE[office]} and t.instansi = $2"
                " order by t.received_at, t.id limit $3 for update of t skip locked",
                now,
                instansi,
                MOST_AT_ONCE,
            )
            yield DueItems(conn, office, [line_of(row) for row in rows])

    @asynccontextmanager
    async def awaited_answer(self, after: int, now: datetime) -> AsyncIterator[AwaitedAnswer | None]:
        """Hold the next item (with a higher number) whose sender is to be answered; None if there is none.

        When the block ends it is noted as answered; what the block raises leaves it as it was. An address that got the
        most automatic letters of its day is not answered at all.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(_AWAITED, after)
            while row is not None:
                sender = await self._sender(row)
                if sender is not None and await self._letters.may_answer(sender, on_day=local_day(now), conn=conn):
                    break
                await conn.execute(_UNANSWERED, row["id"])
                row = await conn.fetchrow(_AWAITED, row["id"])
            if row is None or sender is None:
                yield None
                return
            yield AwaitedAnswer(row["id"], row["instansi"], sender, row["received_at"])
            await conn.execute(
                "update tray_item set answerable = false, answered_at = $2 where id = $1", row["id"], now
            )

    async def _sender(self, row: Any) -> str | None:
        """Return an item's sender; None for one that cannot be decrypted, which must not hold up the others."""
        try:
            return await self._tray.sender_of(row)
        except NotAuthentic:
            log.error("tray_sender_unreadable", item=row["id"])
            return None

    async def unanswerable(self, item: int) -> None:
        """Note that the sender's mail server will not take an answer."""
        await self._pool.execute(_UNANSWERED, item)

    async def empty(self, now: datetime) -> int:
        """Delete letters that were dismissed long enough ago, and machines' about which nobody decided; return how
        many.
        """
        done = await self._pool.execute(EMPTY.format(which=_DISMISSED), now - KEPT)
        expired = await self._pool.execute(_EXPIRED, now, now - KEPT)
        return int(done.split()[-1]) + int(expired.split()[-1])


_AWAITED = (
    "select id, instansi::text as instansi, identity_mac, sender, received_at from tray_item"
    " where answerable and state = 'waiting' and id > $1 order by id limit 1 for update skip locked"
)
_UNANSWERED = "update tray_item set answerable = false where id = $1"
_DISMISSED = "state = 'dismissed' and decided_at < $1 and body is not null"
_EXPIRED = (
    "update tray_item set state = 'expired', decided_at = $1, body = null, sender = null, sender_mac = null"
    " where state = 'waiting' and not person and received_at < $2"
)
