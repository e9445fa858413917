"""The matrix's officials in one running Kawal with two agencies, of which each has its own DISHUB."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.app import routers
from tests.intake.conftest import shared_office
from tests.matrix.people import PEOPLE, Official, signed_in
from tests.workflows.conftest import open_shared_office
from tests.workflows.life import Office

__all__ = ["open_shared_office", "shared_office"]


@pytest.fixture(scope="module")
async def office(shared_office: Office) -> Office:
    await shared_office.complaints.pool.execute("insert into instansi (code, name) values ('RIAU', 'Riau')")
    await shared_office.complaints.pool.execute("insert into opd (instansi, code, name) values ('RIAU', 'DISHUB', 'X')")
    return shared_office


@pytest.fixture(scope="module")
async def app(office: Office) -> FastAPI:
    rates = dict.fromkeys(("http_public_rate", "http_token_rate", "http_pages_rate"), "100000/minute")
    return create_app(office.complaints, office.complaints.settings.model_copy(update=rates), routers())


@pytest.fixture(scope="module")
async def officials(app: FastAPI, office: Office) -> AsyncIterator[list[Official]]:
    found = [await signed_in(app, office.complaints, number) for number in range(len(PEOPLE))]
    yield found
    for one in found:
        await one.http.aclose()
