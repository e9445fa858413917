"""The step archive_histories: what has closed in the engine comes into the archive, and who must hear of it is warned.

What is to be archived is noted first and archived then, each run in one transaction that also takes it off the list.
So a round that dies anywhere is gone on with by the next one, and nothing stands twice.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import asyncpg
import structlog
from temporalio import activity
from temporalio.service import RPCError, RPCStatusCode

from activities.away import away_is_said
from kawal.domain.names import workflow_id
from kawal.domain.process.archiving import ArchiveSoFar, ArchiveStage
from kawal.store.archive_due import ArchiveDue
from kawal.store.history_archive import ClosedHistory, HistoryArchive, NotWhole

PAGE = 50
AT_ONCE = 4
"""Histories in memory at a time: one may have 50 MB."""

STRETCH_SECONDS = 45.0
"""After so long the activity returns how far it has come; the workflow calls it again."""

PARTS = 96
"""Each round asks for one of so many parts of the record's complaints: at one every 15 minutes, all in a day."""

UNKNOWN = "unknown"
"""Stands for a run whose id nobody knows any more."""

log = structlog.get_logger()


class Engine(Protocol):
    """What the engine has of closed runs (client.closed_runs)."""

    async def retention(self) -> timedelta:
        """How long it keeps a closed run's history."""

    async def page(
        self, since: datetime | None, token: bytes | None
    ) -> tuple[Sequence[tuple[str, str, datetime | None]], bytes | None]:
        """Runs that closed since then, a page; and the token of the next one."""

    async def of(self, workflow_id: str) -> Sequence[tuple[str, str, datetime | None]] | None:
        """Closed runs that lead to a workflow's newest one; None if it knows none."""

    async def history(self, workflow_id: str, run_id: str) -> ClosedHistory | None:
        """A closed run's history; None if it has it no more."""


class ArchiverStep:
    """The activity `archive_histories`."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        """Archive in `pool` what `engine` has."""
        self._archive = HistoryArchive(pool)
        self._due = ArchiveDue(pool)
        self._engine = engine

    @activity.defn(name="archive_histories")
    async def archive_histories(self, so_far: ArchiveSoFar) -> ArchiveSoFar:
        """Go on with a round for at most STRETCH_SECONDS; returns how far it has come.

        Errors (both retryable): DatabaseUnavailable, EngineUnavailable. What was done before is found
        done by the next attempt.
        """
        until = time.monotonic() + STRETCH_SECONDS
        with away_is_said():
            if so_far.number == 0:
                so_far.number, so_far.since = await self._due.begin()
            while so_far.stage is not ArchiveStage.DONE and time.monotonic() < until:
                activity.heartbeat()
                await self._page(so_far)
        return so_far

    async def _page(self, so_far: ArchiveSoFar) -> None:
        match so_far.stage:
            case ArchiveStage.LISTED:
                await self._listed(so_far)
            case ArchiveStage.RECORD:
                await self._of_record(so_far)
            case ArchiveStage.STORE:
                await self._stored(so_far)
            case _:
                so_far.waiting = await self._due.end(so_far.number, so_far.found, so_far.archived)
                await self._warn()
                so_far.stage = ArchiveStage.DONE

    # --- What there is -----------------------------------------------------------------------------------------------

    async def _listed(self, so_far: ArchiveSoFar) -> None:
        token = base64.b64decode(so_far.after) if so_far.after else None
        runs, following = await self._engine.page(so_far.since, token)
        so_far.found += await self._due.add(runs, await self._engine.retention())
        so_far.after = base64.b64encode(following).decode() if following else ""
        if not following:
            so_far.stage = ArchiveStage.RECORD

    async def _of_record(self, so_far: ArchiveSoFar) -> None:
        retention = await self._engine.retention()
        page = await self._due.complaints(so_far.after, PAGE, so_far.number % PARTS, PARTS, retention)
        for tracking_id in page:
            runs = await self._engine.of(workflow_id(tracking_id))
            if runs is None:
                await self._gone(workflow_id(tracking_id), UNKNOWN)
            else:
                so_far.found += await self._due.add(runs, retention)
        self._turn(so_far, page[-1] if len(page) == PAGE else "", ArchiveStage.STORE)

    # --- Archiving ---------------------------------------------------------------------------------------------------

    async def _stored(self, so_far: ArchiveSoFar) -> None:
        workflow, _, run_id = so_far.after.partition(" ")
        page = await self._due.due((workflow, run_id), PAGE)
        gate = asyncio.Semaphore(AT_ONCE)

        async def gated(run: tuple[str, str]) -> bool:
            async with gate:
                return await self._store(*run)

        so_far.archived += sum(await asyncio.gather(*map(gated, page)))
        self._turn(so_far, " ".join(page[-1]) if len(page) == PAGE else "", ArchiveStage.CLOSE)

    async def _store(self, workflow: str, run_id: str) -> bool:
        try:
            history = await self._engine.history(workflow, run_id)
        except NotWhole:
            await self._failed(workflow, run_id, "not_whole")
            return False
        except RPCError as error:
            if error.status is RPCStatusCode.UNAVAILABLE:
                raise
            # Something is the matter with this one history: it must not hold up the others.
            await self._failed(workflow, run_id, f"engine_{error.status.name.lower()}")
            return False
        activity.heartbeat()
        if history is None:
            await self._gone(workflow, run_id)
            return False
        return await self._archive.add(history)

    # --- Telling -----------------------------------------------------------------------------------------------------

    async def _failed(self, workflow: str, run_id: str, reason: str) -> None:
        log.warning("history_not_archived", workflow_id=workflow, run_id=run_id, reason=reason)
        await self._due.note_failed(workflow, run_id, reason)

    async def _gone(self, workflow: str, run_id: str) -> None:
        if await self._due.note_gone(workflow, run_id):
            log.error("history_gone_unarchived", workflow_id=workflow, run_id=run_id)

    async def _warn(self) -> None:
        runs, first = await self._due.danger()
        if first is not None:
            log.warning("histories_in_danger", count=runs, first_deadline=first.isoformat())

    def _turn(self, so_far: ArchiveSoFar, after: str, following: ArchiveStage) -> None:
        so_far.after = after
        if not after:
            so_far.stage = following
