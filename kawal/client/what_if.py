"""The start of the workflow that answers a question of another policy (workflows/what_if.py)."""

from __future__ import annotations

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy

WORKFLOW = "AnswerWhatIf"


async def have_answered(client: Client, task_queue: str, number: int) -> None:
    """Start answering a question; nothing happens if that is under way. Raises temporalio's RPCError."""
    await client.start_workflow(
        WORKFLOW,
        number,
        id=f"what-if-{number}",
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
