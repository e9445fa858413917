"""The relay: every accepted report becomes exactly one workflow, whatever is down or dies meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.client.relay import AT_ONCE, TRIES, Pressure, Relay
from kawal.client.workflow_start import INBOX_ID, launch
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from kawal.domain.process.decide import CLOCKWORK
from kawal.domain.process.run_input import Begin, RunInput
from kawal.embedded.postgres import postgres
from kawal.embedded.server_choice import choose_server
from kawal.embedded.temporal_config import BURSTS
from kawal.embedded.temporal_server import TemporalServer
from kawal.record import master_key_file
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.rules import Rulebook
from kawal.store.schema import make_schema
from kawal.store.setup import prepare_database
from kawal.system import System, open_system
from tests.database_owner import as_owner
from tests.intake.dying_relay import STEPS
from tests.own_ports import take_own_ports
from tests.workflows.life import eventually, report

SOON = timedelta(milliseconds=20)
RETENTION = timedelta(days=1)


def relay_of(connected: System) -> Relay:
    return Relay(connected, Rulebook(connected.pool), lease=timedelta(seconds=5), first_pause=SOON)


async def accept(connected: System, number: int = 1, received_at: datetime | None = None) -> list[AcceptedReport]:
    inbox = Inbox(connected.pool, connected.keys)
    at = received_at or datetime.now(UTC)
    return [await inbox.accept(report(), "KEPRI", at) for _ in range(number)]


async def statuses(connected: System) -> dict[str, int]:
    rows = await connected.pool.fetch("select status, count(*) as n from inbox group by status")
    return {row["status"]: row["n"] for row in rows}


async def workflows(connected: System, expected: int) -> int:
    """Return how many workflows the engine has; its list may lag a moment."""

    async def all_listed() -> bool:
        return (await connected.client.count_workflows()).count >= expected

    await eventually(all_listed)
    return (await connected.client.count_workflows()).count


async def until_dead(connected: System, accepted: AcceptedReport) -> str:
    """Let the relay try until it gives up; return the reason."""
    relay = relay_of(connected)

    async def is_dead() -> bool:
        await relay.start_waiting()
        row = await connected.pool.fetchrow("select status, attempts from inbox where id = $1", accepted.inbox_id)
        assert row["attempts"] <= TRIES
        return bool(row["status"] == "dead")

    await eventually(is_dead)
    row = await connected.pool.fetchrow("select attempts, last_error from inbox where id = $1", accepted.inbox_id)
    assert row["attempts"] == TRIES
    return str(row["last_error"])


async def test_three_relays_start_two_hundred_reports_once_each(connected: System) -> None:
    await accept(connected, 200)
    rulebook = Rulebook(connected.pool)
    # A lease that does not expire on a busy machine: then a second relay would rightly try a report again.
    relays = [Relay(connected, rulebook, lease=timedelta(minutes=5)) for _ in range(3)]
    rounds = await asyncio.gather(*(relay.start_waiting() for relay in relays))
    assert sum(one.started for one in rounds) == 200
    assert all(one.away is None for one in rounds)
    assert await statuses(connected) == {"started": 200}
    assert await workflows(connected, 200) == 200


async def test_a_waiting_report_starts_within_about_a_second(connected: System) -> None:
    running = asyncio.create_task(relay_of(connected).run())
    waited = []
    try:
        for _ in range(3):
            began = time.monotonic()
            await accept(connected)

            async def started() -> bool:
                return "waiting" not in await statuses(connected)

            await eventually(started)
            waited.append(time.monotonic() - began)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    # The fastest of three: the machine may have been busy with something else.
    assert min(waited) < 2


async def test_a_relay_that_is_stopped_leaves_the_rest_to_the_next_one_at_once(connected: System) -> None:
    await accept(connected, 150)
    running = asyncio.create_task(Relay(connected, Rulebook(connected.pool), lease=timedelta(minutes=5)).run())

    async def under_way() -> bool:
        return (await statuses(connected)).get("started", 0) > 0

    await eventually(under_way)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await relay_of(connected).start_waiting()
    assert await statuses(connected) == {"started": 150}
    assert await workflows(connected, 150) == 150


async def test_a_relay_that_is_stopped_while_its_database_goes_away_ends(connected: System) -> None:
    async with connected.pool.acquire() as other:
        begun = other.transaction()
        await begun.start()
        await other.execute("lock table inbox in access exclusive mode")
        running = asyncio.create_task(relay_of(connected).run())
        waiting = "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like 'update inbox%'"
        claimant = await eventually(lambda: connected.pool.fetchval(waiting))
        running.cancel()
        await other.execute("select pg_terminate_backend($1)", claimant)
        await begun.rollback()
    (ended,) = await asyncio.gather(running, return_exceptions=True)
    assert isinstance(ended, asyncio.CancelledError)


async def test_what_runs_already_is_done_if_it_is_the_same_report(connected: System) -> None:
    (accepted,) = await accept(connected)
    relay = relay_of(connected)
    assert (await relay.start_waiting()).started == 1
    await connected.pool.execute("update inbox set status = 'waiting', started_at = null, next_try_at = now()")
    assert (await relay.start_waiting()).started == 1
    assert await statuses(connected) == {"started": 1}
    described = await connected.client.get_workflow_handle(accepted.workflow_id).describe()
    assert await described.memo_value(INBOX_ID) == accepted.inbox_id
    assert await workflows(connected, 1) == 1


async def test_another_report_under_the_same_number_is_a_dead_letter(connected: System) -> None:
    (accepted,) = await accept(connected)
    rules = await Rulebook(connected.pool).rules_for("KEPRI", local_day(datetime.now(UTC)))
    beginning = Begin(
        tracking_id=accepted.tracking_id,
        instansi="KEPRI",
        report=report(text="Laporan dari basis data yang lama."),
        actor=CLOCKWORK,
        rules=rules,
        received_at=datetime.now(UTC),
    )
    queue = connected.settings.task_queue
    await launch(connected.client, queue, accepted.inbox_id + 1_000, RunInput(begin=beginning))
    assert await until_dead(connected, accepted) == "other_report_runs"


async def test_a_report_without_rules_is_a_dead_letter_until_a_person_has_it_tried_again(connected: System) -> None:
    (accepted,) = await accept(connected, received_at=datetime(2001, 3, 1, tzinfo=UTC))
    (good,) = await accept(connected)
    assert await until_dead(connected, accepted) == "no_rules"
    inbox = Inbox(connected.pool, connected.keys)
    (line,) = await inbox.lines()
    assert (line.tracking_id, line.status, line.last_error) == (accepted.tracking_id, "dead", "no_rules")
    rules = await Rulebook(connected.pool).rules_for("KEPRI", local_day(datetime.now(UTC)))
    first = rules.policy.model_copy(update={"version": "lama-1", "effective_from": datetime(2000, 1, 3).date()})  # noqa: DTZ001
    await Rulebook(connected.pool).import_policies([first])
    assert (await relay_of(connected).start_waiting()).started == 0
    assert await inbox.retry() == [accepted.tracking_id]
    assert (await relay_of(connected).start_waiting()).started == 1
    assert await inbox.lines() == []
    assert await inbox.retry(good.tracking_id) == []


async def test_a_sender_is_told_received_though_no_rules_are_known_and_the_relay_starts_it_when_they_are(
    connected: System,
) -> None:
    complaints = Complaints(connected)
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    told = await complaints.start(report(), adapter, instansi="KEPRI", starts_at=datetime(2001, 3, 1, tzinfo=UTC))
    (line,) = await Inbox(connected.pool, connected.keys).lines()
    assert (line.tracking_id, line.status) == (told.tracking_id, "waiting")
    relay = relay_of(connected)
    await connected.pool.execute("update inbox set next_try_at = now()")
    assert (await relay.start_waiting()).postponed == 1
    rules = await Rulebook(connected.pool).rules_for("KEPRI", local_day(datetime.now(UTC)))
    first = rules.policy.model_copy(update={"version": "lama-1", "effective_from": datetime(2000, 1, 3).date()})  # noqa: DTZ001
    await Rulebook(connected.pool).import_policies([first])
    await connected.pool.execute("update inbox set next_try_at = now()")
    assert (await relay.start_waiting()).started == 1


async def test_a_row_that_cannot_be_read_stops_no_other(connected: System) -> None:
    broken, erased, *_ = await accept(connected, 30)
    await connected.pool.execute("update inbox set body = $2 where id = $1", broken.inbox_id, b"rusak" * 20)
    async with connected.pool.acquire() as conn:
        await connected.keys.destroy(conn, erased.workflow_id, "auditor", "permintaan pelapor")
    done = await relay_of(connected).start_waiting()
    assert (done.started, done.postponed) == (28, 2)
    assert await until_dead(connected, broken) == "unreadable"
    assert await until_dead(connected, erased) == "erased"
    assert await workflows(connected, 28) == 28


@pytest.mark.parametrize("step", STEPS)
async def test_a_relay_killed_at_a_step_leaves_one_workflow(connected: System, step: str) -> None:
    accepted = await accept(connected, 5)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.intake.dying_relay",
        step,
        connected.settings.model_dump_json(),
        connected.endpoints.model_dump_json(),
        str(master_key_file(connected.settings.home)),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert await process.wait() == -signal.SIGKILL

    async def all_started() -> bool:
        await relay_of(connected).start_waiting()
        return await statuses(connected) == {"started": 5}

    await eventually(all_started)
    assert await workflows(connected, 5) == 5
    runs = [one async for one in connected.client.list_workflows() if one.status is WorkflowExecutionStatus.RUNNING]
    assert sorted(run.id for run in runs) == sorted(one.workflow_id for one in accepted)


async def test_the_database_cut_off_in_the_middle_loses_and_doubles_nothing(connected: System) -> None:
    await accept(connected, 60)
    relay = relay_of(connected)
    running = asyncio.create_task(relay.run())
    try:
        for _ in range(5):
            async with connected.pool.acquire() as conn:
                with contextlib.suppress(Exception):
                    await conn.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where datname = current_database() and pid <> pg_backend_pid()"
                    )

        async def all_started() -> bool:
            return await statuses(connected) == {"started": 60}

        await eventually(all_started)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert await workflows(connected, 60) == 60


# --- An engine of its own, that a test may stop ----------------------------------------------------------------------


@contextlib.asynccontextmanager
async def own_engine(home: Path) -> AsyncIterator[tuple[System, TemporalServer]]:
    settings = Settings(home=home, cache=Settings.from_env(os.environ).cache)
    take_own_ports(home)
    async with postgres(settings) as database_url:
        server = TemporalServer(await choose_server(settings, virtual_time=False), home)
        await server.start(settings.namespace, retention=RETENTION)
        try:
            master = ensure_master_key(master_key_file(home))
            async with as_owner(database_url) as owner:
                await make_schema(owner)
            await prepare_database(database_url, master)
            endpoints = Endpoints(
                temporal_address=server.address, database_url=database_url, namespace=settings.namespace
            )
            async with open_system(settings, endpoints=endpoints, master=master) as connected:
                yield connected, server
        finally:
            await server.stop()


async def test_while_the_engine_is_away_reports_are_accepted_and_start_by_themselves_afterwards(home: Path) -> None:
    async with own_engine(home) as (connected, server):
        await server.stop()
        # With the usual lease: a shorter one would expire while the SDK still retries.
        relays = [asyncio.create_task(Relay(connected, Rulebook(connected.pool)).run()) for _ in range(3)]
        try:
            accepted = await accept(connected, 120)

            async def tried_in_vain() -> bool:
                return bool(await connected.pool.fetchval("select count(*) from inbox where last_error is not null"))

            await eventually(tried_in_vain)
            assert await statuses(connected) == {"waiting": 120}
            assert await connected.pool.fetchval("select max(attempts) from inbox") <= 1  # an outage costs no attempts
            await server.start(connected.settings.namespace, retention=RETENTION)

            async def all_started() -> bool:
                return await statuses(connected) == {"started": 120}

            await eventually(all_started, seconds=60)
            assert await workflows(connected, 120) == 120
            assert len({one.tracking_id for one in accepted}) == 120
        finally:
            for relay in relays:
                relay.cancel()
            await asyncio.gather(*relays, return_exceptions=True)


async def test_an_overloaded_engine_is_asked_less(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The SDK itself retries for up to 15 s: more must be asked at once than the engine accepts in that time.
    at_once = 2 * AT_ONCE
    for limit in ("frontend.namespaceRPS", "frontend.rps"):
        monkeypatch.setitem(BURSTS, limit, 5)
    async with own_engine(home) as (connected, _server):
        await accept(connected, at_once)
        # With the usual lease: a shorter one would expire while the SDK still retries.
        relay = Relay(connected, Rulebook(connected.pool))
        relay.pressure = Pressure(at_once)

        async def told_to_wait() -> bool:
            return (await relay.start_waiting()).away is not None

        async def all_started() -> bool:
            await relay.start_waiting()
            return await statuses(connected) == {"started": at_once}

        await eventually(told_to_wait, seconds=120)
        assert relay.pressure.limit < at_once
        assert (await statuses(connected))["waiting"] > 0
        await eventually(all_started, seconds=120)
        assert await connected.pool.fetchval("select max(attempts) from inbox") <= 1  # an overload costs no attempts
