"""The initial data of a fresh installation: the shipped calendar, rule sets, category tree and agencies."""

from __future__ import annotations

import csv
import io
import tomllib
from typing import Any

import asyncpg

from kawal.data import AGENCIES, CALENDAR_VERSION, CATEGORIES, HOLIDAYS, POLICIES, read_text
from kawal.domain.calendar import parse_holidays
from kawal.domain.government import GovernmentKind
from kawal.domain.msgids import msgid, sentence
from kawal.domain.places import AREA
from kawal.domain.policy import load_policy
from kawal.domain.validation_messages import UnreadableFile
from kawal.store.directory import Instansi
from kawal.store.rules import add_calendar, add_policies

_LOCK = 0x6B61_7761_6C0B
"""Advisory lock: of several processes that start at once, one fills the tables."""


async def seed(conn: asyncpg.Connection, *, policies: str | None = None) -> list[str]:
    """Fill those tables that are still empty, in one transaction; return their names.

    `policies` is the text of another policy file, for a what-if. What an operator has edited is never changed. The
    connection must convert JSON (base.postgres). Raises ValueError naming what is wrong in a file.
    """
    filled = []
    async with conn.transaction():
        # Of two processes that start at once, the second waits and finds the tables filled.
        await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
        if await _is_empty(conn, "category"):
            await _add_categories(conn, read_text(CATEGORIES))
            filled.append("category")
        if await _is_empty(conn, "instansi"):
            code = await add_agency(conn, read_text(AGENCIES))
            await conn.execute("update instansi set example = true, set_up_at = null where code = $1", code)
            filled.append("instansi")
        if await _is_empty(conn, "calendar_version"):
            holidays = parse_holidays(read_text(HOLIDAYS))
            await add_calendar(conn, CALENDAR_VERSION, holidays, instansi=None, source=HOLIDAYS)
            filled.append("calendar_version")
        if await _is_empty(conn, "policy_version"):
            await add_policies(conn, load_policy(read_text(POLICIES) if policies is None else policies))
            filled.append("policy_version")
    return filled


async def add_agency(conn: asyncpg.Connection, toml_text: str) -> str:
    """Add an agency with its OPDs and its map of categories from a file like the shipped one; return its code.

    Added again, names are updated and the map is replaced. The category tree must exist. Raises ValueError for text
    that is no such file, and asyncpg's ForeignKeyViolationError for an unknown category.
    """
    try:
        content = tomllib.loads(toml_text)
        agency, opds = content["instansi"], content["opd"]
        places = [
            *((category, opd["code"], None) for opd in opds for category in opd.get("categories", ())),
            *((category, None, out["agency"]) for out in content.get("outside", ()) for category in out["categories"]),
        ]
        rows = [(agency["code"], opd["code"], opd["name"]) for opd in opds]
        code, name, area = str(agency["code"]), str(agency["name"]), agency.get("area")
        kind = GovernmentKind(agency.get("kind", GovernmentKind.PROVINSI))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(sentence(msgid("not an agency's file: {error}"), error=error)) from error
    if area is not None and not (isinstance(area, str) and AREA.fullmatch(area)):
        raise UnreadableFile(msgid('area should be the code of a province or kabupaten in quotes: "21", or "21.71"'))
    async with conn.transaction():
        await _upsert_agency(conn, Instansi(code=code, name=name, area=area, kind=kind, active=True), rows, places)
    return code


async def _upsert_agency(
    conn: asyncpg.Connection,
    agency: Instansi,
    opds: list[tuple[Any, ...]],
    places: list[tuple[Any, ...]],
) -> None:
    await conn.execute(
        "insert into instansi (code, name, area, kind) values ($1, $2, $3, $4) on conflict (code) do update"
        " set name = excluded.name, kind = excluded.kind, area = coalesce(excluded.area, instansi.area)",
        agency.code,
        agency.name,
        agency.area,
        agency.kind,
    )
    await conn.executemany(
        "insert into opd (instansi, code, name) values ($1, $2, $3)"
        " on conflict (instansi, code) do update set name = excluded.name",
        opds,
    )
    await conn.execute("delete from category_opd where instansi = $1", agency.code)
    await conn.executemany(
        "insert into category_opd (instansi, category, opd, outside) values ($1, $2, $3, $4)",
        [(agency.code, *place) for place in places],
    )


async def _add_categories(conn: asyncpg.Connection, csv_text: str) -> None:
    rows = [(row["kategori"], row["subkategori"] or None) for row in csv.DictReader(io.StringIO(csv_text))]
    await conn.executemany(
        "insert into category (name, main, sub) values ($1, $2, $3)",
        [(main if sub is None else f"{main} / {sub}", main, sub) for main, sub in rows],
    )


async def _is_empty(conn: asyncpg.Connection, table: str) -> bool:
    return not await conn.fetchval(f"select exists (select from {table})")  # noqa: S608 - own table names
