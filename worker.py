"""The worker: `python worker.py` (or `kawal worker`) runs the workflows and activities of a running system."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog
from temporalio.worker import Worker

from activities.registry import every_activity
from kawal.base.logging import configure_logging
from kawal.base.settings import Settings
from kawal.base.shutdown import run_until_stopped
from kawal.operate.upkeep import engine_side, require_installation, upkeep
from kawal.system import System, open_system
from kawal.wording.catalogues import texts
from workflows.display import MESSAGES, speak
from workflows.registry import RUNNER, WORKFLOWS
from workflows.rounds import ensure_rounds

log = structlog.get_logger()

GRACE = timedelta(seconds=20)  # time for running activities to finish when the worker is told to stop


def make_worker(system: System, **options: Any) -> Worker:
    """Create a worker on the system's task queue; `options` go to temporalio's Worker."""
    queue, activities = system.settings.task_queue, every_activity(system, engine_side(system))
    log.info("worker_made", task_queue=queue)
    speak(texts(system.settings.lang, MESSAGES))
    given: dict[str, Any] = {"workflow_runner": RUNNER, "graceful_shutdown_timeout": GRACE} | options
    return Worker(system.client, task_queue=queue, workflows=WORKFLOWS, activities=activities, **given)


@asynccontextmanager
async def serve_installation(system: System) -> AsyncIterator[None]:
    """Run all that an installation needs; raises SystemUnavailable for a demo, or an engine without its attributes."""
    await require_installation(system)
    async with make_worker(system):
        every = timedelta(minutes=system.settings.seal_minutes)
        await ensure_rounds(system.client, system.settings.task_queue, seal_every=every)
        async with upkeep(system):
            yield


async def run(settings: Settings) -> None:
    """Run a worker for the running system of these settings; raises SystemUnavailable if none runs."""
    async with open_system(settings) as system, serve_installation(system):
        await asyncio.Event().wait()


if __name__ == "__main__":
    configure_logging()
    run_until_stopped(run(Settings.from_env()))
