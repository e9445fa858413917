"""Messages to telephones, sent independently with retries of their own, and what their providers report of them.

Delivery happens in real time, so the times here are the database's clock, not a complaint's. A message that carries a
notice takes the notice along: both statuses change in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
from pydantic import BaseModel, Field

from kawal.crypto.data_keys import SYSTEM, KeyDestroyed
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.contacts import phone_number
from kawal.domain.names import Channel, workflow_id
from kawal.store.data_keys import DataKeyStore

RECENT = 5_000
"""How many of the latest messages are looked at for what became of them."""

KEPT = timedelta(days=30)
"""How long a message's words are kept after its end, and a message of no report at all [P]."""


class OutgoingStatus(StrEnum):
    """The status of a message: only DELIVERED has arrived, by the word of its provider."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    """The provider has taken it; nobody knows yet that it arrived."""
    DELIVERED = "delivered"
    NOT_SENT = "not_sent"
    """It has no way: no gateway, no template."""
    FAILED = "failed"
    """It was refused, tried often enough, or the provider could not deliver it."""


class OutgoingContent(BaseModel):
    """What is only ever stored encrypted."""

    to: str
    words: str
    channel: Channel | None = None
    """By which the recipient wrote to us; None where that is not known."""
    instansi: str | None = None
    gateway: str | None = None
    """The only gateway by which it may go: an answer goes where the question came from."""
    parameters: dict[str, str] = Field(default_factory=dict)
    """What a template may need besides the words: number, link, by."""


class ClaimedMessage(BaseModel):
    """A message to be sent now; `attempts` includes this one."""

    id: int
    reference: UUID
    kind: str
    attempts: int
    answers: bool
    created_at: datetime
    content: OutgoingContent


class GatewayRecord(NamedTuple):
    """What became of a gateway's latest messages; a time is None where that has not happened to any."""

    accepted_at: datetime | None
    delivered_at: datetime | None
    failed_at: datetime | None
    last_error: str | None
    """The code of the last failure."""


class OutgoingLine(BaseModel):
    """A message as a list shows it: no words, no number."""

    id: int
    tracking_id: str | None
    notice_id: int | None
    kind: str
    gateway: str | None
    status: OutgoingStatus
    attempts: int
    last_error: str | None
    created_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


_LINE = ", ".join(
    "tracking_id::text as tracking_id" if name == "tracking_id" else name for name in OutgoingLine.model_fields
)

_PUT = """
    insert into outgoing_message (reference, tracking_id, notice_id, once_mac, kind, answers, body)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (once_mac) do update
    set reference = excluded.reference, body = excluded.body, status = 'pending', attempts = 0, next_try_at = now(),
        last_error = null, created_at = now(), accepted_at = null, ended_at = null, gateway = null
    where outgoing_message.status in ('not_sent', 'failed')
    returning id
"""
_CLAIM = """
    update outgoing_message set attempts = attempts + 1, next_try_at = now() + $2 where id in (
        select id from outgoing_message where status = 'pending' and next_try_at <= now()
        order by answers desc, next_try_at, id limit $1 for update skip locked)
    returning *, tracking_id::text as number
"""
_SET = """
    with changed as (
        update outgoing_message set status = $2, last_error = $3, gateway = coalesce($4, gateway),
            accepted_at = case when $2 = 'accepted' then now() else accepted_at end,
            ended_at = case when $2 = 'accepted' then null else now() end
        where id = $1 and status = any ($5) returning notice_id)
    update outbox set status = $6, last_error = $3, sent_at = case when $6 = 'sent' then now() end
    from changed where outbox.id = changed.notice_id and outbox.status <> 'sent'
"""
_NOTICE = {
    OutgoingStatus.ACCEPTED: "underway",
    OutgoingStatus.DELIVERED: "sent",
    OutgoingStatus.NOT_SENT: "not_sent",
    OutgoingStatus.FAILED: "failed",
}
"""The status of a notice whose message has come so far."""


