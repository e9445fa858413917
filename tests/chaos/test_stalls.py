"""Many short lives on a database that stalls for seconds at random: after a clean restart every one answers."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from kawal.domain.messages import Answer, Command
from kawal.domain.names import Role, workflow_id
from kawal.domain.process.decide import CLOCKWORK
from kawal.intake.service import IntakeService
from tests.chaos.system import System, running, until_answered
from tests.workflows.life import eventually, report

LIVES = int(os.environ.get("KAWAL_LIVES", "200"))
"""Two hundred in the suite, a thousand in `make test-full`."""

AT_ONCE = max(16, LIVES * 64 // 1_000)
"""So few that some wait at every stall, however many there are."""

STALLS = (9.0, 4.0, 20.0, 9.0, 4.0)
"""Seconds for which nothing can be written to the record; an attempt to write is given up after ten."""


@pytest.fixture
async def system(home: Path) -> AsyncIterator[System]:
    async with running(home) as up:
        yield up


@asynccontextmanager
async def stalling(system: System, begun: asyncio.Event) -> AsyncIterator[None]:
    """Stall writing to the record repeatedly while the block runs, once something has begun."""
    chance = random.Random(2022)

    async def stall() -> None:
        await begun.wait()
        for seconds in STALLS:
            async with system.stalled_record():
                await asyncio.sleep(seconds)  # the stall itself
            await asyncio.sleep(chance.uniform(0.5, 2.0))

    stalls = asyncio.create_task(stall())
    try:
        yield
        await stalls
    finally:
        stalls.cancel()
        await asyncio.gather(stalls, return_exceptions=True)


async def each(lives: Sequence[str], act: Callable[[str], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(life: str) -> None:
        async with gate:
            await act(life)

    await asyncio.gather(*map(gated, lives))


class Starts:
    """Which lives have started: asked once for all of them, since so many questions would keep the database busy."""

    def __init__(self, system: System, lives: Sequence[str]) -> None:
        self._system = system
        self._started = {life: asyncio.Event() for life in lives}

    async def of(self, life: str) -> None:
        """Wait until a life has started."""
        await self._started[life].wait()

    async def watch(self) -> None:
        """Look until all have."""

        async def all_have() -> bool:
            pool = self._system.complaints.pool
            for row in await pool.fetch("select tracking_id::text as life from inbox where status = 'started'"):
                self._started[row["life"]].set()
            return all(started.is_set() for started in self._started.values())

        await eventually(all_have, seconds=480)


async def until_asked(handle: WorkflowHandle[Any, Any]) -> None:
    """Ask for the complaint's state until it answers: a query waits for the write in progress, but not for ever."""

    async def deadlines() -> object:
        try:
            return await handle.query("deadlines")
        except RPCError as error:
            if error.status not in (RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED):
                raise
            return None

    await eventually(deadlines, seconds=480)


@pytest.mark.timeout(1200)
async def test_short_lives_on_a_database_that_stalls_all_answer_after_a_restart(system: System) -> None:
    chance = random.Random(2023)
    service = IntakeService(system.complaints)
    lives = [(await service.submit(report(), instansi="KEPRI")).tracking_id for _ in range(LIVES)]
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")
    signalled = set(lives[::2])
    begun, starts = asyncio.Event(), Starts(system, lives)

    async def live(life: str) -> None:
        await starts.of(life)
        begun.set()
        await asyncio.sleep(chance.uniform(0, 1))  # at no particular moment of its first write
        handle = system.complaints.client.get_workflow_handle(workflow_id(life))
        polish = Command(name="polish", actor=CLOCKWORK, idempotency_key="k")
        besides = handle.signal("polish", polish) if life in signalled else until_asked(handle)
        await asyncio.gather(until_answered(lambda: system.verify(life, f"kunci-{life}"), seconds=480), besides)

    async def forwarded(life: str) -> None:
        def forward() -> Awaitable[Answer]:
            return system.complaints.send(life, "forward", admin, {"opds": ["DPUPR"]}, f"terus-{life}")

        await until_answered(forward)

    await system.start_worker()
    async with stalling(system, begun):
        await asyncio.gather(starts.watch(), each(lives, live))
    await system.stop_worker()
    await system.start_worker()
    await each(lives, forwarded)
    for kind in ("started", "verified", "forwarded"):
        assert await system.events(kind) == LIVES, kind
    assert await system.events("refused") == len(signalled)
