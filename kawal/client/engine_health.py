"""Whether the engine answers, and whether a worker has lately asked it for work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

from kawal.base.unavailable import unavailable
from kawal.system import System

WITHIN = timedelta(seconds=2)
"""How long the engine may take to answer."""


class EngineHealth(NamedTuple):
    """How the engine stands."""

    answers: bool
    worker_seen_at: datetime | None
    """When a worker last asked for work, of the last five minutes (UTC); None if none did, or it is not known."""


async def engine_health(system: System) -> EngineHealth:
    """Return how the engine stands now; one that is away is no error."""
    queue = TaskQueue(name=system.settings.task_queue)
    asked = DescribeTaskQueueRequest(
        namespace=system.endpoints.namespace,
        task_queue=queue,
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    try:
        found = await system.client.workflow_service.describe_task_queue(asked, timeout=WITHIN)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return EngineHealth(answers=False, worker_seen_at=None)
    seen = [one.last_access_time.ToDatetime(UTC) for one in found.pollers]
    return EngineHealth(answers=True, worker_seen_at=max(seen, default=None))
