"""Sealing as a schedule: a small workflow that a schedule starts every 15 minutes, or as often as the settings say."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from workflows.schedules import ensure_every

with workflow.unsafe.imports_passed_through():
    from kawal.domain.sealing import Sealed

SCHEDULE_ID = "seal"
EVERY = timedelta(minutes=15)
TIMEOUT = timedelta(minutes=30)
"""A first seal of a large record takes long; the usual one less than a second."""
RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), backoff_coefficient=2.0, maximum_attempts=5)
"""Short, for the next seal comes anyway."""


@workflow.defn(name="Seal")
class Seal:
    """One seal. What it could not do the next one does."""

    @workflow.run
    async def run(self) -> Sealed:
        """Seal what is new and publish the heads."""
        try:
            sealed: Sealed = await workflow.execute_activity(
                "seal", result_type=Sealed, start_to_close_timeout=TIMEOUT, retry_policy=RETRY
            )
        except ActivityError as error:
            workflow.logger.warning("nothing was sealed: %s", error.cause)
            return Sealed()
        return sealed


async def ensure_sealing(client: Client, task_queue: str, every: timedelta = EVERY) -> None:
    """Make the schedule, or bring an existing one up to date; seals never overlap and missed ones are not made up."""
    await ensure_every(client, SCHEDULE_ID, Seal.run, task_queue, every)
