"""Shutdown of a long-running program on SIGINT or SIGTERM, which closes everything it opened in order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any, NoReturn

from kawal.base.leaving import leave


def run_until_stopped(work: Coroutine[Any, Any, None]) -> NoReturn:
    """Be the program that does `work` until a signal asks it to stop, and end the process."""
    asyncio.run(until_stopped(work))
    leave(0)


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends or a signal asks it to stop; `work` then closes what it opened, in its own order.

    A second signal changes nothing: closing is always completed.
    """
    task = asyncio.ensure_future(work)
    asked = asyncio.Event()

    def stop() -> None:
        if not asked.is_set():
            asked.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task
