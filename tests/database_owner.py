"""The owner's way to an embedded database of the tests, whose application owns nothing: for preparing and tampering."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from kawal.base.database_roles import OWNER, connecting_as, owner_password_file, password_in
from kawal.base.postgres import connect


def owner_url(application_url: str) -> str:
    """Return the owner's URL of a database of an embedded server whose socket is in its data folder."""
    (socket_folder,) = parse_qs(urlsplit(application_url).query)["host"]
    return connecting_as(application_url, OWNER, password_in(owner_password_file(Path(socket_folder).parent)))


@asynccontextmanager
async def as_owner(of: str | asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection as the owner of a database, given by its URL or by the application's pool."""
    url = of if isinstance(of, str) else of._connect_args[0]
    connection = await connect(owner_url(url))
    try:
        yield connection
    finally:
        await connection.close()


async def owner_does(of: str | asyncpg.Pool, *statements: str) -> None:
    """Run statements as the owner of a database."""
    async with as_owner(of) as connection:
        for statement in statements:
            await connection.execute(statement)


async def is_refused(error: type[asyncpg.PostgresError], doing: Awaitable[object]) -> bool:
    """Tell whether the database refuses what is being done with that error."""
    try:
        await doing
    except error:
        return True
    return False
