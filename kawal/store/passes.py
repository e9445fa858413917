"""Officials' passes: secrets with which officials sign in where nobody sees who is typing; stored only as a hash.

A pass belongs to one account. It is not a password: somebody with authority issues it for the holder and it is shown
once; it expires on a day, and can be revoked before.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.secret_cache import SecretCache, hash_of

PREFIX = "kawalpas_"
"""The prefix of passes, by which a leaked one can be recognised."""

LONGEST_TEXT = 200
"""The maximum length of a pass in characters; anything longer is not looked up."""


class Pass(BaseModel):
    """A pass as lists show it; never the secret itself. Times are UTC."""

    id: int
    account: str
    role: Role
    opd: str | None
    instansi: str | None
    name: str
    """The holder's name; personal, stored encrypted."""
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class _Holder(BaseModel):
    number: int
    actor: Actor


class Passes:
    """A store that issues, recognises and revokes passes."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; holders' names are decrypted with the keys of `keys`."""
        self._pool = pool
        self._accounts = Accounts(pool, keys)
        self._remembered: SecretCache[_Holder] = SecretCache()

    async def issue(self, actor: Actor, expires_at: datetime) -> tuple[int, str]:
        """Issue a pass of 256 random bits for an account; return its number and its text, which is shown only now.

        Raises asyncpg's ForeignKeyViolationError for an account that does not exist, CheckViolationError for an expiry
        in the past.
        """
        text = PREFIX + secrets.token_urlsafe(32)
        number = await self._pool.fetchval(
            "insert into official_pass (token_hash, account, expires_at) values ($1, $2, $3) returning id",
            hash_of(text),
            actor.account,
            expires_at,
        )
        return int(number), text

    async def who(self, text: str) -> Actor | None:
        """Return the holder of a pass, counting the use as their activity; None if it is invalid or has ended.

        One that was revoked by another process may be trusted for `kawal.store.secret_cache.REMEMBERED` seconds more.
        """
        if len(text) > LONGEST_TEXT:
            return None
        holder = await self._remembered.find(text, self._look_up)
        if holder is None:
            return None
        if self._remembered.used(holder.number):
            await self._pool.execute(
                "with used as (update official_pass set last_used_at = now() where id = $1 returning account)"
                " update account set last_seen_at = greatest(last_seen_at, now()) from used where id = used.account",
                holder.number,
            )
        return holder.actor

    async def revoke(self, number: int) -> bool:
        """Revoke a pass permanently; return False if there is none of that number or it was revoked before."""
        self._remembered.forget()
        done = await self._pool.execute(
            "update official_pass set revoked_at = now() where id = $1 and revoked_at is null", number
        )
        return bool(done == "UPDATE 1")

    async def find(self, number: int) -> Pass | None:
        """Return the pass of that number, whether or not it is valid."""
        found = await self._listed("where p.id = $1", number)
        return found[0] if found else None

    async def all(self) -> list[Pass]:
        """Return every pass, by number, including those that have ended."""
        return await self._listed("")

    async def _listed(self, condition: str, *values: object) -> list[Pass]:
        rows = await self._pool.fetch(
            "select p.id, p.account, a.role, a.opd, a.instansi, p.created_at, p.expires_at, p.revoked_at,"  # noqa: S608 - own words
            f" p.last_used_at from official_pass p join account a on a.id = p.account {condition} order by p.id",
            *values,
        )
        return [Pass(**row, name=await self._accounts.name_of(row["account"]) or "") for row in rows]

    async def _look_up(self, hashed: bytes) -> _Holder | None:
        row = await self._pool.fetchrow(
            "select p.id, a.id as account, a.role, a.opd, a.instansi from official_pass p"
            " join account a on a.id = p.account and a.active"
            " where p.token_hash = $1 and p.revoked_at is null and p.expires_at > now()",
            hashed,
        )
        if row is None:
            return None
        name = await self._accounts.name_of(row["account"])
        actor = Actor(
            role=Role(row["role"]), account=row["account"], opd=row["opd"], instansi=row["instansi"], name=name
        )
        return _Holder(number=row["id"], actor=actor)
