"""Wedged complaints: the open findings `stuck_task` of the reconciler's table, maintained by the watcher."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.domain.findings import NO_RUN, Finding
from kawal.store.reconcile import Reconciliation

OVERDUE = timedelta(seconds=20)
OVERDUE_LATELY = timedelta(hours=1)
"""Deadlines that passed between the two ago are checked; the reconciler finds older ones."""


class WedgedComplaint(BaseModel):
    """A complaint whose workflow's task fails repeatedly, as last seen; times are UTC instants."""

    tracking_id: str
    instansi: str | None
    since: datetime
    """When that was first seen."""
    run_id: str | None
    attempts: int
    cause: str
    """The engine's cause as a code (domain.findings)."""


class RunRequired(StrEnum):
    """What must run for a complaint according to the database."""

    FROM_RECORD = "from_record"
    """Its workflow, from the record, by which it is open."""
    FROM_INBOX = "from_inbox"
    """Its workflow, from the inbox: it was marked as started, and no event of it is recorded."""
    NOTHING = "nothing"


class WedgedComplaints:
    """A store of the wedged complaints."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool
        self._findings = Reconciliation(pool)

    async def lines(self, instansi: str | None = None, *, limit: int | None = None) -> list[WedgedComplaint]:
        """Return the wedged complaints, of one agency or all; if there are more than `limit`, the longest unseen."""
        rows = await self._pool.fetch(f"{_SELECT} order by f.last_seen_at, f.id limit $3", None, instansi, limit)
        return sorted((_wedged(row) for row in rows), key=lambda one: (one.since, one.tracking_id))

    async def of(self, tracking_id: str) -> WedgedComplaint | None:
        """Return how that complaint is wedged; None if it is not."""
        row = await self._pool.fetchrow(f"{_SELECT} limit $3", tracking_id, None, 1)
        return None if row is None else _wedged(row)

    async def note(self, tracking_id: str, facts: dict[str, Any]) -> None:
        """Record that it is, or still is, wedged; `facts` are codes and numbers."""
        await self._findings.note(tracking_id, Finding.STUCK_TASK, facts, repaired=False)

    async def end(self, tracking_id: str, *, mended: bool) -> None:
        """Record that it is no longer wedged: by itself, or `mended` by a person. Does nothing if it was not wedged."""
        await self._pool.execute(
            "update reconcile_finding set gone_at = now(), repaired_at = case when $3 then now() else repaired_at end"
            " where tracking_id = $1 and kind = $2 and gone_at is null",
            tracking_id,
            str(Finding.STUCK_TASK),
            mended,
        )

    async def was_mended(self, tracking_id: str) -> bool:
        """Return whether a person mended it when it was last wedged."""
        return bool(
            await self._pool.fetchval(
                "select repaired_at is not null from reconcile_finding where tracking_id = $1 and kind = $2"
                " order by id desc limit 1",
                tracking_id,
                str(Finding.STUCK_TASK),
            )
        )

    async def overdue(self, limit: int) -> list[str]:
        """Return complaints with a deadline that passed a moment ago and whose event is not recorded."""
        rows = await self._pool.fetch(
            "select distinct tracking_id::text as id from complaint_clock where breached_at is null"
            " and deadline between now() - $1::interval and now() - $2::interval limit $3",
            OVERDUE_LATELY,
            OVERDUE,
            limit,
        )
        return [row["id"] for row in rows]

    async def must_run(self, tracking_id: str) -> RunRequired:
        """Return what must run for a complaint by its record, or by the inbox if there is none."""
        if await self._findings.is_open(tracking_id):
            return RunRequired.FROM_RECORD
        unrecorded = await self._pool.fetchval(
            "select exists (select from inbox i where i.tracking_id = $1 and i.status = 'started'"
            " and not exists (select from event e where e.workflow_id = i.workflow_id)"
            " and not exists (select from erasure x where x.tracking_id = i.tracking_id))",
            tracking_id,
        )
        return RunRequired.FROM_INBOX if unrecorded else RunRequired.NOTHING

    async def report(self, tracking_id: str) -> tuple[int | None, str] | None:
        """Return the inbox number, if there is one, and the agency of a complaint; None for an unknown one."""
        row = await self._pool.fetchrow(
            "select i.id, coalesce(c.instansi, i.instansi)::text as instansi from inbox i"
            " full join complaint c on c.tracking_id = i.tracking_id where coalesce(c.tracking_id, i.tracking_id) = $1",
            tracking_id,
        )
        return None if row is None else (row["id"], row["instansi"])


def _wedged(row: Any) -> WedgedComplaint:
    facts = row["facts"]
    return WedgedComplaint(
        tracking_id=row["tracking_id"],
        instansi=row["instansi"],
        since=row["since"],
        run_id=facts.get("run"),
        attempts=facts.get("attempts", 0),
        cause=facts.get("cause", NO_RUN),
    )


_SELECT = (
    "select f.tracking_id::text, coalesce(c.instansi, i.instansi)::text as instansi, f.first_seen_at as since, f.facts"  # noqa: S608
    " from reconcile_finding f left join complaint c on c.tracking_id = f.tracking_id"
    " left join inbox i on i.tracking_id = f.tracking_id"
    f" where f.kind = '{Finding.STUCK_TASK}' and f.gone_at is null and ($1::text is null or f.tracking_id = $1)"
    " and ($2::text is null or coalesce(c.instansi, i.instansi) = $2)"
)
