"""Replays stored histories with today's workflow code and tells whether it gives the same commands again.

A history that cannot be replayed is reported, not raised as an error: an erased complaint's history can no longer be
decrypted, and a pruned one no longer exists. If a history's key is unavailable now, there is no verdict: try again
later.
"""

from __future__ import annotations

import base64
import contextlib
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, WorkflowReplayResult, WorkflowRunner
from temporalio.workflow import NondeterminismError

from kawal.client.closed_runs import ClosedRuns
from kawal.crypto.codec import DATA_KEY_ID
from kawal.crypto.data_keys import AnothersKey, KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.calendar import at_local
from kawal.domain.names import workflow_id
from kawal.store.erasure_status import erasure_of
from kawal.store.history_archive import ArchivedRun, HistoryArchiveDamaged
from kawal.system import System

PAGE = 500
LONGEST_DETAIL = 600
_KEY_IDS = re.compile(rf'"{DATA_KEY_ID}":\s*"([A-Za-z0-9+/=]+)"')


class Verdict(StrEnum):
    """The result of replaying one history."""

    REPLAYED = "replayed"
    """Today's code gives the same commands."""
    EMPTY = "empty"
    """The run ended, or was read, before its first workflow task completed: there is nothing to replay."""
    ERASED = "erased"
    """Its complaint was erased: the history can no longer be decrypted."""
    PRUNED = "pruned"
    """Retention destroyed its body; only its hash is left."""
    GONE = "gone"
    """Neither the history archive nor the engine has a history of this complaint."""
    KEY_AWAY = "key_away"
    """Its key is unavailable now."""
    DIFFERS = "differs"
    """Today's code gives other commands: running complaints of this kind would get stuck at their workflow tasks."""
    FAILED = "failed"
    """Today's code cannot replay it for another reason."""
    DAMAGED = "damaged"
    """The bytes in the history archive are not the bytes that were archived."""


BAD = frozenset({Verdict.DIFFERS, Verdict.FAILED, Verdict.DAMAGED})
"""Verdicts that must stop a release."""


class ReplayResult(BaseModel):
    """One history and the result of its replay."""

    tracking_id: str
    run_id: str | None
    source: str | None
    """Where the history came from: `archive` or `engine`."""
    n: int | None = None
    """Its number in the history archive's chain."""
    events: int = 0
    verdict: Verdict
    detail: str | None = None
    """Where it differs, or why it fails."""
    at: datetime | None = None
    """When it was erased or pruned."""
    by: str | None = None
    ground: str | None = None


class _Candidate(NamedTuple):
    """A history to be replayed, or the verdict where it cannot be."""

    told: ReplayResult
    history: WorkflowHistory | None


