"""The reconciler's queries, a page at a time, and its findings. Real time: the database's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.domain.findings import Finding
from kawal.store.rejected_writes import MISSING

KEEP_ROUNDS = timedelta(days=30)

WATCHED = timedelta(minutes=2)
"""How long after a watcher (client.watcher) saw a wedged complaint only the watcher may remove it from the list."""

OPEN = (
    "(c.erased_at is null and (c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung') or c.item_open"
    " or exists (select from complaint_clock k where k.tracking_id = c.tracking_id)))"
)
"""The condition that a complaint's workflow must run: not final, or in its aftercare, or with the Inspectorate's item
open.

No workflow of an erased complaint must run, even if a restore had brought it back open.
"""


class SuspectReport(BaseModel):
    """A report of the inbox that may have a problem."""

    inbox_id: int
    tracking_id: str
    status: str
    """waiting | started | dead"""
    last_error: str | None
    seq: int | None = None
    """The first event of a step that the database refused and that is not recorded yet."""


class OpenRow(BaseModel):
    """A complaint whose workflow must run."""

    tracking_id: str
    inbox_id: int | None
    ahead: bool
    """Whether some deadline is in the future."""


class FindingLine(BaseModel):
    """Something that is, or was, wrong."""

    tracking_id: str
    kind: Finding
    facts: dict[str, Any]
    first_seen_at: datetime
    last_seen_at: datetime
    repaired_at: datetime | None
    gone_at: datetime | None


class RoundLine(BaseModel):
    """A round of the reconciler."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    looked_at: int
    found: int
    repaired: int


