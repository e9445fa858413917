"""Brings a database to the schema of this release: schema.sql for a fresh one, numbered files for an older one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import asyncpg

_HERE = Path(__file__).parent
_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_LOCK = 0x6B61_7761_6C01
"""Advisory lock: of several processes that start at once, one migrates and the others wait for it."""


class SchemaTooNew(Exception):  # noqa: N818 - names the condition
    """The database was migrated by a newer release of Kawal: run that one."""


class Migration(NamedTuple):
    """One numbered step from a version of the schema to the next."""

    version: int
    name: str
    path: Path


def migrations() -> list[Migration]:
    """All steps in order; the numbers run from 1 without gaps."""
    found = [(_NAME.fullmatch(path.name), path) for path in sorted(_HERE.glob("*.sql"))]
    return [Migration(int(match[1]), match[2], path) for match, path in found if match]


def schema_text() -> str:
    """The whole schema of this release: within this package when installed, else beside kawal/ in the checkout."""
    for path in (_HERE.parent / "schema.sql", _HERE.parents[2] / "schema.sql"):
        if path.is_file():
            return path.read_text("utf-8")
    raise FileNotFoundError("schema.sql is missing from this installation of Kawal")


async def migrate(conn: asyncpg.Connection) -> list[int]:
    """Bring the database to this release's schema in one transaction; returns the versions that were added.

    Run again it changes nothing. Raises SchemaTooNew for a database of a later release.
    """
    async with conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
        steps = migrations()
        have = await _version(conn)
        if have > steps[-1].version:
            raise SchemaTooNew(f"the database has schema version {have}, this release knows {steps[-1].version}")
        missing = [step for step in steps if step.version > have]
        if have == 0:
            await conn.execute(schema_text())
        else:
            for step in missing:
                await conn.execute(step.path.read_text("utf-8"))
        await conn.executemany(
            "insert into schema_version (version, name) values ($1, $2)",
            [(step.version, step.name) for step in missing],
        )
    return [step.version for step in missing]


async def _version(conn: asyncpg.Connection) -> int:
    if await conn.fetchval("select to_regclass('schema_version') is null"):
        return 0
    return int(await conn.fetchval("select coalesce(max(version), 0) from schema_version"))
