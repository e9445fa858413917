"""The step reconcile: compares inbox, record and engine; differences are repaired where that is safe, or reported.

Repaired: a report noted as started that neither engine nor record knows goes back to the relay, and a complaint that is
open by its record but has no running workflow gets one from its record. Everything else is reported, with the reason
where a repair was not safe. Findings are logged as errors and stored in a table (`kawal reconcile`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import asyncpg
import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.unavailable import application_errors
from kawal.base.unavailable import Part, unavailable
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.findings import Finding
from kawal.domain.names import workflow_id
from kawal.domain.process.evolve import fold
from kawal.domain.process.projection import snapshot
from kawal.domain.process.state import State
from kawal.domain.process.timers import next_wake, reason_without_deadline
from kawal.domain.reconciliation import RoundProgress, Stage, differences
from kawal.store.history_archive_due import DueRun, HistoryArchiveDue
from kawal.store.ledger import Ledger
from kawal.store.reconcile import OpenRow, Reconciliation, SuspectReport
from kawal.store.rejected_writes import RejectedWrites

PAGE = 100
AT_ONCE = 16
STRETCH_SECONDS = 45.0
"""The activity returns its progress after this long; the workflow calls it again."""

GRACE = timedelta(minutes=2)
"""How long a started report may take until its first event is on record."""

PATIENCE = timedelta(hours=1)
"""How long an accepted report may wait for its start before that is reported."""

LATE = timedelta(minutes=10)
"""How late something due may be before that is reported."""

PARTS = 96
"""Each round compares one of this many parts of all complaints: one round every 15 minutes compares all in a day."""

log = structlog.get_logger()


class Restarts(Protocol):
    """Starts a complaint's workflow from its record."""

    async def restart(self, tracking_id: str) -> str | None:
        """Start it; return why that is not safe (a code), None if it runs."""


class StartCheck(Protocol):
    """Tells whether a workflow was started for a row of the inbox."""

    async def __call__(self, running: WorkflowExecutionDescription, inbox_id: int) -> bool:
        """Tell whether it was."""


class FailureCheck(Protocol):
    """Tells whether a run's task fails repeatedly."""

    async def __call__(self, client: Client, run: WorkflowExecutionDescription) -> dict[str, Any] | None:
        """Return how it fails, in codes and numbers; None if it does not."""


