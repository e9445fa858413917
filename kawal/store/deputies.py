"""Deputies: who stands in for whom, from the first to the last day, in one of the absent's roles."""

from __future__ import annotations

from datetime import date, datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.people import Person


class Deputyship(BaseModel):
    """A deputy for one role of an absent; days are of Asia/Jakarta, both inclusive."""

    id: int
    held_role: int
    deputy: str
    """The person who stands in."""
    deputy_name: str
    absent: str
    """The person who is away."""
    absent_name: str
    actor: Actor
    """As which the deputy acts."""
    from_day: date
    until_day: date
    ended_at: datetime | None


class Deputies:
    """A store of deputyships."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; names are decrypted with the keys of `keys`."""
        self._pool = pool
        self._accounts = Accounts(pool, keys)

    async def name(
        self, held_role: int, absent: Actor, deputy: Person, first: date, last: date, by: str, at: datetime
    ) -> int:
        """Let a person stand in for an absent's role from the first to the last day; return the number."""
        actor = await self._accounts.of_person(deputy.id, absent.instansi, absent.role, deputy.name, absent.opd, at)
        number = await self._pool.fetchval(
            "insert into deputy (held_role, person, account, from_day, until_day, named_by)"
            " values ($1, $2, $3, $4, $5, $6) returning id",
            held_role,
            deputy.id,
            actor.account,
            first,
            last,
            by,
        )
        return int(number)

    async def end(self, number: int) -> bool:
        """End a deputyship; return False if it had ended before."""
        done = await self._pool.execute("update deputy set ended_at = now() where id = $1 and ended_at is null", number)
        return bool(done == "UPDATE 1")

    async def find(self, number: int) -> Deputyship | None:
        """Return the deputyship of that number, whether or not it has ended."""
        found = await self._listed("d.id = $1", number)
        return found[0] if found else None

    async def of(self, person: str, day: date) -> list[Deputyship]:
        """Return the deputyships of a person, as absent or as deputy, that have not ended by a day."""
        condition = "(d.person = $1 or h.person = $1) and d.ended_at is null and d.until_day >= $2"
        return await self._listed(condition, person, day)

    async def all(self, day: date) -> list[Deputyship]:
        """Return all deputyships that have not ended by a day."""
        return await self._listed("d.ended_at is null and d.until_day >= $1", day)

    async def _listed(self, condition: str, *values: object) -> list[Deputyship]:
        rows = await self._pool.fetch(
            "select d.*, h.person as absent, h.account as absent_account, a.role, a.opd, a.instansi"  # noqa: S608 - own words
            " from deputy d join held_role h on h.id = d.held_role join account a on a.id = d.account"
            f" where {condition} order by d.from_day, d.id",
            *values,
        )
        return [await self._opened(row) for row in rows]

    async def _opened(self, row: asyncpg.Record) -> Deputyship:
        deputy_name = await self._accounts.name_of(row["account"]) or ""
        actor = Actor(
            role=Role(row["role"]),
            account=row["account"],
            opd=row["opd"],
            instansi=row["instansi"],
            name=deputy_name,
            deputy_for=row["absent_account"],
        )
        return Deputyship(
            id=row["id"],
            held_role=row["held_role"],
            deputy=row["person"],
            deputy_name=deputy_name,
            absent=row["absent"],
            absent_name=await self._accounts.name_of(row["absent_account"]) or "",
            actor=actor,
            from_day=row["from_day"],
            until_day=row["until_day"],
            ended_at=row["ended_at"],
        )