class HistoryReplay:
    """Replays the histories that the history archive and the engine hold."""

    def __init__(self, connected: System, workflows: Sequence[type], runner: WorkflowRunner) -> None:
        """Replay histories of the connection's system with these workflows (workflows.registry)."""
        self._pool = connected.pool
        self._rows = connected.complaint_rows
        self._keys = connected.keys
        self._history_archive = connected.history_archive
        self._engine = ClosedRuns(connected.client)
        self._client = connected.client
        self._replayer = Replayer(
            workflows=workflows, data_converter=connected.client.data_converter, workflow_runner=runner
        )

    async def complaint(self, tracking_id: str) -> AsyncIterator[ReplayResult]:
        """Replay every run of one complaint: archived or still in the engine, closed or running."""

        async def one() -> AsyncIterator[str]:
            yield tracking_id

        async for replayed in self._replay(one()):
            yield replayed

    async def year(self, year: int) -> AsyncIterator[ReplayResult]:
        """Replay every run of every complaint received in a year (Asia/Jakarta), in the order of complaint numbers."""
        async for replayed in self._replay(self._received_in(year)):
            yield replayed

    async def count(self, year: int) -> int:
        """Return how many complaints were received in a year (Asia/Jakarta)."""
        return await self._rows.number_received(*_bounds(year))

    # --- Replaying ---------------------------------------------------------------------------------------------------

    async def _replay(self, tracking_ids: AsyncIterator[str]) -> AsyncIterator[ReplayResult]:
        """Replay all of them with one replayer: creating one costs more than replaying most histories."""
        told: deque[ReplayResult] = deque()
        under_way: deque[ReplayResult] = deque()

        async def histories() -> AsyncIterator[WorkflowHistory]:
            async for tracking_id in tracking_ids:
                async for candidate in self._candidates(tracking_id):
                    if candidate.history is None:
                        told.append(candidate.told)
                    else:
                        under_way.append(candidate.told)
                        yield candidate.history

        async with self._replayer.workflow_replay_iterator(histories()) as results:
            async for result in results:
                while told:
                    yield told.popleft()
                yield _judged(under_way.popleft(), result)
        while told:
            yield told.popleft()

    async def _candidates(self, tracking_id: str) -> AsyncIterator[_Candidate]:
        erased = await self._erased(tracking_id)
        if erased is not None:
            yield _Candidate(erased, None)
            return
        found = False
        try:
            runs = await self._history_archive.runs(workflow_id(tracking_id))
        except HistoryArchiveDamaged as error:
            damaged = ReplayResult(
                tracking_id=tracking_id,
                run_id=error.run_id,
                source="history_archive",
                n=error.n,
                verdict=Verdict.DAMAGED,
            )
            yield _Candidate(damaged, None)
            return
        for run in runs:
            found = True
            yield await self._archived(tracking_id, run)
        async for run_id in self._in_engine(tracking_id, {run.run_id for run in runs}):
            history = await self._engine.events(workflow_id(tracking_id), run_id)
            if history is not None:
                found = True
                yield await self._prepared(_told(tracking_id, run_id, "engine", len(history.events)), history)
        if not found:
            yield _Candidate(
                ReplayResult(tracking_id=tracking_id, run_id=None, source=None, verdict=Verdict.GONE), None
            )

    async def _archived(self, tracking_id: str, run: ArchivedRun) -> _Candidate:
        told = _told(tracking_id, run.run_id, "history_archive", run.events, run.n)
        if run.history is None:
            return _Candidate(told.model_copy(update={"verdict": Verdict.PRUNED, "at": run.pruned_at}), None)
        try:
            history = WorkflowHistory.from_json(workflow_id(tracking_id), run.history.decode())
        except ValueError as error:  # the bytes match their hash but are no history: they were archived like this
            failed = {"verdict": Verdict.FAILED, "detail": str(error)[:LONGEST_DETAIL]}
            return _Candidate(told.model_copy(update=failed), None)
        return await self._prepared(told, history)

    async def _prepared(self, told: ReplayResult, history: WorkflowHistory) -> _Candidate:
        if not any(event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for event in history.events):
            return _Candidate(told.model_copy(update={"verdict": Verdict.EMPTY}), None)
        try:
            await self._have_keys(told.tracking_id, history)
        except KeyUnavailable as error:
            away = {"verdict": Verdict.KEY_AWAY, "detail": str(error)[:LONGEST_DETAIL]}
            return _Candidate(told.model_copy(update=away), None)
        except KeyDestroyed:  # destroyed just now
            return _Candidate(await self._erased(told.tracking_id) or told, None)
        return _Candidate(told, history)

    async def _have_keys(self, tracking_id: str, history: WorkflowHistory) -> None:
        """Raise KeyUnavailable or KeyDestroyed where the key for a payload of the history is missing."""
        await self._keys.key_for(workflow_id(tracking_id))
        for key_id in set(_KEY_IDS.findall(history.to_json())):
            try:
                named = UUID(base64.b64decode(key_id).decode("ascii"))
            except ValueError:
                continue  # not encrypted by Kawal: the codec passes it through as it is
            # Nor does the codec decrypt what was encrypted for another owner and sent here.
            with contextlib.suppress(AnothersKey):
                await self._keys.key_by_id(named, workflow_id(tracking_id))

    # --- Which histories there are -----------------------------------------------------------------------------------

    async def _received_in(self, year: int) -> AsyncIterator[str]:
        after = ""
        while True:
            page = await self._rows.received(*_bounds(year), after, PAGE)
            for tracking_id in page:
                yield tracking_id
            if len(page) < PAGE:
                return
            after = page[-1]

    async def _in_engine(self, tracking_id: str, known: set[str]) -> AsyncIterator[str]:
        """Yield the runs that only the engine has, from the engine's list and the newest run's chain."""
        seen = set(known)
        chained = await self._engine.of(workflow_id(tracking_id)) or []
        listed = self._client.list_workflows(f"WorkflowId = '{workflow_id(tracking_id)}'")
        for run_id in [run.run_id for run in chained] + [run.run_id async for run in listed]:
            if run_id not in seen:
                seen.add(run_id)
                yield run_id

    async def _erased(self, tracking_id: str) -> ReplayResult | None:
        erased = await erasure_of(self._pool, tracking_id)
        if erased is None:
            return None
        return ReplayResult(
            tracking_id=tracking_id,
            run_id=None,
            source=None,
            verdict=Verdict.ERASED,
            at=erased.at,
            by=erased.by,
            ground=erased.ground,
        )


def _told(tracking_id: str, run_id: str, source: str, events: int, n: int | None = None) -> ReplayResult:
    return ReplayResult(
        tracking_id=tracking_id, run_id=run_id, source=source, n=n, events=events, verdict=Verdict.REPLAYED
    )


def _judged(told: ReplayResult, result: WorkflowReplayResult) -> ReplayResult:
    failure = result.replay_failure
    if failure is None:
        return told
    verdict = Verdict.DIFFERS if isinstance(failure, NondeterminismError) else Verdict.FAILED
    return told.model_copy(update={"verdict": verdict, "detail": " ".join(str(failure).split())[:LONGEST_DETAIL]})


def _bounds(year: int) -> tuple[datetime, datetime]:
    return at_local(date(year, 1, 1), 0), at_local(date(year + 1, 1, 1), 0)
