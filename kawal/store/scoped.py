"""The second wall: readings of officials in a transaction in which the database shows the rows of their scope alone.

The first is `may` (kawal.domain.access), which says what an official may do and why not. Here the same is said once
more of rows, by the database (schema.sql, "What officials see"): a page whose statement forgot its condition shows
nothing of others. What is opened for a purpose, what is written and what is looked up for everybody stays the
application's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from kawal.base.database_roles import scope_role
from kawal.domain.messages import Actor
from kawal.domain.names import Role

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


class NoScope(Exception):  # noqa: N818 - names the condition
    """Whoever asks is no official, or one without the agency or OPD that the role needs: nothing may be shown."""


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
    (`complaints_with_words`): a search of one's own here would look at every row.
    """
    role = scope_role(scope_of(actor))
    async with pool.acquire() as conn, conn.transaction(readonly=True):
        await conn.fetchrow(_TAKE_ON, role, actor.instansi or "", actor.opd or "", actor.account)
        yield conn
