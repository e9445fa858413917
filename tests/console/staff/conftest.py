"""The officials' pages with somebody signed in: through the store, as if they had shown a passkey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Protocol

import httpx
import pytest
from fastapi import FastAPI

from kawal.console.auth.session_cookie import NAME
from kawal.domain.names import Role
from tests.intake.http.conftest import app
from tests.people import session_of
from tests.workflows.life import Office

__all__ = ["app"]

ORIGIN = "https://kawal.test"


class SigningIn(Protocol):
    """Signs somebody in, and returns their browser."""

    async def __call__(
        self, role: Role, name: str, opd: str | None = None, instansi: str = "KEPRI"
    ) -> httpx.AsyncClient: ...


def secure_client_of(app: FastAPI, address: str = "203.0.113.7") -> httpx.AsyncClient:
    """Return a client that reaches the application by https and follows no redirect."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(address, 40_000))
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN)


@pytest.fixture
async def sign_in(app: FastAPI, office: Office) -> AsyncIterator[SigningIn]:
    """Yield a function that enters a person with a role, and returns a client with the cookie of their session."""
    async with AsyncExitStack() as clients:

        async def signed(role: Role, name: str, opd: str | None = None, instansi: str = "KEPRI") -> httpx.AsyncClient:
            client = await clients.enter_async_context(secure_client_of(app))
            client.cookies.set(NAME, await session_of(office.complaints, role, name, opd, instansi))
            return client

        yield signed
