"""People who sign in: names, log-in names, and the roles they hold. What identifies a person is stored encrypted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg
from pydantic import BaseModel

from kawal.crypto.data_keys import SYSTEM
from kawal.crypto.encryption import decrypt, encrypt
from kawal.domain.government import GovernmentKind
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.notes import Colleague
from kawal.domain.persons import PERSON_DIGITS
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore


class Person(BaseModel):
    """A person; name and log-in name are personal and stored only encrypted."""

    id: str
    name: str
    login: str
    active: bool
    shortcuts: bool
    handle: bytes
    """What the person's passkeys know them by: random."""


class HeldRole(BaseModel):
    """A role in which a person may act now: their own, or an absent's whose deputy they are."""

    id: str
    """`r` and the number of the held role, or `d` and that of the deputyship."""
    actor: Actor
    until: date | None
    """The last day (Asia/Jakarta); None: open."""
    deputy_for_name: str | None = None
    """The absent's name."""
    kind: GovernmentKind | None = None
    """Of the agency; None for a role in none."""
    example: bool = False
    """Whether the agency is the shipped one still, and"""
    set_up: bool = True
    """whether its first set-up was finished."""


class RoleGrant(BaseModel):
    """A role that a person holds or held."""

    id: int
    person: str
    actor: Actor
    until: date | None
    ended_at: datetime | None


class LoginTaken(Exception):  # noqa: N818 - names the condition
    """Somebody has this log-in name already."""


