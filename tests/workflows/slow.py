"""A record that is slow: each write is held up until the engine has split the workflow's task, and messages come in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.decide import CLOCKWORK
from domain.messages import Batch, Command
from domain.names import EventKind

SHORT_TASK = timedelta(seconds=1.2)
"""The engine splits a task after four fifths of this."""

HEARTBEAT = 3
"""Events of a split: the task completed, scheduled and started again."""


@contextlib.contextmanager
def short_tasks() -> Iterator[None]:
    """Runs that begin in this block have short tasks, so that what takes seconds live is seen sooner."""
    start, reopen = Client.start_workflow, WithStartWorkflowOperation.__init__

    async def started(self: Client, *args: Any, **options: Any) -> Any:
        return await start(self, *args, **options, task_timeout=SHORT_TASK)

    def reopened(self: Any, *args: Any, **options: Any) -> None:
        reopen(self, *args, **options, task_timeout=SHORT_TASK)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "start_workflow", started)
        patch.setattr(WithStartWorkflowOperation, "__init__", reopened)
        yield


def splits_of(history: WorkflowHistory) -> int:
    """How often a task of this history was split while a local activity ran.

    It says nothing but that a timer was started, or nothing at all, and is scheduled again at once.
    """
    kinds = [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_WORKFLOW_TASK_") for event in history.events]
    text = " ".join(kinds)
    return text.count("COMPLETED EVENT_TYPE_TIMER_STARTED SCHEDULED STARTED") + text.count(
        "COMPLETED SCHEDULED STARTED"
    )


class SlowWrites(Interceptor):
    """Holds up every local activity of a worker until its task has been split.

    During every other write a signal that will be refused, an update and a query come in after the split.
    """

    client: Client

    def __init__(self) -> None:
        self.held = 0
        self._writes = 0
        self._messages: set[asyncio.Future[Any]] = set()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Held(next, self)

    async def hold_up(self, args: Any) -> None:
        info = activity.info()
        handle = self.client.get_workflow_handle(str(info.workflow_id), run_id=info.workflow_run_id)
        await _longer_by(handle, HEARTBEAT)
        self.held += 1
        if isinstance(args[0], Batch) and args[0].events[0].kind is not EventKind.REFUSED:
            self._writes += 1
            if self._writes % 2:
                self._send_meanwhile(handle)
                await _longer_by(handle, 1)

    def _send_meanwhile(self, handle: WorkflowHandle[Any, Any]) -> None:
        messages = asyncio.gather(*map(_unless_ended, (_signal(handle), _update(handle), _query(handle))))
        self._messages.add(messages)
        messages.add_done_callback(self._messages.discard)


class _Held(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, slow: SlowWrites) -> None:  # noqa: A002
        super().__init__(next)
        self._slow = slow

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        if activity.info().is_local:
            await self._slow.hold_up(input.args)
        return await super().execute_activity(input)


async def _longer_by(handle: WorkflowHandle[Any, Any], events: int) -> None:
    begun = (await handle.describe()).history_length
    while (await handle.describe()).history_length < begun + events:  # noqa: ASYNC110 - the engine brings it about
        await asyncio.sleep(0.05)


async def _signal(handle: WorkflowHandle[Any, Any]) -> None:
    await handle.signal("polish", Command(name="polish", actor=CLOCKWORK, key="k"))


async def _update(handle: WorkflowHandle[Any, Any]) -> None:
    await handle.execute_update("catch_up")


async def _query(handle: WorkflowHandle[Any, Any]) -> None:
    await handle.query("state")


async def _unless_ended(message: Any) -> None:
    with contextlib.suppress(RPCError, WorkflowUpdateFailedError):
        await message
