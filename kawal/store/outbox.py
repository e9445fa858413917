"""The outbox: notices that were written with their event and are sent independently, with retries of their own.

Delivery happens in real time, so the times here are the database's clock, not a complaint's.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import decrypt
from kawal.store.data_keys import DataKeyStore
from kawal.store.notices import Notice


class NoticeStatus(StrEnum):
    """The status of a notice: NOT_SENT has no destination (no server, no address), FAILED was tried often enough.

    UNDERWAY goes to a telephone, and nobody knows yet that it arrived.
    """

    PENDING = "pending"
    UNDERWAY = "underway"
    SENT = "sent"
    NOT_SENT = "not_sent"
    FAILED = "failed"


class ClaimedNotice(BaseModel):
    """A notice to be sent now; `attempts` includes this one."""

    id: int
    attempts: int
    created_at: datetime
    notice: Notice


class NoticeLine(BaseModel):
    """A notice as a list shows it: no body."""

    id: int
    tracking_id: str
    workflow_id: str
    seq: int
    n: int
    kind: str
    to_role: str
    to_opd: str | None
    channel: str
    status: NoticeStatus
    attempts: int
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None


class LettersRecord(NamedTuple):
    """What became of the latest letters; a time is None where that has not happened to any."""

    sent_at: datetime | None
    failed_at: datetime | None
    """When the last one was written that could not be delivered."""
    last_error: str | None
    waiting: int


RECENT = 5_000
"""How many of the latest notices are looked at for what became of them."""

_LINE = ", ".join(NoticeLine.model_fields)


class Outbox:
    """A store that hands out what is to be sent and records the results."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; bodies are encrypted with the recipients' complaints' keys in `keys`."""
        self._pool = pool
        self._keys = keys

    async def claim(self, limit: int, lease: timedelta) -> list[ClaimedNotice]:
        """Claim pending notices that are due, the longest waiting first; nobody else gets them within the lease.

        A notice whose complaint was erased meanwhile is marked not sent and not handed out.
        """
        rows = await self._pool.fetch(
            "update outbox set attempts = attempts + 1, next_try_at = now() + $2 where id in ("
            " select id from outbox where status = 'pending' and next_try_at <= now()"
            " order by next_try_at, id limit $1 for update skip locked) returning *",
            limit,
            lease,
        )
        claimed = []
        for row in sorted(rows, key=lambda row: row["id"]):
            notice = await self._opened(row)
            if notice is None:
                await self.mark_not_sent(row["id"], "erased")
            else:
                told = {name: row[name] for name in ("id", "attempts", "created_at")}
                claimed.append(ClaimedNotice(notice=notice, **told))
        return claimed

    async def mark_sent(self, notice_id: int) -> None:
        """Record that a notice was sent; repeating it changes nothing."""
        await self._pool.execute(
            "update outbox set status = 'sent', sent_at = now(), last_error = null where id = $1 and status <> 'sent'",
            notice_id,
        )

    async def mark_all_sent(self) -> None:
        """Record that all that waits was sent: the notices of a year that was played again."""
        await self._pool.execute("update outbox set status = 'sent', sent_at = now() where status = 'pending'")

    async def mark_not_sent(self, notice_id: int, why: str) -> None:
        """Record that a notice has no destination; `why` is a code, never a person's address."""
        await self._set(notice_id, NoticeStatus.NOT_SENT, why, timedelta())

    async def mark_retry(self, notice_id: int, error: str, after: timedelta) -> None:
        """Record that sending failed for now; `error` is a code or a server's answer, never a person's address."""
        await self._set(notice_id, NoticeStatus.PENDING, error, after)

    async def mark_failed(self, notice_id: int, error: str) -> None:
        """Record that sending failed permanently."""
        await self._set(notice_id, NoticeStatus.FAILED, error, timedelta())

    async def send_again(self, notice_id: int | None = None) -> int:
        """Make unsent or failed notices (one, or all) pending again if they have a body; return how many."""
        done = await self._pool.execute(
            "update outbox set status = 'pending', next_try_at = now(), last_error = null"
            " where status in ('not_sent', 'failed') and body is not null and ($1::bigint is null or id = $1)",
            notice_id,
        )
        return int(done.split()[-1])

    async def set_aside(self, notice_id: int) -> bool:
        """Record of a notice that was given up that nobody will send it; return False if it is none."""
        done = await self._pool.execute(
            "update outbox set status = 'not_sent', last_error = 'set_aside' where id = $1 and status = 'failed'",
            notice_id,
        )
        return bool(done == "UPDATE 1")

    async def lines(
        self,
        *,
        status: NoticeStatus | None = None,
        tracking_id: str | None = None,
        instansi: str | None = None,
        limit: int = 1000,
    ) -> list[NoticeLine]:
        """Return the notices, of an agency or all, the newest first, without their bodies."""
        rows = await self._pool.fetch(
            f"select {_LINE} from outbox o where ($1::text is null or status = $1)"  # noqa: S608 - own names
            " and ($2::text is null or tracking_id = $2) and ($4::text is null or exists (select from complaint c"
            " where c.tracking_id = o.tracking_id and c.instansi = $4)) order by id desc limit $3",
            None if status is None else str(status),
            tracking_id,
            limit,
            instansi,
        )
        return [NoticeLine(**dict(row)) for row in rows]

    async def undelivered(self, instansi: str, limit: int = 100) -> list[NoticeLine]:
        """Return an agency's notices that could not be delivered, the oldest first, without their bodies."""
        rows = await self._pool.fetch(
            f"select {_LINE} from outbox o where o.status = 'failed' and exists (select from complaint c"  # noqa: S608
            " where c.tracking_id = o.tracking_id and c.instansi = $1) order by o.id limit $2",
            instansi,
            limit,
        )
        return [NoticeLine(**dict(row)) for row in rows]

    async def count_undelivered(self, instansi: str, most: int) -> int:
        """Return how many of an agency's notices could not be delivered, at most `most`."""
        found: int = await self._pool.fetchval(
            "select count(*) from (select from outbox o where o.status = 'failed' and exists (select from complaint c"
            " where c.tracking_id = o.tracking_id and c.instansi = $1) limit $2) as few",
            instansi,
            most,
        )
        return found

    async def recent_letters(self) -> LettersRecord:
        """Return what became of the latest notices (RECENT) that did not go to a telephone."""
        row = await self._pool.fetchrow(
            "select max(sent_at) as sent_at, max(created_at) filter (where status = 'failed') as failed_at,"
            " (array_agg(last_error order by id desc) filter (where status = 'failed'))[1] as last_error,"
            " count(*) filter (where status = 'pending')::integer as waiting"
            " from (select * from outbox order by id desc limit $1) as o"
            " where not exists (select from outgoing_message m where m.notice_id = o.id)",
            RECENT,
        )
        return LettersRecord(**dict(row))

    async def line(self, notice_id: int) -> NoticeLine | None:
        """Return one notice without its body; None if there is none."""
        row = await self._pool.fetchrow(f"select {_LINE} from outbox where id = $1", notice_id)  # noqa: S608 - own names
        return None if row is None else NoticeLine(**dict(row))

    async def notice(self, notice_id: int) -> Notice | None:
        """Return one notice with its body; None if there is none or it was erased."""
        row = await self._pool.fetchrow("select * from outbox where id = $1", notice_id)
        return None if row is None else await self._opened(row)

    async def told_to_the_reporter(self, tracking_id: str) -> list[tuple[datetime, Notice]]:
        """Return what a report's reporter was told and when, sent or not, oldest first; nothing of an erased one."""
        rows = await self._pool.fetch(
            "select * from outbox where tracking_id = $1 and to_role = 'reporter' and body is not null"
            " order by created_at, id",
            tracking_id,
        )
        opened = [(row["created_at"], await self._opened(row)) for row in rows]
        return [(at, notice) for at, notice in opened if notice is not None]

    async def _set(self, notice_id: int, status: NoticeStatus, error: str, after: timedelta) -> None:
        await self._pool.execute(
            "update outbox set status = $2, last_error = $3, next_try_at = now() + $4"
            " where id = $1 and status <> 'sent'",
            notice_id,
            str(status),
            error,
            after,
        )

    async def _opened(self, row: Any) -> Notice | None:
        if row["body"] is None:
            return None
        notice = Notice(**{name: row[name] for name in Notice.model_fields if name != "body"})
        try:
            key = await self._keys.key_of(f"complaint-{notice.tracking_id}", row["body"])
        except KeyDestroyed:
            return None
        return notice.model_copy(update={"body": json.loads(decrypt(key, row["body"], notice.aad))})
