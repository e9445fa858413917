"""Commands wait their turn: their handlers hand them over, and the main coroutine alone does them, one by one.

Why: a slow write splits the engine's task by heartbeats, and a replay may fold the pieces into one again. Commands that
came during the write are then delivered before the main coroutine has run at all. Where handlers did their commands
themselves, the order in which activities and timers were scheduled depended on who had come first, and a replay that
gave another order wedged the complaint for ever.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, NamedTuple, TypeAlias, TypeVar

from domain.refusals import Refusal
from workflows.steps import Step, StepFailed, run_step

T = TypeVar("T")

Job: TypeAlias = Callable[[], Coroutine[Any, Any, T]]

LONGER_THAN_ANY_WRITE = timedelta(days=1)


class _Waiting(NamedTuple):
    job: Job[Any]
    context: contextvars.Context
    outcome: asyncio.Future[Any]


class Turns:
    """What handlers have handed over and the main coroutine has not done yet, in the order in which it came."""

    def __init__(self) -> None:
        """Begin with nothing waiting."""
        self._waiting: deque[_Waiting] = deque()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting)

    async def take(self, job: Job[T]) -> T:
        """Hand `job` over and wait for what comes of it; raises the Refusal or StepFailed that it ends with."""
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(job, contextvars.copy_context(), outcome))
        return await outcome

    async def do_all(self) -> None:
        """Do what waits, and what comes meanwhile; called by the main coroutine alone."""
        while self._waiting:
            job, context, outcome = self._waiting.popleft()
            try:
                # In its handler's context, so that the engine's history says for which update each thing was done.
                result = await asyncio.create_task(job(), context=context)
            except (Refusal, StepFailed) as error:
                outcome.set_exception(error)
            else:
                outcome.set_result(result)
            # Whoever waits for it answers before the next job schedules anything.
            await asyncio.sleep(0)


async def run_visibly(step: Step, *args: Any, result_type: Any = None) -> Any:
    """Run a step, seeing to it that the history shows where its task was split; its result, or StepFailed.

    A piece of a task that says nothing is folded by a replay into the piece after it, and takes over that one's time.
    So beside a local activity a timer runs: it makes the first piece say something, and what was decided before the
    activity is decided at the same instant again. Started and stopped within one task it leaves no event.
    """
    if not step.local:
        return await run_step(step, *args, result_type=result_type)
    timer = asyncio.get_running_loop().call_later(LONGER_THAN_ANY_WRITE.total_seconds(), _nothing)
    try:
        return await run_step(step, *args, result_type=result_type)
    finally:
        timer.cancel()


def _nothing() -> None:
    """What happens when a write outlasts its timer."""
