"""The floor of a lifecycle: a workflow with as many messages, timers and ordinary activities that does nothing else.

Same server, same worker settings; plain JSON payloads of a few bytes, and no rules, no encryption, no database.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

LIMIT = timedelta(seconds=30)


@activity.defn(name="bare_activity")
async def bare_activity(number: int) -> int:
    """Do nothing."""
    return number


@workflow.defn(name="Bare")
class BaselineWorkflow:
    """Answers each update when an activity has run, and sets a new timer as often as a complaint does."""

    @workflow.init
    def __init__(self, updates: int, timers: int, activities: int) -> None:
        """Expect that many updates, timers and activities."""
        self._left = updates
        self._timers_left = timers
        self._activities_left = activities
        self._rearm = 0

    @workflow.run
    async def run(self, updates: int, timers: int, activities: int) -> int:
        """Run until the last update; activities that no update asks for run at the start."""
        for number in range(max(activities - updates, 0)):
            await self._do(number)
        while self._left:
            seen = self._rearm
            try:
                await workflow.wait_condition(
                    lambda seen=seen: self._rearm != seen or not self._left,  # type: ignore[misc]
                    timeout=timedelta(days=3),
                )
            except TimeoutError:
                continue
        await workflow.wait_condition(workflow.all_handlers_finished)
        return updates + timers

    @workflow.update(name="command")
    async def command(self, number: int) -> int:
        """Handle one message: run an activity, and set a new timer while there are timers left."""
        if self._activities_left:
            await self._do(number)
        self._left -= 1
        if self._timers_left > 1:
            self._timers_left -= 1
            self._rearm += 1
        return number

    @command.validator
    def check_command(self, number: int) -> None:
        """Accept everything."""

    async def _do(self, number: int) -> None:
        self._activities_left -= 1
        await workflow.execute_activity(bare_activity, number, start_to_close_timeout=LIMIT)
