"""Runs whose workflow task fails repeatedly: how they are told from runs whose worker died, and what senders are told.

The engine counts how often in a row a run's task failed or timed out. It marks the run in its search attributes from
the second time on, where it is Kawal's own engine (embedded.temporal_config), or from the fifth by default. The number
of attempts alone is no measure: each new event in the history resets it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.errors import SystemUnavailable
from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.no_answer import wedged
from kawal.domain.names import workflow_id
from kawal.system import System

PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
"""The engine's own mark of a run whose task fails repeatedly; removed by the first task that succeeds."""

ATTEMPTS = 3
"""From this attempt on a task counts as failing repeatedly, marked or not; one failure may be a worker that died."""

LAST_EVENTS = 20
"""How many events back the last failure is looked for."""

DESCRIBED_WITHIN = timedelta(seconds=5)

PATIENCE = timedelta(seconds=3)
"""Whenever an answer has not come for this long, a sender checks whether the complaint is wedged."""

T = TypeVar("T")

_MARKED_CAUSE = re.compile("cause=(?:WorkflowTaskFailedCause|WorkflowTaskTimedOutCause|)(.+)")
_CAUSE_PREFIX = "WORKFLOW_TASK_FAILED_CAUSE_"


async def described(client: Client, tracking_id: str) -> WorkflowExecutionDescription | None:
    """Return the newest run of a complaint in the engine; None if it knows none. Raises temporalio's RPCError."""
    try:
        return await client.get_workflow_handle(workflow_id(tracking_id)).describe(rpc_timeout=DESCRIBED_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


def is_running(run: WorkflowExecutionDescription | None) -> bool:
    """Tell whether there is a run and it has not ended."""
    return run is not None and run.status is WorkflowExecutionStatus.RUNNING


async def failing(client: Client, run: WorkflowExecutionDescription) -> dict[str, Any] | None:
    """Return how a run fails: its id, the attempt, the cause as a code; None if it does not fail, or has ended."""
    marks = run.typed_search_attributes.get(PROBLEMS, [])
    attempts = run.raw_description.pending_workflow_task.attempt
    if not is_running(run) or not (marks or attempts >= ATTEMPTS):
        return None
    return {"run": run.run_id, "attempts": attempts, "cause": _cause_in(marks) or await _last_cause(client, run)}


def _cause_in(marks: Any) -> str | None:
    found = next(filter(None, (_MARKED_CAUSE.fullmatch(mark) for mark in marks)), None)
    return None if found is None else re.sub("(?<!^)(?=[A-Z])", "_", found[1]).lower()


async def _last_cause(client: Client, run: WorkflowExecutionDescription) -> str:
    """Return the cause from the history's end, if the engine gave no mark; the failure's encrypted text is not read."""
    history = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=run.id, run_id=run.run_id),
            maximum_page_size=LAST_EVENTS,
        ),
        timeout=DESCRIBED_WITHIN,
    )
    for event in history.history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            cause = event.workflow_task_failed_event_attributes.cause
            return WorkflowTaskFailedCause.Name(cause).removeprefix(_CAUSE_PREFIX).lower()
    return "timed_out"


async def unless_wedged(connected: System, tracking_id: str, sending: Coroutine[Any, Any, T]) -> T:
    """Wait for what is sent to a complaint, unless it is wedged; raises SystemUnavailable.

    What was given up may still be done later: its sender repeats it under the same key.
    """
    task = asyncio.create_task(sending)
    try:
        while not (await asyncio.wait([task], timeout=PATIENCE.total_seconds()))[0]:
            trouble = await _trouble_with(connected, tracking_id)
            if trouble is not None:
                raise trouble
        try:
            return task.result()
        except SystemUnavailable as error:
            raise await why_no_answer(connected, tracking_id, error) from error
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def why_no_answer(connected: System, tracking_id: str, otherwise: SystemUnavailable) -> SystemUnavailable:
    """Return why a complaint does not answer: because it is wedged, if it is, else `otherwise`.

    A failure seen here before a watcher has seen it is stored, so that it is reported everywhere.
    """
    return await _trouble_with(connected, tracking_id) or otherwise


async def _trouble_with(connected: System, tracking_id: str) -> SystemUnavailable | None:
    store = connected.wedged
    with unavailable_is_passed_over():
        run = await described(connected.client, tracking_id)
        trouble = None if run is None else await failing(connected.client, run)
        if trouble is not None:
            await store.note(tracking_id, trouble)
        if trouble is not None or (not is_running(run) and await store.of(tracking_id) is not None):
            return wedged(tracking_id)
    return None
