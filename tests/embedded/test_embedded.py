"""The embedded system starts, is found, is shared, survives kill -9 and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from kawal.base.endpoints import Endpoints, endpoints_file, running_endpoints
from kawal.base.engine_connection import connect_temporal
from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import connect
from kawal.base.settings import Settings
from kawal.cli.terminal.faults import UNAVAILABLE, report
from kawal.embedded.namespace import missing_search_attributes, prepare_namespace
from kawal.embedded.postgres import postgres
from kawal.embedded.servers import embedded
from kawal.embedded.temporal_server import server_pid
from kawal.store.schema import SchemaMismatch
from tests.database_owner import owner_url

CACHE = Settings.from_env(os.environ).cache

OWNER = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from kawal.embedded.servers import embedded
from kawal.base.settings import Settings

async def main():
    async with embedded(Settings(home=Path(sys.argv[1]), cache=Path(sys.argv[2]))):
        print("up", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def settings_for(home: Path) -> Settings:
    return Settings(home=home, cache=CACHE)


async def owner_process(home: Path) -> asyncio.subprocess.Process:
    """Start another process that owns the system of `home`, and wait until it is up."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-Wignore",
        "-c",
        textwrap.dedent(OWNER),
        str(home),
        str(CACHE),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert (await asyncio.wait_for(process.stdout.readline(), 60)).strip() == b"up"
    return process


async def until(condition: object, seconds: float = 30) -> None:
    """Wait until the callable `condition` is true."""
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # other processes bring it about
            await asyncio.sleep(0.05)


def parent_of(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_second_start_is_quick_and_finds_the_data(home: Path) -> None:
    async with embedded(settings_for(home)) as first:
        client = await connect_temporal(first, None)
        await client.start_workflow("sleeper", id="kept", task_queue="nobody")
        assert endpoints_file(home).stat().st_mode & 0o077 == 0
        assert running_endpoints(settings_for(home)) == first
        pid = server_pid(home)
        assert pid is not None
    assert not alive(pid)
    assert not endpoints_file(home).exists()
    began = time.monotonic()
    async with embedded(settings_for(home)) as second:
        assert time.monotonic() - began < 10
        assert second.temporal_address == first.temporal_address
        client = await connect_temporal(second, None)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"


async def test_all_data_stay_in_a_home_whose_path_has_signs_in_it(home: Path) -> None:
    signs = home / "data & arsip (100%41 #2)?"
    async with embedded(settings_for(signs)):
        assert (signs / "temporal" / "temporal.db").exists()
        assert [one.name for one in home.iterdir()] == [signs.name]  # noqa: ASYNC240  # a look at a local folder


async def test_where_nothing_runs_the_error_names_the_command(home: Path) -> None:
    with pytest.raises(SystemUnavailable, match="make up"):
        running_endpoints(settings_for(home))
    with pytest.raises(SystemUnavailable, match="make up"):
        await connect_temporal(settings_for(home), None)


async def test_addresses_left_by_a_killed_system_are_not_believed(home: Path) -> None:
    file = endpoints_file(home)
    file.parent.mkdir(parents=True)
    file.write_text(Endpoints(temporal_address="127.0.0.1:1", database_url="x", namespace="kawal").model_dump_json())
    with pytest.raises(SystemUnavailable):
        running_endpoints(settings_for(home))


async def test_a_server_killed_with_minus_nine_comes_back_with_its_data(home: Path) -> None:
    async with embedded(settings_for(home)) as endpoints:
        client = await connect_temporal(endpoints, None)
        await client.start_workflow("sleeper", id="kept", task_queue="nobody")
        killed = server_pid(home)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await until(lambda: server_pid(home) not in (None, killed))
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"
        await client.start_workflow("sleeper", id="new", task_queue="nobody")


async def test_a_killed_owner_leaves_no_servers_and_its_home_starts_again(home: Path) -> None:
    owner = await owner_process(home)
    engine = server_pid(home)
    assert engine is not None
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    owner.kill()
    await owner.wait()
    await until(lambda: not (home / "postgres" / "postmaster.pid").exists() and server_pid(home) is None)
    with pytest.raises(SystemUnavailable):
        running_endpoints(settings_for(home))
    async with embedded(settings_for(home)) as endpoints:
        assert server_pid(home) not in (None, engine)
        assert int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0]) != postmaster
        await connect_temporal(endpoints, None)


async def test_an_orphan_without_its_keeper_is_replaced_at_the_next_start(home: Path) -> None:
    owner = await owner_process(home)
    orphan = server_pid(home)
    assert orphan is not None
    keeper = parent_of(orphan)
    owner.send_signal(signal.SIGSTOP)  # so that it cannot repair what now breaks
    os.kill(keeper, signal.SIGKILL)
    owner.kill()
    await owner.wait()
    assert server_pid(home) == orphan
    async with embedded(settings_for(home)):
        assert server_pid(home) not in (None, orphan)


async def test_a_system_run_by_another_process_is_used_and_left_running(home: Path) -> None:
    owner = await owner_process(home)
    async with embedded(settings_for(home)) as shared:
        await connect_temporal(shared, None)
    assert running_endpoints(settings_for(home)) == shared
    with pytest.raises(SystemUnavailable, match="KAWAL_HOME"):
        async with embedded(settings_for(home), virtual_time=True):
            pass
    owner.kill()
    await owner.wait()


async def test_every_search_attribute_is_registered_and_a_stranger_namespace_is_refused(
    temporal_server: Endpoints, namespace: str
) -> None:
    client = await connect_temporal(temporal_server, None)
    assert await missing_search_attributes(client, namespace) == []
    assert len(await missing_search_attributes(client, "temporal-system")) == 8


async def test_preparing_a_namespace_twice_changes_nothing(temporal_server: Endpoints, namespace: str) -> None:
    client = await connect_temporal(temporal_server, None)
    await prepare_namespace(client, namespace, retention=timedelta(days=3))
    assert await missing_search_attributes(client, namespace) == []


async def test_each_test_gets_a_database_of_its_own_with_the_schema(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM schema_made") > 0
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SELECT lower('É')") == "é"
    finally:
        await connection.close()


async def test_a_home_of_an_older_schema_is_refused_in_one_sentence_and_nothing_in_it_is_touched(home: Path) -> None:
    settings = settings_for(home)
    async with postgres(settings) as database_url:
        conn = await connect(owner_url(database_url))
        await conn.execute("create table schema_version (version integer); insert into schema_version values (4)")
        await conn.close()
    before = set(os.listdir(home))
    with pytest.raises(SchemaMismatch, match="#4") as refused:
        async with embedded(settings):
            pass
    assert report(refused.value, "id") == UNAVAILABLE
    assert set(os.listdir(home)) - before <= {"run"}
    async with postgres(settings) as database_url:
        conn = await connect(owner_url(database_url))
        tables = await conn.fetch("select tablename from pg_tables where schemaname = 'public'")
        assert [row["tablename"] for row in tables] == ["schema_version"]
        assert await conn.fetchval("select version from schema_version") == 4
        await conn.close()
