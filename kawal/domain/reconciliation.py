"""The data exchanged between the reconciler's workflow and its activity: the progress of a round."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from kawal.domain.messages import Snapshot


class Stage(StrEnum):
    """The stages of a round, in order."""

    INBOX = "inbox"
    """Every accepted report has a workflow, or a reason to wait for one."""
    REPLIES = "replies"
    """Every kept reply has reached its complaint, or is about to."""
    OPEN = "open"
    """Every open complaint has a running workflow with a timer set, or a stated reason."""
    SAMPLE = "sample"
    """The read model of a sample equals what its events say."""
    HISTORY_ARCHIVE = "history_archive"
    """No closed run's history is about to be deleted by the engine before it is archived."""
    CLOSE = "close"
    """Findings of an earlier round that this round did not confirm are removed."""
    DONE = "done"


class RoundProgress(BaseModel):
    """The progress of one round."""

    number: int = 0
    """0: not begun."""
    stage: Stage = Stage.INBOX
    after: str = ""
    """The last tracking id checked in this stage."""
    looked_at: int = 0
    found: int = 0
    repaired: int = 0


def differences(row: Snapshot, folded: Snapshot) -> list[str]:
    """Return the fields in which the read model's row and the fold of the events differ, in any order of lines."""
    stored, said = _comparable(row), _comparable(folded)
    return sorted(name for name in said if stored[name] != said[name])


def _comparable(row: Snapshot) -> dict[str, Any]:
    values = row.model_dump()
    values["opds"] = {line.code: line for line in row.opds}
    values["clocks"] = {(line.kind, line.opd): line for line in row.clocks}
    return values
