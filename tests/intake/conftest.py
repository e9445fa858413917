"""A running Kawal for the adapters: engine in virtual time, PostgreSQL, a worker, and both relays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kawal.client.replies import ReplyRelay
from tests.workflows.conftest import Opening, open_office, open_shared_office
from tests.workflows.life import Office

__all__ = ["open_office", "open_shared_office"]


@pytest.fixture
async def office(open_office: Opening) -> AsyncIterator[Office]:
    """Yield a system of the test's own; what an adapter accepts is started as in a live one."""
    async with live(open_office) as opened:
        yield opened


@pytest.fixture(scope="module")
async def shared_office(open_shared_office: Opening) -> AsyncIterator[Office]:
    """Yield such a system for all tests of a file (`tests.workflows.conftest`)."""
    async with live(open_shared_office) as opened:
        yield opened


@asynccontextmanager
async def live(opening: Opening) -> AsyncIterator[Office]:
    """Open a system with its relays."""
    async with opening() as opened:
        relays = [
            asyncio.create_task(opened.complaints.starting.relay.run()),
            asyncio.create_task(ReplyRelay(opened.complaints).run()),
        ]
        yield opened
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
