"""Parts of the system die by kill -9 during commands: each takes effect exactly once or was not acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kawal.base.errors import SystemUnavailable
from kawal.domain.calendar import at_local, end_of
from kawal.domain.messages import Answer, Command
from kawal.domain.names import EventKind, Role, Status, workflow_id
from kawal.domain.process.commands import digest_of
from kawal.store.inbox import Inbox
from tests.chaos.system import System, running, until_answered
from tests.workflows.life import VERIFYING, eventually, report

COMPLAINTS = 12


@pytest.fixture
async def system(home: Path) -> AsyncIterator[System]:
    async with running(home) as up:
        yield up


async def all_verified(system: System, breaking: Callable[[], Awaitable[None]]) -> None:
    """Verify all complaints at once, break something when the first is recorded, and check each command's fate."""
    cases = await asyncio.gather(*(system.receive() for _ in range(COMPLAINTS)))
    sent = [asyncio.create_task(system.verify(case, f"kunci-{case}")) for case in cases]

    async def under_way() -> bool:
        return await system.events("verified") > 0

    await eventually(under_way)
    await breaking()
    first = await asyncio.gather(*sent, return_exceptions=True)
    for case, outcome in zip(cases, first, strict=True):
        assert isinstance(outcome, Answer | SystemUnavailable), outcome
        answer = await until_answered(lambda case=case: system.verify(case, f"kunci-{case}"))  # type: ignore[misc]
        if isinstance(outcome, Answer):
            assert answer == outcome
        kinds = [event.kind for event in await system.complaints.history(case)]
        assert kinds == [EventKind.STARTED, EventKind.VERIFIED]
    await all_go_on(system, list(cases))


async def all_go_on(system: System, cases: list[str]) -> None:
    """Check that every complaint accepts its next command, and that its workflow and its record agree."""
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")
    for case in cases:
        await until_answered(
            lambda case=case: system.complaints.send(case, "forward", admin, {"opds": ["DPUPR"]}, f"terus-{case}")  # type: ignore[misc]
        )
        state = await system.complaints.state(case)
        assert state.status is Status.BELUM_DITINDAKLANJUTI
        handle = system.complaints.client.get_workflow_handle(workflow_id(case))
        assert await handle.query("state") == state.model_dump(mode="json")


async def test_a_worker_killed_in_the_middle_of_commands(system: System) -> None:
    await system.start_worker()

    async def kill_the_worker() -> None:
        await system.kill_worker()
        await system.start_worker()

    await all_verified(system, kill_the_worker)


async def test_a_server_killed_in_the_middle_of_commands(system: System) -> None:
    await system.start_worker()
    await all_verified(system, system.kill_server)


async def test_worker_and_server_killed_while_reports_come_in(system: System) -> None:
    await system.start_worker()
    adapter = await system.complaints.actor(Role.ADAPTER, "web")

    async def receive(number: int) -> Answer:
        return await system.complaints.start(report(), adapter, f"laporan-{number}")

    sent = [asyncio.create_task(receive(number)) for number in range(COMPLAINTS)]

    async def under_way() -> bool:
        return await system.events("started") > 0

    await eventually(under_way)
    await asyncio.gather(system.kill_worker(), system.kill_server())
    await system.start_worker()
    answers = await asyncio.gather(*sent, return_exceptions=True)
    for number, outcome in enumerate(answers):
        assert isinstance(outcome, Answer | SystemUnavailable), outcome
        again = await until_answered(lambda number=number: receive(number))  # type: ignore[misc]
        if isinstance(outcome, Answer):
            assert again.tracking_id == outcome.tracking_id

    async def all_started() -> bool:
        return await system.events("started") == COMPLAINTS

    await eventually(all_started)
    assert await system.complaints.pool.fetchval("select count(*) from inbox") == COMPLAINTS


async def test_a_deadline_that_passed_while_everything_was_down_fires_once_at_start_up(system: System) -> None:
    last_day = date(2022, 1, 13)
    tracking_id, passes_at = await received_earlier(system, deadline=end_of(last_day), ahead=timedelta(seconds=8))
    await system.kill_worker()

    async def has_passed() -> bool:
        return asyncio.get_running_loop().time() > passes_at

    await eventually(has_passed)
    await system.kill_server()
    await system.start_worker()

    async def breached() -> bool:
        return await system.events("breached") > 0

    await eventually(breached, seconds=60)
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")
    await until_answered(lambda: system.complaints.send(tracking_id, "archive", admin, {"reason": "Ganda"}, "arsip"))
    history = [event for event in await system.complaints.history(tracking_id) if event.kind is not EventKind.REMINDED]
    assert [event.kind for event in history] == [EventKind.STARTED, EventKind.BREACHED, EventKind.ARCHIVED]
    assert history[1].at == end_of(last_day)
    assert history[1].recorded_at > history[1].at


async def received_earlier(system: System, deadline: datetime, ahead: timedelta) -> tuple[str, float]:
    """Prepare a report received on 10 January 2022 whose own time is `ahead` of a deadline; return when that passes."""
    complaints, loop = system.complaints, asyncio.get_running_loop()
    inbox = Inbox(complaints.pool, complaints.system.keys)
    adapter = await complaints.actor(Role.ADAPTER, "web")
    monday = at_local(date(2022, 1, 10), 9)
    accepted = await inbox.accept(report(), "KEPRI", monday, actor=adapter, idempotency_key="lama")
    passes_at = loop.time() + ahead.total_seconds()
    starting = asyncio.create_task(complaints.start(report(), adapter, "lama", starts_at=deadline - ahead))

    async def is_there() -> bool:
        return bool(await complaints.pool.fetchval("select count(*) from inbox where status = 'started'"))

    await eventually(is_there)
    await system.start_worker()
    assert (await starting).tracking_id == accepted.tracking_id
    return accepted.tracking_id, passes_at


async def test_while_postgresql_is_away_a_command_waits_and_then_takes_effect_once(system: System) -> None:
    await system.start_worker()
    case = await system.receive()
    admin = await system.complaints.actor(Role.ADMIN, "Dewi")
    command = Command(name="verify", actor=admin, arguments=dict(VERIFYING), idempotency_key="kunci-1")
    handle = system.complaints.client.get_workflow_handle(workflow_id(case))
    assert await handle.query("now")  # the keys are known to this process
    server = await system.server_connection()
    try:
        await server.execute('alter database "kawal" with allow_connections false')
        await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'kawal'")
        sent = asyncio.create_task(handle.execute_update("verify", command, id=digest_of(command), result_type=Answer))
        done, _ = await asyncio.wait([sent], timeout=2)
        assert not done
        await server.execute('alter database "kawal" with allow_connections true')
    finally:
        await server.close()
    answer = await asyncio.wait_for(sent, 60)
    assert (answer.status, answer.last_seq) == (Status.BELUM_DITINDAKLANJUTI, 2)
    assert await until_answered(lambda: system.verify(case, "kunci-1")) == answer
    assert await system.events("verified") == 1
