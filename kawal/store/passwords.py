"""Passwords, kept as argon2id's hash, and the secrets of one-time codes, kept encrypted; and sign-ins that failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.store.data_keys import DataKeyStore

FORGOTTEN = timedelta(days=1)
"""After which a sign-in that failed counts no longer."""


class PasswordMeans(NamedTuple):
    """What a person's password and one-time code are compared with."""

    person: str
    password_hash: str
    secret: str
    """Of the one-time codes, in base 32."""
    step: int
    """The last step of which a code was used; -1: none."""


class Passwords:
    """A store of passwords and of what their one-time codes are made of."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; the codes' secrets are encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys

    async def find(self, login_mac: bytes) -> PasswordMeans | None:
        """Return what the person of a log-in name signs in with; None for nobody, and for who has no password."""
        row = await self._pool.fetchrow(
            "select id, password_hash, totp, coalesce(totp_step, -1) as step from person"
            " where login_mac = $1 and active and password_hash is not null",
            login_mac,
        )
        if row is None:
            return None
        key = await self._keys.key_of(SYSTEM, row["totp"])
        secret = decrypt(key, row["totp"], _aad(row["id"])).decode()
        return PasswordMeans(row["id"], row["password_hash"], secret, row["step"])

    async def has(self, person: str) -> bool:
        """Tell whether a person has a password."""
        return bool(await self._pool.fetchval("select password_hash is not null from person where id = $1", person))

    async def set(self, person: str, password_hash: str, secret: str, step: int) -> None:
        """Let a person sign in with a password and codes of a secret; of the step given none counts any more."""
        encrypted = encrypt(await self._keys.key_for(SYSTEM), secret.encode(), _aad(person))
        await self._pool.execute(
            "update person set password_hash = $2, totp = $3, totp_step = $4 where id = $1",
            person,
            password_hash,
            encrypted,
            step,
        )

    async def remove(self, person: str) -> bool:
        """Take a person's password away; return False if there is none, or it is their last means of signing in."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select from person where id = $1 for update", person)
            done = await conn.execute(
                "update person set password_hash = null, totp = null, totp_step = null where id = $1"
                " and password_hash is not null and exists (select from passkey where person = $1)",
                person,
            )
        return bool(done == "UPDATE 1")

    async def use_step(self, means: PasswordMeans, step: int) -> bool:
        """Use the code of a step; return False if it, or one of a later step, was used before.

        Also if the password is another by now: what a new link took away signs nobody in who had begun before.
        """
        done = await self._pool.execute(
            "update person set totp_step = $2 where id = $1 and password_hash = $3 and coalesce(totp_step, -1) < $2",
            means.person,
            step,
            means.password_hash,
        )
        return bool(done == "UPDATE 1")

    async def setup_secret(self, browser: str, handle: bytes) -> bytes:
        """Return 20 bytes for a new secret: of one browser and the person whom passkeys know by this `handle`.

        The same again, so that a page need not keep it, until a secret is set: one in use is never shown.
        """
        present: bytes | None = await self._pool.fetchval("select totp from person where handle = $1", handle)
        return (await self._keys.mac("one-time codes", browser, handle.hex(), (present or b"").hex()))[:20]

    async def attempt(
        self, login_mac: bytes, within: timedelta, wait_after: Callable[[int], timedelta]
    ) -> datetime | None:
        """Count an attempt with a log-in name, whether anybody has it or not, as failed until it succeeds.

        Returns until when (UTC) to wait instead, if `wait_after` so many failures within that time the last is too
        recent. One attempt after the other: many at once have no more guesses.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select pg_advisory_xact_lock($1)", int.from_bytes(login_mac[:8], signed=True))
            row = await conn.fetchrow(
                "select count(*) as n, max(at) as last, clock_timestamp() as now from sign_in_failure"
                " where login_mac = $1 and at > now() - $2::interval",
                login_mac,
                within,
            )
            until: datetime | None = None if row["last"] is None else row["last"] + wait_after(row["n"])
            if until is not None and until > row["now"]:
                return until
            await conn.execute("delete from sign_in_failure where at < now() - $1::interval", FORGOTTEN)
            await conn.execute("insert into sign_in_failure (login_mac, at) values ($1, clock_timestamp())", login_mac)
        return None

    async def take_back(self, login_mac: bytes) -> None:
        """Count the last attempt no longer: nobody judged it."""
        await self._pool.execute(
            "delete from sign_in_failure where ctid ="
            " (select ctid from sign_in_failure where login_mac = $1 order by at desc limit 1)",
            login_mac,
        )

    async def forget_failures(self, login_mac: bytes) -> None:
        """Forget what failed before a sign-in that succeeded."""
        await self._pool.execute("delete from sign_in_failure where login_mac = $1", login_mac)


def _aad(person: str) -> bytes:
    return f"one-time codes\x00{person}".encode()