class OutgoingMessages:
    """A store of messages to telephones."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; words are encrypted with their report's key in `keys`, or with the system's."""
        self._pool = pool
        self._keys = keys

    async def put(
        self,
        conn: asyncpg.Connection | None,
        *,
        to: str,
        kind: str,
        words: str,
        tracking_id: str | None = None,
        answers: bool = False,
        once: str | None = None,
        notice_id: int | None = None,
        parameters: Mapping[str, str] | None = None,
        **way: Any,
    ) -> int | None:
        """Put a message to a telephone number, within the caller's transaction if its connection is given.

        `answers` says that it answers what was just sent, also at night; `once` names what it is for, so that put again
        it is the same message, unless that failed. `way` is the rest of OutgoingContent: channel, instansi, gateway.
        Returns its number, or None if it was put before. Raises KeyDestroyed, KeyUnavailable, asyncpg's errors.
        """
        reference = uuid4()
        content = OutgoingContent(to=to, words=words, parameters=dict(parameters or {}), **way)
        key = await self._keys.key_for(SYSTEM if tracking_id is None else workflow_id(tracking_id))
        put: int | None = await (conn or self._pool).fetchval(
            _PUT,
            reference,
            tracking_id,
            notice_id,
            None if once is None else await self._keys.mac("outgoing message", once),
            kind,
            answers,
            encrypt(key, content.model_dump_json().encode(), _aad(reference)),
        )
        return put

    async def put_notice(self, notice_id: int, **message: Any) -> None:
        """Put the message that carries a notice, which is underway from then on; arguments as for `put`."""
        async with self._pool.acquire() as conn, conn.transaction():
            await self.put(conn, notice_id=notice_id, once=f"notice {notice_id}", **message)
            await conn.execute(
                "update outbox set status = 'underway', last_error = null where id = $1 and status = 'pending'",
                notice_id,
            )

    async def claim(self, limit: int, lease: timedelta) -> list[ClaimedMessage]:
        """Claim messages that are due, answers first; nobody else gets them within the lease."""
        claimed = []
        for row in await self._pool.fetch(_CLAIM, limit, lease):
            content = await self._opened(row)
            if content is None:
                await self.mark_not_sent(row["id"], "erased")
                continue
            claimed.append(
                ClaimedMessage(
                    content=content,
                    **{name: row[name] for name in ClaimedMessage.model_fields if name != "content"},
                )
            )
        return claimed

    async def mark_accepted(self, message_id: int, gateway: str, to: str) -> None:
        """Record that a provider has taken a message; a delivery report may have come before.

        Who is told of a report can answer from that number, also if the report did not come from it.
        """
        await self._set(message_id, OutgoingStatus.ACCEPTED, None, gateway, OutgoingStatus.PENDING)
        await self._pool.execute(
            "insert into conversation (sender_mac, tracking_id) select $2, tracking_id from outgoing_message"
            " where id = $1 and tracking_id is not null on conflict do nothing",
            message_id,
            await self._sender(to),
        )

    async def mark_not_sent(self, message_id: int, why: str) -> None:
        """Record that a message has no way; `why` is a code."""
        await self._set(message_id, OutgoingStatus.NOT_SENT, why, None, OutgoingStatus.PENDING)

    async def mark_failed(self, message_id: int, error: str, gateway: str | None = None) -> None:
        """Record that sending failed permanently; `error` is a code."""
        await self._set(message_id, OutgoingStatus.FAILED, error, gateway, OutgoingStatus.PENDING)

    async def mark_retry(self, message_id: int, error: str, after: timedelta) -> None:
        """Record that sending failed for now."""
        await self._wait(message_id, error, after, 0)

    async def mark_waiting(self, message_id: int, why: str, after: timedelta) -> None:
        """Record that a message was not tried: it waits for the morning, or for a gateway that cannot be reached."""
        await self._wait(message_id, why, after, 1)

    async def _wait(self, message_id: int, error: str, after: timedelta, untried: int) -> None:
        await self._pool.execute(
            "with changed as (update outgoing_message set last_error = $2, next_try_at = now() + $3,"
            " attempts = attempts - $4 where id = $1 and status = 'pending' returning notice_id)"
            " update outbox set last_error = $2 from changed where outbox.id = changed.notice_id"
            " and outbox.status = 'underway'",
            message_id,
            error,
            after,
            untried,
        )

    async def report(self, gateway: str, reference: str, *, delivered: bool, code: str = "") -> bool:
        """Record a provider's delivery report; return whether the message is one that this gateway may report on.

        Repeated, or in another order, reports have the same result: what has arrived has arrived.
        """
        try:
            row = await self._pool.fetchrow(
                "select id from outgoing_message where reference = $1 and coalesce(gateway, $2) = $2",
                UUID(reference),
                gateway,
            )
        except ValueError:
            row = None
        if row is None:
            return False
        before = [OutgoingStatus.PENDING, OutgoingStatus.ACCEPTED]
        if delivered:
            await self._set(row["id"], OutgoingStatus.DELIVERED, None, gateway, *before, OutgoingStatus.FAILED)
        else:
            await self._set(row["id"], OutgoingStatus.FAILED, f"undelivered {code}".strip(), gateway, *before)
        return True

    async def _set(
        self, message_id: int, status: OutgoingStatus, error: str | None, gateway: str | None, *before: OutgoingStatus
    ) -> None:
        await self._pool.execute(
            _SET, message_id, str(status), error, gateway, [str(one) for one in before], _NOTICE[status]
        )

    # --- The window in which WhatsApp takes any words ----------------------------------------------------------------

    async def wrote(self, gateway: str, sender: str, at: datetime | None = None) -> None:
        """Record that somebody wrote by a gateway, at an aware time if that is known, else now; never in the future."""
        await self._pool.execute(
            "insert into message_window as w (gateway, sender_mac, last_at) values ($1, $2, least(now(), $3))"
            " on conflict (gateway, sender_mac) do update set last_at = greatest(w.last_at, excluded.last_at)",
            gateway,
            await self._sender(sender),
            at,
        )

    async def last_written(self, gateway: str, number: str) -> datetime | None:
        """Return when the owner of a number last wrote by a gateway; None where that is not known, or long ago."""
        at: datetime | None = await self._pool.fetchval(
            "select last_at from message_window where gateway = $1 and sender_mac = $2",
            gateway,
            await self._sender(number),
        )
        return at

    # --- Reading and tidying -----------------------------------------------------------------------------------------

    async def lines(
        self, *, status: OutgoingStatus | None = None, tracking_id: str | None = None, limit: int = 1000
    ) -> list[OutgoingLine]:
        """Return the messages, newest first, without their words."""
        rows = await self._pool.fetch(
            f"select {_LINE} from outgoing_message where ($1::text is null or status = $1)"  # noqa: S608 - own names
            " and ($2::text is null or tracking_id = $2) order by id desc limit $3",
            None if status is None else str(status),
            tracking_id,
            limit,
        )
        return [_line(row) for row in rows]

    async def recent(self) -> dict[str, GatewayRecord]:
        """Return what became of the latest messages (RECENT), by the name of the gateway that had them."""
        rows = await self._pool.fetch(
            "select gateway, max(accepted_at) as accepted_at, max(ended_at) filter (where status = 'delivered')"
            " as delivered_at, max(ended_at) filter (where status = 'failed') as failed_at,"
            " (array_agg(last_error order by ended_at desc) filter (where status = 'failed'))[1] as last_error"
            " from (select * from outgoing_message order by id desc limit $1) as latest"
            " where gateway is not null group by gateway",
            RECENT,
        )
        return {row["gateway"]: GatewayRecord(**{name: row[name] for name in GatewayRecord._fields}) for row in rows}

    async def told(self, tracking_id: str) -> list[tuple[OutgoingLine, OutgoingContent]]:
        """Return the messages about a report whose words are still kept, the oldest first; none of an erased one."""
        rows = await self._pool.fetch(
            "select *, tracking_id::text as number from outgoing_message"
            " where tracking_id = $1 and body is not null order by id",
            tracking_id,
        )
        opened = [(row, await self._opened(row)) for row in rows]
        return [(_line(row), content) for row, content in opened if content is not None]

    async def tidy(self) -> None:
        """Delete what is no longer needed: windows after two days, words and messages of no report after KEPT."""
        await self._pool.execute("delete from message_window where last_at < now() - interval '2 days'")
        await self._pool.execute(
            "delete from outgoing_message where tracking_id is null and status <> 'pending'"
            " and created_at < now() - $1::interval",
            KEPT,
        )
        await self._pool.execute(
            "update outgoing_message set body = null where body is not null and status <> 'pending'"
            " and created_at < now() - $1::interval",
            KEPT,
        )

    async def _sender(self, number: str) -> bytes:
        return await self._keys.mac("message sender", phone_number(number) or number)

    async def _opened(self, row: Any) -> OutgoingContent | None:
        owner = SYSTEM if row["number"] is None else workflow_id(row["number"])
        try:
            key = await self._keys.key_of(owner, row["body"])
        except KeyDestroyed:
            return None
        return OutgoingContent.model_validate(json.loads(decrypt(key, row["body"], _aad(row["reference"]))))


def _line(row: Any) -> OutgoingLine:
    return OutgoingLine(**{name: row[name] for name in OutgoingLine.model_fields})


def _aad(reference: UUID) -> bytes:
    """Return the associated data that binds the encrypted words to their place."""
    return f"outgoing message\x00{reference}".encode()
