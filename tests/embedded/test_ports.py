"""Servers of several homes on one machine do not interfere with each other."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from temporalio.service import RPCError

from kawal.base.engine_connection import connect_temporal
from kawal.base.settings import Settings
from kawal.embedded.servers import embedded
from kawal.embedded.temporal_config import LOOPBACK, Ports, free_ports, is_free, remembered_ports
from kawal.embedded.temporal_server import server_pid
from tests.workflows.life import eventually

CACHE = Settings.from_env(os.environ).cache


def test_ports_are_remembered_while_they_are_free(tmp_path: Path) -> None:
    file = tmp_path / "temporal" / "ports.json"
    first = free_ports(file)
    assert len(set(first.as_dict().values())) == len(first.as_dict())
    assert remembered_ports(file) == first
    with socket.create_server((LOOPBACK, first.history)):
        assert not is_free(first.history)
        second = remembered_ports(file)
        assert second != first
    assert remembered_ports(file) == second


def test_ports_that_an_earlier_release_remembered_are_kept_but_for_the_engines_http(tmp_path: Path) -> None:
    file = tmp_path / "temporal" / "ports.json"
    first = free_ports(file)
    file.write_text(json.dumps({**first.as_dict(), "frontend_http": 7243}))
    assert remembered_ports(file) == first
    assert json.loads(file.read_text()) == first.as_dict()


@pytest.mark.usefixtures("built")
async def test_the_engine_listens_on_its_known_ports_alone_and_answers_no_page(home: Path) -> None:
    settings = Settings(home=home, cache=CACHE)
    async with embedded(settings) as endpoints, httpx.AsyncClient(timeout=60) as session:
        known = Ports(**json.loads((home / "temporal" / "ports.json").read_text())).as_dict()
        pid = server_pid(home)
        assert pid is not None
        listening = listening_ports(pid)
        assert listening == set(known.values()) - {known["ui"]}
        signal = f"api/v1/namespaces/{endpoints.namespace}/workflows/x/signal/y"
        asked = [session.post(f"http://{LOOPBACK}:{port}/{signal}", content="{}") for port in listening]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        closed = [isinstance(one, httpx.HTTPError) and not isinstance(one, httpx.TimeoutException) for one in answers]
        assert closed == [True] * len(listening)


def listening_ports(pid: int) -> set[int]:
    """Return the TCP ports on which a process listens, according to Linux."""
    sockets = {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return {
        int(line[1].rpartition(":")[2], 16) for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets
    }


async def test_two_homes_that_start_at_once_get_servers_of_their_own(home: Path) -> None:
    async def start_and_mark(name: str, up: asyncio.Barrier) -> str:
        async with embedded(Settings(home=home / name, cache=CACHE)) as endpoints:
            client = await connect_temporal(endpoints, None)
            await up.wait()
            await client.start_workflow("sleeper", id="same-id-everywhere", task_queue="nobody")
            await up.wait()
            return endpoints.temporal_address

    up = asyncio.Barrier(2)
    one, two = await asyncio.gather(start_and_mark("one", up), start_and_mark("two", up))
    assert one != two


async def test_an_engine_on_a_copy_of_anothers_data_keeps_to_itself(home: Path) -> None:
    first, second = home / "first", home / "second"
    async with embedded(Settings(home=first, cache=CACHE)) as endpoints:
        client = await connect_temporal(endpoints, None)
        data = first / "temporal" / "temporal.db"
        await eventually(lambda: asyncio.to_thread(hosts_in, data))
        (second / "temporal").mkdir(parents=True)
        with closing(sqlite3.connect(data)) as live, closing(sqlite3.connect(second / "temporal" / data.name)) as copy:
            live.backup(copy)
        async with embedded(Settings(home=second, cache=CACHE)) as others:
            copied = await connect_temporal(others, None)
            for number in range(3):
                await copied.start_workflow("sleeper", id=f"in-the-copy-{number}", task_queue="nobody")
                await client.start_workflow("sleeper", id=f"in-the-first-{number}", task_queue="nobody")
            for own, of_the_other in ((client, "in-the-copy"), (copied, "in-the-first")):
                for number in range(3):
                    with pytest.raises(RPCError, match="not found"):
                        await own.get_workflow_handle(f"{of_the_other}-{number}").describe()


def hosts_in(data: Path) -> int:
    """Return how many hosts an engine's data contains."""
    with closing(sqlite3.connect(data)) as live:
        return int(live.execute("select count(*) from cluster_membership").fetchone()[0])
