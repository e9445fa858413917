"""The workflow that answers one question of what another policy would have made of an agency's reports."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

TIMEOUT = timedelta(hours=12)
"""Longer than the reports of the largest agency take."""

HEARTBEAT = timedelta(minutes=2)
ATTEMPTS = 20
"""Each goes on where the last one stopped; so many that fail are a fault that repeating does not mend."""


@workflow.defn
class AnswerWhatIf:
    """Goes through the reports."""

    @workflow.run
    async def run(self, number: int) -> None:
        """Answer the question of that number, or give it up."""
        try:
            await workflow.execute_activity(
                "reckon_what_if",
                number,
                start_to_close_timeout=TIMEOUT,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=2),
                    backoff_coefficient=2.0,
                    maximum_interval=timedelta(minutes=2),
                    maximum_attempts=ATTEMPTS,
                ),
            )
        except ActivityError as error:
            workflow.logger.warning("what was asked is not answered: %s", error.cause)
            await workflow.execute_activity("give_up_what_if", number, start_to_close_timeout=timedelta(seconds=30))
