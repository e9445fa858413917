"""The watcher: finds complaints whose workflow task fails repeatedly, and stores and reports which they are.

One runs beside the relays of every worker; several find the same and write the same. A complaint that has recovered is
taken off the list by the next look; one that was given up and has no new run yet stays on it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import WorkflowExecutionDescription
from temporalio.service import RPCError, RPCStatusCode

from kawal.client.failing_runs import PROBLEMS, described, failing, is_running
from kawal.domain.findings import NO_RUN
from kawal.domain.names import workflow_id
from kawal.domain.process.run_input import WORKFLOW_NAME
from kawal.store.wedged_complaints import RunRequired, WedgedComplaint
from kawal.system import System

WATCH_EVERY = timedelta(seconds=10)

MOST_A_LOOK = 200
"""How many new and how many known ones a look asks the engine about; if a release wedges all, later looks continue."""

MOST_OVERDUE = 50
AT_ONCE = 16

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""The longest pause between log lines about one complaint; pauses double from the first up to this."""

log = structlog.get_logger()


class Watcher:
    """Watches for wedged complaints."""

    def __init__(self, connected: System) -> None:
        """Work through a connection."""
        self._client = connected.client
        self._task_queue = connected.settings.task_queue
        self._store = connected.wedged
        self._told: dict[str, tuple[float, timedelta]] = {}
        """For complaints that this process has logged: when to log again, and the pause before that."""
        self._away: str | None = None

    async def run(self) -> None:
        """Look now and every WATCH_EVERY until cancelled; no error ends it."""
        while True:
            try:
                await self.look()
                self._is_away(None)
            except Exception as error:  # a watcher that ended would leave the next wedged complaint unreported
                self._is_away(type(error).__name__)
            await asyncio.sleep(WATCH_EVERY.total_seconds())

    async def look(self) -> list[WedgedComplaint]:
        """Look once: store what is wedged, remove what has recovered, log both; return what is wedged now."""
        known = {one.tracking_id for one in await self._store.lines(limit=MOST_A_LOOK)}
        suspects = await self._suspects() - known
        gate = asyncio.Semaphore(AT_ONCE)

        async def gated(tracking_id: str) -> None:
            async with gate:
                await self._look_at(tracking_id, known=tracking_id in known)

        await asyncio.gather(*map(gated, [*known, *sorted(suspects)[:MOST_A_LOOK]]))
        wedged = await self._store.lines()
        await self._tell(wedged)
        return wedged

    async def _suspects(self) -> set[str]:
        """Return what the engine lists as failing, and what should have acted a moment ago."""
        found = set(await self._store.overdue(MOST_OVERDUE))
        query = (
            f"WorkflowType = '{WORKFLOW_NAME}' and ExecutionStatus = 'Running' and TaskQueue = '{self._task_queue}'"
            f" and {PROBLEMS.name} is not null"
        )
        try:
            async for run in self._client.list_workflows(query, limit=10 * MOST_A_LOOK):
                found.add(run.id.removeprefix(workflow_id("")))
        except RPCError as error:
            # An engine without this attribute: what is left are the overdue, unanswered commands and the rounds.
            if error.status is not RPCStatusCode.INVALID_ARGUMENT:
                raise
        return found

    async def _look_at(self, tracking_id: str, *, known: bool) -> None:
        run = await described(self._client, tracking_id)
        trouble = None if run is None else await failing(self._client, run)
        if trouble is not None:
            await self._store.note(tracking_id, trouble)
        elif known and await self._lacks_a_run(tracking_id, run):
            await self._store.note(tracking_id, {"cause": NO_RUN})
        elif known:
            await self._store.end(tracking_id, mended=False)

    async def _lacks_a_run(self, tracking_id: str, run: WorkflowExecutionDescription | None) -> bool:
        return not is_running(run) and await self._store.must_run(tracking_id) is not RunRequired.NOTHING

    async def _tell(self, wedged: list[WedgedComplaint]) -> None:
        now = asyncio.get_running_loop().time()
        for one in wedged:
            again_at, pause = self._told.get(one.tracking_id, (now, FIRST_PAUSE))
            if now >= again_at:
                log.error(
                    "complaint_wedged",
                    workflow_id=workflow_id(one.tracking_id),
                    cause=one.cause,
                    attempts=one.attempts,
                    since=one.since.isoformat(),
                    wedged=len(wedged),
                    mend=f"kawal mend {one.tracking_id}",
                )
                self._told[one.tracking_id] = (now + pause.total_seconds(), min(2 * pause, LONGEST_PAUSE))
        for tracking_id in self._told.keys() - {one.tracking_id for one in wedged}:
            del self._told[tracking_id]
            how = "complaint_mended" if await self._store.was_mended(tracking_id) else "complaint_well_again"
            log.warning(how, workflow_id=workflow_id(tracking_id), wedged=len(wedged))

    def _is_away(self, reason: str | None) -> None:
        if reason is not None and reason != self._away:
            log.warning("watch_waits", reason=reason)
        self._away = reason
