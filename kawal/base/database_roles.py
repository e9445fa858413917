"""The database's roles: an owner, the application, which owns nothing, and what the application becomes for officials.

The owner makes the schema, backs up, restores and cleans up, and does nothing else. The application may do to each
table what the program does to it and no more (the end of schema.sql). For officials it becomes, for one transaction,
the role of their scope, which reads and sees the rows of that scope alone (kawal/store/scoped.py).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from kawal.base.errors import SystemUnavailable
from kawal.base.private_files import is_there
from kawal.base.settings import Settings
from kawal.domain.msgids import msgid, sentence

APPLICATION, WEB = "kawal_app", "kawal_web"
"""Two of the roles that schema.sql names: whoever connects as the application is the first, or a member of it; the
second holds what all scopes may read."""

SCOPES = ("agency", "every", "opd", "leadership", "national", "desk")
"""The scopes of officials: a role `kawal_web_…` for each (kawal/store/scoped.py says whose)."""

OWNER = "postgres"
"""The embedded server's owner; an agency's own server calls it as it likes."""

_MEMBERSHIPS_SAY = 16


def owner_password_file(home: Path) -> Path:
    """Return where the password of the embedded server's owner is."""
    return home / "keys" / "database-owner.password"


def application_password_file(home: Path) -> Path:
    """Return where the password is with which the application connects to the embedded server."""
    return home / "keys" / "database-application.password"


def password_in(file: Path) -> str:
    """Return the password in a file, making it where there is none; raises SystemUnavailable if others may read it."""
    if not is_there(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as made:
            made.write(secrets.token_hex(32) + "\n")
            made.flush()
            os.fsync(made.fileno())
    return file.read_text().strip()


def connecting_as(url: str, user: str, password: str) -> str:
    """Return a database's URL with another user, and the password, which needs no quoting."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}"))


def owner_address(settings: Settings, application_url: str) -> str:
    """Return the URL by which the owner reaches the database that the application reaches by the other one.

    Of the embedded server that is the one whose password lies in the home; else `DATABASE_OWNER_URL`, or `DATABASE_URL`
    where that is all there is. Raises SystemUnavailable where the home's password is missing.
    """
    if settings.database_owner_url is not None:
        return settings.database_owner_url
    if settings.database_url is not None:
        return settings.database_url
    file = owner_password_file(settings.home)
    if not is_there(file):
        raise SystemUnavailable(
            sentence(msgid("The password of the database's owner is missing at {file}."), file=file)
        )
    return connecting_as(application_url, OWNER, password_in(file))


async def make_roles(conn: asyncpg.Connection, application_password: str | None = None) -> None:
    """Make the roles that are missing; with a password the application can connect by itself.

    Raises SystemUnavailable, with what to run, where this connection's role may make none.
    """
    scopes = [scope_role(scope) for scope in SCOPES]
    missing = [role for role in (APPLICATION, WEB, *scopes) if not await _exists(conn, role)]
    try:
        for role in missing:
            await conn.execute(f"create role {role} nosuperuser nocreatedb nocreaterole noreplication nobypassrls")
        # From version 16 on a membership says by itself that its rights are not inherited.
        taken_on = " with inherit false, set true" if conn.get_server_version().major >= _MEMBERSHIPS_SAY else ""
        for role in set(missing) & set(scopes):
            await conn.execute(f"grant {WEB} to {role}")
            await conn.execute(f"grant {role} to {APPLICATION}{taken_on}")
    except asyncpg.InsufficientPrivilegeError:
        raise SystemUnavailable(
            sentence(
                msgid(
                    "The database lacks the roles {missing}, and its owner may not make them: have its administrator "
                    "make them as docs/operators/access.md says."
                ),
                missing=", ".join(missing),
            )
        ) from None
    if application_password is not None:
        await _let_in(conn, application_password)


def scope_role(scope: str) -> str:
    """Return the role of a scope."""
    return f"{WEB}_{scope}"


async def _exists(conn: asyncpg.Connection, role: str) -> bool:
    return bool(await conn.fetchval("select exists (select from pg_roles where rolname = $1)", role))


async def _let_in(conn: asyncpg.Connection, password: str) -> None:
    """Let the application connect to the embedded server: in UTC, and with none of its statements in the log."""
    quoted = await conn.fetchval("select quote_literal($1)", password)
    await conn.execute(f"alter role {APPLICATION} login password {quoted}")
    await conn.execute(f"alter role {APPLICATION} set timezone to 'UTC'")
    await conn.execute(f"alter role {APPLICATION} set log_min_messages to 'log'")


async def owns_tables(conn: asyncpg.Connection) -> bool:
    """Return whether this connection's role may do as it likes with the tables: it is a superuser, or owns them."""
    return bool(
        await conn.fetchval(
            "select rolsuper or exists (select from pg_class where relname = 'event' and relkind = 'r'"
            " and pg_has_role(relowner, 'usage')) from pg_roles where rolname = current_user"
        )
    )


async def require_owner(conn: asyncpg.Connection) -> None:
    """Raise SystemUnavailable unless this connection's role is the database's owner."""
    if not await owns_tables(conn):
        raise SystemUnavailable(
            msgid("Only the database's owner can do this: set DATABASE_OWNER_URL for this command, and for it alone.")
        )
