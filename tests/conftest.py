"""Real servers for every test that needs them: one PostgreSQL and one Temporal server with virtual time per session."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client

from kawal.base.database_roles import APPLICATION
from kawal.base.endpoints import Endpoints
from kawal.base.postgres import connect
from kawal.base.settings import VARIABLES, Settings
from kawal.crypto.master_keys import ensure_master_key
from kawal.embedded.namespace import prepare_namespace
from kawal.embedded.postgres import ensure_database, with_database
from kawal.embedded.programs import SERVER
from kawal.embedded.servers import embedded
from kawal.embedded.temporal_config import dynamic_config
from kawal.record import master_key_file
from kawal.store.schema import make_schema
from kawal.store.seed_data import seed
from kawal.store.setup import prepare_database
from kawal.system import System, open_system
from tests.database_owner import owner_url
from tests.selection import (
    pytest_addoption,
    pytest_collection,
    pytest_collection_modifyitems,
    pytest_configure,
)

__all__ = ["pytest_addoption", "pytest_collection", "pytest_collection_modifyitems", "pytest_configure"]

_numbers = itertools.count(1)

_WITH_SCHEDULES = [f"test-schedules-{number}" for number in range(20)]
_with_schedules = iter(_WITH_SCHEDULES)
"""Namespaces for tests marked `schedules`, one each."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a fresh folder in it
PLENTY_BYTES = 4_000_000_000

