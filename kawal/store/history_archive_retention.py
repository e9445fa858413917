"""The retention of archived histories: years by the complaint's own rule set, counted from its last event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.policy import Policy
from kawal.store.access_log import AccessLog
from kawal.store.reconcile import OPEN

BATCH = 500
PRUNED = "history_archive_pruned"
"""The act named in the entry of the access log."""


class PruneResult(BaseModel):
    """What retention may destroy, or has destroyed: the number of bodies, and their compressed bytes."""

    runs: int = 0
    bytes: int = 0


class HistoryArchiveRetention:
    """Retention, which destroys bodies whose time is over but never rows: their hashes remain."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def over(self) -> PruneResult:
        """Return what may be destroyed now: nothing of a complaint that is open, or whose years are not over."""
        row = await self._pool.fetchrow(_COUNT, *await self._years())
        return PruneResult(**dict(row))

    async def prune(self, actor: Actor, instansi: str, log: AccessLog, at: datetime) -> PruneResult:
        """Destroy an agency's bodies in batches, recording `actor` with each; repeating it does nothing.

        For each batch an entry of the access log names what it destroys: a body that is missing without such an entry
        is reported by verification.
        """
        versions, years = await self._years()
        done = PruneResult()
        while True:
            async with self._pool.acquire() as conn, conn.transaction():
                row = await conn.fetchrow(_PRUNE, versions, years, BATCH, f"{actor.role}:{actor.account}", instansi)
                if not row["numbers"]:
                    return done
                facts = {"what": PRUNED, "instansi": instansi, "numbers": row["numbers"]}
                await log.append_lasting(conn, AccessKind.ADMINISTERED, actor, at, facts=facts)
            done.runs += len(row["numbers"])
            done.bytes += row["bytes"]

    async def _years(self) -> tuple[list[str], list[int]]:
        """Return each stored rule set, and the years given by its newest correction."""
        rows: list[Any] = await self._pool.fetch(
            "select distinct on (own.version) own.version, newest.body from policy_version own"
            " join policy_version newest on newest.effective_from = own.effective_from"
            "  and newest.instansi is not distinct from own.instansi order by own.version, newest.revision desc"
        )
        return [row["version"] for row in rows], [
            Policy.model_validate(row["body"]).history_archive_years for row in rows
        ]


_OVER = (
    "from history_archive h join complaint c on c.tracking_id::text = substr(h.workflow_id, length('complaint-') + 1)"
    " join unnest($1::text[], $2::integer[]) as p(version, years) on p.version = c.policy_version"
    f" where h.body is not null and not {OPEN} and h.closed_at < now() - make_interval(years => p.years)"
    " and not exists (select from event e where e.workflow_id = h.workflow_id"
    "  and e.recorded_at >= now() - make_interval(years => p.years))"
)
"""Archived runs whose time is over, counted from the recording, so that imported ones are kept from their import on."""

_COUNT = f"select count(*) as runs, coalesce(sum(octet_length(h.body)), 0)::bigint as bytes {_OVER}"
_PRUNE = (
    f"with over as (select h.n, octet_length(h.body) as bytes {_OVER} and c.instansi = $5 order by h.n limit $3"  # noqa: S608
    " for update of h),"
    " gone as (update history_archive h set body = null, pruned_at = now(), pruned_by = $4 from over"
    " where h.n = over.n and h.body is not null returning h.n, over.bytes)"
    " select coalesce(array_agg(n order by n), '{}') as numbers, coalesce(sum(bytes), 0)::bigint as bytes from gone"
)
