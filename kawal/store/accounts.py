"""Accounts of people: an opaque id in plain text; the name is stored only encrypted."""

from __future__ import annotations

import re
from datetime import date, datetime

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.process.commands import printable
from kawal.store.data_keys import DataKeyStore

_ID_LENGTH = 32
_ACCOUNT = re.compile(f"[0-9a-f]{{{_ID_LENGTH}}}")
_NAME_LIMIT = 200
"""The maximum length of a name in the record."""


class Accounts:
    """A store that finds and creates the accounts of actors."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; names are encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys
        self._seen: dict[str, date] = {}

    async def actor(self, instansi: str | None, role: Role, name: str, opd: str | None, at: datetime) -> Actor:
        """Return the official who acts, creating an account at the first act; `at` counts as their activity.

        The same person in the same role and OPD always has the same account. Raises asyncpg's ForeignKeyViolationError
        for an unknown agency or OPD, CheckViolationError for a liaison without one.
        """
        account = await self._id(instansi, str(role), opd, name)
        if self._seen.get(account) != at.date():
            encrypted = encrypt(await self._keys.key_for(SYSTEM), name.encode(), _aad(account))
            await self._pool.execute(
                "insert into account (id, instansi, role, opd, name, last_seen_at) values ($1, $2, $3, $4, $5, $6)"
                " on conflict (id) do update set last_seen_at = greatest(account.last_seen_at, excluded.last_seen_at)",
                account,
                instansi,
                str(role),
                opd,
                encrypted,
                at,
            )
            self._seen[account] = at.date()
        return Actor(role=role, account=account, opd=opd, name=name, instansi=instansi)

    async def reporter(self, workflow_id: str, name: str | None = None) -> Actor:
        """Return a complaint's reporter under a pseudonym derived from it alone, which links to no other complaint."""
        account = (await self._keys.mac("reporter", workflow_id)).hex()[:_ID_LENGTH]
        return Actor(role=Role.REPORTER, account=account, name=name)

    async def named(self, name: str, instansi: str | None = None) -> list[str]:
        """Return the accounts of officials of that name, in any role and OPD, of any agency or one.

        They are found by the keyed hash that an account id is: no name is decrypted. Reporters are not found this way.
        An account id is returned as it is.
        """
        if _ACCOUNT.fullmatch(name):
            return [name]
        held = await self._pool.fetch(
            "select distinct instansi::text as instansi, role::text as role, opd::text as opd from account"
            " where $1::text is null or instansi is null or instansi = $1",
            instansi,
        )
        plain = printable(name[:_NAME_LIMIT])
        meant = [await self._id(row["instansi"], row["role"], row["opd"], plain) for row in held]
        rows = await self._pool.fetch("select id from account where id = any ($1::text[]) order by id", meant)
        return [str(row["id"]) for row in rows]

    async def name_of(self, account: str) -> str | None:
        """Return the name behind an account; None for an unknown one (a reporter's has none here)."""
        encrypted = await self._pool.fetchval("select name from account where id = $1", account)
        if encrypted is None:
            return None
        return decrypt(await self._keys.key_of(SYSTEM, encrypted), encrypted, _aad(account)).decode()

    async def _id(self, instansi: str | None, role: str, opd: str | None, name: str) -> str:
        return (await self._keys.mac("account", instansi or "", role, opd or "", _plain(name))).hex()[:_ID_LENGTH]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _aad(account: str) -> bytes:
    return f"account\x00{account}".encode()
