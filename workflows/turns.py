"""Commands wait their turn: their handlers hand them over, and the main coroutine alone does them, one by one.

Why: where handlers did their commands themselves, the order in which activities and timers were scheduled depended on
who had come first, and a replay that delivered in another order wedged the complaint for ever. What is handed over
early only waits.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeAlias, TypeVar

from kawal.domain.refusals import Refusal
from workflows.steps import StepFailed

T = TypeVar("T")

Job: TypeAlias = Callable[[], Coroutine[Any, Any, T]]


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
