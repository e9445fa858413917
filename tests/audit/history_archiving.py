"""Rounds of the archiver, and their results."""

from __future__ import annotations

import json
import uuid
from typing import Any

from temporalio.client import Client

from kawal.client.complaints import Complaints
from kawal.domain.names import workflow_id
from kawal.domain.process.history_archiving import HistoryArchiveSoFar, HistoryArchiveStage
from kawal.store.history_archive import ArchivedRun, HistoryArchive


async def history_archiver_round(client: Client, task_queue: str) -> HistoryArchiveSoFar:
    """Run one round, as the schedule starts it; the worker of that queue must run."""
    so_far: HistoryArchiveSoFar = await client.execute_workflow(
        "ArchiveHistories", id=f"archive-{uuid.uuid4()}", task_queue=task_queue, result_type=HistoryArchiveSoFar
    )
    assert so_far.stage is HistoryArchiveStage.DONE
    return so_far


async def one_round(complaints: Complaints) -> HistoryArchiveSoFar:
    return await history_archiver_round(complaints.client, complaints.settings.task_queue)


async def archived(complaints: Complaints, tracking_id: str) -> list[ArchivedRun]:
    return await HistoryArchive(complaints.pool).runs(workflow_id(tracking_id))


def events_of(run: ArchivedRun) -> list[dict[str, Any]]:
    assert run.history is not None
    events: list[dict[str, Any]] = json.loads(run.history)["events"]
    return events
