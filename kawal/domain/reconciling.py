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
    ARCHIVE = "archive"
    """No closed run's history is about to be deleted by the engine before it is archived."""
    CLOSE = "close"
    """Findings of an earlier round that this round did not confirm are removed."""
    DONE = "done"


class RoundSoFar(BaseModel):
    """The progress of one round."""

    number: int = 0
    """0: not begun."""
    stage: Stage = Stage.INBOX
    after: str = ""
    """The last tracking id checked in this stage."""
    looked_at: int = 0
    found: int = 0
    repaired: int = 0


NO_RUN = "no_run"
"""The cause for a wedged complaint whose run was ended and has no successor yet; other causes are the engine's."""


class Finding(StrEnum):
    """The possible findings."""

    NOT_STARTED = "not_started"
    """Marked as started, but the engine has no run and the record no event: it is returned to the relay."""
    OTHER_REPORT = "other_report"
    """Another report's workflow has its number."""
    UNRECORDED = "unrecorded"
    """It runs, but its start, or a step that the database refused, is not recorded."""
    DEAD_LETTER = "dead_letter"
    """It cannot be started; a person has to investigate."""
    WAITS_LONG = "waits_long"
    """It has waited for its start for more than an hour."""
    REPLY_STUCK = "reply_stuck"
    """A reply sent while the engine was down has waited for more than an hour, or cannot be read."""
    NO_WORKFLOW = "no_workflow"
    """Open in the record without a running workflow: restarted from its record, or not, with the reason."""
    STUCK_TASK = "stuck_task"
    """Wedged: its workflow's task fails repeatedly; `kawal mend` gives it a new run."""
    TIMER_LATE = "timer_late"
    """Something was due and has not happened."""
    NOTHING_ARMED = "nothing_armed"
    """Open, with no timer set and no reason for it."""
    READ_MODEL = "read_model"
    """The read model differs from the events."""
    UNREADABLE = "unreadable"
    """Its events cannot be decrypted or do not produce a state."""
    UNARCHIVED = "unarchived"
    """A closed run's history is not archived, and half of the time that the engine keeps it is over."""


def differences(row: Snapshot, folded: Snapshot) -> list[str]:
    """Return the fields in which the read model's row and the fold of the events differ, in any order of lines."""
    stored, said = _comparable(row), _comparable(folded)
    return sorted(name for name in said if stored[name] != said[name])


def _comparable(row: Snapshot) -> dict[str, Any]:
    values = row.model_dump()
    values["opds"] = {line.code: line for line in row.opds}
    values["clocks"] = {(line.kind, line.opd): line for line in row.clocks}
    return values
