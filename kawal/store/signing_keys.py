"""The installation's signing keys: one signs now, the earlier ones still verify; private halves are encrypted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt, key_id_of
from kawal.crypto.master_keys import KeyUnavailable
from kawal.proof.signing import KeySet, PublicKey, endorsement_text, fresh_private, name_of, public_of, sign
from kawal.store.data_keys import DataKeyStore

_LOCK = 0x6B61_7761_6C03
"""Advisory lock under which keys are created, so that there is one first key and one successor of each."""

SEAL_LOCK = 0x6B61_7761_6C04
"""Advisory lock for sealing, and for retiring a key, so that no head is signed by a retired key."""

_NEWEST = "select * from signing_key where retired_at is null"


class SigningKeys:
    """A store that signs with the newest key, and returns all public ones."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Keep the keys in `pool`, their private halves encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def current(self) -> PublicKey:
        """Return the key that signs now; an installation that has none gets its first one."""
        row = await self._newest()
        if row is None:
            await self._first()
            row = await self._newest()
        return _public(row)

    async def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with the current key; return its id and the signature.

        A signed message begins with its type (`kawal-head-1`), so that it cannot be mistaken for another kind. Raises
        KeyUnavailable if the system key, or the private half, is not available, and asyncpg's errors.
        """
        await self.current()
        row = await self._newest()
        return row["signing_key_id"], sign(await self._private(row), message)

    async def log_id(self) -> str:
        """Return the name of the installation's log: the id of its first key."""
        return (await self.public_keys()).log_id

    async def public_keys(self) -> KeySet:
        """Return every key from the first to the current one; an installation that has none gets its first one."""
        await self.current()
        return await self.known_keys()

    async def known_keys(self) -> KeySet:
        """Return the existing keys, for read-only use; an empty set if nothing was ever signed."""
        rows = await self._pool.fetch(
            "with recursive chain as (select k.*, 1 as place from signing_key k where endorsed_by is null union all"
            " select k.*, place + 1 from signing_key k join chain c on k.endorsed_by = c.signing_key_id where place <"
            " 10000)"
            " select * from chain order by place"
        )
        return KeySet([_public(row) for row in rows])

    async def rotate(self) -> PublicKey:
        """Create a new key, endorsed by the current one, which is retired and whose private half is destroyed."""
        await self.current()
        async with self._pool.acquire() as conn, conn.transaction():
            return await self.rotate_in(conn)

    async def rotate_in(self, conn: asyncpg.Connection) -> PublicKey:
        """Do the same within the caller's transaction; some key must have existed before (`current`)."""
        await conn.execute("select pg_advisory_xact_lock($1)", SEAL_LOCK)
        await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
        old = await conn.fetchrow(_NEWEST)
        log_id = await conn.fetchval("select signing_key_id from signing_key where endorsed_by is null")
        # Never before the old key's last signature: its period ends where the new one's begins.
        at = max(datetime.now(UTC), old["created_at"])
        last = await conn.fetchval("select max(at) from log_head")
        at = at if last is None else max(at, last)
        private = fresh_private()
        public = public_of(private)
        text = endorsement_text(log_id, name_of(public), public, at, old["signing_key_id"])
        endorsement = sign(await self._private(old), text)
        await conn.execute(
            "update signing_key set retired_at = $2, encrypted_private = null where signing_key_id = $1",
            old["signing_key_id"],
            at,
        )
        await self._insert(conn, private, at, old["signing_key_id"], endorsement)
        return _public(await conn.fetchrow(_NEWEST))

    async def _newest(self) -> Any:
        return await self._pool.fetchrow(_NEWEST)

    async def _first(self) -> None:
        private = fresh_private()
        public, at = public_of(private), datetime.now(UTC)
        name = name_of(public)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
            if await conn.fetchval("select exists (select from signing_key)"):
                return
            endorsement = sign(private, endorsement_text(name, name, public, at, name))
            await self._insert(conn, private, at, None, endorsement)

    async def _insert(
        self, conn: asyncpg.Connection, private: bytes, at: datetime, endorsed_by: str | None, endorsement: bytes
    ) -> None:
        public = public_of(private)
        encrypted = encrypt(await self._keys.key_for(SYSTEM), private, _aad(name_of(public)))
        await conn.execute(
            "insert into signing_key (signing_key_id, public_key, encrypted_private, created_at, endorsed_by,"
            " endorsement)"
            " values ($1, $2, $3, $4, $5, $6)",
            name_of(public),
            public,
            encrypted,
            at,
            endorsed_by,
            endorsement,
        )

    async def _private(self, row: Any) -> bytes:
        encrypted = row["encrypted_private"]
        key_id = None if encrypted is None else key_id_of(encrypted)
        key = None if key_id is None else await self._keys.key_by_id(key_id)
        if key is None:
            raise KeyUnavailable(f"the private half of signing key {row['signing_key_id'][:16]} is unavailable")
        return decrypt(key, encrypted, _aad(row["signing_key_id"]))


def _aad(name: str) -> bytes:
    return f"signing key\x00{name}".encode()


def _public(row: Any) -> PublicKey:
    return PublicKey(
        key_id=row["signing_key_id"],
        public=row["public_key"],
        created_at=row["created_at"],
        retired_at=row["retired_at"],
        endorsed_by=row["endorsed_by"] or row["signing_key_id"],
        endorsement=row["endorsement"],
    )