class ReconcileStep:
    """The activity `reconcile`."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        ledger: Ledger,
        client: Client,
        restarts: Restarts,
        carries: StartCheck,
        failing: FailureCheck,
    ) -> None:
        """Compare what `pool` and `ledger` hold with what `client`'s engine runs."""
        self._store = Reconciliation(pool)
        self._due = HistoryArchiveDue(pool)
        self._unrecorded = RejectedWrites(pool)
        self._ledger = ledger
        self._client = client
        self._restarts = restarts
        self._carries = carries
        self._failing = failing
        self._grace = GRACE

    @activity.defn(name="reconcile")
    async def reconcile(self, so_far: RoundProgress) -> RoundProgress:
        """Continue a round for at most STRETCH_SECONDS; return its progress.

        Errors (both retryable): DatabaseUnavailable, EngineUnavailable. A repeated attempt finds what was already done.
        """
        until = time.monotonic() + STRETCH_SECONDS
        with application_errors():
            if so_far.number == 0:
                so_far.number = await self._store.begin()
            while so_far.stage is not Stage.DONE and time.monotonic() < until:
                activity.heartbeat()
                await self._page(so_far)
        return so_far

    async def _page(self, so_far: RoundProgress) -> None:
        match so_far.stage:
            case Stage.INBOX:
                troubled = await self._store.troubled(so_far.after, PAGE, self._grace, PATIENCE)
                await self._each(troubled, self._accepted, so_far)
                self._turn(so_far, [one.tracking_id for one in troubled], Stage.REPLIES)
            case Stage.REPLIES:
                stuck = await self._store.stuck_replies(so_far.after, PAGE, PATIENCE)
                await self._each(stuck, self._reply, so_far)
                self._turn(so_far, stuck, Stage.OPEN)
            case Stage.OPEN:
                rows = await self._store.open_rows(so_far.after, PAGE)
                await self._each(rows, self._open, so_far)
                self._turn(so_far, [row.tracking_id for row in rows], Stage.SAMPLE)
            case Stage.SAMPLE:
                sample = await self._store.sample(so_far.after, PAGE, so_far.number % PARTS, PARTS)
                await self._each(sample, self._sampled, so_far)
                self._turn(so_far, sample, Stage.HISTORY_ARCHIVE)
            case Stage.HISTORY_ARCHIVE:
                in_danger = await self._due.in_danger(so_far.after, PAGE)
                await self._each(in_danger, self._unarchived, so_far)
                self._turn(so_far, [run.workflow_id for run in in_danger], Stage.CLOSE)
            case _:
                await self._unrecorded.settle()
                await self._store.end(so_far.number, so_far.looked_at, so_far.found, so_far.repaired)
                so_far.stage = Stage.DONE

    def _turn(self, so_far: RoundProgress, page: Sequence[str], following: Stage) -> None:
        so_far.looked_at += len(page)
        if len(page) < PAGE:
            so_far.stage, so_far.after = following, ""
        else:
            so_far.after = page[-1]

    async def _each(
        self, page: Sequence[Any], look: Callable[[Any, RoundProgress], Awaitable[None]], so_far: RoundProgress
    ) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def gated(one: Any) -> None:
            async with gate:
                await look(one, so_far)

        await asyncio.gather(*map(gated, page))

    # --- The inbox ---------------------------------------------------------------------------------------------------

    async def _accepted(self, one: SuspectReport, so_far: RoundProgress) -> None:
        if one.status == "dead":
            return await self._note(so_far, one.tracking_id, Finding.DEAD_LETTER, {"reason": one.last_error})
        if one.status == "waiting":
            return await self._note(so_far, one.tracking_id, Finding.WAITS_LONG, {"reason": one.last_error})
        described = await self._described(one.tracking_id)
        try:
            if described is not None and not await self._carries(described, one.inbox_id):
                return await self._note(so_far, one.tracking_id, Finding.OTHER_REPORT, {})
        except KeyUnavailable:
            return await self._note(so_far, one.tracking_id, Finding.UNREADABLE, {"error": "KeyUnavailable"})
        refused = {} if one.seq is None else {"seq": one.seq, "reason": one.last_error}
        runs = described is not None and described.status is WorkflowExecutionStatus.RUNNING
        if described is not None and runs:
            await self._stuck(one.tracking_id, described, so_far)
        if runs or (one.seq or 1) > 1:
            facts = refused | ({} if described is None else _task_facts(described))
            return await self._note(so_far, one.tracking_id, Finding.UNRECORDED, facts)
        await self._store.send_back(one.inbox_id)
        return await self._note(so_far, one.tracking_id, Finding.NOT_STARTED, _ended_facts(described), repaired=True)

    async def _reply(self, tracking_id: str, so_far: RoundProgress) -> None:
        await self._note(so_far, tracking_id, Finding.REPLY_STUCK, {})

    # --- Open complaints ---------------------------------------------------------------------------------------------

    async def _open(self, row: OpenRow, so_far: RoundProgress) -> None:
        described = await self._described(row.tracking_id)
        if described is None or described.status is not WorkflowExecutionStatus.RUNNING:
            # A workflow writes before it ends: if it ended as it should, the read model says so by now. If somebody has
            # reopened or restarted it since, there is a newer run.
            if await self._store.is_open(row.tracking_id) and await self._is_newest(row.tracking_id, described):
                await self._without_workflow(row.tracking_id, described, so_far)
            return
        await self._stuck(row.tracking_id, described, so_far)
        if not row.ahead:
            await self._armed(row.tracking_id, so_far)

    async def _is_newest(self, tracking_id: str, described: WorkflowExecutionDescription | None) -> bool:
        newest = await self._described(tracking_id)
        return newest is None or (described is not None and newest.run_id == described.run_id)

    async def _stuck(self, tracking_id: str, described: WorkflowExecutionDescription, so_far: RoundProgress) -> None:
        facts = await self._failing(self._client, described)
        if facts is not None:
            await self._note(so_far, tracking_id, Finding.STUCK_TASK, facts)

    async def _without_workflow(
        self, tracking_id: str, described: WorkflowExecutionDescription | None, so_far: RoundProgress
    ) -> None:
        not_safe = await self._restarts.restart(tracking_id)
        facts = _ended_facts(described) | ({"not_repaired": not_safe} if not_safe else {})
        await self._note(so_far, tracking_id, Finding.NO_WORKFLOW, facts, repaired=not_safe is None)

    async def _armed(self, tracking_id: str, so_far: RoundProgress) -> None:
        """Check a complaint that has no deadline ahead in the read model: it may have levels of a breach or a reminder
        left, or a reason to have nothing.
        """
        state = await self._folded(tracking_id, so_far)
        if state is None or state.is_over:
            return
        wake = next_wake(state)
        if wake is None and reason_without_deadline(state) is None:
            await self._note(so_far, tracking_id, Finding.NOTHING_ARMED, {"seq": state.last_seq})
        if wake is not None and wake < datetime.now(UTC) - LATE:
            await self._note(so_far, tracking_id, Finding.TIMER_LATE, {"due": wake.isoformat(), "seq": state.last_seq})

    # --- The read model ----------------------------------------------------------------------------------------------

    async def _sampled(self, tracking_id: str, so_far: RoundProgress) -> None:
        state = await self._folded(tracking_id, so_far)
        row = await self._ledger.snapshot(tracking_id)
        if state is None or row is None:
            return
        differing = differences(row, snapshot(state))
        if not differing or await self._ledger.last_seq(tracking_id) != state.last_seq:
            return  # something was recorded in between: the next check will do
        await self._note(so_far, tracking_id, Finding.READ_MODEL, {"fields": differing, "seq": state.last_seq})

    async def _folded(self, tracking_id: str, so_far: RoundProgress) -> State | None:
        try:
            return fold(await self._ledger.events(tracking_id))
        except Exception as error:  # a record that yields no state, or whose key is unavailable, must not end the round
            if unavailable(error) not in (None, Part.KEYS):
                raise
            await self._note(so_far, tracking_id, Finding.UNREADABLE, {"error": type(error).__name__})
            return None

    # --- The history archive -----------------------------------------------------------------------------------------

    async def _unarchived(self, run: DueRun, so_far: RoundProgress) -> None:
        facts = {"until": run.deadline.isoformat(), "attempts": run.attempts, "why": run.last_error or "not_tried"}
        await self._note(so_far, run.workflow_id.removeprefix("complaint-"), Finding.UNARCHIVED, facts)

    # --- Shared ------------------------------------------------------------------------------------------------------

    async def _described(self, tracking_id: str) -> WorkflowExecutionDescription | None:
        try:
            return await self._client.get_workflow_handle(workflow_id(tracking_id)).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _note(
        self, so_far: RoundProgress, tracking_id: str, kind: Finding, facts: dict[str, Any], *, repaired: bool = False
    ) -> None:
        so_far.found += 1
        so_far.repaired += repaired
        log.error("reconciler_found", kind=str(kind), workflow_id=workflow_id(tracking_id), repaired=repaired, **facts)
        await self._store.note(tracking_id, kind, facts, repaired=repaired)


def _ended_facts(described: WorkflowExecutionDescription | None) -> dict[str, Any]:
    if described is None or described.status is None:
        return {"engine": "unknown"}
    return {"engine": described.status.name.lower()}


def _task_facts(described: WorkflowExecutionDescription) -> dict[str, Any]:
    """Return what the engine says of the workflow task in progress; nothing if there is none."""
    task = described.raw_description.pending_workflow_task
    return {"attempts": task.attempt} if task.attempt else {}
