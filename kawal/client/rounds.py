"""A round of one of the scheduled workflows, made now on request."""

from __future__ import annotations

import uuid
from datetime import timedelta

from temporalio.client import WorkflowFailureError

from kawal.client.complaints import Complaints
from kawal.client.no_answer import no_worker


async def make_round(complaints: Complaints, workflow: str, name: str, within: timedelta) -> None:
    """Start a round and wait for its end, `within` that real time; raises SystemUnavailable if it is not done then."""
    try:
        await complaints.client.execute_workflow(
            workflow,
            id=f"{name}-now-{uuid.uuid4()}",
            task_queue=complaints.settings.task_queue,
            execution_timeout=within,
        )
    except WorkflowFailureError as error:
        raise no_worker() from error
