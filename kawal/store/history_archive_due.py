"""The archiver's rounds, and the known closed runs that are not archived yet. Real time, UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg
from pydantic import BaseModel

KEEP_ROUNDS = timedelta(days=30)
WHOLE_EVERY = timedelta(days=1)
"""How often a round covers everything that the engine still lists, not only runs that closed recently."""

OVERLAP = timedelta(hours=1)
"""How far before its predecessor's beginning a round lists closed runs again, because the engine's list may lag."""

_DEADLINE = "coalesce(closed_at, found_at) + retention"
_IN_DANGER = f"gone_at is null and {_DEADLINE} - retention / 2 < now()"
"""Half of the time that the engine keeps a history is over; the other half is left to act."""


class DueRun(BaseModel):
    """A closed run that is not archived."""

    workflow_id: str
    run_id: str
    closed_at: datetime | None
    deadline: datetime
    """When the engine deletes its history."""
    attempts: int
    last_error: str | None
    in_danger: bool
    gone_at: datetime | None


class HistoryArchiveRound(BaseModel):
    """A round of the archiver."""

    number: int
    began_at: datetime
    ended_at: datetime
    whole: bool
    found: int
    archived: int
    waiting: int


class HistoryArchiveDue:
    """A store of the runs that are to be archived."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    # --- Rounds ------------------------------------------------------------------------------------------------------

    async def begin(self) -> tuple[int, datetime | None]:
        """Begin a round; return its number and since when closed runs are to be listed, None for all of them."""
        await self._pool.execute("delete from history_archive_round where began_at < now() - $1::interval", KEEP_ROUNDS)
        last = await self._pool.fetchrow(
            "select max(began_at) as began_at, max(began_at) filter (where whole) as whole_at from"
            " history_archive_round"
            " where ended_at is not null and began_at > now() - $1::interval",
            WHOLE_EVERY,
        )
        whole = last["whole_at"] is None
        number = await self._pool.fetchval("insert into history_archive_round (whole) values ($1) returning id", whole)
        return int(number), None if whole else last["began_at"] - OVERLAP

    async def end(self, number: int, found: int, archived: int) -> int:
        """End a round; return how many runs are still due."""
        return int(
            await self._pool.fetchval(
                "update history_archive_round set ended_at = now(), found = $2, archived = $3,"
                " waiting = (select count(*) from history_archive_due where gone_at is null) where id = $1 returning"
                " waiting",
                number,
                found,
                archived,
            )
        )

    async def last_round(self) -> HistoryArchiveRound | None:
        """Return the newest round that has ended; None before the first."""
        row = await self._pool.fetchrow(
            "select id as number, began_at, ended_at, whole, found, archived, waiting from history_archive_round"
            " where ended_at is not null order by id desc limit 1"
        )
        return None if row is None else HistoryArchiveRound(**dict(row))

    # --- Due runs
    # --------------------------------------------------------------------------------------------------------

    async def add(self, runs: Sequence[tuple[str, str, datetime | None]], retention: timedelta) -> int:
        """Record closed runs (workflow id, run id, when it closed) that are not archived; return how many are new."""
        rows = await self._pool.fetch(
            "insert into history_archive_due (workflow_id, run_id, closed_at, retention)"
            " select workflow_id, run_id, closed_at, $4 from unnest($1::text[], $2::text[], $3::timestamptz[])"
            "  as r(workflow_id, run_id, closed_at)"
            " where not exists (select from history_archive h where h.workflow_id = r.workflow_id"
            "  and h.run_id = r.run_id) on conflict do nothing returning 1",
            [one for one, _, _ in runs],
            [run_id for _, run_id, _ in runs],
            [closed_at for _, _, closed_at in runs],
            retention,
        )
        return len(rows)

    async def complaints(self, after: str, limit: int, part: int, parts: int, retention: timedelta) -> list[str]:
        """Return a page, by number, of the `part`-th of `parts` of the complaints that may have a closed run in the
        engine.

        Those are the ones with an event within the engine's retention, and those of which nothing is archived at all.
        """
        rows = await self._pool.fetch(
            "select tracking_id::text as tracking_id from complaint c"
            " where tracking_id::text > $1 and tracking_id::text::bigint % $4 = $3 and ("
            "  exists (select from event e where e.workflow_id = c.workflow_id"
            "   and e.recorded_at > now() - $5::interval)"
            "  or not (exists (select from history_archive h where h.workflow_id = c.workflow_id)"
            "   or exists (select from history_archive_due d where d.workflow_id = c.workflow_id and d.gone_at is not"
            " null)))"
            " order by tracking_id::text limit $2",
            after,
            limit,
            part,
            parts,
            retention + WHOLE_EVERY,
        )
        return [row["tracking_id"] for row in rows]

    async def note_gone(self, workflow_id: str, run_id: str) -> bool:
        """Record that the engine has deleted a run's history before it was archived; return whether this is new.

        `run_id` is "unknown" if the engine no longer knows the workflow; this counts only while nothing of it is
        archived.
        """
        row = await self._pool.fetchrow(
            "insert into history_archive_due (workflow_id, run_id, retention, gone_at)"
            " select $1, $2, interval '0', now() where not exists (select from history_archive"
            "  where workflow_id = $1 and run_id = $2 or workflow_id = $1 and $2 = 'unknown')"
            " on conflict (workflow_id, run_id) do update set gone_at = now() where history_archive_due.gone_at is null"
            " returning 1",
            workflow_id,
            run_id,
        )
        return row is not None

    async def note_failed(self, workflow_id: str, run_id: str, reason: str) -> None:
        """Record why a run could not be archived now; it is tried again in every round."""
        await self._pool.execute(
            "update history_archive_due set attempts = attempts + 1, last_error = $3 where workflow_id = $1 and run_id"
            " = $2",
            workflow_id,
            run_id,
            reason,
        )

    async def due(self, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:
        """Return a page of runs to archive, by workflow and run id."""
        rows = await self._pool.fetch(
            "select workflow_id, run_id from history_archive_due where gone_at is null and (workflow_id, run_id) >"
            " ($1, $2)"
            " order by workflow_id, run_id limit $3",
            *after,
            limit,
        )
        return [(row["workflow_id"], row["run_id"]) for row in rows]

    async def in_danger(self, after: str = "", limit: int = 1000) -> list[DueRun]:
        """Return a page, by workflow id, of the runs for which more than half of the time for archiving is over."""
        return await self._lines(
            f"{_IN_DANGER} and workflow_id > $1 order by workflow_id, run_id limit $2", after, limit
        )

    async def danger(self) -> tuple[int, datetime | None]:
        """Return the number of these runs, and when the engine deletes the first of them."""
        row = await self._pool.fetchrow(
            f"select count(*) as runs, min({_DEADLINE}) as first from history_archive_due where {_IN_DANGER}"  # noqa: S608 - own words
        )
        return int(row["runs"]), row["first"]

    async def lines(self, limit: int) -> list[DueRun]:
        """Return the runs that are not archived: those still available with the least time left first."""
        return await self._lines(f"true order by gone_at is not null, {_DEADLINE}, workflow_id limit $1", limit)

    async def gone(self) -> int:
        """Return how many runs' histories the engine deleted before they were archived."""
        return int(await self._pool.fetchval("select count(*) from history_archive_due where gone_at is not null"))

    async def _lines(self, condition: str, *values: object) -> list[DueRun]:
        rows = await self._pool.fetch(
            f"select workflow_id, run_id, closed_at, {_DEADLINE} as deadline, attempts, last_error, gone_at,"  # noqa: S608 - own words
            f" {_IN_DANGER} as in_danger from history_archive_due where {condition}",
            *values,
        )
        return [DueRun(**dict(row)) for row in rows]
