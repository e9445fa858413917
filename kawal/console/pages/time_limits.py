"""No page waits for ever: what something unavailable neither does nor refuses is given up, and said to be unavailable.

A query that is given up waits for the server to confirm that, which one that stands still does not: so it is left to
itself here, and the reader is answered.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

WITHIN = 20.0
"""Seconds: more than any page takes, less than a reader waits for nothing."""

T = TypeVar("T")

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def read_in_time(endpoint: Endpoint) -> Endpoint:
    """Return the function of a page that is only read, such that it raises TimeoutError after WITHIN seconds."""

    @functools.wraps(endpoint)
    async def bounded(request: Request) -> Response:
        return await in_time(endpoint(request))

    return bounded


async def in_time(asked: Coroutine[Any, Any, T]) -> T:
    """Return the result of what is asked; raises TimeoutError after WITHIN seconds, however long its end takes then."""
    task = asyncio.create_task(asked)
    try:
        done, _ = await asyncio.wait({task}, timeout=WITHIN)
    except asyncio.CancelledError:
        _leave(task)
        raise
    if not done:
        _leave(task)
        raise TimeoutError
    return task.result()


def _leave(task: asyncio.Task[Any]) -> None:
    """Let a task end by itself; nobody asks any more how it ended."""
    task.cancel()
    task.add_done_callback(lambda ended: None if ended.cancelled() else ended.exception())
