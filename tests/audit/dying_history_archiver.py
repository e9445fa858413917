"""An archiver that dies with -9 at a step: `python -m tests.audit.dying_history_archiver STEP SETTINGS ENDPOINTS`."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from temporalio.testing import ActivityEnvironment

import kawal.store.history_archive
from activities.history_archive import HistoryArchiveStep
from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.closed_runs import ClosedRuns
from kawal.domain.process.history_archiving import HistoryArchiveSoFar
from kawal.store.history_archive import HistoryArchive
from kawal.store.history_archive_due import HistoryArchiveDue
from kawal.system import open_system
from tests.intake.dying_relay import then_die

STEPS: dict[str, tuple[Any, str]] = {
    "begun": (HistoryArchiveDue, "begin"),
    "noted": (HistoryArchiveDue, "add"),
    "fetched": (ClosedRuns, "history"),
    "written": (kawal.store.history_archive, "_append"),
    "archived": (HistoryArchive, "add"),
    "ended": (HistoryArchiveDue, "end"),
}


async def main(step: str, settings: str, endpoints: str) -> None:
    owner, name = STEPS[step]
    setattr(owner, name, then_die(getattr(owner, name)))
    where = Endpoints.model_validate_json(endpoints)
    async with open_system(Settings.model_validate_json(settings), endpoints=where) as connected:
        archiver = HistoryArchiveStep(connected.pool, ClosedRuns(connected.client))
        await ActivityEnvironment().run(archiver.archive_histories, HistoryArchiveSoFar())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