class Reconciliation:
    """A store of the data to be compared, and of the findings."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    # --- Rounds ------------------------------------------------------------------------------------------------------

    async def begin(self) -> int:
        """Begin a round; return its number. Rounds older than KEEP_ROUNDS are deleted."""
        await self._pool.execute("delete from reconcile_round where began_at < now() - $1::interval", KEEP_ROUNDS)
        return int(await self._pool.fetchval("insert into reconcile_round default values returning id"))

    async def end(self, number: int, looked_at: int, found: int, repaired: int) -> None:
        """End a round: open findings not confirmed in it are gone, unless the watcher saw them since."""
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(
                "update reconcile_finding set gone_at = now() where gone_at is null"
                " and last_seen_at < (select began_at from reconcile_round where id = $1)"
                " and (kind <> $2 or last_seen_at < now() - $3::interval)",
                number,
                str(Finding.STUCK_TASK),
                WATCHED,
            )
            await conn.execute(
                "update reconcile_round set ended_at = now(), looked_at = $2, found = $3, repaired = $4 where id = $1",
                number,
                looked_at,
                found,
                repaired,
            )

    async def last_round(self) -> RoundLine | None:
        """Return the newest round that has ended; None before the first."""
        row = await self._pool.fetchrow(
            "select id as number, began_at, ended_at, looked_at, found, repaired from reconcile_round"
            " where ended_at is not null order by id desc limit 1"
        )
        return None if row is None else RoundLine(**dict(row))

    # --- What to check
    # ---------------------------------------------------------------------------------------------------

    async def troubled(self, after: str, limit: int, grace: timedelta, patience: timedelta) -> list[SuspectReport]:
        """Return reports marked as started for longer than `grace` without an event, dead letters, and those waiting
        long.

        Also, without delay, those of which the database refused a step.
        """
        rows = await self._pool.fetch(
            "select id as inbox_id, i.tracking_id, status, coalesce(u.reason, last_error) as last_error, u.seq"  # noqa: S608
            f" from inbox i left join unrecorded u on u.tracking_id = i.tracking_id and {MISSING}"
            " where i.tracking_id::text > $1 and ("
            "  (status = 'started' and (u.seq is not null or started_at < now() - $3::interval"
            "   and not exists (select from event e where e.workflow_id = i.workflow_id and e.seq = 1)))"
            "  or status = 'dead' or (status = 'waiting' and accepted_at < now() - $4::interval))"
            " and not exists (select from erasure x where x.tracking_id = i.tracking_id)"
            " order by i.tracking_id::text limit $2",
            after,
            limit,
            grace,
            patience,
        )
        return [SuspectReport(**dict(row)) for row in rows]

    async def stuck_replies(self, after: str, limit: int, patience: timedelta) -> list[str]:
        """Return reports with a kept reply that has waited longer than `patience`, or was recently found unreadable."""
        rows = await self._pool.fetch(
            "select distinct tracking_id::text as tracking_id from inbox_reply where tracking_id::text > $1"
            " and ((status = 'waiting' and accepted_at < now() - $3::interval)"
            "  or (last_error = 'unreadable' and done_at > now() - $4::interval)) order by 1 limit $2",
            after,
            limit,
            patience,
            KEEP_ROUNDS,
        )
        return [row["tracking_id"] for row in rows]

    async def open_rows(self, after: str, limit: int) -> list[OpenRow]:
        """Return complaints whose workflow must run, in the order of their numbers."""
        rows = await self._pool.fetch(
            "select c.tracking_id, i.id as inbox_id, exists (select from complaint_clock k"  # noqa: S608 - own words
            "   where k.tracking_id = c.tracking_id and k.deadline > now() and k.breached_at is null) as ahead"
            " from complaint c left join inbox i on i.tracking_id = c.tracking_id"
            f" where c.tracking_id::text > $1 and {OPEN} order by c.tracking_id::text limit $2",
            after,
            limit,
        )
        return [OpenRow(**dict(row)) for row in rows]

    async def is_open(self, tracking_id: str) -> bool:
        """Return whether that complaint's workflow must run according to the read model."""
        return bool(
            await self._pool.fetchval(
                f"select exists (select from complaint c where c.tracking_id::text = $1 and {OPEN})",  # noqa: S608
                tracking_id,
            )
        )

    async def sample(self, after: str, limit: int, part: int, parts: int) -> list[str]:
        """Return the `part`-th of `parts` of all complaints, and those whose read model was found wrong before."""
        rows = await self._pool.fetch(
            "select tracking_id from complaint c where erased_at is null and tracking_id::text > $1"
            " and (tracking_id::text::bigint % $4 = $3"
            " or exists (select from reconcile_finding f where f.tracking_id = c.tracking_id and f.gone_at is null"
            "   and f.kind in ('read_model', 'unreadable'))) order by tracking_id::text limit $2",
            after,
            limit,
            part,
            parts,
        )
        return [row["tracking_id"] for row in rows]

    # --- What was found ----------------------------------------------------------------------------------------------

    async def note(self, tracking_id: str, kind: Finding, facts: dict[str, Any], *, repaired: bool) -> None:
        """Store a finding; a repeated one is the same finding. `facts` are codes, numbers and dates."""
        await self._pool.execute(
            "insert into reconcile_finding (tracking_id, kind, facts, repaired_at)"
            " values ($1, $2, $3, case when $4 then now() end)"
            " on conflict (tracking_id, kind) where gone_at is null do update set facts = excluded.facts,"
            " last_seen_at = now(), repaired_at = coalesce(excluded.repaired_at, reconcile_finding.repaired_at)",
            tracking_id,
            str(kind),
            facts,
            repaired,
        )

    async def findings(
        self, instansi: str | None = None, *, everything: bool = False, limit: int = 1000
    ) -> list[FindingLine]:
        """Return what is wrong now, or with `everything` what ever was, of an agency's reports or all; newest first."""
        rows = await self._pool.fetch(
            "select tracking_id, kind, facts, first_seen_at, last_seen_at, repaired_at, gone_at from reconcile_finding"
            " where ($1 or gone_at is null) and ($3::text is null or agency_of(tracking_id) = $3)"
            " order by id desc limit $2",
            everything,
            limit,
            instansi,
        )
        return [FindingLine(**dict(row)) for row in rows]

    async def send_back(self, inbox_id: int) -> None:
        """Return a report that was marked as started to the relay."""
        await self._pool.execute(
            "update inbox set status = 'waiting', started_at = null, attempts = 0, next_try_at = now() where id = $1"
            " and status = 'started'",
            inbox_id,
        )