class People:
    """A store of people and the roles they hold."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; what is personal is encrypted with the system key of `keys`."""
        self._pool = pool
        self._keys = keys
        self._accounts = Accounts(pool, keys)

    async def any(self) -> bool:
        """Tell whether anybody is entered."""
        return bool(await self._pool.fetchval("select exists (select from person)"))

    async def enter(self, name: str, login: str, handle: bytes | None = None) -> Person:
        """Enter a person who holds no role yet and cannot sign in yet; raises LoginTaken."""
        person = await self._new_id(name)
        key, handle = await self._keys.key_for(SYSTEM), handle or secrets.token_bytes(32)
        try:
            await self._pool.execute(
                "insert into person (id, name, name_mac, login, login_mac, handle) values ($1, $2, $3, $4, $5, $6)",
                person,
                encrypt(key, name.encode(), _aad(person, "name")),
                await self._accounts.name_mac(name),
                encrypt(key, login.encode(), _aad(person, "login")),
                await self.login_mac(login),
                handle,
            )
        except asyncpg.UniqueViolationError as error:
            raise LoginTaken from error
        return Person(id=person, name=name, login=login, active=True, shortcuts=True, handle=handle)

    async def find(self, person: str) -> Person | None:
        """Return the person of that id."""
        return await self._opened(await self._pool.fetchrow("select * from person where id = $1", person))

    async def by_login(self, login: str) -> Person | None:
        """Return the person of that log-in name."""
        mac = await self.login_mac(login)
        return await self._opened(await self._pool.fetchrow("select * from person where login_mac = $1", mac))

    async def by_handle(self, handle: bytes) -> Person | None:
        """Return the person whom passkeys know by this."""
        return await self._opened(await self._pool.fetchrow("select * from person where handle = $1", handle))

    async def set_shortcuts(self, person: str, *, on: bool) -> None:
        """Let single keys act on the pages of a person, or not."""
        await self._pool.execute("update person set shortcuts = $2 where id = $1", person, on)

    async def all(self) -> list[Person]:
        """Return everybody, in the order in which they were entered."""
        rows = await self._pool.fetch("select * from person order by created_at, id")
        return [person for row in rows if (person := await self._opened(row)) is not None]

    async def login_mac(self, login: str) -> bytes:
        """Return the keyed hash by which a log-in name is found."""
        return await self._keys.mac("log-in name", " ".join(login.split()).casefold())

    async def grant(
        self,
        person: Person,
        role: Role,
        instansi: str | None,
        opd: str | None,
        until: date | None,
        by: str,
        at: datetime,
    ) -> int:
        """Let a person hold a role until the end of a day; return its number. One held already only gets the new end.

        Raises as `Accounts.of_person` does.
        """
        actor = await self._accounts.of_person(person.id, instansi, role, person.name, opd, at)
        number = await self._pool.fetchval(
            "insert into held_role (person, account, until, granted_by) values ($1, $2, $3, $4)"
            " on conflict (account) where ended_at is null do update set until = excluded.until returning id",
            person.id,
            actor.account,
            until,
            by,
        )
        return int(number)

    async def end_role(self, number: int) -> bool:
        """End a held role, and with it every deputyship for it; return False if it had ended before."""
        async with self._pool.acquire() as conn, conn.transaction():
            done = await conn.execute(
                "update held_role set ended_at = now() where id = $1 and ended_at is null", number
            )
            await conn.execute("update deputy set ended_at = now() where held_role = $1 and ended_at is null", number)
        return bool(done == "UPDATE 1")

    async def held(self, number: int) -> RoleGrant | None:
        """Return the held role of that number, whether or not it has ended."""
        found = await self._grants("h.id = $1", number)
        return found[0] if found else None

    async def grants(self, instansi: str | None = None) -> list[RoleGrant]:
        """Return every role that was ever held, of one agency or of all, in the order of their numbers."""
        return await self._grants("$1::text is null or a.instansi = $1", instansi)

    async def _grants(self, condition: str, value: object) -> list[RoleGrant]:
        rows = await self._pool.fetch(
            "select h.id, h.person, h.account, h.until, h.ended_at, a.role, a.opd, a.instansi from held_role h"  # noqa: S608 - own words
            f" join account a on a.id = h.account where {condition} order by h.id",
            value,
        )
        return [await self._grant(row) for row in rows]

    async def _grant(self, row: asyncpg.Record) -> RoleGrant:
        actor = Actor(
            role=Role(row["role"]),
            account=row["account"],
            opd=row["opd"],
            instansi=row["instansi"],
            name=await self._accounts.name_of(row["account"]),
        )
        return RoleGrant(id=row["id"], person=row["person"], actor=actor, until=row["until"], ended_at=row["ended_at"])

    async def roles_of(self, person: str, day: date) -> list[HeldRole]:
        """Return the roles in which a person may act on a day (Asia/Jakarta): their own first, then as a deputy."""
        rows = await self._pool.fetch(_ROLES, person, day)
        return [await self._role(row) for row in rows]

    async def colleagues(self, instansi: str, day: date) -> list[Colleague]:
        """Return who may act in an agency on a day (Asia/Jakarta) and in which roles, those held in none included."""
        return await self.named(await self.acting(instansi, day))

    async def acting(self, instansi: str, day: date) -> dict[str, list[Actor]]:
        """Return the same by the people's ids, without their names, whether or not a person may still sign in."""
        roles: dict[str, list[Actor]] = {}
        for row in await self._pool.fetch(_COLLEAGUES, instansi, day):
            acting = {name: row[name] for name in ("role", "account", "opd", "instansi", "deputy_for")}
            roles.setdefault(row["person"], []).append(Actor(**acting))
        return roles

    async def named(self, roles: Mapping[str, Sequence[Actor]]) -> list[Colleague]:
        """Return these people with their names and roles, as far as they may sign in."""
        rows = await self._pool.fetch(
            "select id, name, login from person where id = any ($1) and active order by id", list(roles)
        )
        return [Colleague(row["id"], *await self._names(row), roles[row["id"]]) for row in rows]

    async def _role(self, row: asyncpg.Record) -> HeldRole:
        actor = Actor(
            role=Role(row["role"]),
            account=row["account"],
            opd=row["opd"],
            instansi=row["instansi"],
            name=await self._accounts.name_of(row["account"]),
            deputy_for=row["absent"],
        )
        absent = None if row["absent"] is None else await self._accounts.name_of(row["absent"])
        told = {name: row[name] for name in ("id", "until", "kind", "example", "set_up")}
        return HeldRole(actor=actor, deputy_for_name=absent, **told)

    async def _new_id(self, name: str) -> str:
        """Return the id that a name stands for, or a random one where another person of that name has it."""
        named = await self._accounts.person_named(name)
        taken = await self._pool.fetchval("select exists (select from person where id = $1)", named)
        return secrets.token_hex(PERSON_DIGITS // 2) if taken else named

    async def _opened(self, row: asyncpg.Record | None) -> Person | None:
        if row is None:
            return None
        name, login = await self._names(row)
        told = {field: row[field] for field in ("id", "active", "shortcuts", "handle")}
        return Person(name=name, login=login, **told)

    async def _names(self, row: asyncpg.Record) -> tuple[str, str]:
        """Return the name and the log-in name."""
        name, login = [
            decrypt(await self._keys.key_of(SYSTEM, row[field]), row[field], _aad(row["id"], field)).decode()
            for field in ("name", "login")
        ]
        return name, login


def _aad(person: str, field: str) -> bytes:
    return f"person\x00{person}\x00{field}".encode()


_AT_WORK = """exists (
            select from held_role own join account mine on mine.id = own.account and mine.active
            where own.person = d.person and own.ended_at is null and (own.until is null or own.until >= $2)
                and (a.instansi is null or mine.instansi = a.instansi)
        )"""
"""Whether the deputy `d` holds a role of its own, in the agency of its account `a`, on the day `$2`."""

_ROLES = f"""
    select held.*, i.kind, coalesce(i.example, false) as example, i.code is null or i.set_up_at is not null as set_up
    from (
        select 'r' || h.id as id, a.id as account, a.role::text as role, a.opd::text as opd,
            a.instansi::text as instansi, h.until, null as absent, 0 as turn, h.id as n
        from held_role h join account a on a.id = h.account and a.active
        where h.person = $1 and h.ended_at is null and (h.until is null or h.until >= $2)
        union all
        select 'd' || d.id, a.id, a.role, a.opd, a.instansi, least(d.until_day, h.until), h.account, 1, d.id
        from deputy d join account a on a.id = d.account and a.active
            join held_role h on h.id = d.held_role and h.ended_at is null and (h.until is null or h.until >= $2)
        where d.person = $1 and d.ended_at is null and $2 between d.from_day and d.until_day and {_AT_WORK}
    ) as held left join instansi i on i.code = held.instansi
    order by turn, n
"""  # noqa: S608 - own words

_COLLEAGUES = f"""
    select h.person, a.role::text as role, a.id as account, a.opd::text as opd, a.instansi::text as instansi,
        null as deputy_for
    from account a join held_role h on h.account = a.id
    where a.active and (a.instansi is null or a.instansi = $1) and h.ended_at is null
        and (h.until is null or h.until >= $2)
    union all
    select d.person, a.role, a.id, a.opd, a.instansi, h.account
    from account a join deputy d on d.account = a.id
        join held_role h on h.id = d.held_role and h.ended_at is null and (h.until is null or h.until >= $2)
    where a.active and (a.instansi is null or a.instansi = $1) and d.ended_at is null
        and $2 between d.from_day and d.until_day and {_AT_WORK}
"""  # noqa: S608 - own words
