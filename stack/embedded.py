"""The whole embedded system: PostgreSQL and the engine, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from stack.endpoints import Endpoints, endpoints_file, home_lock, running_endpoints
from stack.errors import SystemUnavailable
from stack.postgres import postgres
from stack.settings import Settings
from stack.temporal_binary import SERVER_VERSION, ServerBinary, built_path
from stack.temporal_server import TemporalServer

REUSE_SECONDS = 120.0


@asynccontextmanager
async def embedded(settings: Settings, *, virtual_time: bool = False, ui: bool = False) -> AsyncIterator[Endpoints]:
    """Yield the addresses of this home's system, starting what isn't running.

    A system that another process runs on the same home is used and left running. What is started here stops at the end, in
    reverse order, and also when this process is killed. With `virtual_time` the engine is always our own.
    Raises SystemUnavailable.
    """
    with home_lock(settings.home) as ours:
        if not ours:
            yield await _running_elsewhere(settings, virtual_time=virtual_time)
            return
        async with AsyncExitStack() as stack:
            endpoints = await _start(stack, settings, virtual_time=virtual_time, ui=ui)
            file = endpoints_file(settings.home)
            file.touch(mode=0o600)
            file.write_text(endpoints.model_dump_json(indent=1))
            stack.callback(file.unlink, missing_ok=True)
            yield endpoints


async def _start(stack: AsyncExitStack, settings: Settings, *, virtual_time: bool, ui: bool) -> Endpoints:
    endpoints_file(settings.home).unlink(missing_ok=True)
    database_url = await stack.enter_async_context(postgres(settings))
    server = TemporalServer(
        ServerBinary("server", built_path(settings.cache, "server"), SERVER_VERSION),
        settings.home,
        virtual_time=virtual_time,
    )
    stack.push_async_callback(server.stop)
    await server.start(settings.namespace, retention=timedelta(days=settings.retention_days))
    return Endpoints(
        temporal_address=server.address,
        database_url=database_url,
        namespace=settings.namespace,
        virtual_time=virtual_time,
    )


async def _running_elsewhere(settings: Settings, *, virtual_time: bool) -> Endpoints:
    """Wait for the other process to come up."""
    async with asyncio.timeout(REUSE_SECONDS):
        while not endpoints_file(settings.home).exists():
            await asyncio.sleep(0.2)
    found = running_endpoints(settings)
    if virtual_time and not found.virtual_time:
        raise SystemUnavailable(
            f"Sistem yang berjalan di {settings.home} memakai waktu nyata; pilih KAWAL_HOME lain.",
            f"The system running on {settings.home} keeps real time; choose another KAWAL_HOME.",
        )
    return found
