"""Sessions of people who signed in: a random cookie, stored only as a hash; every request asks the table anew."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.store.secret_cache import hash_of

How = Literal["passkey", "password", "link", "demo", "provider"]

LONGEST_TEXT = 100
"""The maximum length of a cookie in characters; anything longer is not looked up."""

_SEEN_EVERY = timedelta(minutes=1)


class SessionEnds(NamedTuple):
    """When sessions end by themselves: after `idle` without use, and `longest` after they began."""

    idle: timedelta
    longest: timedelta


class ThroughProvider(NamedTuple):
    """Of a session that begins through an identity provider: which, and the held roles that may be used in it."""

    issuer: str
    allowed: list[str] | None
    """As `HeldRole.id`; None: all that the person holds."""


class StaffSession(BaseModel):
    """A session; times are UTC."""

    id: int
    person: str
    role: str | None
    """In which the person acts now, as `HeldRole.id`; None: the first they hold."""
    how: How
    issuer: str | None
    allowed: list[str] | None
    device: str
    began_at: datetime
    seen_at: datetime
    form_secret: bytes


class StaffSessions:
    """A store that begins, recognises and ends sessions."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def begin(
        self,
        person: str,
        how: How,
        device: str = "",
        role: str | None = None,
        through: ThroughProvider | None = None,
    ) -> tuple[int, str]:
        """Begin a session; return its number and the cookie's text of 256 random bits, which is stored nowhere."""
        text = secrets.token_urlsafe(32)
        number = await self._pool.fetchval(
            "insert into staff_session (token_hash, form_secret, person, held_role, deputy, how, device, issuer,"
            " allowed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
            hash_of(text),
            secrets.token_bytes(32),
            person,
            *_columns(role),
            how,
            device[:60],
            *(through or (None, None)),
        )
        return int(number), text

    async def find(self, text: str, ends: SessionEnds, *, used: bool = True) -> StaffSession | None:
        """Return the session of a cookie; None if there is none, or it has ended.

        With `used` it counts as used now; what a page asks by itself is no use, or no session would ever end.
        """
        if len(text) > LONGEST_TEXT:
            return None
        row = await self._pool.fetchrow(f"{_SELECT} and s.token_hash = $3", *ends, hash_of(text))
        if row is None:
            return None
        if used and row["unseen"] >= _SEEN_EVERY:
            await self._pool.execute("update staff_session set seen_at = now() where id = $1", row["id"])
        return _session(row)

    async def of(self, person: str, ends: SessionEnds) -> list[StaffSession]:
        """Return a person's sessions, the last used first."""
        rows = await self._pool.fetch(
            f"{_SELECT} and s.person = $3 order by s.seen_at desc, s.id desc",
            *ends,
            person,
        )
        return [_session(row) for row in rows]

    async def change_role(self, number: int, role: str) -> str:
        """Let a session's person act in another role; return the new cookie: the old one ends."""
        text = secrets.token_urlsafe(32)
        await self._pool.execute(
            "update staff_session set token_hash = $2, held_role = $3, deputy = $4 where id = $1 and ended_at is null",
            number,
            hash_of(text),
            *_columns(role),
        )
        return text

    async def end(self, number: int, person: str) -> bool:
        """End a person's session; return False if they have none of that number."""
        done = await self._pool.execute(
            "update staff_session set ended_at = now() where id = $1 and person = $2 and ended_at is null",
            number,
            person,
        )
        return bool(done == "UPDATE 1")

    async def end_by(self, text: str) -> None:
        """End the session of a cookie, if it is one."""
        await self._pool.execute(
            "update staff_session set ended_at = now() where token_hash = $1 and ended_at is null", hash_of(text)
        )

    async def end_all(self, person: str, but: int | None = None) -> int:
        """End all of a person's sessions, but for one; return how many."""
        done = await self._pool.execute(
            "update staff_session set ended_at = now()"
            " where person = $1 and ended_at is null and id is distinct from $2",
            person,
            but,
        )
        return int(done.rpartition(" ")[2])


def _columns(role: str | None) -> tuple[int | None, int | None]:
    """Return the columns `held_role` and `deputy` for a role's id."""
    if role is None:
        return None, None
    number = int(role[1:])
    return (number, None) if role[0] == "r" else (None, number)


def _session(row: asyncpg.Record) -> StaffSession:
    return StaffSession.model_validate({name: row[name] for name in StaffSession.model_fields})


_SELECT = """
    select s.id, s.person, coalesce('r' || s.held_role, 'd' || s.deputy) as role, s.how, s.issuer, s.allowed,
        s.device, s.began_at, s.seen_at, s.form_secret, now() - s.seen_at as unseen
    from staff_session s join person p on p.id = s.person and p.active
    where s.ended_at is null and s.seen_at > now() - $1::interval and s.began_at > now() - $2::interval
"""
