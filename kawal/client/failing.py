"""A run whose task fails again and again: how it is known from one whose worker died, and what its senders are told.

The engine counts how often in a row a run's task failed or timed out. It marks the run in its search attributes from
the second time on, where it is ours (embedded.temporal_config), from the fifth as it comes. The number of attempts
alone is no measure: each new event in the history begins it anew.
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
from kawal.domain.msgids import msgid, sentence
from kawal.domain.process.life import workflow_id
from kawal.system import System

PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
"""The engine's own mark of a run whose task fails again and again; gone with the first task that is done."""

ATTEMPTS = 3
"""From this attempt on a task has failed again and again, marked or not; one failure is a worker that died."""

LAST_EVENTS = 20
"""How far back the last failure is looked for."""

DESCRIBED_WITHIN = timedelta(seconds=5)

PATIENCE = timedelta(seconds=3)
"""After so long without an answer, and again each time, a sender looks whether the complaint is wedged."""

T = TypeVar("T")

_MARKED_CAUSE = re.compile("cause=(?:WorkflowTaskFailedCause|WorkflowTaskTimedOutCause|)(.+)")
_CAUSE_PREFIX = "WORKFLOW_TASK_FAILED_CAUSE_"


async def described(client: Client, tracking_id: str) -> WorkflowExecutionDescription | None:
    """The newest run of a complaint as the engine has it; None if it knows none. Raises temporalio's RPCError."""
    try:
        return await client.get_workflow_handle(workflow_id(tracking_id)).describe(rpc_timeout=DESCRIBED_WITHIN)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


def is_running(run: WorkflowExecutionDescription | None) -> bool:
    """Whether there is a run and it has not ended."""
    return run is not None and run.status is WorkflowExecutionStatus.RUNNING


async def failing(client: Client, run: WorkflowExecutionDescription) -> dict[str, Any] | None:
    """How a run fails again and again: its id, the attempt, the cause as a code; None if it does not, or has ended."""
    marks = run.typed_search_attributes.get(PROBLEMS, [])
    attempts = run.raw_description.pending_workflow_task.attempt
    if not is_running(run) or not (marks or attempts >= ATTEMPTS):
        return None
    return {"run": run.run_id, "attempts": attempts, "cause": _cause_in(marks) or await _last_cause(client, run)}


def _cause_in(marks: Any) -> str | None:
    found = next(filter(None, (_MARKED_CAUSE.fullmatch(mark) for mark in marks)), None)
    return None if found is None else re.sub("(?<!^)(?=[A-Z])", "_", found[1]).lower()


async def _last_cause(client: Client, run: WorkflowExecutionDescription) -> str:
    """From the history's end, where the engine gave no mark; the failure's text is sealed and is not read."""
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
    """Wait for what is sent to a complaint, but not for one that is wedged; raises SystemUnavailable.

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
    """What to tell a sender whose complaint does not answer: that it is wedged, if it is, else `otherwise`.

    What the engine shows here before a watcher has seen it is kept, so that it is told everywhere.
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


def wedged(tracking_id: str) -> SystemUnavailable:
    """A complaint that takes nothing until it is mended."""
    return SystemUnavailable(
        sentence(
            msgid(
                "Complaint {tracking_id} is wedged: its workflow task keeps failing and the complaint is at a "
                "standstill. The agency admin or the Inspectorate can mend it with `kawal mend {tracking_id}`; "
                "then repeat with the same --key."
            ),
            tracking_id=tracking_id,
        ),
    )


def without_run(tracking_id: str) -> SystemUnavailable:
    """A complaint that is open by its record and has no run at this moment."""
    return SystemUnavailable(
        sentence(
            msgid(
                "Complaint {tracking_id} is being started again from its record; repeat in a moment with the same "
                "--key."
            ),
            tracking_id=tracking_id,
        ),
    )
