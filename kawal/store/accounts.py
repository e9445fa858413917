"""Accounts of people: an opaque id in plain text; the name is stored only encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

import asyncpg

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.persons import PERSON_DIGITS
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

    async def actor(
        self, instansi: str | None, role: Role, name: str, opd: str | None, at: datetime, *, operator: bool = False
    ) -> Actor:
        """Return the official of that name who acts, creating an account at the first act; `at` is their activity.

        The same name in the same role and OPD always has the same account; of several people of one name, it is the
        one who was entered first. `operator` marks that nobody signed in. Raises as `of_person` does.
        """
        return await self.of_person(await self.person_named(name), instansi, role, name, opd, at, operator=operator)

    async def of_person(
        self,
        person: str,
        instansi: str | None,
        role: Role,
        name: str,
        opd: str | None,
        at: datetime,
        *,
        operator: bool = False,
    ) -> Actor:
        """Return a person in a role, creating the account that stands on record for it; `at` is their activity.

        Raises asyncpg's ForeignKeyViolationError for an unknown agency or OPD, CheckViolationError for a liaison
        without one.
        """
        place = (await self._keys.mac("account", instansi or "", str(role), opd or "")).hex()[:PERSON_DIGITS]
        account = person + place
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
        return Actor(role=role, account=account, opd=opd, name=name, instansi=instansi, operator=operator)

    async def person_named(self, name: str) -> str:
        """Return the id of the person of that name; of several who bear it, of the first."""
        return (await self._keys.mac("person", _plain(name))).hex()[:PERSON_DIGITS]

    async def name_mac(self, name: str) -> bytes:
        """Return the keyed hash by which all people of a name are found."""
        return await self._keys.mac("person's name", _plain(name))

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
        people = [await self.person_named(printable(name[:_NAME_LIMIT]))]
        same = await self._pool.fetch("select id from person where name_mac = $1", await self.name_mac(name))
        people += [str(row["id"]) for row in same]
        rows = await self._pool.fetch(
            "select id from account where left(id, $1) = any ($2::text[])"
            " and ($3::text is null or instansi is null or instansi = $3) order by id",
            PERSON_DIGITS,
            people,
            instansi,
        )
        return [str(row["id"]) for row in rows]

    async def names_of(self, accounts: Iterable[str]) -> dict[str, str]:
        """Return the names behind accounts, by account; those of unknown ones are left out."""
        wanted = list(accounts)
        rows = await self._pool.fetch("select id, name from account where id = any ($1)", wanted) if wanted else []
        return {
            str(row["id"]): decrypt(
                await self._keys.key_of(SYSTEM, row["name"]), row["name"], _aad(str(row["id"]))
            ).decode()
            for row in rows
        }

    async def name_of(self, account: str) -> str | None:
        """Return the name behind an account; None for an unknown one (a reporter's has none here)."""
        encrypted = await self._pool.fetchval("select name from account where id = $1", account)
        if encrypted is None:
            return None
        return decrypt(await self._keys.key_of(SYSTEM, encrypted), encrypted, _aad(account)).decode()


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _aad(account: str) -> bytes:
    return f"account\x00{account}".encode()
