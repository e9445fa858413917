"""Closed runs in the engine: which there are, and their histories as stored there, encrypted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from kawal.domain.process.run_input import WORKFLOW_NAME
from kawal.store.history_archive import ClosedHistory, NotWhole

PAGE = 500

CLOSINGS: dict[int, str] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continued_as_new",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "canceled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed_out",
}
"""The last event of a closed run's history, and how the run closed."""


class ClosedRun(NamedTuple):
    """One closed run; `closed_at` is the engine's time, None where only a later run tells of it."""

    workflow_id: str
    run_id: str
    closed_at: datetime | None


class ClosedRuns:
    """Looks closed runs up; every method raises temporalio's RPCError if the engine cannot answer."""

    def __init__(self, client: Client) -> None:
        """Look through `client`."""
        self._client = client

    async def retention(self) -> timedelta:
        """Return how long the engine keeps a closed run's history."""
        asked = DescribeNamespaceRequest(namespace=self._client.namespace)
        answer = await self._client.workflow_service.describe_namespace(asked)
        return answer.config.workflow_execution_retention_ttl.ToTimedelta()

    async def page(self, since: datetime | None, token: bytes | None) -> tuple[list[ClosedRun], bytes | None]:
        """Return PAGE of complaints' runs that closed at or after an instant, and the token of the next page.

        The engine's list lags: ask again for what closed lately.
        """
        query = f"WorkflowType = '{WORKFLOW_NAME}' AND ExecutionStatus != 'Running'"
        if since is not None:
            query += f" AND CloseTime >= '{since.astimezone(UTC).isoformat()}'"
        listed = self._client.list_workflows(query, page_size=PAGE, next_page_token=token)
        await listed.fetch_next_page()
        runs = [_closed(one) for one in listed.current_page or () if one.close_time is not None]
        return runs, listed.next_page_token

    async def running(self, since: datetime | None = None) -> list[ClosedRun]:
        """Return runs of complaints that are in progress, or began since then; their `closed_at` is None."""
        query = f"WorkflowType = '{WORKFLOW_NAME}' AND ExecutionStatus = 'Running'"
        if since is not None:
            query += f" AND StartTime >= '{since.astimezone(UTC).isoformat()}'"
        return [ClosedRun(one.id, one.run_id, None) async for one in self._client.list_workflows(query)]

    async def of(self, workflow_id: str) -> list[ClosedRun] | None:
        """Return the closed runs that lead to a workflow's newest one, itself included; None if the engine knows none.

        Found without the engine's list. What ended before a restart or a reopening is another chain, and not found.
        """
        try:
            newest = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        found = [] if newest.status is WorkflowExecutionStatus.RUNNING else [_closed(newest)]
        run_id: str | None = newest.run_id
        while run_id:
            run_id = await self._before(workflow_id, run_id)
            if run_id:
                found.append(ClosedRun(workflow_id, run_id, None))
        return found

    async def history(self, workflow_id: str, run_id: str) -> ClosedHistory | None:
        """Return a closed run's whole history, payloads encrypted; None if the engine no longer has it.

        Raises NotWhole.
        """
        history = await self.events(workflow_id, run_id)
        if history is None:
            return None
        events = history.events
        status = CLOSINGS.get(events[-1].event_type) if events else None
        if status is None or [event.event_id for event in events] != list(range(1, len(events) + 1)):
            raise NotWhole(workflow_id)
        return ClosedHistory(
            workflow_id=workflow_id,
            run_id=run_id,
            close_status=status,
            started_at=_instant(events[0]),
            closed_at=_instant(events[-1]),
            events=len(events),
            history=history.to_json().encode(),
        )

    async def events(self, workflow_id: str, run_id: str) -> WorkflowHistory | None:
        """Return a run's history so far, payloads encrypted; None if the engine no longer has such a run."""
        try:
            return await self._run(workflow_id, run_id).fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _before(self, workflow_id: str, run_id: str) -> str | None:
        """Return the run that this one continues; None if it is the first, or the engine no longer has it."""
        try:
            async for event in self._run(workflow_id, run_id).fetch_history_events(page_size=1):
                return event.workflow_execution_started_event_attributes.continued_execution_run_id or None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        return None

    def _run(self, workflow_id: str, run_id: str) -> WorkflowHandle[object, object]:
        return self._client.get_workflow_handle(workflow_id, run_id=run_id)


def _closed(listed: WorkflowExecution) -> ClosedRun:
    return ClosedRun(listed.id, listed.run_id, listed.close_time)


def _instant(event: HistoryEvent) -> datetime:
    return event.event_time.ToDatetime(UTC)
