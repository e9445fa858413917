"""Connections to PostgreSQL: nobody waits for ever, neither for an unreturned connection nor for a silent one."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from kawal.base.errors import SystemUnavailable
from kawal.base.postgres import close_pool, connect, open_pool
from kawal.client.complaints import Complaints
from kawal.system import System

SOON = timedelta(seconds=1)


class Silent:
    """A proxy to PostgreSQL that passes bytes on until it is told to be silent; then it holds back what arrives."""

    def __init__(self, folder: str, port: int) -> None:
        self._target = f"{folder}/.s.PGSQL.{port}"
        self._tasks: set[asyncio.Task[Any]] = set()
        self._speaks = asyncio.Event()
        self._speaks.set()

    def be_silent(self) -> None:
        self._speaks.clear()

    def speak(self) -> None:
        self._speaks.set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(cast("asyncio.Task[Any]", asyncio.current_task()))
        try:
            await self._speaks.wait()
            there, here = await asyncio.open_unix_connection(self._target)
            try:
                await asyncio.gather(self._pass_on(reader, here), self._pass_on(there, writer))
            finally:
                here.close()
        finally:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            await self._speaks.wait()
            writer.write(piece)
        writer.close()

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def silent_way(database_url: str) -> AsyncIterator[tuple[Silent, str]]:
    parts = urlsplit(database_url)
    way = Silent(parse_qs(parts.query)["host"][0], 5432)
    server = await asyncio.start_server(way.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield way, f"postgresql://{parts.netloc}127.0.0.1:{port}{parts.path}?sslmode=disable"
    finally:
        server.close()
        await way.end()


async def test_a_pool_that_closes_cuts_off_what_is_not_given_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawal.base.postgres.CLOSED_WITHIN", timedelta(seconds=0.5))
    pool = await open_pool(database_url)
    held = await pool.acquire()
    await close_pool(pool)
    with pytest.raises(asyncpg.InterfaceError):
        await held.fetchval("select 1")


async def test_a_statement_ends_within_its_time_and_the_pool_goes_on(database_url: str) -> None:
    pool = await open_pool(database_url, max_size=1, within=SOON)
    with pytest.raises(TimeoutError):
        await pool.execute("select pg_sleep(60)")
    assert await pool.fetchval("select 1") == 1
    await close_pool(pool)


async def test_a_connection_gone_silent_keeps_nobody(connected: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kawal.base.postgres.CLOSED_WITHIN", SOON)
    monkeypatch.setattr("kawal.base.postgres.CONNECTED_WITHIN", SOON)
    async with silent_way(connected.endpoints.database_url) as (way, url):
        pool = await open_pool(url, max_size=2, within=SOON)
        complaints = Complaints(connected.but(pool=pool))
        assert await complaints.default_instansi() == "KEPRI"
        way.be_silent()
        before = time.monotonic()
        for _ in range(3):
            with pytest.raises(SystemUnavailable):
                await complaints.default_instansi()
        assert time.monotonic() - before < 20
        way.speak()
        assert await complaints.default_instansi() == "KEPRI"
        await close_pool(pool)


async def test_a_server_that_takes_connections_and_says_nothing_is_given_up(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawal.base.postgres.CONNECTED_WITHIN", SOON)
    async with silent_way(database_url) as (way, url):
        way.be_silent()
        with pytest.raises(TimeoutError):
            await connect(url)


async def test_whoever_is_cancelled_while_connecting_leaves_no_connection_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: asyncio.Future[asyncpg.Connection] = asyncio.get_running_loop().create_future()

    async def for_ever(conn: asyncpg.Connection) -> None:
        opened.set_result(conn)
        await asyncio.Event().wait()

    monkeypatch.setattr("kawal.base.postgres.speak_json", for_ever)
    connecting = asyncio.create_task(connect(database_url))
    conn = await opened
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert conn.is_closed()


async def test_the_network_is_asked_whether_a_quiet_peer_is_still_there(database_url: str) -> None:
    async with silent_way(database_url) as (_way, url):
        conn = await connect(url)
        opened = conn._transport.get_extra_info("socket")
        assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert 0 < opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 30
        await conn.close()
