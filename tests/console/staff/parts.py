"""A running Kawal in real time whose engine, worker and database a test takes away and brings back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path

import asyncpg

from kawal.client.complaints import Complaints
from kawal.embedded.postgres import with_database
from kawal.embedded.temporal_server import TemporalServer
from kawal.embedded.virtual_time import VirtualTime
from kawal.system import System
from tests.database_owner import owner_url
from tests.intake.test_relay import RETENTION, own_engine
from tests.workflows.life import Office
from worker import make_worker


class Part(StrEnum):
    """What can be away."""

    ENGINE = "engine"
    WORKER = "worker"
    DATABASE = "database"


class Parts:
    """The system, and its parts to be taken away."""

    def __init__(self, connected: System, engine: TemporalServer, server: asyncpg.Connection) -> None:
        """Take the engine and the worker of a system away, and by the owner's connection beside it its database."""
        self.office = Office(Complaints(connected), VirtualTime(connected.client))
        self._connected = connected
        self._engine = engine
        self._server = server
        self._worker = AsyncExitStack()

    async def start_worker(self) -> None:
        """Let a worker run."""
        await self._worker.enter_async_context(make_worker(self._connected))

    async def stop_worker(self) -> None:
        """Let none run."""
        await self._worker.aclose()

    @asynccontextmanager
    async def without(self, part: Part) -> AsyncIterator[None]:
        """Take a part away for as long as the block runs."""
        match part:
            case Part.ENGINE:
                await self._engine.stop()
                yield
                await self._engine.start(self._connected.settings.namespace, retention=RETENTION)
            case Part.WORKER:
                await self.stop_worker()
                yield
                await self.start_worker()
            case Part.DATABASE:
                name = await self._connected.pool.fetchval("select current_database()")
                await self._server.execute(f'alter database "{name}" with allow_connections false')
                ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
                await self._server.execute(ended, name)
                yield
                await self._server.execute(f'alter database "{name}" with allow_connections true')


@asynccontextmanager
async def running_parts(home: Path) -> AsyncIterator[Parts]:
    """Yield a system of its own in `home` with a worker."""
    async with own_engine(home) as (connected, engine):
        database = with_database(owner_url(connected.endpoints.database_url), "postgres")
        server = await asyncpg.connect(database)
        parts = Parts(connected, engine, server)
        await parts.start_worker()
        try:
            yield parts
        finally:
            await parts.stop_worker()
            await server.close()
