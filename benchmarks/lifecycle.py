"""Full lifecycles per second through the real workflow, compared with a bare one with the same messages, timers and
activities.

    python -m benchmarks.lifecycle [LIVES]

A life is start, verify, forward, receive, follow_up (final) and accept, each answered when it is on record. Both kinds
of workflow run alternately on the same server, so that the ratio holds although the machine's speed drifts.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks.baseline import BaselineWorkflow, bare_activity
from benchmarks.servers import scratch_settings, servers, working
from kawal.base.engine_connection import connect_temporal
from kawal.client.complaints import Complaints
from kawal.crypto.codec import ComplaintCodec
from kawal.domain.messages import Report, Reporter
from kawal.domain.names import Channel, Role, workflow_id
from kawal.proof.chain import GENESIS
from kawal.store.stored_events import to_stored
from workflows.registry import RUNNER

LIVES = 60
ROUNDS = 3
AT_ONCE = 30
CATEGORY = "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"
UPDATES = 5


class Shape(NamedTuple):
    """The counts of one life in its history."""

    events: int
    workflow_tasks: int
    timers: int
    activities: int
    local_activities: int
    size: int


async def receive(complaints: Complaints) -> str:
    """Accept one report, which waits for its verification then; return its tracking id."""
    adapter = await complaints.actor(Role.ADAPTER, "web")
    report = Report(
        title="Jalan berlubang di depan pasar",
        text="Sudah dua bulan jalan di depan pasar berlubang besar dan motor sering jatuh di situ. " * 3,
        channel=Channel.WEB,
        reporter=Reporter(name="Siti Aminah", email="siti@example.org"),
    )
    return (await complaints.start(report, adapter)).tracking_id


async def begin(complaints: Complaints) -> str:
    """Run one complaint from intake until its OPD has it; return its tracking id."""
    tracking_id = await receive(complaints)
    admin = await complaints.actor(Role.ADMIN, "Dewi")
    liaison = await complaints.actor(Role.LIAISON, "Budi", "DPUPR")
    decided = {"title": "Jalan berlubang", "class": "pengaduan", "category": CATEGORY, "pengawasan": False}
    await complaints.send(tracking_id, "verify", admin, decided)
    await complaints.send(tracking_id, "forward", admin, {"opds": ["DPUPR"]})
    await complaints.send(tracking_id, "receive", liaison, {})
    return tracking_id


async def live(complaints: Complaints) -> str:
    """Run one complaint from intake to acceptance; return its tracking id."""
    tracking_id = await begin(complaints)
    liaison = await complaints.actor(Role.LIAISON, "Budi", "DPUPR")
    await complaints.send(tracking_id, "follow_up", liaison, {"text": "Sudah ditambal hari ini.", "final": True})
    await complaints.send(tracking_id, "accept", await complaints.reporter(tracking_id), {"rating": 5})
    return tracking_id


async def bare_live(client: Client, queue: str, shape: Shape) -> None:
    """Run one life of the floor."""
    activities = shape.activities + shape.local_activities
    handle = await client.start_workflow(
        "Bare", args=[UPDATES, shape.timers, activities], id=f"bare-{uuid.uuid4()}", task_queue=queue
    )
    for number in range(UPDATES):
        await handle.execute_update("command", number)


async def shape_of(complaints: Complaints, tracking_id: str) -> Shape:
    """Count the events of a life in its history."""
    history = await complaints.client.get_workflow_handle(workflow_id(tracking_id)).fetch_history()
    kinds = Counter(event.event_type for event in history.events)
    return Shape(
        events=len(history.events),
        workflow_tasks=kinds[EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED],
        timers=kinds[EventType.EVENT_TYPE_TIMER_STARTED],
        activities=kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED],
        local_activities=kinds[EventType.EVENT_TYPE_MARKER_RECORDED],
        size=sum(event.ByteSize() for event in history.events),
    )


async def rate(one: Callable[[], Awaitable[Any]], lives: int) -> float:
    """Return the lives per second, that many running at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated() -> None:
        async with gate:
            await one()

    began = time.perf_counter()
    await asyncio.gather(*(gated() for _ in range(lives)))
    return lives / (time.perf_counter() - began)


