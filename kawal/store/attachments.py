"""The rows of attachments: which objects belong to which complaint. Stored objects without a row belong to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from kawal.crypto.encryption import DataKey, decrypt, encrypt
from kawal.domain.names import workflow_id
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox

_LOCK = 0x6B61_7741
"""First half of the advisory lock on one complaint's attachments; the second half is its number."""

_COLUMNS = (
    "id, tracking_id::text as tracking_id, name_mac, ciphertext, size, public_size, media_type, added_at, event_seq,"
    " by_office"
)


class AttachmentDetails(BaseModel):
    """The encrypted part of a row: personal, or useless without the key."""

    name: str
    """The declared name, sanitised."""
    sha256: str
    file_id: str
    public_file_id: str | None = None
    """The ids of the encrypted objects meant: other objects in their places cannot be decrypted."""


class AttachmentRow(BaseModel):
    """A decrypted row of an attachment."""

    id: UUID
    tracking_id: str
    name_mac: bytes
    size: int
    public_size: int | None
    media_type: str
    added_at: datetime
    event_seq: int | None
    by_office: bool = False
    """Added by an official, and never sent by the reporter."""
    details: AttachmentDetails


class Room(BaseModel):
    """The storage that a complaint's attachments use."""

    count: int
    size: int


async def name_in_event(conn: asyncpg.Connection, tracking_id: str, ids: Sequence[str], seq: int) -> None:
    """Record the first event that names these attachments; within the caller's transaction."""
    await conn.execute(
        "update attachment set event_seq = $3"
        " where tracking_id = $1 and id::text = any ($2::text[]) and event_seq is null",
        tracking_id,
        list(ids),
        seq,
    )


_FOUND = """
    select exists (select from inbox i left join complaint c using (tracking_id)
                    where i.tracking_id::text = $1 and c.erased_at is null) as there,
           array(select id::text from attachment where tracking_id::text = $1 and id::text = any ($2)) as found
"""


async def missing_files(pool: asyncpg.Pool, tracking_id: str, files: Sequence[str]) -> set[str]:
    """Return the ids that are no attachment of the complaint; none if it is unknown or erased."""
    row = await pool.fetchrow(_FOUND, tracking_id, list(files))
    return set(files) - set(row["found"]) if row["there"] else set()


class AttachmentRows:
    """A store of the rows."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys

    @asynccontextmanager
    async def locked(self, tracking_id: str) -> AsyncIterator[asyncpg.Connection]:
        """Open a transaction with exclusive access to a complaint's attachments, among all processes."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1, $2)", _LOCK, int(tracking_id))
            yield conn

    async def room(self, conn: asyncpg.Connection, tracking_id: str) -> Room:
        """Return how many attachments a complaint has, and their total bytes."""
        row = await conn.fetchrow(
            "select count(*) as count, coalesce(sum(size), 0)::bigint as size from attachment where tracking_id = $1",
            tracking_id,
        )
        return Room(count=row["count"], size=row["size"])

    async def add(self, conn: asyncpg.Connection, key: DataKey, row: AttachmentRow) -> None:
        """Insert a row within the caller's transaction; its objects must already be stored."""
        await conn.execute(
            "insert into attachment"
            " (id, tracking_id, name_mac, data_key_id, ciphertext, size, public_size, media_type, added_at, by_office)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.id,
            row.tracking_id,
            row.name_mac,
            key.key_id,
            encrypt(key, row.details.model_dump_json().encode(), _aad(row.tracking_id, row.id)),
            row.size,
            row.public_size,
            row.media_type,
            row.added_at,
            row.by_office,
        )

    async def sent_by_reporter(self, conn: asyncpg.Connection, attachment_id: UUID) -> None:
        """Note that the reporter sent the same content as an official had; within the caller's transaction."""
        await conn.execute("update attachment set by_office = false where id = $1 and by_office", attachment_id)

    async def id_of_content(self, conn: asyncpg.Connection, tracking_id: str, name_mac: bytes) -> UUID | None:
        """Return the id of the complaint's attachment with that content, if there is one."""
        found: UUID | None = await conn.fetchval(
            "select id from attachment where tracking_id = $1 and name_mac = $2", tracking_id, name_mac
        )
        return found

    async def find(self, tracking_id: str, attachment_id: UUID) -> AttachmentRow | None:
        """Return one attachment of a complaint; raises KeyDestroyed for an erased one."""
        row = await self._pool.fetchrow(
            f"select {_COLUMNS}, data_key_id from attachment where tracking_id = $1 and id = $2",  # noqa: S608
            tracking_id,
            attachment_id,
        )
        return None if row is None else await self._opened(row)

    async def all_of(self, tracking_id: str) -> list[AttachmentRow]:
        """Return a complaint's attachments, the oldest first; raises KeyDestroyed for an erased one that has rows."""
        rows = await self._pool.fetch(
            f"select {_COLUMNS}, data_key_id from attachment where tracking_id = $1 order by added_at, id",  # noqa: S608
            tracking_id,
        )
        return [await self._opened(row) for row in rows]

    async def drafts(self, tracking_id: str) -> set[UUID]:
        """Return the ids of officials' files that no step names and the public may not see: nobody was told of them."""
        rows = await self._pool.fetch(
            "select id from attachment a where tracking_id::text = $1 and by_office and event_seq is null"
            " and not exists (select from public_file p where p.attachment = a.id)",
            tracking_id,
        )
        return {row["id"] for row in rows}

    async def unknown(self, objects: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Return those of the objects (tracking id, keyed hash) that no row names."""
        rows = await self._pool.fetch(
            "select tracking_id, name_mac from unnest($1::text[], $2::bytea[]) as o(tracking_id, name_mac)"
            " where not exists (select from attachment a where a.tracking_id = o.tracking_id"
            " and a.name_mac = o.name_mac)",
            [tracking_id for tracking_id, _ in objects],
            [name_mac for _, name_mac in objects],
        )
        return [(row["tracking_id"], row["name_mac"]) for row in rows]

    async def remove_all(self, conn: asyncpg.Connection, tracking_id: str) -> int:
        """Remove a complaint's rows within the caller's transaction; return how many."""
        found = await conn.fetch("delete from attachment where tracking_id = $1 returning 1", tracking_id)
        return len(found)

    async def accepted(self, tracking_id: str) -> bool:
        """Return whether a report of that number was accepted, started or not."""
        return (
            await self._pool.fetchval("select exists (select from inbox where tracking_id::text = $1)", tracking_id)
            is True
        )

    async def rahasia(self, tracking_id: str) -> bool:
        """Return whether the complaint's content is hidden; before its start the report's own flag counts."""
        row = await self._pool.fetchrow("select rahasia from complaint where tracking_id = $1", tracking_id)
        if row is not None:
            return bool(row["rahasia"])
        waiting = await Inbox(self._pool, self._keys).find(tracking_id)
        return waiting is not None and waiting.report.rahasia

    async def _opened(self, row: Any) -> AttachmentRow:
        key = await self._keys.key_by_id(row["data_key_id"])
        if key is None:
            raise RuntimeError("an attachment's key is a row of data_key")
        details = AttachmentDetails.model_validate_json(
            decrypt(key, row["ciphertext"], _aad(row["tracking_id"], row["id"]))
        )
        return AttachmentRow(details=details, **dict(row))


def _aad(tracking_id: str, attachment_id: UUID) -> bytes:
    return f"attachment\x00{workflow_id(tracking_id)}\x00{attachment_id}".encode()
