"""Before a reporter's silence ends something: what the reporter had said, and whether the silence is certain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from kawal.domain.messages import Command, HeardCommands
    from kawal.domain.process.run_input import RunInput
    from kawal.domain.process.state import State
    from kawal.domain.process.timers import CERTAIN, Silence, next_wake, silence_ending
    from workflows.runs import HEARD_FIRST, TRAY_FIRST
    from workflows.steps import HEARD, KEPT_REPLIES

ASK_AGAIN_AFTER = timedelta(hours=6)
"""How often a complaint that waits for a letter in the tray asks whether it still lies there.

Whoever decides about the letter tells the complaint at once; this is for a message that was lost.
"""


class Listener:
    """Knows how certain the reporter's silence is, and when to ask again."""

    def __init__(self, run_input: RunInput, run: Callable[..., Awaitable[Any]]) -> None:
        """Begin as an earlier run left off; `run` runs a step."""
        self._run_input = run_input
        self._run = run
        self.silence = run_input.silence
        self._ask_again: datetime | None = None

    def next_wake(self, state: State) -> datetime | None:
        """Return when the next thing is due, or when to ask again (UTC)."""
        times = [at for at in (next_wake(state, self.silence), self._ask_again) if at is not None]
        return min(times, default=None)

    def ask_now(self, state: State, now: datetime) -> datetime | None:
        """Ask again at once if the silence is in doubt, since the letter may be decided about; return `next_wake`."""
        if self.silence.in_doubt:
            self._ask_again = now
        return self.next_wake(state)

    async def heard(self, state: State, now: datetime) -> list[Command]:
        """Return what the reporter said before a silence that ends something by now; nothing if none does."""
        if silence_ending(state, now, aftercare=True) is None:
            if self.silence.in_doubt:
                self.silence, self._ask_again = CERTAIN, None
            return []
        if not workflow.patched(TRAY_FIRST):
            return await self._heard_of_old(state, now)
        found: HeardCommands = await self._run(HEARD, state.tracking_id, now, result_type=HeardCommands)
        if found.in_doubt:
            self.silence, self._ask_again = Silence(in_doubt=True), now + ASK_AGAIN_AFTER
        elif self.silence.in_doubt:
            self.silence, self._ask_again = Silence(since=now), None
        return found.commands

    async def _heard_of_old(self, state: State, now: datetime) -> list[Command]:
        ending = silence_ending(state, now)
        if ending is None or not (self._run_input.in_turn or workflow.patched(HEARD_FIRST)):
            return []
        kept: list[Command] = await self._run(KEPT_REPLIES, state.tracking_id, ending, result_type=list[Command])
        return kept
