"""Letters as they came, kept encrypted with the complaint that each became or was added to, and erased with it.

A letter stands in the row itself, not in the attachment store: it is at most 25 MB, and so it is removed in the
transaction of the erasure, and is in the database's dump with everything else that it belongs to.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import DataKey, decrypt, encrypt
from kawal.domain.names import Channel, workflow_id
from kawal.domain.process.commands import printable
from kawal.store.attachments import AttachmentRows
from kawal.store.data_keys import DataKeyStore

_QUICK = 1
"""The level of compression: a higher one takes a third longer for two hundredths of a letter with photographs."""


class RawLetterLine(BaseModel):
    """A letter as a list shows it: without its content."""

    number: int
    """Within its complaint, from 1."""
    channel: Channel
    received_at: datetime
    size: int
    """Bytes as received."""
    sha256: str
    left_out: list[str]
    """What of it the complaint does not have, each as CODE or CODE:NAME (domain.labels.LEFT_OUT)."""


class RawLetter(NamedTuple):
    """A letter with its content."""

    channel: Channel
    raw: bytes


class _Details(BaseModel):
    """The encrypted part of a line."""

    sha256: str
    left_out: list[str]


class _Ciphertexts(NamedTuple):
    details: bytes
    body: bytes


class RawLetters:
    """A store of letters as they came, each encrypted with its complaint's key."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._attachments = AttachmentRows(pool, keys)

    async def keep(
        self,
        tracking_id: str,
        raw: bytes,
        *,
        channel: Channel,
        identity: str,
        received_at: datetime,
        left_out: Sequence[str] = (),
    ) -> bool:
        """Keep a letter with its complaint; return False if the complaint has one of that identity already.

        `identity` is the channel's own id of the letter, `left_out` what of it could not be taken, each as CODE or
        CODE:NAME (domain.labels.LEFT_OUT). Raises KeyDestroyed for an erased complaint, KeyUnavailable also for an
        unknown one, and asyncpg's errors.
        """
        identity_mac = await self._keys.mac("raw letter", tracking_id, identity)
        if await self._pool.fetchval(_THERE, tracking_id, identity_mac):
            return False
        key = await self._keys.key_for(workflow_id(tracking_id))
        # All of it takes a second for the largest letter, and holds the GIL for none of it.
        made = await asyncio.to_thread(_encrypted, key, raw, left_out, tracking_id, identity_mac)
        # What erases the complaint takes the same lock: nothing is added to it afterwards with a key still in a cache.
        async with self._attachments.locked(tracking_id) as conn:
            if await conn.fetchval("select exists (select from erasure where tracking_id = $1)", tracking_id):
                raise KeyDestroyed(f"the content of {workflow_id(tracking_id)} was erased")
            number = await conn.fetchval(
                _ADD,
                tracking_id,
                str(channel),
                identity_mac,
                key.key_id,
                made.details,
                made.body,
                len(raw),
                received_at,
            )
        return number is not None

    async def lines(self, tracking_id: str) -> list[RawLetterLine]:
        """Return a complaint's letters in the order in which they were kept; none of an erased or unknown one.

        Raises KeyUnavailable, NotAuthentic.
        """
        rows = await self._pool.fetch(
            "select number, tracking_id::text as tracking_id, channel::text as channel, received_at, size, details,"
            " identity_mac from raw_letter where tracking_id::text = $1 order by number",
            tracking_id,
        )
        try:
            return [await self._line(row) for row in rows]
        except KeyDestroyed:
            # A restored database has the rows until the list of erasures is applied to it.
            return []

    async def raw(self, tracking_id: str, number: int) -> RawLetter | None:
        """Return a letter as it came; None if the complaint has none of that number.

        Raises KeyUnavailable, NotAuthentic, and KeyDestroyed while a restored database is not erased again.
        """
        row = await self._pool.fetchrow(
            "select tracking_id::text as tracking_id, channel::text as channel, size, identity_mac, body"
            " from raw_letter where tracking_id::text = $1 and number = $2",
            tracking_id,
            number,
        )
        if row is None:
            return None
        key = await self._keys.key_of(workflow_id(tracking_id), row["body"])
        return RawLetter(Channel(row["channel"]), await asyncio.to_thread(_decrypted, key, row))

    async def _line(self, row: Any) -> RawLetterLine:
        key = await self._keys.key_of(workflow_id(row["tracking_id"]), row["details"])
        aad = _aad("details", row["tracking_id"], row["identity_mac"])
        details = _Details.model_validate_json(decrypt(key, row["details"], aad))
        return RawLetterLine(**dict(row), **details.model_dump())


_THERE = "select exists (select from raw_letter where tracking_id::text = $1 and identity_mac = $2)"
_ADD = """
insert into raw_letter
    (tracking_id, number, channel, identity_mac, data_key_id, details, body, size, received_at)
select $1::tracking_no, 1 + coalesce(max(number), 0), $2, $3, $4, $5, $6, $7, $8 from raw_letter where tracking_id = $1
on conflict (tracking_id, identity_mac) do nothing returning number
"""


def _encrypted(
    key: DataKey, raw: bytes, left_out: Sequence[str], tracking_id: str, identity_mac: bytes
) -> _Ciphertexts:
    # File names are a stranger's: what they contain must harm nobody to whom they are shown.
    details = _Details(sha256=sha256(raw).hexdigest(), left_out=[printable(one) for one in left_out])
    return _Ciphertexts(
        encrypt(key, details.model_dump_json().encode(), _aad("details", tracking_id, identity_mac)),
        encrypt(key, zlib.compress(raw, _QUICK), _aad("body", tracking_id, identity_mac)),
    )


def _decrypted(key: DataKey, row: Any) -> bytes:
    return zlib.decompress(
        decrypt(key, row["body"], _aad("body", row["tracking_id"], row["identity_mac"])), bufsize=row["size"] or 1
    )


def _aad(part: str, tracking_id: str, identity_mac: bytes) -> bytes:
    return f"raw letter {part}\x00{workflow_id(tracking_id)}\x00".encode() + identity_mac
