"""What passes between the archiver's workflow and its activity: where a round stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel


class ArchiveStage(StrEnum):
    """The stages of a round, in order."""

    LISTED = "listed"
    """What the engine lists as closed is known."""
    RECORD = "record"
    """What the record's complaints lead to is known, whether it was listed or not."""
    STORE = "store"
    """What is known and not archived is archived."""
    CLOSE = "close"
    """Whoever has to hear of what is left hears of it."""
    DONE = "done"


class ArchiveSoFar(BaseModel):
    """One round as far as it has come."""

    number: int = 0
    """0: not begun."""
    stage: ArchiveStage = ArchiveStage.LISTED
    since: datetime | None = None
    """Listed is what closed since then; None: all that the engine still has."""
    after: str = ""
    """Where within the stage: the engine's own token (base64), a tracking id, or a workflow's and a run's id."""
    found: int = 0
    archived: int = 0
    waiting: int = 0
    """Known, closed, and not archived at the end of the round."""
