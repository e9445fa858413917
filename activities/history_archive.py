"""The step archive_histories: archives what has closed in the engine, and warns the operator of what is at risk.

Runs to be archived are listed first and archived afterwards, each in one transaction that also removes it from the
list. So the next round continues wherever a round was cut off, and nothing is archived twice.
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

from activities.unavailable import application_errors
from kawal.domain.names import workflow_id
from kawal.domain.process.history_archiving import HistoryArchiveSoFar, HistoryArchiveStage
from kawal.store.history_archive import ClosedHistory, HistoryArchive, NotWhole
from kawal.store.history_archive_due import HistoryArchiveDue

PAGE = 50
AT_ONCE = 4
"""Histories in memory at a time: one may have 50 MB."""

STRETCH_SECONDS = 45.0
"""The activity returns its progress after this long; the workflow calls it again."""

PARTS = 96
"""Each round checks one of this many parts of the record's complaints: one round in 15 minutes checks all in a day."""

UNKNOWN = "unknown"
"""Stands for a run whose id is no longer known."""

log = structlog.get_logger()


class Engine(Protocol):
    """The engine's closed runs (client.closed_runs)."""

    async def retention(self) -> timedelta:
        """Return how long the engine keeps a closed run's history."""

    async def page(
        self, since: datetime | None, token: bytes | None
    ) -> tuple[Sequence[tuple[str, str, datetime | None]], bytes | None]:
        """Return a page of the runs that closed since then, and the token of the next page."""

    async def of(self, workflow_id: str) -> Sequence[tuple[str, str, datetime | None]] | None:
        """Return the closed runs that lead to a workflow's newest one; None if the engine knows none."""

    async def history(self, workflow_id: str, run_id: str) -> ClosedHistory | None:
        """Return a closed run's history; None if the engine no longer has it."""


class HistoryArchiveStep:
    """The activity `archive_histories`."""

    def __init__(self, pool: asyncpg.Pool, engine: Engine) -> None:
        """Archive to `pool` what `engine` has."""
        self._archive = HistoryArchive(pool)
        self._due = HistoryArchiveDue(pool)
        self._engine = engine

    @activity.defn(name="archive_histories")
    async def archive_histories(self, so_far: HistoryArchiveSoFar) -> HistoryArchiveSoFar:
        """Continue a round for at most STRETCH_SECONDS; return its progress.

        Errors (both retryable): DatabaseUnavailable, EngineUnavailable. A repeated attempt finds what was already done.
        """
        until = time.monotonic() + STRETCH_SECONDS
        with application_errors():
            if so_far.number == 0:
                so_far.number, so_far.since = await self._due.begin()
            while so_far.stage is not HistoryArchiveStage.DONE and time.monotonic() < until:
                activity.heartbeat()
                await self._page(so_far)
        return so_far

    async def _page(self, so_far: HistoryArchiveSoFar) -> None:
        match so_far.stage:
            case HistoryArchiveStage.LISTED:
                await self._listed(so_far)
            case HistoryArchiveStage.RECORD:
                await self._of_record(so_far)
            case HistoryArchiveStage.STORE:
                await self._stored(so_far)
            case _:
                so_far.waiting = await self._due.end(so_far.number, so_far.found, so_far.archived)
                await self._warn()
                so_far.stage = HistoryArchiveStage.DONE

    # --- What is to be archived --------------------------------------------------------------------------------------

    async def _listed(self, so_far: HistoryArchiveSoFar) -> None:
        token = base64.b64decode(so_far.after) if so_far.after else None
        runs, following = await self._engine.page(so_far.since, token)
        so_far.found += await self._due.add(runs, await self._engine.retention())
        so_far.after = base64.b64encode(following).decode() if following else ""
        if not following:
            so_far.stage = HistoryArchiveStage.RECORD

    async def _of_record(self, so_far: HistoryArchiveSoFar) -> None:
        retention = await self._engine.retention()
        page = await self._due.complaints(so_far.after, PAGE, so_far.number % PARTS, PARTS, retention)
        for tracking_id in page:
            runs = await self._engine.of(workflow_id(tracking_id))
            if runs is None:
                await self._gone(workflow_id(tracking_id), UNKNOWN)
            else:
                so_far.found += await self._due.add(runs, retention)
        self._turn(so_far, page[-1] if len(page) == PAGE else "", HistoryArchiveStage.STORE)

    # --- Archiving ---------------------------------------------------------------------------------------------------

    async def _stored(self, so_far: HistoryArchiveSoFar) -> None:
        workflow, _, run_id = so_far.after.partition(" ")
        page = await self._due.due((workflow, run_id), PAGE)
        gate = asyncio.Semaphore(AT_ONCE)

        async def gated(run: tuple[str, str]) -> bool:
            async with gate:
                return await self._store(*run)

        so_far.archived += sum(await asyncio.gather(*map(gated, page)))
        self._turn(so_far, " ".join(page[-1]) if len(page) == PAGE else "", HistoryArchiveStage.CLOSE)

    async def _store(self, workflow: str, run_id: str) -> bool:
        try:
            history = await self._engine.history(workflow, run_id)
        except NotWhole:
            await self._failed(workflow, run_id, "not_whole")
            return False
        except RPCError as error:
            if error.status is RPCStatusCode.UNAVAILABLE:
                raise
            # Something is wrong with this one history: it must not hold up the others.
            await self._failed(workflow, run_id, f"engine_{error.status.name.lower()}")
            return False
        activity.heartbeat()
        if history is None:
            await self._gone(workflow, run_id)
            return False
        return await self._archive.add(history)

    # --- Warning -----------------------------------------------------------------------------------------------------

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

    def _turn(self, so_far: HistoryArchiveSoFar, after: str, following: HistoryArchiveStage) -> None:
        so_far.after = after
        if not after:
            so_far.stage = following
