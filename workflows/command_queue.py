"""Commands wait their turn: handlers hand them over, and the main coroutine alone does them, one at a time.

When handlers did commands themselves, the order in which activities and timers were scheduled depended on which came
first, and a replay that delivered them in another order wedged the complaint for ever. A command that is handed over
early simply waits.
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


class _QueuedCommand(NamedTuple):
    job: Job[Any]
    context: contextvars.Context
    outcome: asyncio.Future[Any]


class CommandQueue:
    """The jobs that handlers have handed over and the main coroutine has not done yet, in order of arrival."""

    def __init__(self) -> None:
        """Start with nothing waiting."""
        self._waiting: deque[_QueuedCommand] = deque()

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self._waiting)

    async def take(self, job: Job[T]) -> T:
        """Hand `job` over and wait for its result; raises the Refusal or StepFailed that it ends with."""
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_QueuedCommand(job, contextvars.copy_context(), outcome))
        return await outcome

    async def do_all(self) -> None:
        """Do what waits, and what arrives meanwhile; called by the main coroutine alone."""
        while self._waiting:
            job, context, outcome = self._waiting.popleft()
            try:
                # Run it in its handler's context, so that the engine's history tells for which update each thing was
                # done.
                result = await asyncio.create_task(job(), context=context)
            except (Refusal, StepFailed) as error:
                outcome.set_exception(error)
            else:
                outcome.set_result(result)
            # The handler that waits for it answers before the next job schedules anything.
            await asyncio.sleep(0)
