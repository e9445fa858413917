"""What passes between the reconciler's workflow and its activity: where a round stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from kawal.domain.messages import Snapshot


class Stage(StrEnum):
    """The stages of a round, in order."""

    INBOX = "inbox"
    """Every accepted report has a workflow, or waits for it with a reason."""
    REPLIES = "replies"
    """Every reply that was kept has reached its complaint, or is about to."""
    OPEN = "open"
    """Every open complaint has a running workflow with something armed, or a stated reason."""
    SAMPLE = "sample"
    """The read model of a sample equals what its events say."""
    ARCHIVE = "archive"
    """No closed run's history is about to be deleted by the engine before it is archived."""
    CLOSE = "close"
    """What an earlier round found and this one did not is gone."""
    DONE = "done"


class RoundSoFar(BaseModel):
    """One round as far as it has come."""

    number: int = 0
    """0: not begun."""
    stage: Stage = Stage.INBOX
    after: str = ""
    """Within the stage, the last tracking id looked at."""
    looked_at: int = 0
    found: int = 0
    repaired: int = 0


def differences(row: Snapshot, folded: Snapshot) -> list[str]:
    """The fields in which the read model's row and the fold of the events differ, whatever the order of lines."""
    stored, said = _comparable(row), _comparable(folded)
    return sorted(name for name in said if stored[name] != said[name])


def _comparable(row: Snapshot) -> dict[str, Any]:
    values = row.model_dump()
    values["opds"] = {line.code: line for line in row.opds}
    values["clocks"] = {(line.kind, line.opd): line for line in row.clocks}
    return values
