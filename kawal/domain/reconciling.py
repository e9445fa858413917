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


NO_RUN = "no_run"
"""The cause of a wedged complaint whose run was given up and that has no new one yet; other causes are the engine's."""


class Finding(StrEnum):
    """What can be wrong."""

    NOT_STARTED = "not_started"
    """Noted as started, but the engine has no run of it and the record no event: the relay gets it again."""
    OTHER_REPORT = "other_report"
    """Under its number another report's workflow stands."""
    UNRECORDED = "unrecorded"
    """It runs, but its start, or a step that the database refused, is not on record."""
    DEAD_LETTER = "dead_letter"
    """It cannot be started; a person has to look."""
    WAITS_LONG = "waits_long"
    """It has waited for its start for more than an hour."""
    REPLY_STUCK = "reply_stuck"
    """What its reporter wrote while the engine was away has waited for more than an hour, or cannot be read."""
    NO_WORKFLOW = "no_workflow"
    """Open by its record, and no workflow runs: started again from its record, or not, with the reason."""
    STUCK_TASK = "stuck_task"
    """Wedged: its workflow's task fails again and again, and `kawal mend` gives it a new run."""
    TIMER_LATE = "timer_late"
    """Something was due and has not happened."""
    NOTHING_ARMED = "nothing_armed"
    """Open, with nothing armed and no reason for it."""
    READ_MODEL = "read_model"
    """The read model says something else than the events."""
    UNREADABLE = "unreadable"
    """Its events cannot be opened or do not make a state."""
    UNARCHIVED = "unarchived"
    """A closed run's history is not archived, and half of the time that the engine keeps it is over."""


def differences(row: Snapshot, folded: Snapshot) -> list[str]:
    """The fields in which the read model's row and the fold of the events differ, whatever the order of lines."""
    stored, said = _comparable(row), _comparable(folded)
    return sorted(name for name in said if stored[name] != said[name])


def _comparable(row: Snapshot) -> dict[str, Any]:
    values = row.model_dump()
    values["opds"] = {line.code: line for line in row.opds}
    values["clocks"] = {(line.kind, line.opd): line for line in row.clocks}
    return values
