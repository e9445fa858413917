"""What it costs that recording a step tells whoever watches: lifecycles per second with and without, in one run.

    python -m benchmarks notify

Both kinds of the recording function take turns on the same servers, while somebody listens. Commits that tell wait in
one line for the whole database, so that the steps of many complaints could wait for each other.
"""

from __future__ import annotations

import asyncio
import re
import statistics

import asyncpg

from benchmarks.lifecycle import LIVES, live, rate
from benchmarks.servers import scratch_settings, servers, working
from kawal.base.postgres import LONG_WITHIN, connect
from kawal.client.complaints import Complaints
from kawal.store.changes import Listener
from kawal.system import System

ROUNDS = 5
_TELLING = re.compile(r"if events\[1\]\.kind not in \([^)]*\) then\s+perform pg_notify\(.*?\);\s+end if;", re.DOTALL)


async def run(lives: int = LIVES) -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            owner = await connect(running.owner_url, within=LONG_WITHIN)
            try:
                await measure(connected, owner, lives)
            finally:
                await owner.close()


async def measure(connected: System, owner: asyncpg.Connection, lives: int) -> None:
    """Run lives with and without telling in turn, and print both rates and the median of their ratios."""
    complaints = Complaints(connected)
    telling: str = await owner.fetchval("select pg_get_functiondef('record_step'::regproc)")
    silent, number = _TELLING.subn("", telling)
    if number != 1:
        raise RuntimeError("record_step does not tell in the way that is measured here")
    silent, telling = (text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for text in (silent, telling))
    rates: dict[str, list[float]] = {"with": [], "without": []}
    async with connected.changes.listening() as listener:
        counting = asyncio.create_task(_count(listener))
        await live(complaints)
        for _ in range(ROUNDS):
            for kind, function in (("without", silent), ("with", telling)):
                await owner.execute(function)
                rates[kind].append(await rate(lambda: live(complaints), lives))
        counting.cancel()
    ratios = [a / b for a, b in zip(rates["with"], rates["without"], strict=True)]
    print(
        f"lifecycles/s: with notify {statistics.median(rates['with']):.1f}, without "
        f"{statistics.median(rates['without']):.1f}; ratio {statistics.median(ratios):.2f} (each round: "
        f"{', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    )


async def _count(listener: Listener) -> int:
    heard = 0
    async for _ in listener:
        heard += 1
    return heard


if __name__ == "__main__":
    asyncio.run(run())
