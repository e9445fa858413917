"""The webhooks on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.intake.messages.gateways import FILE
from tests.intake.http.conftest import client_of
from tests.intake.messages.gateway_posts import GATEWAYS
from tests.workflows.life import Office


@pytest.fixture
async def app(office: Office) -> FastAPI:
    file = office.complaints.settings.home / FILE
    file.touch(mode=0o600)
    file.write_text(GATEWAYS)
    return create_app(office.complaints, office.complaints.settings)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened
