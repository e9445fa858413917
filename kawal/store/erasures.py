"""Erasing a complaint: one transaction removes all personal content and leaves the process record.

Removed are the data keys (and with them all encrypted content, in events, history archive, backups and the engine), the
plain text of a public report with its index, what links to the person (contacts, conversations, words' hashes),
attachments' rows, letters as they came and in the tray, kept replies, messages to the reporter's telephone, and notices
that have not been sent. What stays:
who did what and when, its hashes, the recap's spans.

The erasure is in the signed list before the commit, so that after a crash it is listed and done, or listed and to be
done again (`reapply`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.domain.access_kinds import AccessKind
from kawal.domain.erasure import Basis, Standing
from kawal.domain.messages import Actor
from kawal.domain.names import ClockKind, Role, Status, workflow_id
from kawal.store.access_log import AccessLog
from kawal.store.attachments import AttachmentRows
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.inbox import Inbox
from kawal.store.link_requests import LinkRequestRows
from kawal.store.tray_erasure import erase_with_report

Listing = Callable[[ErasureEntry], Awaitable[None]]
"""A function that adds an erasure to the signed list, on disk."""

_WORDS_GONE = (
    "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
    " occurred_on = null, area = null, public_search = null, erased_at = $2"
    " where tracking_id = $1 and erased_at is null"
)
_NOTICES_GONE = (
    "update outbox set body = null, last_error = case when status in ('pending', 'underway') then 'erased'"
    " else last_error end, status = case when status in ('pending', 'underway') then 'not_sent' else status end"
    " where tracking_id = $1"
)
_KEPT = (
    *("reporter_contact", "rahasia_word", "inbox_reply", "raw_letter", "conversation"),
    *("outgoing_message", "message_medium", "report_advice", "reply_read", "queue_place", "note_mention"),
    *("public_version", "public_follow_up", "public_file_version", "support", "supporter_count"),
)
"""Tables whose rows are deleted with their complaint."""


class Erasures:
    """A store that erases complaints and knows what was erased."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._attachments = AttachmentRows(pool, keys)
        self._access_log = AccessLog(pool, keys)
        self._link_requests = LinkRequestRows(pool, keys)

    async def standing(self, tracking_id: str) -> Standing | None:
        """Return the facts from the database that decide whether a complaint may be erased; None if it is unknown."""
        return await _standing(self._pool, tracking_id)

    async def erase(
        self,
        entry: ErasureEntry,
        listing: Listing,
        *,
        name: str | None = None,
        said: str | None = None,
        check: Callable[[Standing], None] | None = None,
    ) -> bool:
        """Erase one complaint, entirely or not at all; return False if it was erased before.

        `check` looks once more at its standing, with the row locked, and raises what forbids the erasure. `name` and
        `said` (the official's name, the ground in words) are encrypted in the access log with the system's key.
        """
        owner = workflow_id(entry.tracking_id)
        actor = Actor(role=Role(entry.role), account=entry.account, name=name)
        async with self.alone(entry.tracking_id) as conn:
            if await self.is_erased(conn, entry.tracking_id):
                return False
            standing = await _standing(conn, entry.tracking_id)
            if check is not None and standing is not None:
                check(standing)
            # Before the key goes, by which alone the contacts of an undecided report are known.
            sent_from = await self._contact_macs(entry.tracking_id)
            keys = await self._keys.destroy(conn, owner, entry.account, entry.ground)
            await self._take_away(conn, entry, sent_from)
            await listing(entry)
            facts: dict[str, Any] = {"ground": entry.ground} | ({} if check else {"again": True})
            for kind, more in ((AccessKind.ERASED, {}), (AccessKind.KEY_DESTROYED, {"keys": keys})):
                await self._access_log.append_lasting(
                    conn,
                    kind,
                    actor,
                    entry.at if check else datetime.now(UTC),
                    tracking_id=entry.tracking_id,
                    facts=facts | more,
                    words={"ground": said} if said else {},
                )
        # Another task that asked for the key meanwhile may have cached it.
        self._keys.forget(owner)
        return True

    @asynccontextmanager
    async def alone(self, tracking_id: str) -> AsyncIterator[asyncpg.Connection]:
        """Open a transaction during which nobody else erases that complaint, or gives it a new key."""
        async with self._attachments.locked(tracking_id) as conn:
            await conn.execute("select 1 from complaint where tracking_id = $1 for update", tracking_id)
            yield conn

    async def is_erased(self, conn: asyncpg.Connection, tracking_id: str) -> bool:
        """Return whether it was erased, as the caller's transaction sees it."""
        return bool(await conn.fetchval("select exists (select from erasure where tracking_id = $1)", tracking_id))

    async def all(self) -> list[ErasureEntry]:
        """Return every erasure of this database, the oldest first."""
        rows = await self._pool.fetch(
            "select tracking_id::text as tracking_id, at, by_role as role, by_account as account, ground from erasure"
            " order by at, tracking_id"
        )
        return [ErasureEntry(**dict(row)) for row in rows]

    async def with_objects(self) -> list[str]:
        """Return the erased complaints whose attachments' objects may still be in the object store."""
        rows = await self._pool.fetch(
            "select tracking_id::text as id from erasure where objects_removed_at is null order by at"
        )
        return [row["id"] for row in rows]

    async def objects_removed(self, tracking_id: str) -> None:
        """Record that nothing of its attachments is left."""
        await self._pool.execute(
            "update erasure set objects_removed_at = now() where tracking_id = $1 and objects_removed_at is null",
            tracking_id,
        )

    async def with_a_run(self) -> list[str]:
        """Return the complaints that a restore brought back open and that were erased again: their runs must end."""
        rows = await self._pool.fetch(
            "select c.tracking_id::text as id from erasure e join complaint c on c.tracking_id = e.tracking_id"
            " where c.item_open or c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')"
            " or exists (select from complaint_clock k where k.tracking_id = c.tracking_id) order by 1"
        )
        return [row["id"] for row in rows]

    async def _contact_macs(self, tracking_id: str) -> list[bytes]:
        """Return the hashes of a reporter's contacts; none where the report cannot be read any more."""
        try:
            accepted = await Inbox(self._pool, self._keys).find(tracking_id)
        except (KeyDestroyed, NotAuthentic, ValueError):
            return []
        return [] if accepted is None else await Contacts(self._pool, self._keys).of(accepted.report.reporter)

    async def _take_away(self, conn: asyncpg.Connection, entry: ErasureEntry, sent_from: list[bytes]) -> None:
        tracking_id = entry.tracking_id
        await conn.execute(_WORDS_GONE, tracking_id, entry.at)
        await conn.execute(_NOTICES_GONE, tracking_id)
        asked = entry.ground != Basis.NOT_NEEDED
        await erase_with_report(conn, tracking_id, entry.account, entry.at, sent_from=sent_from, undecided=asked)
        for table in _KEPT:
            await conn.execute(f"delete from {table} where tracking_id = $1", tracking_id)  # noqa: S608 - own words
        await self._link_requests.erase(conn, tracking_id)
        await self._attachments.remove_all(conn, tracking_id)
        await conn.execute(
            "insert into erasure (tracking_id, instansi, at, by_role, by_account, ground)"
            " select n, coalesce(c.instansi, i.instansi), $2, $3, $4, $5 from (select $1::tracking_no as n) as one"
            " left join complaint c on c.tracking_id = n left join inbox i on i.tracking_id = n",
            tracking_id,
            entry.at,
            entry.role,
            entry.account,
            entry.ground,
        )


async def reapply(erasures: Erasures, entries: Sequence[ErasureEntry]) -> list[str]:
    """Erase again what a restored database brought back; return the numbers. Repeating it does nothing.

    The complaints' standing is not checked: that they may be erased was decided at the time. `entries` come from the
    verified list (store.erasure_list); an entry that the database does not know is recorded all the same.
    """

    async def listed_already(_entry: ErasureEntry) -> None:
        return None

    return [entry.tracking_id for entry in entries if await erasures.erase(entry, listed_already)]


async def _standing(source: Any, tracking_id: str) -> Standing | None:
    row = await source.fetchrow(
        "select i.tracking_id::text as tracking_id, coalesce(c.instansi, i.instansi)::text as instansi, c.status::text"
        " as status, coalesce(c.item_open, false) as item_open, coalesce(c.erased_at, e.at) as erased_at,"
        " (select max(deadline) from complaint_clock k where k.tracking_id = i.tracking_id and k.kind = $2)"
        "  as aftercare_until,"
        " exists (select from complaint_clock k where k.tracking_id = i.tracking_id) as running"
        " from inbox i left join complaint c on c.tracking_id = i.tracking_id"
        " left join erasure e on e.tracking_id = i.tracking_id where i.tracking_id::text = $1",
        tracking_id,
        str(ClockKind.AFTERCARE),
    )
    if row is None:
        return None
    return Standing(**dict(row) | {"status": row["status"] and Status(row["status"])})
