"""The installation's PostgreSQL: the one at `DATABASE_URL`, or an embedded one in the home folder."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import structlog

from kawal.base.database_roles import (
    APPLICATION,
    OWNER,
    application_password_file,
    connecting_as,
    make_roles,
    owner_password_file,
    owns_tables,
    password_in,
)
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import connect
from kawal.base.settings import Settings
from kawal.domain.msgids import msgid, sentence

DATABASE = "kawal"
START_SECONDS = 60.0
log = structlog.get_logger()

KEEPER = Path(__file__).with_name("postgres_keeper.py")


@asynccontextmanager
async def postgres(settings: Settings) -> AsyncIterator[str]:
    """Yield the URL by which the application reaches this installation's database, which accepts connections.

    The embedded server keeps its data in `<home>/postgres` (readable by its owner alone), listens on a Unix socket
    only, asks everybody for a password, and stops at the end or when this process dies. Raises SystemUnavailable with
    the reason.
    """
    if settings.database_url is not None:
        await _ping(settings.database_url)
        yield settings.database_url
        return
    home = settings.home
    async with _embedded(home / "postgres", owner_password_file(home)) as server_url:
        password = password_in(application_password_file(home))
        await ensure_database(server_url, DATABASE)
        await _prepare_roles(server_url, password)
        yield connecting_as(with_database(server_url, DATABASE), APPLICATION, password)


def with_database(url: str, database: str) -> str:
    """Return `url` with its database replaced."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


async def ensure_database(server_url: str, database: str) -> None:
    """Create `database` if it is missing: in UTC, with the built-in locale C.UTF-8, which sorts the same everywhere."""
    connection = await connect(server_url)
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            return
        await connection.execute(
            f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"
        )
        # Set for the role, so that it applies in every database of this server.
        await connection.execute("ALTER ROLE CURRENT_USER SET timezone TO 'UTC'")
    finally:
        await connection.close()


async def _prepare_roles(server_url: str, application_password: str) -> None:
    """Let the application in, and keep our statements out of the server's log, because an error's own message contains
    the refused value.

    That is set for the roles only, so that the server's own problems are still logged.
    """
    connection = await connect(server_url)
    try:
        await make_roles(connection, application_password)
        await connection.execute("ALTER ROLE CURRENT_USER SET log_min_messages TO 'log'")
    finally:
        await connection.close()


async def until_stopped(data: Path) -> None:
    """Wait until no server runs on this data folder any more: one whose owner was killed stops by itself.

    Raises SystemUnavailable if it does not.
    """
    try:
        async with asyncio.timeout(START_SECONDS):
            while _server_runs(data):  # noqa: ASYNC110  # another process stops it
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise SystemUnavailable(
            sentence(msgid("PostgreSQL still runs on {data}; stop it first."), data=data),
        ) from None


def _server_runs(data: Path) -> bool:
    try:
        os.kill(int((data / "postmaster.pid").read_text().split("\n", 1)[0]), 0)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


async def _ping(url: str) -> None:
    try:
        connection = await connect(url)
        try:
            await _warn_of_its_log(connection)
            await _warn_of_its_rights(connection)
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise SystemUnavailable(
            sentence(
                msgid("PostgreSQL at DATABASE_URL cannot be reached: {error}. Check the address and the service."),
                error=error,
            ),
        ) from error


QUIET = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("log", "fatal", "panic"),
    "log_min_messages": ("log", "fatal", "panic"),
    "log_parameter_max_length_on_error": ("0",),
}
"""Settings that keep rows and values out of a server's log; all but the last may be set only by its administrator."""

_NO_STATEMENTS = {"log_statement": ("none", "ddl"), "log_min_duration_statement": ("-1",)}
"""Where statements are logged, their parameters must not be."""


async def _warn_of_its_log(connection: asyncpg.Connection) -> None:
    """Warn if an agency's own server may log what people wrote, because erasure does not reach its log."""
    bare = await connection.fetchval("select current_setting('log_parameter_max_length')") == "0"
    for name, quiet in (QUIET if bare else QUIET | _NO_STATEMENTS).items():
        value = await connection.fetchval("select current_setting($1)", name)
        if value not in quiet:
            log.warning("database_may_log_rows", setting=name, value=value, wanted=quiet[0])


async def _warn_of_its_rights(connection: asyncpg.Connection) -> None:
    """Warn if the application connects as the owner: then nothing but the program keeps the record from changes."""
    if await owns_tables(connection):
        role = await connection.fetchval("select current_user")
        log.warning("database_role_owns_tables", role=role, wanted=APPLICATION)


def _make_folders(data: Path, logs: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)  # PostgreSQL refuses a folder that others can read
    logs.mkdir(parents=True, exist_ok=True)


@asynccontextmanager
async def _embedded(data: Path, password_file: Path) -> AsyncIterator[str]:
    """Start the server and yield its URL with the owner's password."""
    password = password_in(password_file)
    kept = data.parent / "log" / "postgres-keeper.log"
    _make_folders(data, kept.parent)
    with kept.open("ab") as log_file:  # opened once, at start-up
        keeper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-Wignore",
            str(KEEPER),
            str(data),
            str(password_file),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log_file,
            start_new_session=True,
        )
    assert keeper.stdin is not None  # noqa: S101  # asked for as a pipe above
    assert keeper.stdout is not None  # noqa: S101
    try:
        try:
            line = await asyncio.wait_for(keeper.stdout.readline(), START_SECONDS)
        except TimeoutError:
            line = b""
        if not line.startswith(b"postgresql"):
            raise SystemUnavailable(
                sentence(
                    msgid("The embedded PostgreSQL did not start; {kept} and {log} say why."),
                    kept=kept,
                    log=data / "log",
                ),
            )
        yield connecting_as(line.decode().strip(), OWNER, password)
    finally:
        keeper.stdin.close()
        await asyncio.shield(keeper.wait())
