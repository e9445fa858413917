"""Every workflow, and the settings with which the worker runs them."""

from __future__ import annotations

from collections.abc import Sequence

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.complaint import ComplaintWorkflow
from workflows.rounds import (
    ArchiveHistories,
    AttendSupports,
    AttendTray,
    DeliverMessages,
    DeliverNotices,
    Reconcile,
    Seal,
)
from workflows.what_if import AnswerWhatIf

WORKFLOWS: Sequence[type] = [
    ComplaintWorkflow,
    DeliverNotices,
    DeliverMessages,
    Reconcile,
    ArchiveHistories,
    Seal,
    AttendTray,
    AttendSupports,
    AnswerWhatIf,
]

RUNNER = SandboxedWorkflowRunner(
    # Kawal's own pure packages: imported once for all workflows, not once for each.
    restrictions=SandboxRestrictions.default.with_passthrough_modules("kawal.domain", "workflows")
)