class CodecCounter:
    """Records what passes through the codec during a run, to time it again afterwards without anything else."""

    def __init__(self) -> None:
        """Start without calls."""
        self.encoded: list[tuple[ComplaintCodec, Sequence[Payload]]] = []
        self.decoded: list[tuple[ComplaintCodec, Sequence[Payload]]] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Record every call while the block runs."""
        encode, decode = ComplaintCodec.encode, ComplaintCodec.decode

        async def noted_encode(codec: ComplaintCodec, payloads: Sequence[Payload]) -> list[Payload]:
            self.encoded.append((codec, payloads))
            return await encode(codec, payloads)

        async def noted_decode(codec: ComplaintCodec, payloads: Sequence[Payload]) -> list[Payload]:
            self.decoded.append((codec, payloads))
            return await decode(codec, payloads)

        ComplaintCodec.encode, ComplaintCodec.decode = noted_encode, noted_decode  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            ComplaintCodec.encode, ComplaintCodec.decode = encode, decode  # type: ignore[method-assign]

    async def seconds(self) -> float:
        """Return the processor time of repeating all calls, with the keys already loaded."""
        began = time.thread_time()
        for codec, payloads in self.encoded:
            await codec.encode(payloads)
        for codec, payloads in self.decoded:
            await codec.decode(payloads)
        return time.thread_time() - began


async def seconds_of_chaining(complaints: Complaints, tracking_ids: Sequence[str]) -> float:
    """Return the processor time of encrypting and chaining the lives' events again."""
    spent = 0.0
    for tracking_id in tracking_ids:
        events = await complaints.ledger.events(tracking_id)
        key = await complaints.system.keys.key_for(workflow_id(tracking_id))
        previous = GENESIS
        began = time.thread_time()
        for event in events:
            previous = to_stored(event, workflow_id(tracking_id), tracking_id, key, None, previous).hash
        spent += time.thread_time() - began
    return spent


async def share_of_encryption(complaints: Complaints, lives: int) -> tuple[float, float]:
    """Return the shares of this process's time taken by the codec, and by the events' encryption and hash chain."""
    encrypted, done = CodecCounter(), []

    async def one() -> None:
        done.append(await live(complaints))

    with encrypted.watching():
        began = time.process_time()
        await rate(one, lives)
        spent = time.process_time() - began
    return await encrypted.seconds() / spent, await seconds_of_chaining(complaints, done) / spent


async def run(lives: int = LIVES) -> None:
    """Start a system, measure and print the figures."""
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            await measure(Complaints(connected), await connect_temporal(running.endpoints, None), lives)


async def measure(complaints: Complaints, plain: Client, lives: int) -> None:
    """Run both kinds in turn and print the figures."""
    first = await live(complaints)
    shape = await shape_of(complaints, first)
    print(
        f"one life: {shape.events} history events, {shape.workflow_tasks} workflow tasks, {shape.size:,} bytes; "
        f"{shape.timers} timers, {shape.activities} ordinary and {shape.local_activities} local activities"
    )
    queue = "bare"
    ours: list[float] = []
    bare: list[float] = []
    async with Worker(
        plain, task_queue=queue, workflows=[BaselineWorkflow], activities=[bare_activity], workflow_runner=RUNNER
    ):
        for _ in range(ROUNDS):
            bare.append(await rate(lambda: bare_live(plain, queue, shape), lives))
            ours.append(await rate(lambda: live(complaints), lives))
    _print_rates(ours, bare)
    codec, chain = await share_of_encryption(complaints, lives)
    print(
        f"of a lifecycle's processor time in this process: codec {codec:.1%}, events' encryption and chain {chain:.1%}"
    )


def _print_rates(ours: Sequence[float], bare: Sequence[float]) -> None:
    ratios = [a / b for a, b in zip(ours, bare, strict=True)]
    print(
        f"lifecycles/s: {statistics.median(ours):.1f}, bare {statistics.median(bare):.1f}; ratio "
        f"{statistics.median(ratios):.2f} (each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    )


if __name__ == "__main__":
    asyncio.run(run(*(int(arg) for arg in sys.argv[1:2])))
