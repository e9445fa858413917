"""Passkeys: the public half of a key that a person's device keeps, and the challenges that were used."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.store.data_keys import DataKeyStore


class Passkey(BaseModel):
    """A passkey; times are UTC."""

    id: int
    person: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    """What its owner calls it; personal, stored encrypted."""
    created_at: datetime
    last_used_at: datetime | None


class Passkeys:
    """A store of passkeys."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; names are encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def challenge_mac(self, *parts: str) -> bytes:
        """Return the keyed hash by which a challenge is recognised as ours, for one browser and purpose."""
        return await self._keys.mac("passkey challenge", *parts)

    async def use_challenge(self, challenge: bytes, expires_at: datetime) -> bool:
        """Note that a challenge was answered; return False if it was before."""
        await self._pool.execute("delete from used_challenge where expires_at < now()")
        done = await self._pool.execute(
            "insert into used_challenge (challenge, expires_at) values ($1, $2) on conflict do nothing",
            challenge,
            expires_at,
        )
        return bool(done == "INSERT 0 1")

    async def add(self, person: str, credential_id: bytes, public_key: bytes, sign_count: int, name: str) -> bool:
        """Add a passkey; return False if it is known already, whosever it is."""
        encrypted = encrypt(await self._keys.key_for(SYSTEM), name.encode(), _aad(credential_id))
        done = await self._pool.execute(
            "insert into passkey (person, credential_id, public_key, sign_count, name) values ($1, $2, $3, $4, $5)"
            " on conflict (credential_id) do nothing",
            person,
            credential_id,
            public_key,
            sign_count,
            encrypted,
        )
        return bool(done == "INSERT 0 1")

    async def of(self, person: str) -> list[Passkey]:
        """Return a person's passkeys, the oldest first."""
        rows = await self._pool.fetch("select * from passkey where person = $1 order by id", person)
        return [await self._opened(row) for row in rows]

    async def find(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey of that id, if its owner may sign in."""
        row = await self._pool.fetchrow(
            "select k.* from passkey k join person p on p.id = k.person and p.active where k.credential_id = $1",
            credential_id,
        )
        return None if row is None else await self._opened(row)

    async def used(self, number: int, sign_count: int) -> bool:
        """Note a use, and what the passkey counted; return False if it was taken away meanwhile."""
        done = await self._pool.execute(
            "update passkey set last_used_at = now(), sign_count = $2 where id = $1", number, sign_count
        )
        return bool(done == "UPDATE 1")

    async def rename(self, number: int, person: str, name: str) -> bool:
        """Give a person's passkey another name; return False if they have none of that number."""
        found = next((one for one in await self.of(person) if one.id == number), None)
        if found is None:
            return False
        encrypted = encrypt(await self._keys.key_for(SYSTEM), name.encode(), _aad(found.credential_id))
        await self._pool.execute("update passkey set name = $2 where id = $1", number, encrypted)
        return True

    async def remove(self, number: int, person: str) -> bool:
        """Remove a person's passkey; return False if there is none, or it is their last means of signing in."""
        async with self._pool.acquire() as conn, conn.transaction():
            password = await conn.fetchval(
                "select password_hash is not null from person where id = $1 for update", person
            )
            others = await conn.fetchval("select count(*) from passkey where person = $1 and id <> $2", person, number)
            if not password and not others:
                return False
            done = await conn.execute("delete from passkey where id = $1 and person = $2", number, person)
        return bool(done == "DELETE 1")

    async def _opened(self, row: asyncpg.Record) -> Passkey:
        key = await self._keys.key_of(SYSTEM, row["name"])
        name = decrypt(key, row["name"], _aad(row["credential_id"])).decode()
        return Passkey.model_validate({**dict(row), "name": name})


def _aad(credential_id: bytes) -> bytes:
    return b"passkey\x00" + credential_id
