"""Steps that the database refused: accepted or due, but not recorded. Codes only, no row's content."""

from __future__ import annotations

import asyncpg

MISSING = (
    "not exists (select from event e where e.workflow_id = 'complaint-' || u.tracking_id::text and e.seq = u.seq)"
    " and not exists (select from erasure x where x.tracking_id = u.tracking_id)"
)
"""The condition on a row `u` of the table that the step is still not recorded."""


class RejectedWrites:
    """A store of the steps that the database refused, until they are recorded in the end."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def note(self, tracking_id: str, seq: int, reason: str) -> None:
        """Record that a step was refused; a repeated one is counted, a different one replaces it."""
        await self._pool.execute(
            "insert into unrecorded as u (tracking_id, seq, reason) values ($1, $2, $3)"
            " on conflict (tracking_id) do update set seq = excluded.seq, reason = excluded.reason, last_at = now(),"
            " times = case when u.seq = excluded.seq then u.times + 1 else 1 end,"
            " first_at = case when u.seq = excluded.seq then u.first_at else now() end",
            tracking_id,
            seq,
            reason,
        )

    async def count(self, instansi: str | None = None) -> int:
        """Return how many complaints have a step that is missing now; of one agency or of all."""
        return int(
            await self._pool.fetchval(
                "select count(*) from unrecorded u join inbox i on i.tracking_id = u.tracking_id"  # noqa: S608
                f" where ($1::text is null or i.instansi = $1) and {MISSING}",
                instansi,
            )
        )

    async def settle(self) -> None:
        """Remove what is recorded by now."""
        await self._pool.execute(f"delete from unrecorded u where not ({MISSING})")  # noqa: S608 - own words
