"""Letters with a report's number, code and link that are still to be written: asked for, or after a change of the code.

What somebody types to have the link sent again is stored unread, always in the same way: so neither the answer nor its
time tells whether there is such a report. The worker opens it and decides.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.calendar import end_of, local_day
from kawal.store.data_keys import DataKeyStore

MOST_A_DAY = 3
"""The most letters of a kind about one report on one local day [P]."""

MOST_UNREAD = 20
"""Requests about one number that wait unread; further ones are not stored."""

KEPT = timedelta(days=2)
"""How long a request that has ended is kept: longer than the day for which it counts."""

NUMBER_LIMIT, CONTACT_LIMIT = 20, 254
"""Characters of what was typed that are stored: more is neither a number nor a contact."""

_LOCK = 0x6B61_7761
"""Advisory lock, with a report's number: its letters of a day are counted by one at a time."""

_PUT = """
    insert into link_request (kind, number_mac, body, asked_at)
    select 'asked', $1::bytea, $2::bytea, $3::timestamptz where (
        select count(*) from link_request where number_mac = $1::bytea and body is not null) < $4
"""
_CLAIM = """
    update link_request set attempts = attempts + 1, next_try_at = now() + $1 where id = (
        select id from link_request where status = 'pending' and next_try_at <= now()
        order by next_try_at, id limit 1 for update skip locked)
    returning id, kind, number_mac, tracking_id::text as tracking_id, body, asked_at, attempts
"""
_SENT_THAT_DAY = """
    select count(*) from link_request where tracking_id::text = $1 and kind = 'asked' and id <> $2
      and status in ('pending', 'sent') and asked_at >= $3 and asked_at < $4
"""


class LinkKind(StrEnum):
    """Why the letter is written."""

    ASKED = "asked"
    CHANGED = "changed"


class AskedLink(NamedTuple):
    """What somebody typed to have a link sent again."""

    number: str
    contact: str


class ClaimedLink(NamedTuple):
    """A letter to be written now; `attempts` includes this one."""

    id: int
    kind: LinkKind
    attempts: int
    asked_at: datetime
    tracking_id: str | None
    """None as long as nobody has looked at what was `asked`."""
    asked: AskedLink | None


class LinkRequestRows:
    """A store of the requests and of what became of them."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; what was typed is encrypted with the system's key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def put(self, number: str, contact: str, at: datetime) -> None:
        """Store what somebody typed, unread: the same work whatever it is."""
        asked = AskedLink(_storable(number, NUMBER_LIMIT), _storable(contact, CONTACT_LIMIT))
        mac = await self._mac(asked.number)
        sealed = encrypt(await self._keys.key_for(SYSTEM), json.dumps(asked).encode(), _aad(mac))
        await self._pool.execute(_PUT, mac, sealed, at, MOST_UNREAD)

    async def put_change(self, conn: asyncpg.Connection, tracking_id: str, at: datetime) -> None:
        """Have the reporter told that the code was changed, within the transaction that changes it."""
        mac = await self._mac(tracking_id)
        await conn.execute(
            "insert into link_request (kind, number_mac, tracking_id, asked_at) values ('changed', $1, $2, $3)",
            mac,
            tracking_id,
            at,
        )

    async def any_due(self) -> bool:
        """Return whether a letter is to be written now."""
        due: bool = await self._pool.fetchval(
            "select exists (select from link_request where status = 'pending' and next_try_at <= now())"
        )
        return due

    async def claim(self, lease: timedelta) -> ClaimedLink | None:
        """Claim the letter that has waited longest; nobody else gets it within the lease. None if nothing is due."""
        row = await self._pool.fetchrow(_CLAIM, lease)
        if row is None:
            return None
        asked = None
        if row["body"] is not None:
            key = await self._keys.key_of(SYSTEM, row["body"])
            asked = AskedLink(*json.loads(decrypt(key, row["body"], _aad(row["number_mac"]))))
        return ClaimedLink(
            row["id"], LinkKind(row["kind"]), row["attempts"], row["asked_at"], row["tracking_id"], asked
        )

    async def accept(self, claimed: ClaimedLink, tracking_id: str) -> bool:
        """Note that the reporter is to be written to, and forget what was typed; False if that day had enough."""
        day = local_day(claimed.asked_at)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1, $2)", _LOCK, int(tracking_id))
            since = end_of(day - timedelta(days=1))
            sent = await conn.fetchval(_SENT_THAT_DAY, tracking_id, claimed.id, since, end_of(day))
            enough = sent >= MOST_A_DAY
            await conn.execute(
                "update link_request set tracking_id = $2, body = null, status = case when $3 then 'not_sent' else"
                " status end, last_error = case when $3 then 'enough' end, ended_at = case when $3 then now() end"
                " where id = $1",
                claimed.id,
                tracking_id,
                enough,
            )
        return not enough

    async def delete(self, request: int) -> None:
        """Forget a request whose number or contact is not right."""
        await self._pool.execute("delete from link_request where id = $1", request)

    async def mark_sent(self, request: int) -> None:
        """Record that a letter was sent, or passed on to the messages."""
        await self._end(request, "sent")

    async def mark_not_sent(self, request: int, why: str) -> None:
        """Record that a letter has no destination; `why` is a code."""
        await self._end(request, "not_sent", why)

    async def mark_failed(self, request: int, error: str) -> None:
        """Record that a letter is not tried again; `error` is a code or a server's answer."""
        await self._end(request, "failed", error)

    async def _end(self, request: int, status: str, why: str | None = None) -> None:
        await self._pool.execute(
            "update link_request set status = $2, last_error = $3, ended_at = now()"
            " where id = $1 and status = 'pending' and body is null",
            request,
            status,
            why,
        )

    async def mark_retry(self, request: int, error: str, after: timedelta) -> None:
        """Record why a letter could not be sent now, to be tried again."""
        await self._pool.execute(
            "update link_request set last_error = $2, next_try_at = now() + $3 where id = $1 and status = 'pending'",
            request,
            error,
            after,
        )

    async def forget_ended(self) -> None:
        """Delete the requests that have ended long enough ago."""
        await self._pool.execute("delete from link_request where ended_at < now() - $1::interval", KEPT)

    async def erase(self, conn: asyncpg.Connection, tracking_id: str) -> None:
        """Delete everything about an erased report, looked at or not, within the caller's transaction."""
        await conn.execute("delete from link_request where number_mac = $1", await self._mac(tracking_id))

    async def _mac(self, number: str) -> bytes:
        return await self._keys.mac("link request", number)


def _storable(typed: str, limit: int) -> str:
    """Return what was typed as it can be stored: bounded, and without what is no character."""
    return typed.strip()[:limit].encode(errors="replace").decode()


def _aad(mac: bytes) -> bytes:
    return b"link request\x00" + mac
