"""Agencies, their OPDs and offices, and which of them is responsible for which part of the national category tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import asyncpg
from pydantic import BaseModel

from kawal.domain.alphabet import alphabetical
from kawal.domain.government import HEAD, HEADS, GovernmentKind


class Instansi(BaseModel):
    """An agency of this installation."""

    code: str
    name: str
    area: str | None = None
    """The code of its province, or of its kabupaten or kota; it names the map and the places that pages offer."""
    kind: GovernmentKind = GovernmentKind.PROVINSI
    active: bool
    example: bool = False
    """Whether it is the shipped one, and nobody has made it their own."""
    set_up: bool = True
    """Whether its first set-up was finished."""


class Opd(BaseModel):
    """A body of an agency that can be given complaints."""

    instansi: str
    code: str
    name: str
    active: bool


class CategoryPlace(BaseModel):
    """Who is responsible for a category within an agency: one of its OPDs, an agency outside, or nobody yet."""

    category: str
    opd: str | None = None
    outside: str | None = None


class OfficeAddress(BaseModel):
    """The address to which an office's notices are sent."""

    instansi: str
    office: str
    opd: str | None
    email: str


_CATEGORIES = """
    select c.name, c.main, c.sub, c.active, coalesce(o.name, '') as opd,
           c.active and case when own.category is null then main.outside is null else own.outside is null end as offered
    from category c
    left join category_opd own on own.instansi = $1 and own.category = c.name
    left join category_opd main on main.instansi = $1 and main.category = c.main
    left join opd o on o.instansi = $1
        and o.code = case when own.category is null then main.opd else own.opd end
    order by c.main, c.sub nulls first
"""


class AnsweredCategory(NamedTuple):
    """A category as one agency handles it."""

    name: str
    main: str
    sub: str | None
    opd: str
    """The name of the OPD that is responsible for it; empty if none is set."""
    offered: bool


_INSTANSI = "select code, name, area, kind, active, example, set_up_at is not null as set_up from instansi"
_NAMES = (
    "select code, name, null as kind from opd where instansi = $1"
    " union all select code, name, kind from instansi where code = $1"
)


