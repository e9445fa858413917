"""Playing rows to the engine: each complaint has its own virtual clock, which is first moved to a row's instant.

To reach an instant, the clock is advanced from where it stands now; where it stands is taken from every answer, so
errors do not add up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from kawal.client.complaints import Complaints
from kawal.domain.messages import Actor, Report
from kawal.domain.names import CommandName, Role, workflow_id
from kawal.domain.refusals import Refusal
from kawal.domain.scenario import ScenarioRow
from kawal.embedded.virtual_time import VirtualTime

AT_ONCE = 40
"""Threads played in parallel; more would only queue at the engine's one SQLite file."""


class RefusedRow(NamedTuple):
    """A row whose command the rules refused; the rest of the year continued."""

    row: ScenarioRow
    refusal: Refusal


class _Clock:
    """One complaint's virtual clock: set to a known instant, and running at real speed since."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def set(self, at: datetime) -> None:
        self._at, self._since = at, time.monotonic()

    def now(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._since)


class Player:
    """Plays threads of rows; `refused` and `tracking` (label to tracking id) grow meanwhile."""

    def __init__(
        self,
        complaints: Complaints,
        virtual: VirtualTime,
        instansi: str,
        tick: Callable[[], None] = lambda: None,
        at_once: int = AT_ONCE,
    ) -> None:
        """Send through `complaints`, whose client must be the virtual one; `tick` is called after each row.

        So many threads are played in parallel: fewer take longer, and leave a slow machine room.
        """
        self._gate = asyncio.Semaphore(at_once)
        self._complaints = complaints
        self._virtual = virtual
        self._instansi = instansi
        self._tick = tick
        self._clocks: dict[str, _Clock] = {}
        self.tracking: dict[str, str] = {}
        self.refused: list[RefusedRow] = []

    async def play(self, threads: Sequence[Sequence[ScenarioRow]], until: datetime) -> None:
        """Play every thread, then advance the time to `until` in each complaint."""
        await _side_by_side(self._play_thread(thread, until) for thread in threads)

    async def settle(self) -> timedelta:
        """Move all complaints to where the foremost one stands; return how far that is ahead of the machine's clock."""
        ahead = max((clock.now() - datetime.now(UTC) for clock in self._clocks.values()), default=timedelta())
        await _side_by_side(self._settle(label, ahead) for label in self._clocks)
        return ahead

    async def _play_thread(self, thread: Sequence[ScenarioRow], until: datetime) -> None:
        async with self._gate:
            for row in thread:
                try:
                    await self._play_row(row)
                except Refusal as refusal:
                    self.refused.append(RefusedRow(row, refusal))
                self._tick()
            for label in dict.fromkeys(row.complaint for row in thread):
                if label in self.tracking:
                    await self._move(label, until)

    async def _settle(self, label: str, ahead: timedelta) -> None:
        async with self._gate:
            await self._move(label, datetime.now(UTC) + ahead)

    async def _play_row(self, row: ScenarioRow) -> None:
        if row.complaint not in self.tracking:
            await self._start(row)
            return
        await self._move(row.complaint, row.at)
        # A scenario's files are names without content: there is nothing to attach to the complaint.
        arguments = {name: given for name, given in row.arguments.items() if name != "files"}
        if row.command == CommandName.MERGE:
            main = str(arguments["main"])
            if main not in self.tracking:
                raise Refusal("main_unknown", main=main)
            await self._move(main, row.at)
            arguments["main"] = self.tracking[main]
        tracking_id = self.tracking[row.complaint]
        answer = await self._complaints.send(
            tracking_id, row.command, await self._actor(row), arguments, starts_at=row.at
        )
        self._clocks[row.complaint].set(answer.at)

    async def _start(self, row: ScenarioRow) -> None:
        report = Report.model_validate(row.arguments)
        answer = await self._complaints.start(report, await self._actor(row), instansi=self._instansi, starts_at=row.at)
        self.tracking[row.complaint] = answer.tracking_id
        self._clocks[row.complaint] = _Clock(answer.at)

    async def _actor(self, row: ScenarioRow) -> Actor:
        accounts = self._complaints.accounts
        if row.role is Role.REPORTER and row.complaint in self.tracking:
            return await accounts.reporter(workflow_id(self.tracking[row.complaint]), row.actor)
        return await accounts.actor(self._instansi, row.role, row.actor, row.opd, row.at)

    async def _move(self, label: str, to: datetime) -> None:
        clock = self._clocks[label]
        span = to - clock.now()
        if span <= timedelta():
            return
        handle = self._virtual.client.get_workflow_handle(workflow_id(self.tracking[label]))
        if await self._virtual.advance(handle, span):
            clock.set(to)


async def _side_by_side(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all at once; the first that fails stops the others, and its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except* Exception as failed:
        raise failed.exceptions[0] from None
