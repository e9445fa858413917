"""The start of a complaint's workflow: at most one for each accepted report, however many callers try, and how often.

The workflow's memo carries the number of the inbox's row, encrypted with the complaint's key. A workflow that already
runs under a complaint's id belongs to this report only if it carries that number: a database that was restored to an
earlier day may give a number out again that the engine still knows.
"""

from __future__ import annotations

import contextlib

import asyncpg
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import workflow_id
from kawal.domain.process.initial_state import received
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import NO_BEGINNING, NOT_OURS, WORKFLOW_NAME, RunInput
from kawal.store.inbox import number_of
from workflows.display import starting_attributes, summary_of

INBOX_ID = "inbox"
"""The memo's field."""


_CUT_OFF = frozenset(
    {
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)


class OtherReportRuns(Exception):  # noqa: N818 - names the condition
    """Under this complaint's id the engine holds another report: nothing was started."""


async def launch(client: Client, task_queue: str, inbox_id: int, run_input: RunInput) -> None:
    """Start the workflow of an accepted report; nothing happens if it runs already; one that was cut off starts again.

    Raises OtherReportRuns, temporalio's RPCError, and KeyUnavailable or KeyDestroyed for the complaint's key.
    """
    beginning = run_input.begin
    if beginning is None or beginning.received_at is None:
        raise ValueError("a complaint starts from an accepted report")
    state = received(
        beginning.report, beginning.tracking_id, beginning.instansi, beginning.rules, beginning.received_at
    )
    attributes = starting_attributes(snapshot(state))

    async def start(reuse: WorkflowIDReusePolicy) -> None:
        await client.start_workflow(
            WORKFLOW_NAME,
            run_input,
            id=workflow_id(beginning.tracking_id),
            task_queue=task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            memo={INBOX_ID: inbox_id},
            search_attributes=attributes,
            static_summary=summary_of(beginning.tracking_id, beginning.instansi, str(beginning.report.channel)),
        )

    try:
        await start(WorkflowIDReusePolicy.REJECT_DUPLICATE)
    except WorkflowAlreadyStartedError as error:
        handle: WorkflowHandle[object, object] = client.get_workflow_handle(workflow_id(beginning.tracking_id))
        running = await handle.describe()
        if not await carries(running, inbox_id) and not await _never_began(handle, running):
            raise OtherReportRuns(f"{running.id} is not the report of inbox row {inbox_id}") from error
        if running.status in _CUT_OFF:
            # A new run takes up what the record holds, if it holds anything.
            with contextlib.suppress(WorkflowAlreadyStartedError):
                await start(WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)


async def _never_began(handle: WorkflowHandle[object, object], running: WorkflowExecutionDescription) -> bool:
    """Tell whether a run ended because its input was not written by Kawal: then there is no report under its number."""
    if running.status is not WorkflowExecutionStatus.FAILED:
        return False
    try:
        await handle.result()
    except WorkflowFailureError as error:
        return isinstance(error.cause, ApplicationError) and error.cause.type in (NOT_OURS, NO_BEGINNING)
    return False


async def memo_of(pool: asyncpg.Pool, tracking_id: str) -> dict[str, int] | None:
    """Return the memo of a further run of a complaint: its report's number in the inbox; None if that is not known."""
    inbox_id = await number_of(pool, tracking_id)
    return None if inbox_id is None else {INBOX_ID: inbox_id}


async def carries(running: WorkflowExecutionDescription, inbox_id: int) -> bool:
    """Tell whether a workflow was started for that row of the inbox; raises KeyUnavailable."""
    try:
        return await running.memo_value(INBOX_ID, None, type_hint=int) == inbox_id
    except KeyUnavailable:
        raise
    except Exception:  # a memo that no key here decrypts, or that is no number: left by another installation
        return False
