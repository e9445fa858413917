"""Asking an identity provider: its own hosts alone, answers bounded in size and time, no redirect followed."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx

from kawal.console.auth.oidc.providers import IdentityProvider
from kawal.gateways.connection import UNPACKED

SECONDS = 10.0
"""How long everything may take that a provider is asked for by one page."""

ANSWER_LIMIT = 256 * 1024
"""The most bytes of an answer."""

_LIMITS = httpx.Timeout(5.0, connect=3.0)


class ProviderAway(Exception):  # noqa: N818 - names the condition
    """The provider cannot be reached, or does not answer as one; the message is a code."""


class ProviderConnection:
    """A client of one provider, for one page."""

    def __init__(self, client: httpx.AsyncClient, provider: IdentityProvider) -> None:
        """Ask through `client`."""
        self._client = client
        self._provider = provider

    async def read(self, url: str) -> Mapping[str, Any]:
        """Return the object at an address; raises ProviderAway."""
        status, body = await self._asked("GET", url, {}, None)
        if status != httpx.codes.OK:
            raise ProviderAway(f"status_{status}")
        return await asyncio.to_thread(_object_in, body)

    async def post(self, url: str, headers: Mapping[str, str], form: str) -> Mapping[str, Any] | None:
        """Return the object that answers a form; None if the form is refused. Raises ProviderAway."""
        status, body = await self._asked("POST", url, headers, form.encode())
        if httpx.codes.is_client_error(status):
            return None
        if status != httpx.codes.OK:
            raise ProviderAway(f"status_{status}")
        return await asyncio.to_thread(_object_in, body)

    async def _asked(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        if not self._provider.is_own(url):
            raise ProviderAway("foreign_host")
        try:
            async with self._client.stream(method, url, headers=dict(headers), content=body) as answer:
                return answer.status_code, await _whole(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ProviderAway(type(error).__name__) from error


@asynccontextmanager
async def connected_to(provider: IdentityProvider, seconds: float = SECONDS) -> AsyncIterator[ProviderConnection]:
    """Open a connection for so many seconds at most; raises ProviderAway when they have passed."""
    verified = await asyncio.to_thread(_known_authorities)
    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(
                headers={**UNPACKED, "Accept": "application/json"},
                timeout=_LIMITS,
                verify=verified,
                trust_env=False,
                follow_redirects=False,
            ) as client,
        ):
            yield ProviderConnection(client, provider)
    except TimeoutError as error:
        raise ProviderAway("too_slow") from error


async def _whole(answer: httpx.Response) -> bytes:
    taken = b""
    async for piece in answer.aiter_raw():
        taken += piece
        if len(taken) > ANSWER_LIMIT:
            raise ProviderAway("too_large")
    return taken


def _object_in(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ProviderAway("unreadable")
    return found


@cache
def _known_authorities() -> ssl.SSLContext:
    """Return whose certificates are believed; it takes a moment to read them, once."""
    return ssl.create_default_context()
