"""Moving the demo's clock: every open complaint's own clock in the engine is moved by as much, and its timers fire.

What a move is going to do is written down first, so that one that is cut off is completed by the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from kawal.base.demo_mark import DemoMark, demo_mark, write_demo_mark
from kawal.client.complaints import Complaints
from kawal.demo.starting_point import arriving
from kawal.domain.calendar import local_day
from kawal.domain.names import workflow_id
from kawal.domain.scenario import ScenarioRow
from kawal.embedded.virtual_time import VirtualTime
from kawal.rerun.player import Player
from kawal.rerun.threads import threads_of
from kawal.system import System

_OPEN_AT_MOST = 10_000
AT_ONCE = 12
"""Complaints that are played or moved in parallel: a visitor's machine does other things, too."""

_EXACT = timedelta(seconds=1)


class ClockMover:
    """Moves the clock of a running demo."""

    def __init__(self, system: System, virtual: VirtualTime, rows: Sequence[ScenarioRow]) -> None:
        """Work on the demo of `system`, whose client is the virtual one; reports of `rows` arrive as time passes."""
        self._system = system
        self._virtual = virtual
        self._rows = rows
        self._one_at_a_time = asyncio.Lock()

    async def move(self, working_days: int) -> None:
        """Let working days of the agency's calendar pass, and the days off between them; the time of day stays."""
        async with self._one_at_a_time:
            complaints = Complaints(self._system)
            instansi = await complaints.default_instansi()
            calendar = await complaints.rulebook.calendar_for(instansi)
            today = local_day(self._system.clock.now())
            await self._plan(calendar.add(today, working_days) - today)
            await self._carry_out(instansi)

    async def complete(self) -> None:
        """Complete a move that was cut off; without one nothing happens."""
        if self._mark().moving_by:
            await self._carry_out(await Complaints(self._system).default_instansi())

    async def _plan(self, by: timedelta) -> None:
        rows = await self._system.reconciliation.open_rows("", _OPEN_AT_MOST)
        flows = [workflow_id(row.tracking_id) for row in rows]
        skipped = await asyncio.gather(*map(self._virtual.skipped, flows))
        skips = {flow: so_far + by for flow, so_far in zip(flows, skipped, strict=True)}
        self._write(self._mark().model_copy(update={"moving_by": by, "skips": skips}))

    async def _carry_out(self, instansi: str) -> None:
        mark, since = self._mark(), self._system.clock.now()
        gate = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for flow, skip in mark.skips.items():
                group.create_task(self._skip(flow, skip, gate))
        ahead = mark.ahead + mark.moving_by
        self._system.clock.ahead = ahead
        self._write(mark.model_copy(update={"ahead": ahead, "moving_by": timedelta(), "skips": {}}))
        await self._let_arrive(since, mark.moving_by, instansi)

    async def _skip(self, flow: str, skip: timedelta, gate: asyncio.Semaphore) -> None:
        """Move a workflow until it was moved by `skip` in all: what its steps took of real time is made up for."""
        async with gate:
            handle = self._virtual.client.get_workflow_handle(flow)
            while (left := skip - await self._virtual.skipped(flow)) > _EXACT:
                if not await self._virtual.advance(handle, left):
                    return

    async def _let_arrive(self, since: datetime, by: timedelta, instansi: str) -> None:
        until = since + by
        player = Player(Complaints(self._system), self._virtual, instansi, at_once=AT_ONCE)
        await player.play(threads_of(arriving(self._rows, since, until)), until)

    def _mark(self) -> DemoMark:
        mark = demo_mark(self._system.settings.home)
        if mark is None:
            raise RuntimeError("this home is no demo")
        return mark

    def _write(self, mark: DemoMark) -> None:
        write_demo_mark(self._system.settings.home, mark)
