"""A whole system in real time whose parts a test may kill: embedded servers, and the worker as a separate process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg

from kawal.base.endpoints import Endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints, open_complaints
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.messages import Answer
from kawal.domain.names import Role
from kawal.embedded.postgres import with_database
from kawal.embedded.servers import embedded
from kawal.embedded.temporal_server import server_pid
from kawal.record import master_key_file
from kawal.store.setup import prepare_database
from tests.database_owner import owner_url
from tests.own_ports import take_own_ports
from tests.workflows.life import VERIFYING, eventually, report

ROOT = Path(__file__).parents[2]

T = TypeVar("T")


class System:
    """The running system, with a client of it."""

    def __init__(self, settings: Settings, endpoints: Endpoints, complaints: Complaints) -> None:
        self.settings = settings
        self.endpoints = endpoints
        self.complaints = complaints
        self.worker: asyncio.subprocess.Process | None = None
        self.log = settings.home / "worker.log"

    async def start_worker(self, *command: str) -> None:
        """Start `python worker.py` on this system, as an operator would, or another `command`; its log is kept."""
        home, cache = str(self.settings.home), str(self.settings.cache)
        with self.log.open("ab") as log:
            self.worker = await asyncio.create_subprocess_exec(
                sys.executable,
                "-Wignore",
                *(command or (str(ROOT / "worker.py"),)),
                env={**os.environ, "KAWAL_HOME": home, "KAWAL_CACHE": cache, "PYTHONPATH": str(ROOT)},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def stop_worker(self) -> None:
        """Stop the worker as an operator does: work in progress may finish."""
        assert self.worker is not None
        self.worker.terminate()
        assert await self.worker.wait() == 0

    async def kill_worker(self) -> None:
        """Kill the worker as kill -9 does: it finishes nothing."""
        if self.worker is not None and self.worker.returncode is None:
            self.worker.kill()
            await self.worker.wait()

    async def kill_server(self) -> None:
        """Kill the engine with -9 and wait until its owner has started it again on the same data."""
        killed = server_pid(self.settings.home)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)

        async def is_back() -> bool:
            return server_pid(self.settings.home) not in (None, killed)

        await eventually(is_back)

    async def receive(self) -> str:
        """Receive a new report; return its tracking id."""
        adapter = await self.complaints.actor(Role.ADAPTER, "web")
        return (await self.complaints.start(report(), adapter)).tracking_id

    async def verify(self, tracking_id: str, key: str) -> Answer:
        admin = await self.complaints.actor(Role.ADMIN, "Dewi")
        return await self.complaints.send(tracking_id, "verify", admin, dict(VERIFYING), key)

    async def events(self, kind: str) -> int:
        """Return how many events of a kind are recorded."""
        return int(await self.complaints.pool.fetchval("select count(*) from event where kind = $1", kind))

    @asynccontextmanager
    async def stalled_record(self, *, readable: bool = True) -> AsyncIterator[None]:
        """Block writing to the record, and reading unless `readable`, while the block runs."""
        locker = await asyncpg.connect(owner_url(self.endpoints.database_url))
        try:
            async with locker.transaction():
                await locker.execute(f"lock table event in {'' if readable else 'access '}exclusive mode")
                yield
        finally:
            await locker.close()

    async def server_connection(self) -> asyncpg.Connection:
        """Return the owner's connection to PostgreSQL besides the system's own database."""
        return await asyncpg.connect(with_database(owner_url(self.endpoints.database_url), "postgres"))


async def until_answered(command: Callable[[], Awaitable[T]], seconds: float = 120) -> T:
    """Send again with the same key until there is an answer, as every client is told to."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await command()
            except SystemUnavailable:
                await asyncio.sleep(0.2)


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[System]:
    """Yield a system of its own in `home`, its worker not started yet."""
    settings = Settings(home=home, cache=Settings.from_env(os.environ).cache)
    take_own_ports(home)
    async with embedded(settings) as endpoints:
        master = ensure_master_key(master_key_file(home))
        await prepare_database(endpoints.database_url, master)
        async with open_complaints(settings) as complaints:
            system = System(settings, endpoints, complaints)
            try:
                yield system
            finally:
                await system.kill_worker()
