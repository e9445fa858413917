"""The archiver: a small workflow that a schedule starts every 15 minutes, to archive the histories of closed runs."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from workflows.schedules import ensure_every

with workflow.unsafe.imports_passed_through():
    from kawal.domain.process.archiving import ArchiveSoFar, ArchiveStage

SCHEDULE_ID = "archive-histories"
EVERY = timedelta(minutes=15)
STRETCH_TIMEOUT = timedelta(minutes=10)
HEARTBEAT_TIMEOUT = timedelta(minutes=3)
RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), backoff_coefficient=2.0, maximum_attempts=5)
"""Short, for the next round comes anyway."""


@workflow.defn(name="ArchiveHistories")
class ArchiveHistories:
    """One round. One that cannot be carried through ends as far as it came; the next one begins anew."""

    @workflow.run
    async def run(self) -> ArchiveSoFar:
        """Go through all stages, a stretch at a time; returns what was found and archived, and what is left."""
        so_far = ArchiveSoFar()
        while so_far.stage is not ArchiveStage.DONE:
            try:
                so_far = await workflow.execute_activity(
                    "archive_histories",
                    so_far,
                    result_type=ArchiveSoFar,
                    start_to_close_timeout=STRETCH_TIMEOUT,
                    heartbeat_timeout=HEARTBEAT_TIMEOUT,
                    retry_policy=RETRY,
                )
            except ActivityError as error:
                workflow.logger.warning("the archiver's round ends early: %s", error.cause)
                break
        return so_far


async def ensure_archiving(client: Client, task_queue: str, every: timedelta = EVERY) -> None:
    """Make the schedule, or bring an existing one up to date; rounds never overlap and missed ones are not made up."""
    await ensure_every(client, SCHEDULE_ID, ArchiveHistories.run, task_queue, every)
