"""A running Kawal in virtual time: real engine, real PostgreSQL, a worker in this process.

Where tests ask about their own complaints alone, those of a file share a system: `shared_office`, imported as `office`.
What changes rules, counts everything or takes something away has one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from kawal.base.endpoints import Endpoints
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.crypto.master_keys import ensure_master_key
from kawal.domain.process.run_input import WORKFLOW_NAME
from kawal.embedded.virtual_time import VirtualTime
from kawal.store.setup import prepare_database
from kawal.system import open_system
from tests.conftest import copied, fresh_namespace, fresh_task_queue
from tests.workflows.life import Office, length_at_rest
from worker import make_worker
from workflows.complaint import ComplaintWorkflow
from workflows.registry import RUNNER

Opening = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
async def open_office(
    temporal_server: Endpoints, namespace: str, task_queue: str, database_url: str, tmp_path: Path
) -> Opening:
    """Return a function that opens a system of the test's own."""
    endpoints = temporal_server.model_copy(update={"namespace": namespace, "database_url": database_url})
    return await installed(endpoints, task_queue, tmp_path)


@pytest.fixture
async def office(open_office: Opening) -> AsyncIterator[Office]:
    """Yield a system of the test's own, in which time moves only when the test moves it."""
    async with open_office() as opened:
        yield opened


@pytest.fixture(scope="module")
async def open_shared_office(
    temporal_server: Endpoints, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opening]:
    """Yield a function that opens a system of the file's own."""
    async with copied(temporal_server.database_url, database_template) as url:
        namespace = await fresh_namespace(temporal_server)
        endpoints = temporal_server.model_copy(update={"namespace": namespace, "database_url": url})
        yield await installed(endpoints, fresh_task_queue(), tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
async def shared_office(open_shared_office: Opening) -> AsyncIterator[Office]:
    """Yield a system that the tests of a file share, each with complaints of its own: it takes longer to set up than
    most of them to run."""
    async with open_shared_office() as opened:
        yield opened


async def installed(endpoints: Endpoints, task_queue: str, home: Path) -> Opening:
    """Make an installation in an empty home; return a function that opens it, with options for its worker, and replays
    every history at the end."""
    settings = Settings(home=home, task_queue=task_queue)
    master = ensure_master_key(home / "keys" / "master.key")
    await prepare_database(endpoints.database_url, master)

    @asynccontextmanager
    async def opened(**options: Any) -> AsyncIterator[Office]:
        async with open_system(settings, endpoints=endpoints, master=master) as connected:
            virtual = VirtualTime(connected.client)
            moved = connected.but(client=virtual.client)
            async with make_worker(moved, **options):
                office = Office(Complaints(moved), virtual)
                yield office
                await replay_all(connected.client)

    return opened


async def replay_all(client: Client) -> None:
    """Check that every history of this namespace gives the same commands again."""
    # To make a replayer ready takes longer than most replays, and does so for each kind of workflow: one for all runs.
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=client.data_converter, workflow_runner=RUNNER)
    histories = [history async for history in _at_rest(client)]
    async with asyncio.timeout(120):
        await replayer.replay_workflows(_one_by_one(histories))


async def _at_rest(client: Client) -> AsyncIterator[WorkflowHistory]:
    async for run in client.list_workflows(f"WorkflowType = '{WORKFLOW_NAME}'"):
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        await length_at_rest(handle)  # a run whose first task is not done yet has nothing to replay
        yield await handle.fetch_history()


async def _one_by_one(histories: list[WorkflowHistory]) -> AsyncIterator[WorkflowHistory]:
    for history in histories:
        yield history
