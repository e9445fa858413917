"""What the reconciler can find wrong with a complaint, as codes."""

from __future__ import annotations

from enum import StrEnum

NO_RUN = "no_run"
"""The cause of a wedged complaint whose run was given up and that has no new one yet; other causes are the engine's."""


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