class Directory:
    """Directory queries; each reads the database, so that an operator's changes take effect at once."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Read through a pool, or a connection of the caller's."""
        self._pool = pool

    async def instansi(self, code: str) -> Instansi | None:
        """Return the agency of that code, active or not; None if there is none."""
        row = await self._pool.fetchrow(f"{_INSTANSI} where code = $1", code)
        return None if row is None else Instansi(**dict(row))

    async def all_instansi(self) -> list[Instansi]:
        """Return every agency, by code."""
        rows = await self._pool.fetch(f"{_INSTANSI} order by code")
        return [Instansi(**dict(row)) for row in rows]

    async def opd(self, instansi: str, code: str) -> Opd | None:
        """Return the agency's OPD of that code, active or not; None if there is none."""
        row = await self._pool.fetchrow(
            "select instansi, code, name, active from opd where instansi = $1 and code = $2", instansi, code
        )
        return None if row is None else Opd(**dict(row))

    async def opds(self, instansi: str | None) -> list[Opd]:
        """Return every OPD of the agency (None: of all, by agency) in the order in which people look for its name."""
        rows = await self._pool.fetch(
            "select instansi, code, name, active from opd where $1::text is null or instansi = $1", instansi
        )
        return sorted(
            (Opd(**dict(row)) for row in rows), key=lambda opd: (opd.instansi, alphabetical(opd.name), opd.code)
        )

    async def names(self, instansi: str) -> dict[str, str]:
        """Return the names of an agency's OPDs and of the agency itself, by code, and its head's title under HEAD."""
        rows = await self._pool.fetch(_NAMES, instansi)
        names = {row["code"]: row["name"] for row in rows}
        kind = next((row["kind"] for row in rows if row["kind"] is not None), None)
        return names if kind is None else {HEAD: HEADS[GovernmentKind(kind)], **names}

    async def missing_opds(self, instansi: str, codes: list[str]) -> list[str]:
        """Return those of the codes that name no active OPD of the agency, in the order given."""
        rows = await self._pool.fetch(
            "select code::text from opd where instansi = $1 and active and code::text = any ($2)", instansi, codes
        )
        known = {row["code"] for row in rows}
        return [code for code in codes if code not in known]

    async def has_category(self, name: str) -> bool:
        """Return whether the national tree has that category ("MAIN" or "MAIN / SUB") in use."""
        return bool(await self._pool.fetchval("select exists (select from category where name = $1 and active)", name))

    async def categories(self) -> list[str]:
        """Return every category in use, by name."""
        return [row["name"] for row in await self._pool.fetch("select name from category where active order by name")]

    async def answered_categories(self, instansi: str) -> list[AnsweredCategory]:
        """Return the whole tree as an agency handles it, in its order."""
        rows = await self._pool.fetch(_CATEGORIES, instansi)
        return [AnsweredCategory(row["name"], row["main"], row["sub"], row["opd"], row["offered"]) for row in rows]

    async def place_of(self, instansi: str, category: str) -> CategoryPlace:
        """Return who is responsible for a category: its own entry, else that of its main category."""
        row = await self._pool.fetchrow(
            "select o.opd, o.outside from category c join category_opd o on o.category in (c.name, c.main)"
            " where o.instansi = $1 and c.name = $2 order by (o.category = c.name) desc limit 1",
            instansi,
            category,
        )
        return CategoryPlace(category=category, **({} if row is None else dict(row)))

    async def own_places(self, instansi: str) -> dict[str, CategoryPlace]:
        """Return who is responsible for each category that has an entry of its own in the agency."""
        rows = await self._pool.fetch(
            "select category, opd::text, outside from category_opd where instansi = $1 order by category", instansi
        )
        return {row["category"]: CategoryPlace(**dict(row)) for row in rows}

    async def set_place(self, instansi: str, place: CategoryPlace) -> None:
        """Make an OPD or an agency outside responsible for a category, instead of whoever was."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute("select from instansi where code = $1 for no key update", instansi)  # one after another
            await conn.execute(
                "delete from category_opd where instansi = $1 and category = $2", instansi, place.category
            )
            await conn.execute(
                "insert into category_opd (instansi, category, opd, outside) values ($1, $2, $3, $4)",
                instansi,
                place.category,
                place.opd,
                place.outside,
            )

    async def remove_place(self, instansi: str, category: str) -> bool:
        """Leave a category to nobody, or to whoever has its main category; return False if it had no entry."""
        done = await self._pool.execute(
            "delete from category_opd where instansi = $1 and category = $2", instansi, category
        )
        return bool(int(done.split()[-1]))

    async def office_email(self, instansi: str, office: str, opd: str | None = None) -> str | None:
        """Return an office's address (agency_admin, inspectorate, sekda, gubernur, or liaison of an OPD), or None."""
        found: str | None = await self._pool.fetchval(
            "select email from office_address where instansi = $1 and office = $2 and opd is not distinct from $3",
            instansi,
            office,
            opd,
        )
        return found

    async def set_office_email(self, instansi: str, office: str, email: str, opd: str | None = None) -> None:
        """Set or replace the address to which an office's notices are sent."""
        await self._pool.execute(
            "insert into office_address (instansi, office, opd, email) values ($1, $2, $3, $4)"
            " on conflict (instansi, office, (coalesce(opd::text, ''))) do update set email = excluded.email",
            instansi,
            office,
            opd,
            email,
        )

    async def remove_office_email(self, instansi: str, office: str, opd: str | None = None) -> bool:
        """Remove an office's address; return False if it had none."""
        done = await self._pool.execute(
            "delete from office_address where instansi = $1 and office = $2 and opd is not distinct from $3",
            instansi,
            office,
            opd,
        )
        return bool(int(done.split()[-1]))

    async def office_emails(self, instansi: str | None = None) -> list[OfficeAddress]:
        """Return every office's address, of one agency or all."""
        rows = await self._pool.fetch(
            "select instansi, office, opd, email from office_address where $1::text is null or instansi = $1"
            " order by instansi, office, opd",
            instansi,
        )
        return [OfficeAddress(**dict(row)) for row in rows]

    async def add_opd(self, instansi: str, code: str, name: str) -> bool:
        """Add an OPD; return False if the agency has one of that code."""
        done = await self._pool.execute(
            "insert into opd (instansi, code, name) values ($1, $2, $3) on conflict do nothing", instansi, code, name
        )
        return bool(int(done.split()[-1]))

    async def add_opds(self, instansi: str, names: Mapping[str, str]) -> bool:
        """Add OPDs by code and name; return False, having added none, if the agency has one of the codes."""
        try:
            await self._pool.execute(
                "insert into opd (instansi, code, name) select $1, * from unnest ($2::text[], $3::text[])",
                instansi,
                list(names),
                list(names.values()),
            )
        except asyncpg.UniqueViolationError:
            return False
        return True

    async def rename_opd(self, instansi: str, code: str, name: str) -> None:
        """Rename an OPD."""
        await self._pool.execute("update opd set name = $3 where instansi = $1 and code = $2", instansi, code, name)

    async def set_opd_active(self, instansi: str, code: str, *, active: bool) -> None:
        """Deactivate an OPD, or activate it again."""
        await self._pool.execute("update opd set active = $3 where instansi = $1 and code = $2", instansi, code, active)
