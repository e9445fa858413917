"""Outages while reports arrive by HTTP: the engine, PostgreSQL, the API process itself."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import load_master_key
from kawal.record import master_key_file
from kawal.system import open_system
from tests.chaos.system import ROOT, System, running
from tests.database_owner import owner_url
from tests.intake.http.conftest import REPORT, client_of
from tests.intake.http.test_reports import problem
from tests.workflows.life import eventually
from worker import serve_installation

REPORTS = "/api/v1/reports"


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.fixture
async def system(home: Path) -> AsyncIterator[System]:
    async with running(home) as opened:
        yield opened


async def count(system: System, what: str) -> int:
    return int(await system.complaints.pool.fetchval(f"select count(*) from {what}"))  # noqa: S608


async def test_with_the_engine_away_reports_and_replies_are_accepted_and_reach_it_later(system: System) -> None:
    nowhere = system.endpoints.model_copy(update={"temporal_address": f"127.0.0.1:{free_port()}"})
    master = load_master_key(master_key_file(system.settings.home))
    receipts: list[dict[str, Any]] = []
    async with (
        open_system(system.settings, endpoints=nowhere, master=master, engine_later=True) as connected,
        client_of(create_app(Complaints(connected), system.settings)) as client,
    ):
        for number in range(5):
            answer = await client.post(REPORTS, json=REPORT, headers={"Idempotency-Key": f"k-{number}"})
            assert answer.status_code == 201
            receipts.append(answer.json())
        secret = {"X-Tracking-Secret": receipts[0]["secret"]}
        for text in ("Pertama.", "Kedua."):
            headers = {**secret, "Idempotency-Key": text}
            for _ in range(2):
                where = f"{receipts[0]['location']}/replies"
                answer = await client.post(where, json={"text": text}, headers=headers)
                assert answer.status_code == 202, answer.text
        seen = await client.get(receipts[0]["location"], headers=secret)
        assert seen.json()["status"] == "belum_diverifikasi"
    assert await count(system, "inbox where status = 'waiting'") == 5
    assert await count(system, "inbox_reply where status = 'waiting'") == 2
    async with serve_installation(system.complaints.system):

        async def all_there() -> bool:
            return await system.events("started") == 5 and await system.events("replied") == 2

        await eventually(all_there)
    history = await system.complaints.history(receipts[0]["tracking_id"])
    assert [event.words["text"] for event in history if event.kind == "replied"] == ["Pertama.", "Kedua."]


async def test_with_postgresql_away_nothing_is_claimed_and_the_caller_is_told_when_to_return(system: System) -> None:
    async with client_of(create_app(system.complaints, system.settings)) as client:
        told = (await client.post(REPORTS, json=REPORT)).json()
        server = await system.server_connection()
        await server.execute("alter database kawal with allow_connections false")
        await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'kawal'")
        key = {"Idempotency-Key": "again"}
        for _ in range(3):
            answer = await client.post(REPORTS, json=REPORT, headers=key)
            problem(answer, 503, "unavailable")
            assert int(answer.headers["retry-after"]) > 0
        problem(await client.get(told["location"], headers={"X-Tracking-Secret": told["secret"]}), 503, "unavailable")
        await server.execute("alter database kawal with allow_connections true")
        await server.close()

        async def accepted() -> bool:
            return (await client.post(REPORTS, json=REPORT, headers=key)).status_code in (200, 201)

        await eventually(accepted)
    assert await count(system, "inbox") == 2


async def test_a_report_erased_before_it_began_is_gone_and_takes_no_reply(system: System) -> None:
    async with client_of(create_app(system.complaints, system.settings)) as client:
        told = (await client.post(REPORTS, json=REPORT)).json()
        async with system.complaints.pool.acquire() as conn, conn.transaction():
            owner = f"complaint-{told['tracking_id']}"
            await system.complaints.system.keys.destroy(conn, owner, "dewi", "permintaan pelapor")
        secret = {"X-Tracking-Secret": told["secret"]}
        problem(await client.get(told["location"], headers=secret), 410, "erased")
        answer = await client.post(f"{told['location']}/replies", json={"text": "Halo."}, headers=secret)
        problem(answer, 410, "erased")


@asynccontextmanager
async def api(system: System, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield `kawal api` as a separate process, killed at the end if it still runs."""
    home, cache = str(system.settings.home), str(system.settings.cache)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-Wignore",
        "-m",
        "kawal.cli",
        "api",
        "--port",
        str(port),
        env={**os.environ, "KAWAL_HOME": home, "KAWAL_CACHE": cache, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_sent(client: httpx.AsyncClient, key: str) -> str:
    """Send a report until it is answered, as every client is told to; return its tracking id."""
    async with asyncio.timeout(60):
        while True:
            try:
                answer = await client.post(REPORTS, json=REPORT, headers={"Idempotency-Key": key}, timeout=5)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            assert answer.status_code in (200, 201), answer.text
            told: dict[str, str] = answer.json()
            return told["tracking_id"]


async def test_an_api_killed_at_any_step_makes_no_second_complaint_of_a_repeated_report(system: System) -> None:
    """The commit of the report is delayed by a lock, so that the process dies before, within and after it."""
    port = free_port()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for name, lock in (("within", "inbox"), ("before", "data_key"), ("after", None)):
            async with api(system, port) as process:
                first = await until_sent(client, f"warm-{name}")
                assert first
                blocker = await asyncpg.connect(owner_url(system.endpoints.database_url))
                if lock is None:
                    # Committed, and never answered: the client has disconnected before.
                    assert await until_sent(client, name)
                else:
                    await blocker.execute(f"begin; lock table {lock} in share mode")
                    sending = asyncio.create_task(until_sent(client, name))

                    async def waits() -> bool:
                        return bool(
                            await system.complaints.pool.fetchval(
                                "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
                                " and query like '%insert into inbox%')"
                            )
                        )

                    await eventually(waits)
                process.kill()
                await process.wait()
                await blocker.close()
            async with api(system, port):
                again = await (sending if lock is not None else until_sent(client, name))
                assert again == await until_sent(client, name)
    assert await count(system, "inbox") == 6
    assert await count(system, "data_key where owner like 'complaint-%'") == 6


async def test_an_api_asked_to_stop_answers_what_is_under_way(system: System) -> None:
    port = free_port()
    async with api(system, port) as process, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await until_sent(client, "warm")
        blocker = await asyncpg.connect(owner_url(system.endpoints.database_url))
        await blocker.execute("begin; lock table inbox in share mode")
        sending = asyncio.create_task(client.post(REPORTS, json=REPORT, timeout=30))

        async def waits() -> bool:
            return bool(
                await system.complaints.pool.fetchval(
                    "select exists (select from pg_stat_activity where wait_event_type = 'Lock')"
                )
            )

        await eventually(waits)
        process.terminate()
        await blocker.close()
        assert (await sending).status_code == 201
        assert await process.wait() == 0
