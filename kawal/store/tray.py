"""The tray: letters and messages that are no report and no reply by themselves, encrypted until somebody decides.

They are encrypted with the system's key, because they belong to no complaint. How an item is decided is in
`kawal.store.tray_decisions`, what happens to one that waits in `kawal.store.tray_round`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.contacts import is_email
from kawal.domain.names import Channel
from kawal.domain.tray import ItemState, deadlines_of
from kawal.store.changes import tell_of_many
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.rules import Rulebook

LETTER = "message/rfc822"
MESSAGE = "text/plain"


class TrayReason(StrEnum):
    """Why something lies in the tray."""

    UNREADABLE = "unreadable"
    AUTOMATIC = "automatic"
    """A machine's."""
    NAMES_REPORT = "names_report"
    """A person's that names a report of ours without its code."""
    QUOTES_US = "quotes_us"
    """It quotes a letter of ours."""
    REPORT_OVER = "report_over"
    """A reply to a report that takes none any more."""
    UNRECORDABLE = "unrecordable"
    """It could be read, and not be put on record."""


class TrayEntry(NamedTuple):
    """What is put into the tray of an agency."""

    raw: bytes
    instansi: str
    channel: Channel
    why: TrayReason
    received_at: datetime
    person: bool
    sender: str | None = None
    """Address or number."""
    names: Sequence[str] = ()
    """The numbers in it that may be reports'; those of no report are left out."""
    detail: str | None = None
    """For an unreadable one: time, memory, nesting, crash or error."""
    media_type: str = LETTER
    answer: bool = True
    """Whether the sender may be told automatically that it was received; a machine is never told."""
    identity: str | None = None
    """What the channel calls it: put again under the same one it is the same; by default its bytes."""


class TrayLine(BaseModel):
    """An item as a list shows it: nothing of what is written in it, nor who sent it."""

    item: int
    instansi: str
    came_to: str
    channel: Channel
    why: TrayReason
    detail: str | None
    person: bool
    media_type: str
    size: int
    """Bytes."""
    received_at: datetime
    remind_at: datetime
    escalate_at: datetime
    reminded_at: datetime | None
    escalated_at: datetime | None
    answered_at: datetime | None
    state: ItemState
    decided_at: datetime | None
    tracking_id: str | None
    """What it was given to, or started as."""
    names: list[str]
    """The reports of ours that it names."""
    deleted: bool
    """Whether the letter itself is gone."""

    def late_since(self, now: datetime) -> datetime | None:
        """Return since when it is late; None for what is not, or is a machine's, or is decided."""
        late = self.person and self.state is ItemState.WAITING and self.remind_at <= now
        return self.remind_at if late else None


class TrayContent(NamedTuple):
    """An item itself."""

    raw: bytes
    sender: str | None


