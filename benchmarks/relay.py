"""Reports started from the inbox per second, compared with bare starts in the same engine with as many in progress at
once.

    python -m benchmarks.relay [REPORTS]

No worker runs: only the starting is measured. All kinds run in turn on the same server, so that the ratio holds
although the machine's speed drifts. The bare start has a plain payload of a few bytes, no search attributes and no
database. The start "alike" is a bare one with what the engine is given for a report (search attributes, memo, summary,
as many bytes): what the engine itself needs for a report's start, without inbox, keys and rules. Processor time is this
process's own per start, without the engine's and PostgreSQL's: it tells what other work on the machine would hide.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy

from benchmarks.servers import connected, scratch_settings, servers
from kawal.base.engine_connection import connect_temporal
from kawal.client.relay import AT_ONCE, Relay
from kawal.client.workflow_start import INBOX_ID
from kawal.domain.calendar import local_day
from kawal.domain.messages import Report, Reporter
from kawal.domain.names import Channel
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.process.initial_state import received
from kawal.domain.process.projection import snapshot
from kawal.domain.process.run_input import Begin, RunInput
from kawal.store.inbox import Inbox
from kawal.store.rules import Rulebook
from kawal.system import System
from workflows.display import starting_attributes, summary_of

REPORTS = 400
ROUNDS = 6
WARM_UP = 100
ENCRYPTED_MEMO = 120
"""Bytes that the inbox's number takes when it is encrypted."""

REPORT = Report(
    title="Jalan berlubang di depan pasar",
    text="Sudah dua bulan jalan di depan pasar berlubang besar dan motor sering jatuh di situ. " * 3,
    channel=Channel.WEB,
    reporter=Reporter(name="Siti Aminah", email="siti@example.org"),
)


class Pace(NamedTuple):
    """The result of one round."""

    rate: float
    cpu: float
    """This process's processor time per start, in seconds."""


@contextmanager
def _pace(number: int, into: list[Pace]) -> Iterator[None]:
    began, busy = time.perf_counter(), time.process_time()
    yield
    into.append(Pace(number / (time.perf_counter() - began), (time.process_time() - busy) / number))


async def bare_starts(client: Client, number: int, into: list[Pace], size: int = 0, **alike: Any) -> None:
    """Start bare workflows, with `size` more bytes of input and the other options given."""
    gate = asyncio.Semaphore(AT_ONCE)
    given = [5, 2, 7, "x" * size] if size else [5, 2, 7]

    async def one() -> None:
        async with gate:
            await client.start_workflow("Bare", args=given, id=f"bare-{uuid.uuid4()}", task_queue="nobody", **alike)

    with _pace(number, into):
        await asyncio.gather(*(one() for _ in range(number)))


async def relay_starts(connected: System, relay: Relay, number: int, into: list[Pace]) -> None:
    """Start waiting reports, from claiming them to noting that they run."""
    inbox = Inbox(connected.pool, connected.keys)
    for _ in range(0, number, 20):
        await asyncio.gather(*(inbox.accept(REPORT, "KEPRI", datetime.now(UTC)) for _ in range(20)))
    with _pace(number, into):
        done = await relay.start_waiting()
    if done.started != number:
        raise RuntimeError(f"{done.started} of {number} reports were started: {done.away}")


async def alike(connected: System) -> dict[str, Any]:
    """Return the options with which `bare_starts` gives the engine as much as a report's start does."""
    rules = await Rulebook(connected.pool).rules_for("KEPRI", local_day(datetime.now(UTC)))
    beginning = Begin(
        tracking_id="1234567",
        instansi="KEPRI",
        report=REPORT,
        actor=CLOCKWORK,
        rules=rules,
        received_at=datetime.now(UTC),
    )
    state = received(REPORT, "1234567", "KEPRI", rules, datetime.now(UTC))
    return {
        "size": len(RunInput(begin=beginning).model_dump_json()),
        "memo": {INBOX_ID: "x" * ENCRYPTED_MEMO},
        "search_attributes": starting_attributes(snapshot(state)),
        "static_summary": summary_of("1234567", "KEPRI", str(REPORT.channel)),
        "id_reuse_policy": WorkflowIDReusePolicy.REJECT_DUPLICATE,
    }


async def run(reports: int = REPORTS) -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, connected(running, pool_size=10) as system:
            await measure(system, await connect_temporal(running.endpoints, None), reports)


async def measure(connected: System, plain: Client, reports: int) -> None:
    """Run all kinds in turn and print the figures."""
    relay = Relay(connected, Rulebook(connected.pool))
    given = await alike(connected)
    ours: list[Pace] = []
    bare: list[Pace] = []
    same: list[Pace] = []
    for number in (WARM_UP, *([reports] * ROUNDS)):
        await bare_starts(plain, number, bare)
        await relay_starts(connected, relay, number, ours)
        await bare_starts(plain, number, same, **given)
    _print("reports", ours[1:])
    _print("bare", bare[1:], ours[1:])
    _print("bare, alike", same[1:], ours[1:])


def _print(kind: str, paces: Sequence[Pace], ours: Sequence[Pace] = ()) -> None:
    rate, cpu = (statistics.median(getattr(pace, name) for pace in paces) for name in ("rate", "cpu"))
    line = f"{kind}: {rate:.0f} started/s, {cpu * 1000:.2f} ms of processor time each"
    if ours:
        ratios = [one.rate / other.rate for one, other in zip(ours, paces, strict=True)]
        each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        line += f"; reports to these {statistics.median(ratios):.2f} (each round: {each})"
    print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
