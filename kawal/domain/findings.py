"""What the reconciler can find wrong with a complaint, as codes."""

from __future__ import annotations

from enum import StrEnum

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