SCHEMA_ALONE, SHIPPED = "kawal_schema", "kawal_template"
"""Databases of which tests get copies."""


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """Keep the developer's own installation out of the tests: only the cache of built servers is shared."""
    with pytest.MonkeyPatch.context() as patch:
        for name in {*VARIABLES.values(), "KAWAL_AS", "KAWAL_MASTER_KEY"} - {"KAWAL_CACHE"}:
            patch.delenv(name, raising=False)
        patch.setenv("GOGC", "400")  # an engine's heap is small: collecting it takes more than the memory is worth
        yield


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """Yield a scratch folder with a short path, so that Unix sockets fit in it."""
    with tempfile.TemporaryDirectory(prefix="kw", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def home(short_folder: Path) -> Path:
    """Return a fresh data folder for one test that starts servers of its own."""
    return short_folder / f"home{next(_numbers)}"


@pytest.fixture
def built() -> Path:
    """Return the built server; on a machine whose own `temporal` suffices there may be none."""
    path = SERVER.file(Settings.from_env(os.environ).cache)
    if not path.exists():
        pytest.skip("the `temporal` on PATH made a build needless")
    return path


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """Yield a scratch folder in memory if there is enough: a disk takes half a second for each test's database."""
    with tempfile.TemporaryDirectory(prefix="kw", dir=_in_memory(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _in_memory() -> Path | None:
    plenty = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > PLENTY_BYTES
    return MEMORY if plenty else None


@pytest.fixture(scope="session")
async def temporal_server(quick_folder: Path) -> AsyncIterator[Endpoints]:
    """Yield the session's servers: the real engine with virtual time, and PostgreSQL."""
    settings = Settings(home=quick_folder / "session", cache=Settings.from_env(os.environ).cache)
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kawal.embedded.temporal_server.dynamic_config", _for_many_namespaces)
            endpoints = await stack.enter_async_context(embedded(settings, virtual_time=True))
        yield endpoints


def _for_many_namespaces(*, virtual_time: bool) -> str:
    """Return the engine's settings for hundreds of namespaces: few of them have workers of the engine's own.

    Those start what a schedule asks for, and cost each test more than the namespace itself, and the session ever more.
    """
    values = json.loads(dynamic_config(virtual_time=virtual_time))
    one = [{"value": 1, "constraints": {"namespace": name}} for name in _WITH_SCHEDULES]
    return json.dumps({**values, "worker.perNamespaceWorkerCount": [*one, {"value": 0}]})


@pytest.fixture
async def namespace(temporal_server: Endpoints, request: pytest.FixtureRequest) -> str:
    """Return a namespace of the test's own, with the search attributes registered; `schedules` work if marked so."""
    scheduled = request.node.get_closest_marker("schedules") is not None
    return await fresh_namespace(temporal_server, next(_with_schedules) if scheduled else None)


async def fresh_namespace(server: Endpoints, name: str | None = None) -> str:
    """Make a namespace with the search attributes registered; return its name."""
    made = name or f"test-{next(_numbers)}-{uuid.uuid4().hex[:8]}"
    await prepare_namespace(await Client.connect(server.temporal_address), made, retention=timedelta(days=1))
    return made


@pytest.fixture
def task_queue() -> str:
    """Return a task queue of the test's own."""
    return fresh_task_queue()


def fresh_task_queue() -> str:
    """Return the name of a task queue that nobody else uses."""
    return f"queue-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
async def schema_template(temporal_server: Endpoints) -> str:
    """Return the name of a database with the current schema and no data, of which tests get copies."""
    owner = owner_url(temporal_server.database_url)
    await ensure_database(owner, SCHEMA_ALONE)
    connection = await connect(with_database(owner, SCHEMA_ALONE))
    try:
        await make_schema(connection)
    finally:
        await connection.close()
    return SCHEMA_ALONE


@pytest.fixture(scope="session")
async def database_template(temporal_server: Endpoints, schema_template: str) -> str:
    """Return the name of a database with the shipped data too: to read them in anew is half of a short test's work."""
    await copy_database(temporal_server.database_url, schema_template, SHIPPED)
    connection = await connect(with_database(owner_url(temporal_server.database_url), SHIPPED))
    try:
        await seed(connection)
    finally:
        await connection.close()
    return SHIPPED


async def copy_database(server_url: str, template: str, name: str) -> None:
    """Make a database with all that the template has; nobody may be connected to that, and who may is not copied."""
    connection = await asyncpg.connect(owner_url(server_url))
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM public')
        await connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {APPLICATION}')
    finally:
        await connection.close()


@asynccontextmanager
async def copied(server_url: str, template: str) -> AsyncIterator[str]:
    """Yield the application's URL of a copy of the template, which is dropped afterwards (`owner_url`)."""
    name = f"kawal_test_{next(_numbers)}"
    await copy_database(server_url, template, name)
    yield with_database(server_url, name)
    connection = await asyncpg.connect(owner_url(server_url))
    try:
        async with asyncio.timeout(90):
            await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()


@pytest.fixture
async def database_url(temporal_server: Endpoints, database_template: str) -> AsyncIterator[str]:
    """Yield the URL of a fresh database with the schema and the shipped data, but no keys, for one test."""
    async with copied(temporal_server.database_url, database_template) as url:
        yield url


@pytest.fixture
async def bare_database_url(temporal_server: Endpoints, schema_template: str) -> AsyncIterator[str]:
    """Yield the URL of a fresh database with the schema and nothing in it, for one test."""
    async with copied(temporal_server.database_url, schema_template) as url:
        yield url


@asynccontextmanager
async def connection_to(
    server: Endpoints, namespace: str, task_queue: str, database_url: str, home: Path
) -> AsyncIterator[System]:
    """Yield a connection to an installation in an empty home, on the servers that all tests share."""
    settings = Settings(home=home, task_queue=task_queue)
    endpoints = server.model_copy(update={"namespace": namespace, "database_url": database_url})
    master = ensure_master_key(master_key_file(home))
    await prepare_database(database_url, master)
    async with open_system(settings, endpoints=endpoints, master=master) as connected:
        yield connected


@pytest.fixture
async def connected(
    temporal_server: Endpoints, namespace: str, task_queue: str, database_url: str, tmp_path: Path
) -> AsyncIterator[System]:
    """Yield a connection to an installation of the test's own, on the servers that all tests share; no worker runs."""
    async with connection_to(temporal_server, namespace, task_queue, database_url, tmp_path) as connected:
        yield connected
