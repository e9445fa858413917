"""The data exchanged between the archiver's workflow and its activity: the progress of a round."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel


class HistoryArchiveStage(StrEnum):
    """The stages of a round, in order."""

    LISTED = "listed"
    """The runs that the engine lists as closed are known."""
    RECORD = "record"
    """The runs of the record's complaints are known, whether they were listed or not."""
    STORE = "store"
    """What is known but not yet archived has been archived."""
    CLOSE = "close"
    """What is left has been reported to whoever must know of it."""
    DONE = "done"


class HistoryArchiveSoFar(BaseModel):
    """The progress of one round."""

    number: int = 0
    """0: not begun."""
    stage: HistoryArchiveStage = HistoryArchiveStage.LISTED
    since: datetime | None = None
    """Runs closed since then are listed; None: all that the engine still has."""
    after: str = ""
    """The position within the stage: the engine's own token (base64), a tracking id, or a workflow's and a run's id."""
    found: int = 0
    archived: int = 0
    waiting: int = 0
    """Known, closed, and not archived at the end of the round."""
