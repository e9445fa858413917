"""Files of messages that lie with their gateway: what is still to be fetched, what was taken, what was given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.names import workflow_id
from kawal.store.data_keys import DataKeyStore


class MediumStatus(StrEnum):
    """What became of a file."""

    PENDING = "pending"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


class MediumContent(BaseModel):
    """What is only ever stored encrypted."""

    where: str
    """An address, or the gateway's own id."""
    name: str = ""
    sender: str | None = None
    """The number that is told if the file is given up."""


class ClaimedMedium(BaseModel):
    """A file to be fetched now; `attempts` includes this try."""

    id: int
    tracking_id: str
    gateway: str
    attempts: int
    content: MediumContent


class MediumLine(BaseModel):
    """A file as a list shows it."""

    id: int
    tracking_id: str
    gateway: str
    status: MediumStatus
    attempts: int
    last_error: str | None
    created_at: datetime
    ended_at: datetime | None


_LINE = ", ".join(
    "tracking_id::text as tracking_id" if name == "tracking_id" else name for name in MediumLine.model_fields
)


class MessageMedia:
    """A store of files that are to be fetched."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; where a file is, is encrypted with its report's key in `keys`."""
        self._pool = pool
        self._keys = keys

    async def put(self, tracking_id: str, gateway: str, once: str, content: MediumContent) -> None:
        """Put a file that is to be fetched; put again under the same `once` it is the same.

        Raises KeyDestroyed, KeyUnavailable, asyncpg's errors.
        """
        mac = await self._keys.mac("message medium", gateway, once)
        key = await self._keys.key_for(workflow_id(tracking_id))
        await self._pool.execute(
            "insert into message_medium (tracking_id, gateway, once_mac, body) values ($1, $2, $3, $4)"
            " on conflict (once_mac) do nothing",
            tracking_id,
            gateway,
            mac,
            encrypt(key, content.model_dump_json().encode(), _aad(mac)),
        )

    async def claim(self, lease: timedelta) -> ClaimedMedium | None:
        """Claim the file that has waited longest, if one is due; nobody else gets it within the lease."""
        row = await self._pool.fetchrow(
            "update message_medium set attempts = attempts + 1, next_try_at = now() + $1 where id in ("
            " select id from message_medium where status = 'pending' and next_try_at <= now()"
            " order by next_try_at, id limit 1 for update skip locked) returning *, tracking_id::text as number",
            lease,
        )
        if row is None:
            return None
        try:
            content = await self._opened(row)
        except KeyDestroyed:
            await self.give_up(row["id"], "erased")
            return await self.claim(lease)
        return ClaimedMedium(
            id=row["id"],
            tracking_id=row["number"],
            gateway=row["gateway"],
            attempts=row["attempts"],
            content=content,
        )

    async def mark_taken(self, medium_id: int, attachment_id: str) -> None:
        """Record as what a file was taken."""
        await self._end(medium_id, MediumStatus.TAKEN, None, UUID(attachment_id))

    async def give_up(self, medium_id: int, why: str) -> None:
        """Record that a file will not be fetched; `why` is a code."""
        await self._end(medium_id, MediumStatus.GIVEN_UP, why, None)

    async def mark_retry(self, medium_id: int, error: str, after: timedelta) -> None:
        """Record that fetching failed for now; `error` is a code."""
        await self._wait(medium_id, error, after, 0)

    async def mark_waiting(self, medium_id: int, why: str, after: timedelta) -> None:
        """Record that what was fetched could not be stored now, which costs the file no try."""
        await self._wait(medium_id, why, after, 1)

    async def _wait(self, medium_id: int, error: str, after: timedelta, untried: int) -> None:
        await self._pool.execute(
            "update message_medium set last_error = $2, next_try_at = now() + $3, attempts = attempts - $4"
            " where id = $1 and status = 'pending'",
            medium_id,
            error,
            after,
            untried,
        )

    async def lines(self, tracking_id: str | None = None, limit: int = 1000) -> list[MediumLine]:
        """Return the files, newest first, without where they are."""
        rows = await self._pool.fetch(
            f"select {_LINE} from message_medium where ($1::text is null or tracking_id = $1)"  # noqa: S608 - own names
            " order by id desc limit $2",
            tracking_id,
            limit,
        )
        return [MediumLine(**dict(row)) for row in rows]

    async def _end(self, medium_id: int, status: MediumStatus, error: str | None, attachment: UUID | None) -> None:
        await self._pool.execute(
            "update message_medium set status = $2, last_error = $3, attachment_id = $4, ended_at = now()"
            " where id = $1 and status = 'pending'",
            medium_id,
            str(status),
            error,
            attachment,
        )

    async def _opened(self, row: Any) -> MediumContent:
        key = await self._keys.key_of(workflow_id(row["number"]), row["body"])
        return MediumContent.model_validate_json(decrypt(key, row["body"], _aad(row["once_mac"])))


def _aad(mac: bytes) -> bytes:
    """Return the associated data that binds what is encrypted to its place."""
    return b"message medium\x00" + mac
