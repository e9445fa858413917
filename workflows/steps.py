"""Which activity writes which event, how long it may take and how it is retried: all on one screen.

Writing is a short transaction in PostgreSQL, idempotent by workflow id and event number. It is retried for ever: a
complaint whose record cannot be written must wait, not be lost. It is an ordinary activity: a local one costs fewer
history events, but while one runs the engine may split the workflow task, and a replay puts the pieces together in
another order (docs/decisions/0021-commands-in-turn.md).
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
from kawal.domain.process.run_input import NOT_OURS
from kawal.domain.process.transitions import TRANSITIONS

FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=30)
)
A_FEW_TIMES = RetryPolicy(initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_attempts=5)

ASK_AGAIN = 5
"""How often a step is asked for again after somebody else answered in the activity's place."""


class Step(NamedTuple):
    """One activity: its name, whether older runs have it as a local one, limit of an attempt, retries, total limit."""

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
# Reads the same, and whether a letter that names the report waits in the tray.
HEARD = Step("heard", True, timedelta(seconds=10), FOR_EVER)
# Asks another complaint's workflow, which may be busy: an ordinary activity whose limit covers a worker's restart. The
# complaint that asks takes no command and meets no deadline meanwhile, so it does not wait for ever for one that cannot
# answer.
JOIN_MAIN = Step("join_main", False, timedelta(minutes=2), FOR_EVER, timedelta(minutes=5))
# Only advice to the admin: after five attempts the report goes on without it.
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
"""The step that writes each event not caused by a command: the start, a refused signal, and what falls due."""

STEP_OF: dict[EventKind, Step] = OF_NO_COMMAND | {row.event: STEPS[row.step] for row in TRANSITIONS.values()}
"""The step that writes a batch is that of its first event."""


class StepFailed(Exception):  # noqa: N818 - names the condition
    """A step failed for a reason that retrying does not fix."""

    def __init__(self, reason: BaseException | None) -> None:
        """Keep `reason`: what the activity raised."""
        super().__init__(str(reason))
        self.reason = reason


class AnsweredByOthers(StepFailed):
    """A step's result was not encrypted by one of Kawal's activities."""


async def run_step(step: Step, *args: Any, result_type: Any = None) -> Any:
    """Run a step's activity and return its result; raises StepFailed.

    If somebody else answered in its place, it may have been done or not, and is asked for again: every step can safely
    be repeated.
    """
    for _ in range(ASK_AGAIN):
        with contextlib.suppress(AnsweredByOthers):
            return await start_step(step, *args, result_type=result_type)
    return await start_step(step, *args, result_type=result_type)


def start_step(step: Step, *args: Any, result_type: Any = None) -> Awaitable[Any]:
    """Schedule a step's activity now; awaiting the return value gives its result or raises StepFailed."""
    return _started(workflow.start_activity, step, args, result_type)


async def run_step_of_old(step: Step, *args: Any, result_type: Any = None) -> Any:
    """Run a step as older runs do, which do not do commands in turn: as a local activity if it was one then."""
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
    """Return an activity's result; raises StepFailed.

    An ordinary activity's failure arrives wrapped, a local one's bare, and a bare one would end the whole complaint. So
    would a result that cannot be decrypted if the SDK read it: anyone with access to the engine can answer for an
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
