"""How the last try went to reach what lies outside. Real time, by the database's clock.

It is kept for the health page alone: what could not be noted is logged, and the work that was tried goes on.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
import structlog

from kawal.base.unavailable import unavailable

MAIL_SERVER = "mail_server"
LISTENER = "listener"

GOES_ON_EVERY = timedelta(minutes=1)

NoteTry = Callable[[str, str | None], Coroutine[Any, Any, None]]
"""A function that keeps how a try went, such as LastTries.note."""

log = structlog.get_logger()


class LastTry(NamedTuple):
    """How it went; times are UTC."""

    tried_at: datetime
    reached_at: datetime | None
    """When a try succeeded last."""
    failing_since: datetime | None
    """When the first try failed since then; None: the last one succeeded."""
    reason: str | None
    """The error's name and code."""


def mailbox_try(name: str) -> str:
    """Return by what name the tries of a mailbox are kept."""
    return f"mailbox/{name}"


class LastTries:
    """A store of the last tries, one row for what is tried."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def note(self, what: str, reason: str | None) -> None:
        """Keep that a try succeeded (no reason) or failed; a database that is away is logged, not raised."""
        try:
            await self._pool.execute(
                "insert into last_try (what, tried_at, reached_at, failing_since, reason)"
                " values ($1, now(), case when $2::text is null then now() end,"
                "  case when $2::text is not null then now() end, $2)"
                " on conflict (what) do update set tried_at = now(), reason = $2,"
                "  reached_at = coalesce(excluded.reached_at, last_try.reached_at),"
                "  failing_since = case when $2::text is not null then coalesce(last_try.failing_since, now()) end",
                what,
                None if reason is None else re.sub(r"[^A-Za-z0-9_ ()-]", "", reason)[:80] or "unknown",
            )
        except Exception as error:
            if unavailable(error) is None:
                raise
            log.warning("last_try_not_noted", what=what, reason=type(error).__name__)

    @asynccontextmanager
    async def failures(self, what: str, *errors: type[Exception]) -> AsyncIterator[None]:
        """Keep as a failed try which of these errors the block raises, by its text; it is raised on."""
        try:
            yield
        except errors as error:
            await self.note(what, str(error))
            raise

    @asynccontextmanager
    async def going_on(self, what: str) -> AsyncIterator[None]:
        """Keep every GOES_ON_EVERY that something goes on while the block runs."""
        noting = asyncio.create_task(self._going_on(what))
        try:
            yield
        finally:
            noting.cancel()
            await asyncio.gather(noting, return_exceptions=True)

    async def _going_on(self, what: str) -> None:
        while True:
            await self.note(what, None)
            await asyncio.sleep(GOES_ON_EVERY.total_seconds())

    async def all(self) -> dict[str, LastTry]:
        """Return the last tries by what was tried."""
        rows = await self._pool.fetch("select what, tried_at, reached_at, failing_since, reason from last_try")
        return {row["what"]: LastTry(**{name: row[name] for name in LastTry._fields}) for row in rows}
