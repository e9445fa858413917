"""Ctrl-C: while modules are imported and while the process ends it ends at once; a command at work cleans up first.

Imports only what the interpreter has loaded already, so that it can be in force before anything else is imported.
"""

from __future__ import annotations

# Part of the interpreter; `signal` first imports enum and others, during which Ctrl-C would already show a traceback.
import _signal  # type: ignore[import-not-found]  # not described for mypy
import gc
import os
import sys

TYPE_CHECKING = False  # typing itself takes longer to import than the rest of the way to the version
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, NoReturn, TypeVar

    Result = TypeVar("Result")

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""


def end_at_once() -> None:
    """Make Ctrl-C end the process silently; where it is ignored (a shell's background) it stays ignored."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _end)
        sys.unraisablehook = _unraisable


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a command's work, which Ctrl-C interrupts so that it can clean up; raises KeyboardInterrupt then."""
    import asyncio

    gc.enable()
    at_once = _signal.getsignal(_signal.SIGINT) is _end
    return asyncio.run(_interrupted(work) if at_once else work)


async def _interrupted(work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work until Ctrl-C cancels it; the second one interrupts even what does not give way to the loop.

    asyncio's own handler cancels where the signal happens to come, also between two steps of the loop's own callbacks,
    which then report an error.
    """
    import asyncio

    loop, task, asked = asyncio.get_running_loop(), asyncio.current_task(), 0

    def interrupt(_number: int, _frame: object) -> None:
        nonlocal asked
        asked += 1
        if asked > 1 or task is None:
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(task.cancel)

    before = _signal.signal(_signal.SIGINT, interrupt)
    try:
        return await work
    except asyncio.CancelledError:
        if asked:
            raise KeyboardInterrupt from None
        raise
    finally:
        _signal.signal(_signal.SIGINT, before)


def _end(_number: int = 0, _frame: object = None) -> NoReturn:
    os._exit(INTERRUPTED)


def _unraisable(told: Any) -> None:
    """End at once where Ctrl-C interrupted something that cannot raise it, such as a finalizer."""
    if isinstance(told.exc_value, KeyboardInterrupt):
        _end()
    sys.__unraisablehook__(told)
