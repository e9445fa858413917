"""The HTTP application on real servers: an engine in virtual time, PostgreSQL, a worker, and clients by ASGI."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from kawal.api import create_app
from tests.workflows.life import Office

REPORT = {
    "title": "Jalan berlubang di depan pasar",
    "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh.",
}


def client_of(app: FastAPI, address: str = "203.0.113.7") -> httpx.AsyncClient:
    """Return a client of the application that calls from an address; unhandled exceptions are raised to it."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(address, 40_000))
    return httpx.AsyncClient(transport=transport, base_url="http://kawal.test")


@pytest.fixture
async def app(office: Office) -> FastAPI:
    """Return the application with a worker behind it."""
    settings = office.complaints.settings.model_copy(
        update={"http_public_rate": "10000/minute", "http_token_rate": "10000/minute"}
    )
    return create_app(office.complaints, settings, [])


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened
