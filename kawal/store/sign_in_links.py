"""One-time links by which a person sets up how to sign in: for the first time, or after a loss."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import asyncpg
from pydantic import BaseModel

from kawal.domain.messages import Actor
from kawal.store.secret_cache import hash_of

VALID = timedelta(hours=24)
"""For how long a link is valid."""

LONGEST_TEXT = 100
"""The maximum length of a link's token in characters; anything longer is not looked up."""


class SignInLink(BaseModel):
    """A link that is still valid."""

    id: int
    person: str | None
    """None: it is for the first administrator, who is not entered yet."""
    expires_at: datetime
    maker: Actor | None
    """Without their name; None: whoever runs the machine."""


class SignInLinks:
    """A store of links, of which only a hash is kept."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def make(self, person: str | None, by: str) -> tuple[str, datetime]:
        """Return a new link's token of 256 random bits and when it ends (UTC); earlier links of the person end."""
        text = secrets.token_urlsafe(32)
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(
                "update sign_in_link set revoked_at = now() where person is not distinct from $1"
                " and used_at is null and revoked_at is null",
                person,
            )
            expires_at = await conn.fetchval(
                "insert into sign_in_link (token_hash, person, made_by, expires_at)"
                " values ($1, $2, $3, now() + $4::interval) returning expires_at",
                hash_of(text),
                person,
                by,
                VALID,
            )
        return text, expires_at

    async def find(self, text: str) -> SignInLink | None:
        """Return the link of a token; None if there is none, it was used or has ended."""
        if len(text) > LONGEST_TEXT:
            return None
        row = await self._pool.fetchrow(
            "select l.id, l.person, l.expires_at, m.id as account, m.role, m.opd, m.instansi from sign_in_link l"
            " left join person p on p.id = l.person left join account m on m.id = l.made_by"
            " where l.token_hash = $1 and l.used_at is null and l.revoked_at is null and l.expires_at > now()"
            " and (l.person is null and not exists (select from person) or p.active)",
            hash_of(text),
        )
        if row is None:
            return None
        by = {name: row[name] for name in ("account", "role", "opd", "instansi")}
        maker = None if row["account"] is None else Actor(**by)
        return SignInLink(id=row["id"], person=row["person"], expires_at=row["expires_at"], maker=maker)

    async def use(self, number: int) -> bool:
        """Use a link; return False if somebody used it a moment before, or it has ended."""
        done = await self._pool.execute(
            "update sign_in_link set used_at = now()"
            " where id = $1 and used_at is null and revoked_at is null and expires_at > now()",
            number,
        )
        return bool(done == "UPDATE 1")

    async def start_anew(self, person: str) -> None:
        """Take away every means by which a person signed in, and end all their sessions: a link replaces them."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("delete from passkey where person = $1", person)
            await conn.execute("delete from linked_identity where person = $1", person)
            await conn.execute("delete from identity_request where person = $1", person)
            await conn.execute(
                "update person set password_hash = null, totp = null, totp_step = null where id = $1", person
            )
            await conn.execute(
                "update staff_session set ended_at = now() where person = $1 and ended_at is null", person
            )
