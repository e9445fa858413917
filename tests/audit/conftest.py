"""A running Kawal in virtual time for what auditors do; here histories are replayed only where that is the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from client.complaints import Complaints
from client.connect import connection, master_key_file
from crypto.keyring import ensure_master_key
from stack.endpoints import Endpoints
from stack.settings import Settings
from stack.virtual_time import VirtualTime
from store.setup import prepare_database
from tests.workflows.life import Office
from worker import serve


@pytest.fixture
async def office(
    temporal_server: Endpoints, namespace: str, task_queue: str, database_url: str, tmp_path: Path
) -> AsyncIterator[Office]:
    """A system of the test's own, in which time moves only when the test moves it."""
    settings = Settings(home=tmp_path, task_queue=task_queue)
    endpoints = temporal_server.model_copy(update={"namespace": namespace, "database_url": database_url})
    master = ensure_master_key(master_key_file(tmp_path))
    await prepare_database(database_url, master)
    async with connection(settings, endpoints=endpoints, master=master) as connected:
        virtual = VirtualTime(connected.client)
        moved = connected._replace(client=virtual.client)
        async with serve(moved):
            yield Office(Complaints(moved), virtual)
