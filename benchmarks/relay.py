"""Reports started from the inbox a second, beside bare starts of the same engine with as many under way at once.

    python -m benchmarks.relay [REPORTS]

No worker runs: only the starting is measured. Both kinds run in turn on the same server, so that the ratio holds though
the machine's speed drifts. The bare start has a plain payload of a few bytes, no search attributes and no database.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from client.connect import Connection, connection, master_key_file
from client.relay import AT_ONCE, Relay
from crypto.keyring import ensure_master_key
from domain.messages import Report, Reporter
from domain.names import Channel
from stack.connect import connect_temporal
from stack.embedded import embedded
from stack.settings import Settings
from store.inbox import Inbox
from store.rules import Rulebook
from store.setup import prepare_database

REPORTS = 400
ROUNDS = 6


async def bare_rate(client: Client, number: int) -> float:
    """Bare workflows started a second."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with gate:
            await client.start_workflow("Bare", args=[5, 2, 7], id=f"bare-{uuid.uuid4()}", task_queue="nobody")

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(number)))
    return number / (time.perf_counter() - began)


async def relay_rate(connected: Connection, number: int) -> float:
    """Waiting reports started a second, from the claim to the note that they run."""
    inbox = Inbox(connected.pool, connected.keys)
    report = Report(
        title="Jalan berlubang di depan pasar",
        text="Sudah dua bulan jalan di depan pasar berlubang besar dan motor sering jatuh di situ. " * 3,
        channel=Channel.WEB,
        reporter=Reporter(name="Siti Aminah", email="siti@example.org"),
    )
    for _ in range(0, number, 20):
        await asyncio.gather(*(inbox.accept(report, "KEPRI", datetime.now(UTC)) for _ in range(20)))
    relay = Relay(connected, Rulebook(connected.pool))
    began = time.perf_counter()
    done = await relay.start_waiting()
    spent = time.perf_counter() - began
    if done.started != number:
        raise RuntimeError(f"{done.started} of {number} reports were started: {done.away}")
    return number / spent


async def run(reports: int = REPORTS) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder:
        settings = Settings(home=Path(folder), cache=Settings.from_env().cache)
        master = ensure_master_key(master_key_file(settings.home))
        async with embedded(settings) as endpoints:
            await prepare_database(endpoints.database_url, master)
            async with connection(settings, endpoints=endpoints, master=master) as connected:
                plain = await connect_temporal(endpoints, None)
                await bare_rate(plain, 100)
                await relay_rate(connected, 100)
                ours: list[float] = []
                bare: list[float] = []
                for _ in range(ROUNDS):
                    bare.append(await bare_rate(plain, reports))
                    ours.append(await relay_rate(connected, reports))
    _print(ours, bare)


def _print(ours: Sequence[float], bare: Sequence[float]) -> None:
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    print(
        f"reports started/s: {statistics.median(ours):.0f}, bare {statistics.median(bare):.0f}; ratio "
        f"{statistics.median(ratios):.2f} (each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
