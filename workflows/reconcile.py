"""The reconciler: a small workflow that a schedule starts every 15 minutes, to compare inbox, record and engine."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from workflows.schedules import ensure_every

with workflow.unsafe.imports_passed_through():
    from kawal.domain.reconciling import RoundSoFar, Stage

SCHEDULE_ID = "reconcile"
EVERY = timedelta(minutes=15)
STRETCH_TIMEOUT = timedelta(minutes=5)
HEARTBEAT_TIMEOUT = timedelta(minutes=2)
RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), backoff_coefficient=2.0, maximum_attempts=5)
"""Short, for the next round comes anyway."""


@workflow.defn(name="Reconcile")
class Reconcile:
    """One round. One that cannot be carried through ends as far as it came; the next one begins anew."""

    @workflow.run
    async def run(self) -> RoundSoFar:
        """Go through all stages, a stretch at a time; returns what was looked at, found and repaired."""
        so_far = RoundSoFar()
        while so_far.stage is not Stage.DONE:
            try:
                so_far = await workflow.execute_activity(
                    "reconcile",
                    so_far,
                    result_type=RoundSoFar,
                    start_to_close_timeout=STRETCH_TIMEOUT,
                    heartbeat_timeout=HEARTBEAT_TIMEOUT,
                    retry_policy=RETRY,
                )
            except ActivityError as error:
                workflow.logger.warning("the reconciler's round ends early: %s", error.cause)
                break
        return so_far


async def ensure_reconciling(client: Client, task_queue: str, every: timedelta = EVERY) -> None:
    """Make the schedule, or bring an existing one up to date; rounds never overlap and missed ones are not made up."""
    await ensure_every(client, SCHEDULE_ID, Reconcile.run, task_queue, every)
