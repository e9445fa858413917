"""The second wall: readings of officials in a transaction in which the database shows the rows of their scope alone.

The first is `may` (kawal.domain.access), which says what an official may do and why not. Here the same is said once
more of rows, by the database (schema.sql, "What officials see"): a page whose statement forgot its condition shows
nothing of others. Whatever an official is shown of reports is read so: `Readings.seen_by` hands out the record
over a `ScopedPool`. What is decided about, written, or looked up for everybody stays the application's: a refusal says
why, and for that the rules have to see what the reader does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg

from kawal.base.database_roles import scope_role
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.domain.refusals import Refusal

_SCOPES = {
    Role.ADMIN: "agency",
    Role.INSPECTORATE: "agency",
    Role.AUDITOR: "agency",
    Role.LIAISON: "opd",
    Role.LEADERSHIP: "leadership",
    Role.NATIONAL: "national",
    Role.DESK: "desk",
}
_WITHOUT_AGENCY = {Role.AUDITOR: "every", Role.NATIONAL: "national"}

_TAKE_ON = (
    "select set_config('role', $1, true), set_config('kawal.instansi', $2, true), set_config('kawal.opd', $3, true),"
    " set_config('kawal.account', $4, true)"
)


class NoScope(Refusal):
    """Whoever asks is no official, or one without the agency or OPD that the role needs: nothing may be shown."""

    def __init__(self, role: Role) -> None:
        """Name the role."""
        super().__init__("no_scope", role=role)


def scope_of(actor: Actor) -> str:
    """Return the scope in which an official reads; raises NoScope."""
    scope = (_WITHOUT_AGENCY if actor.instansi is None else _SCOPES).get(actor.role)
    if scope is None or (scope == "opd" and actor.opd is None):
        raise NoScope(actor.role)
    return scope


@asynccontextmanager
async def scoped(pool: asyncpg.Pool, actor: Actor) -> AsyncIterator[asyncpg.Connection]:
    """Open a transaction that reads, and sees what this official may see; raises NoScope.

    Scope and role end with it. Words are found by the owner's functions, which apply the scope themselves
    (`staff_search`): a search of one's own here would look at every row.
    """
    role = scope_role(scope_of(actor))
    async with pool.acquire() as conn, conn.transaction(readonly=True):
        await conn.fetchrow(_TAKE_ON, role, actor.instansi or "", actor.opd or "", actor.account)
        yield conn


class _Reads:
    """Single readings as asyncpg's pool has them, over connections that are acquired for each."""

    def acquire(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Open a transaction that reads in the scope; raises NoScope."""
        raise NotImplementedError

    async def fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """Return all rows; raises NoScope."""
        async with self.acquire() as conn:
            rows: list[asyncpg.Record] = await conn.fetch(statement, *values)
            return rows

    async def fetchrow(self, statement: str, *values: Any) -> asyncpg.Record | None:
        """Return the first row, None if there is none; raises NoScope."""
        async with self.acquire() as conn:
            return await conn.fetchrow(statement, *values)

    async def fetchval(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row, None if there is none; raises NoScope."""
        async with self.acquire() as conn:
            return await conn.fetchval(statement, *values)


class ScopedPool(_Reads):
    """Reads as asyncpg's pool does, each time in an official's scope: a store made over it shows nothing else.

    Nothing is held between two readings, so that whoever reads and puts on record never waits for a second connection.
    """

    def __init__(self, pool: asyncpg.Pool, actor: Actor) -> None:
        """Read through `pool` as this official."""
        self._pool = pool
        self._actor = actor

    def acquire(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """Open a transaction that reads in the scope; raises NoScope."""
        return scoped(self._pool, self._actor)


class OneScope(_Reads):
    """Reads in one transaction that is open already: each is three questions more, and a page asks for much."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        """Read through a connection of `scoped`."""
        self._conn = conn
        self._free = asyncio.Lock()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[asyncpg.Connection]:
        """Yield the connection when nobody else asks through it."""
        async with self._free:
            yield self._conn
