"""Which activity writes which event, how long it may take and how it is retried: all on one screen.

Writing is a short transaction in PostgreSQL, idempotent by workflow id and event number. It is retried for ever: a
complaint whose record cannot be written must wait, not be lost. It is an ordinary activity: a local one costs fewer
history events, but while one runs the engine's task may be split, and a replay puts the pieces together in another
order (docs/decisions/0021-commands-in-turn.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from kawal.domain.names import EventKind
from kawal.domain.process.life import NOT_OURS
from kawal.domain.process.transitions import TRANSITIONS

FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
A_FEW_TIMES = RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_attempts=5)

ASK_AGAIN = 5
"""How often a step is asked for again that somebody else answered."""


class Step(NamedTuple):
    """One activity: its name, whether runs of old have it as a local one, its limit for one attempt, retries, all."""

    activity: str
    local_of_old: bool
    start_to_close: timedelta
    retry: RetryPolicy
    schedule_to_close: timedelta | None = None


VERIFY = Step("verify", True, timedelta(seconds=10), FOR_EVER)
FORWARD = Step("forward", True, timedelta(seconds=10), FOR_EVER)
FOLLOW_UP = Step("follow_up", True, timedelta(seconds=10), FOR_EVER)
CLOSE = Step("close", True, timedelta(seconds=10), FOR_EVER)
ARCHIVE = Step("archive", True, timedelta(seconds=10), FOR_EVER)
ESCALATE = Step("escalate", True, timedelta(seconds=10), FOR_EVER)
# Reads what the record holds beyond what the workflow knows.
CATCH_UP = Step("catch_up", True, timedelta(seconds=10), FOR_EVER)
# Reads what the reporter had sent before a silence ends something, and what could not be handed on yet.
KEPT_REPLIES = Step("kept_replies", True, timedelta(seconds=10), FOR_EVER)
# Asks another complaint's workflow, which may be busy: an ordinary activity, its limit covers a worker's restart. The
# one that asks takes no command and meets no deadline meanwhile: it does not wait for ever for one that cannot answer.
JOIN_MAIN = Step("join_main", False, timedelta(minutes=2), FOR_EVER, timedelta(minutes=5))
# Only advice to the admin: after five attempts the report goes without it.
CHECK_REPORT = Step("check_report", False, timedelta(seconds=30), A_FEW_TIMES)

STEPS = {step.activity: step for step in (VERIFY, FORWARD, FOLLOW_UP, CLOSE, ARCHIVE, ESCALATE)}

E = EventKind
OF_NO_COMMAND: dict[EventKind, Step] = {
    **dict.fromkeys((E.STARTED, E.IMPORTED, E.REFUSED), VERIFY),
    **dict.fromkeys((E.EXTENSION_LAPSED, E.QUESTION_LAPSED), FOLLOW_UP),
    **dict.fromkeys((E.AUTO_CLOSED, E.AFTERCARE_ENDED), CLOSE),
    E.HOLD_EXPIRED: ARCHIVE,
    **dict.fromkeys((E.REMINDED, E.BREACHED, E.RUNG_REACHED, E.PAUSE_ENDED, E.INSTRUCTION_ENDED), ESCALATE),
}
"""Which step writes what no command brings about: the start, a refused signal, and what falls due."""

STEP_OF: dict[EventKind, Step] = OF_NO_COMMAND | {row.event: STEPS[row.step] for row in TRANSITIONS.values()}
"""The step that writes a batch is that of its first event."""


class StepFailed(Exception):  # noqa: N818 - names the condition
    """A step failed for a reason that no retry mends."""

    def __init__(self, reason: BaseException | None) -> None:
        """Fail for `reason`: what the activity raised."""
        super().__init__(str(reason))
        self.reason = reason


class AnsweredByOthers(StepFailed):
    """What came as a step's result was not sealed by an activity of ours."""


async def run_step(step: Step, *args: Any, result_type: Any = None) -> Any:
    """Run a step's activity and return its result; raises StepFailed.

    Where somebody else answered in its place it may be done or not, and is asked for again: every step may be.
    """
    for _ in range(ASK_AGAIN):
        with contextlib.suppress(AnsweredByOthers):
            return await start_step(step, *args, result_type=result_type)
    return await start_step(step, *args, result_type=result_type)


def start_step(step: Step, *args: Any, result_type: Any = None) -> Awaitable[Any]:
    """Schedule a step's activity now; awaiting what is returned gives its result or raises StepFailed."""
    return _started(workflow.start_activity, step, args, result_type)


async def run_step_of_old(step: Step, *args: Any, result_type: Any = None) -> Any:
    """Run a step as runs do that are not done in turn: as a local activity what was one when they began."""
    start = workflow.start_local_activity if step.local_of_old else workflow.start_activity
    return await _started(start, step, args, result_type)


def _started(start: Callable[..., Any], step: Step, args: Sequence[Any], result_type: Any) -> Awaitable[Any]:
    handle = start(
        step.activity,
        args=args,
        result_type=RawValue,
        start_to_close_timeout=step.start_to_close,
        schedule_to_close_timeout=step.schedule_to_close,
        retry_policy=step.retry,
    )
    return _outcome(handle, result_type)


async def _outcome(handle: Awaitable[RawValue | None], result_type: Any) -> Any:
    """An ordinary activity's failure arrives wrapped, a local one's bare, and bare it would end the whole complaint.

    So would a result that does not open, were it the SDK that reads it: anybody at the engine can answer for an
    activity.
    """
    try:
        raw = await handle
        if raw is None:
            raise ApplicationError("no activity of ours answers without a payload", type=NOT_OURS)
        return workflow.payload_converter().from_payload(raw.payload, result_type)
    except ActivityError as error:
        raise StepFailed(error.cause) from error
    except ApplicationError as error:
        raise (AnsweredByOthers if error.type == NOT_OURS else StepFailed)(error) from error
