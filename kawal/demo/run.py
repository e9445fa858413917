"""A running demo: its servers, its worker, what keeps its messages, and the year, played where it is not yet."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from kawal.base.database_roles import owner_address
from kawal.base.demo_mark import demo_mark, write_demo_mark
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.demo.demo import Demo
from kawal.demo.gateways import GatewayStub
from kawal.demo.home import marked_home
from kawal.demo.moving import AT_ONCE, ClockMover
from kawal.demo.people import enter_people
from kawal.demo.sent_messages import SentMessages, keeping_letters
from kawal.demo.starting_point import StartingPoint, done_before
from kawal.domain.scenario import ScenarioRow
from kawal.embedded.servers import embedded
from kawal.embedded.virtual_time import VirtualTime
from kawal.operate.upkeep import upkeep
from kawal.rerun.player import Player
from kawal.rerun.threads import threads_of
from kawal.store.setup import commit_before_flush, prepare_database
from kawal.system import System, open_system
from worker import make_worker
from workflows.rounds import DELIVER, DELIVER_MESSAGES, SEAL, DeliverMessages, DeliverNotices, Seal
from workflows.schedules import ensure_every

_SOON = timedelta(seconds=10)
"""How soon what an act tells is to be read: a visitor waits for it."""


@asynccontextmanager
async def running_demo(
    settings: Settings,
    bound: socket.socket,
    rows: Sequence[ScenarioRow],
    start: StartingPoint,
    tick: Callable[[], None] = lambda: None,
) -> AsyncIterator[Demo]:
    """Run the demo of `settings.home` while the block runs; its pages are to be served at `bound`.

    A new home gets the year first: `tick` is called after each row. Else it goes on from where it was, and its clock
    has gone on meanwhile, as the engine's has. Raises SystemUnavailable.
    """
    master = await marked_home(settings.home)
    async with embedded(settings, virtual_time=True, alone=True) as endpoints:
        await prepare_database(endpoints.database_url, master)
        await commit_before_flush(owner_address(settings, endpoints.database_url))
        async with open_system(settings, endpoints=endpoints, master=master, pool_size=16) as connected:
            sent = SentMessages(settings.home, connected.clock)
            port = int(bound.getsockname()[1])
            stub = GatewayStub(settings.home, port, sent)
            async with keeping_letters(sent) as letters:
                virtual = VirtualTime(connected.client)
                outward = {"smtp_host": "127.0.0.1", "smtp_port": letters, "smtp_tls": "none", "http_port": port}
                links = {"public_url": f"http://localhost:{port}", "smtp_from": "kawal@demo.invalid"}
                system = connected.but(client=virtual.client, settings=settings.model_copy(update=outward | links))
                async with make_worker(system):
                    mover = ClockMover(system, virtual, rows)
                    await _prepare(system, virtual, mover, list(done_before(rows, start)), start, tick)
                    await _ensure_rounds(system)
                    async with upkeep(system):
                        yield Demo(Complaints(system), mover, sent, stub)


async def _prepare(
    system: System,
    virtual: VirtualTime,
    mover: ClockMover,
    rows: Sequence[ScenarioRow],
    start: StartingPoint,
    tick: Callable[[], None],
) -> None:
    mark = demo_mark(system.settings.home)
    if mark is None:
        raise RuntimeError("this home is no demo")
    if mark.ready:
        await mover.complete()
        return
    system.clock.ahead = start.begins - datetime.now(UTC)
    complaints = Complaints(system)
    instansi = await complaints.default_instansi()
    player = Player(complaints, virtual, instansi, tick, AT_ONCE)
    await player.play(threads_of(rows), start.begins)
    ahead = await player.settle()
    system.clock.ahead = ahead
    await enter_people(complaints, instansi)
    # What the year told was told in that year: only what a visitor's acts tell is to be looked at.
    await system.outbox.mark_all_sent()
    write_demo_mark(system.settings.home, mark.model_copy(update={"ready": True, "ahead": ahead}))


async def _ensure_rounds(system: System) -> None:
    """Let messages go out and the record be sealed; the rounds that compare with the machine's clock stay away."""
    client, queue = system.client, system.settings.task_queue
    await ensure_every(client, DELIVER.schedule, DeliverNotices.run, queue, _SOON)
    await ensure_every(client, DELIVER_MESSAGES.schedule, DeliverMessages.run, queue, _SOON)
    await ensure_every(client, SEAL.schedule, Seal.run, queue, SEAL.every)
