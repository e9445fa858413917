"""The matrix's officials in one running Kawal with two agencies, of which each has its own DISHUB."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.intake.conftest import shared_office
from tests.matrix.people import Official, add_riau, signed_in_people, unhurried_app
from tests.workflows.conftest import open_shared_office
from tests.workflows.life import Office

__all__ = ["open_shared_office", "shared_office"]


@pytest.fixture(scope="module")
async def office(shared_office: Office) -> Office:
    await add_riau(shared_office.complaints.pool)
    return shared_office


@pytest.fixture(scope="module")
async def officials(office: Office) -> AsyncIterator[list[Official]]:
    async with signed_in_people(unhurried_app(office.complaints)) as found:
        yield found
