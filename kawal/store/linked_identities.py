"""Identities at identity providers with which people may sign in; of what a provider calls somebody, a keyed hash."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.store.data_keys import DataKeyStore


class LinkedIdentity(BaseModel):
    """An identity that its owner linked to their account here; times are UTC."""

    id: int
    person: str
    issuer: str
    linked_at: datetime
    last_used_at: datetime | None


class LinkedIdentities:
    """A store of identities, each of one person."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; subjects are hashed with the look-up key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def link(self, person: str, issuer: str, subject: str) -> bool:
        """Let a person sign in with an identity; return False if it is linked already, whosever account it opens."""
        done = await self._pool.execute(
            "insert into linked_identity (person, issuer, subject_mac) values ($1, $2, $3)"
            " on conflict (subject_mac) do nothing",
            person,
            issuer,
            await self._mac(issuer, subject),
        )
        return bool(done == "INSERT 0 1")

    async def find(self, issuer: str, subject: str) -> LinkedIdentity | None:
        """Return the identity, if it is linked and its owner may sign in."""
        row = await self._pool.fetchrow(
            f"{_SELECT} join person p on p.id = l.person and p.active where l.subject_mac = $1",
            await self._mac(issuer, subject),
        )
        return None if row is None else LinkedIdentity.model_validate(dict(row))

    async def of(self, person: str) -> list[LinkedIdentity]:
        """Return a person's identities, the oldest first."""
        rows = await self._pool.fetch(f"{_SELECT} where l.person = $1 order by l.id", person)
        return [LinkedIdentity.model_validate(dict(row)) for row in rows]

    async def used(self, number: int) -> bool:
        """Note that somebody signed in with an identity; return False if it was unlinked meanwhile."""
        done = await self._pool.execute("update linked_identity set last_used_at = now() where id = $1", number)
        return bool(done == "UPDATE 1")

    async def unlink(self, number: int, person: str) -> str | None:
        """Take an identity away from a person; return its issuer, None if they have none of that number.

        All their sessions through that issuer end, and what waits for a one-time code: with which identity one was
        begun is not kept.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            issuer = await conn.fetchval(
                "delete from linked_identity where id = $1 and person = $2 returning issuer", number, person
            )
            await conn.execute("delete from identity_request where person = $1", person)
            await conn.execute(
                "update staff_session set ended_at = now() where person = $1 and issuer = $2 and ended_at is null",
                person,
                issuer,
            )
        return None if issuer is None else str(issuer)

    async def fingerprint(self, issuer: str, subject: str) -> str:
        """Return twelve digits by which an identity is told from others in a log, and that name nobody."""
        return (await self._mac(issuer, subject)).hex()[:12]

    async def _mac(self, issuer: str, subject: str) -> bytes:
        return await self._keys.mac("linked identity", issuer, subject)


_SELECT = "select l.id, l.person, l.issuer, l.linked_at, l.last_used_at from linked_identity l"
