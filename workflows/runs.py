"""The limits of a run of a complaint's workflow, and how runs of older releases differ from those that begin today."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from kawal.domain.process.run_input import RunInput

UPDATES_PER_RUN = 1_500
"""The server takes 2,000 updates per run; a long life continues as new before that."""

IN_TURN = "in-turn"
"""The prefix of the name of each place at which an older run may switch to doing commands in turn."""

HEARD_FIRST = "kept-replies-before-silence"
"""Marks runs that handle kept replies before a silence ends something; older histories did not look for them."""

TRAY_FIRST = "tray-before-silence"
"""Marks runs that also look into the tray, and before the aftercare ends; older histories did not."""

REOPEN_WITHIN = timedelta(minutes=1)
"""How long a run that was started for a command to a complaint that had ended waits for that command."""


def is_long(run_input: RunInput, commands: int) -> bool:
    """Tell whether a run that began with `run_input` and has handled that many commands should continue as new."""
    info = workflow.info()
    if run_input.events_per_run is not None and info.get_current_history_length() > run_input.events_per_run:
        return True
    return info.is_continue_as_new_suggested() or commands > UPDATES_PER_RUN


def may_go_over_to_turns(run_input: RunInput, last_seq: int) -> bool:
    """Tell whether an older run is at a place that its history has not seen: there it may continue as new."""
    # Each place has its own name: the answer that a replay has for one place holds for that place alone.
    return not run_input.in_turn and workflow.patched(f"{IN_TURN}-{last_seq}")
