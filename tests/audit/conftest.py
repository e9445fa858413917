"""A running Kawal in virtual time for auditors' work; histories are replayed only in tests about replay."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kawal.client.complaints import Complaints
from kawal.embedded.virtual_time import VirtualTime
from kawal.system import System
from tests.workflows.life import Office
from worker import make_worker


@pytest.fixture
async def office(connected: System) -> AsyncIterator[Office]:
    """Yield a system of the test's own, in which time moves only when the test moves it."""
    virtual = VirtualTime(connected.client)
    moved = connected.but(client=virtual.client)
    async with make_worker(moved):
        yield Office(Complaints(moved), virtual)
