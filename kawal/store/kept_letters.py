"""Letters that could not become a report or a reply automatically: kept encrypted, listed, read or discarded."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.store.data_keys import DataKeyStore


class KeepReason(StrEnum):
    """Why a letter was only kept."""

    UNREADABLE = "unreadable"
    AUTOMATIC = "automatic"


class KeptLetter(BaseModel):
    """A kept letter as a list shows it: no content."""

    letter: int
    instansi: str
    received_at: datetime
    size: int
    """Bytes."""
    why: KeepReason
    detail: str | None
    """For an unreadable one: time, memory, nesting, crash or error."""


class KeptLetters:
    """A store of letters, encrypted with the system's key because they belong to no complaint."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys

    async def keep(self, raw: bytes, instansi: str, why: KeepReason, detail: str | None, at: datetime) -> bool:
        """Keep a letter; return False if that agency has the same already. Raises KeyUnavailable, asyncpg's errors."""
        # Both take a while for a large letter, and neither holds the GIL.
        digest = await asyncio.to_thread(lambda: sha256(raw).hexdigest())
        digest_mac = await self._keys.mac("kept letter", instansi, digest)
        key = await self._keys.key_for(SYSTEM)
        body = await asyncio.to_thread(encrypt, key, raw, _aad(digest_mac))
        kept = await self._pool.fetchval(
            "insert into kept_letter (instansi, digest_mac, body, size, why, detail, received_at)"
            " values ($1, $2, $3, $4, $5, $6, $7) on conflict (instansi, digest_mac) do nothing returning id",
            instansi,
            digest_mac,
            body,
            len(raw),
            str(why),
            detail,
            at,
        )
        return kept is not None

    async def lines(self, *, limit: int = 1000, instansi: str | None = None) -> list[KeptLetter]:
        """Return the kept letters, the newest first; of one agency, if one is given."""
        rows = await self._pool.fetch(
            f"{_LINES} where $2::text is null or instansi = $2 order by id desc limit $1", limit, instansi
        )
        return [_line(row) for row in rows]

    async def find(self, letter: int) -> KeptLetter | None:
        """Return one letter's line; None if none of that number is kept."""
        row = await self._pool.fetchrow(f"{_LINES} where id = $1", letter)
        return None if row is None else _line(row)

    async def raw(self, letter: int) -> bytes | None:
        """Return the letter as received; None if none of that number is kept. Raises KeyUnavailable, NotAuthentic."""
        row = await self._pool.fetchrow("select digest_mac, body from kept_letter where id = $1", letter)
        if row is None:
            return None
        key = await self._keys.key_of(SYSTEM, row["body"])
        return decrypt(key, row["body"], _aad(row["digest_mac"]))

    async def discard(self, letter: int) -> bool:
        """Delete a letter permanently; return False if it is gone already."""
        return await self._pool.fetchval("delete from kept_letter where id = $1 returning id", letter) is not None


_LINES = "select id as letter, instansi::text as instansi, received_at, size, why, detail from kept_letter"


def _line(row: Any) -> KeptLetter:
    return KeptLetter(**dict(row))


def _aad(digest_mac: bytes) -> bytes:
    return b"kept letter\x00" + digest_mac
