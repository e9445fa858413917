"""The delivery of notices: a small workflow that a schedule starts every minute, apart from every complaint."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

from workflows.schedules import ensure_every

with workflow.unsafe.imports_passed_through():
    from kawal.domain.notices import Delivered

SCHEDULE_ID = "deliver-notices"
EVERY = timedelta(minutes=1)
ROUND_TIMEOUT = timedelta(minutes=5)
HEARTBEAT_TIMEOUT = timedelta(minutes=2)
RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=5),
    backoff_coefficient=2.0,
    maximum_attempts=3,
    non_retryable_error_types=["MailServerRefusesUs"],
)
"""Short, for the next round comes anyway; each notice's own tries are counted in the outbox."""


@workflow.defn
class DeliverNotices:
    """One round of delivery. A round that fails ends as done: the notices wait for the next one."""

    @workflow.run
    async def run(self) -> Delivered:
        """Deliver what is due; returns how it went."""
        try:
            delivered: Delivered = await workflow.execute_activity(
                "deliver_notices",
                result_type=Delivered,
                start_to_close_timeout=ROUND_TIMEOUT,
                heartbeat_timeout=HEARTBEAT_TIMEOUT,
                retry_policy=RETRY,
            )
            return delivered
        except ActivityError as error:
            workflow.logger.warning("delivery of notices: %s", error.cause)
            return Delivered()


async def ensure_schedule(client: Client, task_queue: str, every: timedelta = EVERY) -> None:
    """Make the schedule, or bring an existing one up to date; rounds never overlap and missed ones are not made up."""
    await ensure_every(client, SCHEDULE_ID, DeliverNotices.run, task_queue, every)
