"""Background tasks beside a worker: relays of reports, kept replies and what was passed on, the watcher, finishing what
was left undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from activities.registry import EngineSide
from kawal.base.demo_mark import refuse_demo
from kawal.client.closed_runs import ClosedRuns
from kawal.client.complaints import Complaints
from kawal.client.failing_runs import failing
from kawal.client.relay import Relay
from kawal.client.replies import ReplyRelay
from kawal.client.restart import Restarts
from kawal.client.watcher import Watcher
from kawal.client.workflow_start import carries
from kawal.embedded.namespace import require_search_attributes
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.handover import HandoverRelay
from kawal.privacy.erasure import Eraser
from kawal.system import System

CATCH_UP_EVERY = timedelta(hours=1)

log = structlog.get_logger()


def engine_side(system: System) -> EngineSide:
    """Return what the activities need of the engine besides their client."""
    return EngineSide(ClosedRuns(system.client), Restarts(system), carries, failing)


async def require_installation(system: System) -> None:
    """Raise SystemUnavailable for a demo, and for an engine that lacks a search attribute."""
    refuse_demo(system.settings.home)
    await require_search_attributes(system.client, system.endpoints.namespace)


@asynccontextmanager
async def upkeep(system: System) -> AsyncIterator[None]:
    """Run all background tasks while the block runs."""
    tasks = [
        asyncio.create_task(Relay(system, system.rulebook).run()),
        asyncio.create_task(ReplyRelay(Complaints(system)).run()),
        asyncio.create_task(HandoverRelay(Complaints(system), _attachments(system)).run()),
        asyncio.create_task(Watcher(system).run()),
        asyncio.create_task(_catching_up(system)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _catching_up(system: System) -> None:
    """Now and every CATCH_UP_EVERY, note what earlier releases did not, tidy up, and finish interrupted erasures."""
    objects = _attachments(system)
    while True:
        try:
            await system.backfill.run()
            await system.what_ifs.tidy(system.clock.now())
            again = await Eraser(system, objects).finish()
            if again:
                log.warning("erased_anew", number=len(again))
        except Exception as error:  # the next round tries again; a list that was changed remains an alarm
            log.error("not_caught_up", reason=type(error).__name__, code=getattr(error, "code", None))
        await asyncio.sleep(CATCH_UP_EVERY.total_seconds())


def _attachments(system: System) -> Attachments:
    return Attachments(system, AttachmentSettings.from_env(system.settings.home))