class Tray:
    """A store of what waits for somebody to decide."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._contacts = Contacts(pool, keys)
        self._rulebook = Rulebook(pool)

    async def put(self, entry: TrayEntry) -> int | None:
        """Put something into an agency's tray; return its number, or None if it was put there before.

        When admins and Inspectorate are told follows from its receipt and the agency's calendar of today. Raises
        NoRules, KeyUnavailable, asyncpg's errors.
        """
        mac = await self._identity(entry)
        key = await self._keys.key_for(SYSTEM)
        # It takes a while for a large letter, and does not hold the GIL.
        body = await asyncio.to_thread(encrypt, key, entry.raw, body_aad(mac))
        sender = None if entry.sender is None else encrypt(key, entry.sender.encode(), sender_aad(mac))
        due = deadlines_of(await self._rulebook.calendar_for(entry.instansi), entry.received_at)
        async with self._pool.acquire() as conn, conn.transaction():
            item: int | None = await conn.fetchval(
                _PUT,
                entry.instansi,
                str(entry.channel),
                str(entry.why),
                entry.detail,
                entry.person,
                mac,
                body,
                entry.media_type,
                len(entry.raw),
                sender,
                await self.mac_of(entry.sender),
                entry.received_at,
                due.remind_at,
                due.escalate_at,
                entry.person and entry.answer and is_email(entry.sender or ""),
            )
            if item is not None:
                await conn.execute(_NAME, item, [name for name in dict.fromkeys(entry.names) if name.isascii()])
                await tell_of_many(conn, entry.instansi)
        return item

    async def holding(self, tracking_id: str) -> bool:
        """Return whether a person's letter that names this report waits: silence ends nothing until it is decided."""
        return await self.undecided_for(tracking_id) > 0

    async def undecided_for(self, tracking_id: str) -> int:
        """Return how many letters of people that name this report wait."""
        return int(
            await self._pool.fetchval(
                "select count(*) from tray_item_report r join tray_item t on t.id = r.item"
                " where r.tracking_id = $1 and r.given_at is null and t.person and t.state = 'waiting'",
                tracking_id,
            )
        )

    async def lines(
        self,
        *,
        instansi: str | None = None,
        state: ItemState | None = ItemState.WAITING,
        escalated_by: datetime | None = None,
        limit: int = 1000,
    ) -> list[TrayLine]:
        """Return items, people's before machines', the oldest first; of one agency, of one state (None: of all).

        With `escalated_by` only people's that have come before the Inspectorate by then.
        """
        rows = await self._pool.fetch(
            f"{LINE} where ($1::text is null or t.instansi = $1) and ($2::text is null or t.state = $2)"
            " and ($3::timestamptz is null or (t.person and t.escalate_at <= $3))"
            " order by t.person desc, t.received_at, t.id limit $4",
            instansi,
            None if state is None else str(state),
            escalated_by,
            limit,
        )
        return [line_of(row) for row in rows]

    async def late(self, now: datetime, instansi: str | None = None) -> int:
        """Return how many items of people are late."""
        return int(
            await self._pool.fetchval(
                "select count(*) from tray_item where state = 'waiting' and person and remind_at <= $1"
                " and ($2::text is null or instansi = $2)",
                now,
                instansi,
            )
        )

    async def find(self, item: int) -> TrayLine | None:
        """Return one item's line; None if there is none of that number."""
        row = await self._pool.fetchrow(f"{LINE} where t.id = $1", item)
        return None if row is None else line_of(row)

    async def content(self, item: int) -> TrayContent | None:
        """Return what was received and from whom; None if it is gone. Raises KeyUnavailable, NotAuthentic."""
        row = await self._pool.fetchrow("select identity_mac, body, sender from tray_item where id = $1", item)
        if row is None or row["body"] is None:
            return None
        return TrayContent(
            decrypt(await self._keys.key_of(SYSTEM, row["body"]), row["body"], body_aad(row["identity_mac"])),
            await self.sender_of(row),
        )

    async def empty(self, item: int) -> None:
        """Delete a letter that is kept with its report now, if the item is decided."""
        await self._pool.execute(EMPTY.format(which="id = $1 and state in ('given', 'started')"), item)

    async def grounds(self, item: int) -> str | None:
        """Return why an item was dismissed; None if it was not, or its grounds were erased."""
        sealed = await self._pool.fetchval("select grounds from tray_item where id = $1", item)
        if sealed is None:
            return None
        return decrypt(await self._keys.key_of(SYSTEM, sealed), sealed, grounds_aad(item)).decode()

    async def sender_of(self, row: Any) -> str | None:
        """Return the sender of an item, from its columns `sender` and `identity_mac`."""
        if row["sender"] is None:
            return None
        key = await self._keys.key_of(SYSTEM, row["sender"])
        return decrypt(key, row["sender"], sender_aad(row["identity_mac"])).decode()

    async def mac_of(self, sender: str | None) -> bytes | None:
        """Return the keyed hash by which a person's items are found: the same as for the reports' contacts."""
        if sender is None:
            return None
        return await (self._contacts.email(sender) if "@" in sender else self._contacts.phone(sender))

    async def _identity(self, entry: TrayEntry) -> bytes:
        said = entry.identity
        if said is None:
            said = await asyncio.to_thread(lambda: sha256(entry.raw).hexdigest())
        return await self._keys.mac("tray item", entry.instansi, str(entry.channel), said)


LINE = """
    select t.id as item, t.instansi::text as instansi, t.came_to::text as came_to, t.channel::text as channel, t.why,
           t.detail, t.person, t.media_type, t.size, t.received_at, t.remind_at, t.escalate_at, t.reminded_at,
           t.escalated_at, t.answered_at, t.state, t.decided_at, t.tracking_id::text as tracking_id,
           array (select r.tracking_id::text from tray_item_report r where r.item = t.id order by 1) as names,
           t.deleted
    from tray_item t
"""

_PUT = """
    insert into tray_item (instansi, came_to, channel, why, detail, person, identity_mac, body, media_type, size,
                           sender, sender_mac, received_at, remind_at, escalate_at, answerable)
    values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    on conflict (came_to, identity_mac) do nothing returning id
"""

_NAME = """
    insert into tray_item_report (item, tracking_id)
    select $1, tracking_id from inbox where tracking_id::text = any ($2) on conflict do nothing
"""

EMPTY = "update tray_item set body = null, sender = null, sender_mac = null, answerable = false where {which}"
"""Deletes letters and their senders."""


def line_of(row: Any) -> TrayLine:
    """Return the line of a row of LINE."""
    return TrayLine(**dict(row))


def body_aad(identity_mac: bytes) -> bytes:
    """Return what binds an item's body to its row."""
    return b"tray item\x00" + identity_mac


def sender_aad(identity_mac: bytes) -> bytes:
    """Return what binds an item's sender to its row."""
    return b"tray sender\x00" + identity_mac


def grounds_aad(item: int) -> bytes:
    """Return what binds the grounds of a dismissal to their row."""
    return f"tray grounds\x00{item}".encode()
