"""Rounds of the archiver, and their results."""

from __future__ import annotations

import json
import uuid
from typing import Any

from temporalio.client import Client

from kawal.client.complaints import Complaints
from kawal.domain.names import workflow_id
from kawal.domain.process.archiving import ArchiveSoFar, ArchiveStage
from kawal.store.history_archive import ArchivedRun, HistoryArchive


async def archiver_round(client: Client, task_queue: str) -> ArchiveSoFar:
    """Run one round, as the schedule starts it; the worker of that queue must run."""
    so_far: ArchiveSoFar = await client.execute_workflow(
        "ArchiveHistories", id=f"archive-{uuid.uuid4()}", task_queue=task_queue, result_type=ArchiveSoFar
    )
    assert so_far.stage is ArchiveStage.DONE
    return so_far


async def one_round(complaints: Complaints) -> ArchiveSoFar:
    return await archiver_round(complaints.client, complaints.settings.task_queue)


async def archived(complaints: Complaints, tracking_id: str) -> list[ArchivedRun]:
    return await HistoryArchive(complaints.pool).runs(workflow_id(tracking_id))


def events_of(run: ArchivedRun) -> list[dict[str, Any]]:
    assert run.history is not None
    events: list[dict[str, Any]] = json.loads(run.history)["events"]
    return events
