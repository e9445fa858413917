"""The whole embedded system: PostgreSQL and the engine, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from kawal.base.database_roles import owner_address
from kawal.base.endpoints import Endpoints, endpoints_file, home_lock, running_endpoints, write_endpoints
from kawal.base.engine_connection import connect_temporal
from kawal.base.errors import AlreadyRunning, SystemUnavailable
from kawal.base.postgres import LONG_WITHIN, connect
from kawal.base.settings import Settings
from kawal.domain.msgids import msgid, sentence
from kawal.embedded.namespace import prepare_namespace
from kawal.embedded.postgres import postgres
from kawal.embedded.restore_mark import refuse_unfinished
from kawal.embedded.server_choice import choose_server, remember_server
from kawal.embedded.temporal_binary import built_ui
from kawal.embedded.temporal_server import TemporalServer
from kawal.embedded.temporal_ui import temporal_ui
from kawal.store.schema import make_schema

REUSE_SECONDS = 120.0


@asynccontextmanager
async def embedded(
    settings: Settings,
    *,
    virtual_time: bool = False,
    ui: bool = False,
    codec_url: str | None = None,
    alone: bool = False,
) -> AsyncIterator[Endpoints]:
    """Yield the addresses of this home's system, starting what is not running; the schema is up to date.

    A system that another process runs on the same home is used and left running; with `alone` it is an error,
    AlreadyRunning, also while that one is only starting. What is started here is stopped at the end, in reverse order,
    and also when this process is killed. With `virtual_time` the engine is always our own, whatever `TEMPORAL_ADDRESS`
    says. With `ui` the Temporal UI runs too if it has been built, and has payloads decrypted at `codec_url`. Raises
    SystemUnavailable.
    """
    refuse_unfinished(settings.home)
    with home_lock(settings.home) as ours:
        if not ours:
            if alone:
                raise AlreadyRunning(settings.home)
            yield await _running_elsewhere(settings, virtual_time=virtual_time)
            return
        async with AsyncExitStack() as stack:
            file = endpoints_file(settings.home)
            file.unlink(missing_ok=True)
            endpoints = await _start(stack, settings, virtual_time=virtual_time, ui=ui, codec_url=codec_url)
            write_endpoints(file, endpoints)
            stack.callback(file.unlink, missing_ok=True)
            yield endpoints


async def _start(
    stack: AsyncExitStack, settings: Settings, *, virtual_time: bool, ui: bool, codec_url: str | None
) -> Endpoints:
    retention = timedelta(days=settings.retention_days)
    database_url = await stack.enter_async_context(postgres(settings))
    await _apply_schema(owner_address(settings, database_url))
    if settings.temporal_address is not None and not virtual_time:
        external = Endpoints(
            temporal_address=settings.temporal_address,
            database_url=database_url,
            namespace=settings.namespace,
            external_temporal=True,
        )
        await prepare_namespace(await connect_temporal(external, None), settings.namespace, retention=retention)
        return external
    binary = await choose_server(settings, virtual_time=virtual_time)
    remember_server(settings.home, binary)
    server = TemporalServer(binary, settings.home, virtual_time=virtual_time)
    stack.push_async_callback(server.stop)
    await server.start(settings.namespace, retention=retention)
    ui_address = await _start_ui(stack, settings, server, codec_url) if ui else None
    return Endpoints(
        temporal_address=server.address,
        database_url=database_url,
        namespace=settings.namespace,
        ui_url=ui_address,
        codec_url=codec_url if ui_address is not None else None,
        virtual_time=virtual_time,
    )


async def _apply_schema(owner_url: str) -> None:
    connection = await connect(owner_url, within=LONG_WITHIN)
    try:
        await make_schema(connection)
    finally:
        await connection.close()


async def _start_ui(
    stack: AsyncExitStack, settings: Settings, server: TemporalServer, codec_url: str | None
) -> str | None:
    """Start the UI if it has been built, and return its address."""
    binary = built_ui(settings)
    if binary is None:
        return None
    return await stack.enter_async_context(
        temporal_ui(
            binary,
            settings.home,
            temporal_address=server.address,
            namespace=settings.namespace,
            port=server.ports.ui,
            codec_url=codec_url,
        )
    )


async def _running_elsewhere(settings: Settings, *, virtual_time: bool) -> Endpoints:
    """Return the addresses of the system that another process runs, or is just starting, on this home."""
    file = endpoints_file(settings.home)
    try:
        async with asyncio.timeout(REUSE_SECONDS):
            while not file.exists():  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise SystemUnavailable(
            sentence(
                msgid("Another process is using {home} but does not become ready; stop that process and try again."),
                home=settings.home,
            ),
        ) from None
    found = running_endpoints(settings)
    if virtual_time and not found.virtual_time:
        raise SystemUnavailable(
            sentence(
                msgid("The system running on {home} runs in real time; choose another KAWAL_HOME."), home=settings.home
            ),
        )
    return found
