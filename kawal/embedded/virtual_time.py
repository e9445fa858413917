"""Virtual time on the real server. The SDK calls it experimental, so no other module of ours uses it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig


class VirtualTime:
    """Control over the clocks of single workflows; each has its own, which runs at real speed until it is moved."""

    def __init__(self, client: Client) -> None:
        """Wrap `client`, which must be connected to a system with `virtual_time`."""
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))

    @property
    def client(self) -> Client:
        """The client through which workflows must be started so that their clock can be moved."""
        return self._skipper.client

    async def skipped(self, workflow: str) -> timedelta:
        """Return by how much the clock of the workflow of that id has been moved in all, over all its moves."""
        handle = self._skipper.client.get_workflow_handle(workflow)
        return await self._skipper.get_current_time(handle) - datetime.now(UTC)

    async def advance(self, handle: WorkflowHandle[Any, Any], by: timedelta) -> bool:
        """Move the workflow's clock on by `by`, firing the timers in between in order, also across continue-as-new.

        Returns False if the workflow ended before. A span of zero or less moves nothing. To reach a certain instant,
        compute the span from the workflow's own current time, or the errors add up.
        """
        if by <= timedelta():
            return True
        try:
            return await self._skipper.fast_forward(handle, by)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
