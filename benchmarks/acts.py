"""How long an official's act takes from being sent to being on record, beside an update that does nothing.

    python -m benchmarks acts

The floor is an update of a workflow that runs one ordinary activity and sets its timer anew, with plain payloads and no
database, on the same servers, one after the other: nobody else is served meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable

from temporalio.worker import Worker

from benchmarks.baseline import BaselineWorkflow, bare_activity
from benchmarks.lifecycle import begin
from benchmarks.percentiles import spread
from benchmarks.servers import scratch_settings, servers, working
from kawal.base.engine_connection import connect_temporal
from kawal.client.complaints import Complaints
from kawal.domain.names import Role
from workflows.registry import RUNNER

TIMES = 150
LIMIT = 1.5
"""How many times as long as the floor an act may take."""

Do = Callable[[int], Awaitable[object]]


async def run(times: int = TIMES) -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            plain = await connect_temporal(running.endpoints, None)
            complaints = Complaints(connected)
            bare = [BaselineWorkflow], [bare_activity]
            async with Worker(plain, task_queue="bare", workflows=bare[0], activities=bare[1], workflow_runner=RUNNER):
                handle = await plain.start_workflow(
                    "Bare", args=[2 * times, 2 * times, 2 * times], id=f"bare-{uuid.uuid4()}", task_queue="bare"
                )
                await measure(await _act_of(complaints), lambda n: handle.execute_update("command", n), times)
                await handle.terminate()


async def _act_of(complaints: Complaints) -> Do:
    """Return an act on a report that an OPD has; each changes what the one before did."""
    number, admin = await begin(complaints), await complaints.actor(Role.ADMIN, "Dewi")

    async def act(n: int) -> object:
        wanted: dict[str, object] = {"class": ("aspirasi", "pengaduan")[n % 2], "pengawasan": False}
        return await complaints.send(number, "reclassify", admin, wanted)

    return act


async def measure(act: Do, update: Do, times: int) -> None:
    """Do both in turn and print their milliseconds and how they compare."""
    took: dict[str, list[float]] = {"act": [], "update": []}
    for n in range(times):
        for name, do in (("act", act), ("update", update)):
            began = time.perf_counter()
            await do(n)
            took[name].append((time.perf_counter() - began) * 1000)
    ratio = statistics.median(took["act"]) / statistics.median(took["update"])
    print(
        f"an act {spread(took['act'])}; a bare update {spread(took['update'])}; ratio of the medians {ratio:.2f} "
        f"(limit {LIMIT}); load of the machine {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    asyncio.run(run())
