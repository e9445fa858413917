"""The engine's clock can be moved, on the real server."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from kawal.base.endpoints import Endpoints
    from kawal.base.engine_connection import connect_temporal
    from kawal.embedded.virtual_time import VirtualTime


@workflow.defn
class NinetyDays:
    """A workflow that waits ninety days and returns when it began and ended."""

    @workflow.run
    async def run(self) -> tuple[datetime, datetime]:
        began = workflow.now()
        await workflow.sleep(timedelta(days=90))
        return began, workflow.now()


async def test_a_timer_of_ninety_days_fires_within_seconds(temporal_server: Endpoints, task_queue: str) -> None:
    clock = VirtualTime(await connect_temporal(temporal_server, None))
    began = time.monotonic()
    async with Worker(clock.client, task_queue=task_queue, workflows=[NinetyDays]):
        handle = await clock.client.start_workflow(NinetyDays.run, id=f"ninety-{task_queue}", task_queue=task_queue)
        await clock.advance(handle, timedelta(days=91))
        first, last = await handle.result()
    assert timedelta(days=90) <= last - first < timedelta(days=90, minutes=5)
    assert time.monotonic() - began < 60


async def test_advancing_an_ended_workflow_says_so(temporal_server: Endpoints, task_queue: str) -> None:
    clock = VirtualTime(await connect_temporal(temporal_server, None))
    async with Worker(clock.client, task_queue=task_queue, workflows=[NinetyDays]):
        handle = await clock.client.start_workflow(NinetyDays.run, id=f"ended-{task_queue}", task_queue=task_queue)
        assert await clock.advance(handle, timedelta(days=89))
        assert not await clock.advance(handle, timedelta(days=30))
        assert await clock.advance(handle, timedelta())
