"""The database's schema: schema.sql for a new database; one of another release is migrated in steps, or refused.

The schema is identified by its digest, which is stored in the database. Nothing is released yet, so there are no steps:
the first numbered step starts from the schema of release candidate 1. A step is a file `steps/NNNN_name.sql` whose
first line, `-- from DIGEST`, says which schema it starts from; it leads to the start of the next, the last to
schema.sql.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import asyncpg

from kawal.base.database_roles import make_roles
from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence

_HERE = Path(__file__).parent
STEPS = _HERE / "steps"
_STEP = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_FROM = re.compile(r"-- from ([0-9a-f]{64})\n")
_COMMENT = re.compile(r"--[^\n]*")
_LOCK = 0x6B61_7761_6C01
"""Advisory lock: of several processes that start at once, one creates the schema and the others wait for it."""

_RIGHTS = "\n-- Rights --"
"""The heading from which on schema.sql grants, and can be run again."""

_SHOWN = 12
"""Characters of a digest that people are shown."""


class SchemaMismatch(SystemUnavailable):
    """Another release made the database and no steps lead from its schema to this one's: nothing is changed."""

    def __init__(self, have: str, ours: str) -> None:
        """Name both schemas, by the beginnings of their digests."""
        super().__init__(
            sentence(
                msgid(
                    "This database has schema {have}, this release {ours}, and no path leads from one to the other: "
                    "run the release that made it, or choose another KAWAL_HOME (or DATABASE_URL). Nothing was touched."
                ),
                have=have,
                ours=ours,
            )
        )


class Step(NamedTuple):
    """A numbered step from a schema to the next."""

    start: str
    """The digest of the schema that it starts from."""
    statements: str


def schema_text() -> str:
    """Return the whole schema of this release: from this package when installed, else from the checkout."""
    for path in (_HERE / "schema.sql", _HERE.parents[1] / "schema.sql"):
        if path.is_file():
            return path.read_text("utf-8")
    raise FileNotFoundError("schema.sql is missing from this installation of Kawal")


def digest_of(text: str) -> str:
    """Return a schema's digest: SHA-256 of its statements, without comments and blanks, as hexadecimal digits."""
    return hashlib.sha256(" ".join(_COMMENT.sub("", text).split()).encode()).hexdigest()


async def make_schema(conn: asyncpg.Connection, steps: Path = STEPS) -> bool:
    """Bring the database to this release's schema in one transaction; return whether there was anything to do.

    Raises SchemaMismatch for one that another release made, if no steps lead from it, and SystemUnavailable for a role
    that may not do it.
    """
    try:
        return await _make_schema(conn, steps)
    except asyncpg.InsufficientPrivilegeError:
        raise SystemUnavailable(
            msgid("The database's schema has still to be made: set DATABASE_OWNER_URL for this one `kawal up`.")
        ) from None


async def _make_schema(conn: asyncpg.Connection, steps: Path) -> bool:
    text = schema_text()
    ours = digest_of(text)
    async with conn.transaction():
        await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
        have = await digest_in(conn)
        if have == ours:
            return False
        await make_roles(conn)
        for statements in [text] if have is None else _path_from(have, ours, steps):
            await conn.execute(statements)
        await conn.execute("delete from schema_made")
        await conn.execute("insert into schema_made (digest) values ($1)", ours)
    return True


async def grant_rights(conn: asyncpg.Connection) -> None:
    """Give the application's roles their rights, and no others, in a database that has this release's schema.

    Whoever makes the schema has done so; a restored one has none, since a dump leaves them out.
    """
    _, _, rights = schema_text().partition(_RIGHTS)
    async with conn.transaction():
        await conn.execute(rights)


async def require_schema(conn: asyncpg.Connection | asyncpg.Pool) -> None:
    """Raise SchemaMismatch unless the database has this release's schema.

    Raises SystemUnavailable for a role without rights.
    """
    try:
        have, ours = await digest_in(conn), digest_of(schema_text())
    except asyncpg.InsufficientPrivilegeError:
        raise SystemUnavailable(
            msgid("The role in DATABASE_URL has no rights in this database: make it a member of kawal_app.")
        ) from None
    if have != ours:
        raise SchemaMismatch((have or "–")[:_SHOWN], ours[:_SHOWN])


def check_schema(digest: str, steps: Path = STEPS) -> None:
    """Raise SchemaMismatch for a schema that is not this release's, if no steps lead from it."""
    ours = digest_of(schema_text())
    if digest != ours:
        _path_from(digest, ours, steps)


async def digest_in(conn: asyncpg.Connection | asyncpg.Pool) -> str | None:
    """Return the digest of the database's schema; None if it is empty, a number for one from before digests."""
    if await conn.fetchval("select to_regclass('public.schema_made') is not null"):
        return str(await conn.fetchval("select digest from schema_made"))
    if await conn.fetchval("select to_regclass('public.schema_version') is not null"):
        number = await conn.fetchval("select max(version) from schema_version")
        return f"#{number}"
    return None


def _path_from(have: str, ours: str, steps: Path) -> list[str]:
    found = [_read(path) for path in sorted(steps.glob("*.sql")) if _STEP.fullmatch(path.name)]
    starts = [step.start for step in found]
    if have not in starts:
        raise SchemaMismatch(have[:_SHOWN], ours[:_SHOWN])
    return [step.statements for step in found[starts.index(have) :]]


def _read(path: Path) -> Step:
    text = path.read_text("utf-8")
    first = _FROM.match(text)
    if first is None:
        raise ValueError(f"{path.name} does not begin with `-- from DIGEST`")
    return Step(first[1], text)
