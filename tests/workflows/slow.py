"""A slow record: while an event is written, messages arrive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from kawal.domain.messages import Batch, Command
from kawal.domain.names import EventKind
from kawal.domain.process.decide import CLOCKWORK


class SlowWrites(Interceptor):
    """An interceptor that delays writing every event but a refusal until a signal, an update and a query have arrived.

    The signal will be refused; the update waits for its turn; the query returns the state before the write.
    """

    client: Client

    def __init__(self) -> None:
        self.held = 0
        self._updates: set[asyncio.Future[Any]] = set()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Held(next, self)

    async def hold_up(self, args: Any) -> None:
        if not isinstance(args[0], Batch) or args[0].events[0].kind is EventKind.REFUSED:
            return
        self.held += 1
        info = activity.info()
        handle = self.client.get_workflow_handle(str(info.workflow_id), run_id=info.workflow_run_id)
        begun = (await handle.describe()).history_length
        await handle.signal("polish", Command(name="polish", actor=CLOCKWORK, idempotency_key="k"))
        update = asyncio.ensure_future(_unless_ended(handle.execute_update("catch_up")))
        self._updates.add(update)
        update.add_done_callback(self._updates.discard)
        await _unless_ended(handle.query("state"))
        await _longer_than(handle, begun)


class _Held(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, slow: SlowWrites) -> None:  # noqa: A002
        super().__init__(next)
        self._slow = slow

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        if activity.info().workflow_type == "Complaint":
            await self._slow.hold_up(input.args)
        return await super().execute_activity(input)


async def _longer_than(handle: WorkflowHandle[Any, Any], events: int) -> None:
    while (await handle.describe()).history_length <= events:  # noqa: ASYNC110 - the engine brings it about
        await asyncio.sleep(0.05)


async def _unless_ended(message: Awaitable[Any]) -> None:
    with contextlib.suppress(RPCError, WorkflowUpdateFailedError):
        await message
