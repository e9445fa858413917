"""Handing messages to gateways by HTTP: answers bounded in size and time, no redirect followed."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.providers import answer_of, request_of
from kawal.gateways.shapes import GatewayAnswer, Outcome, OutgoingText

SECONDS = 20.0
"""How long a gateway may take to answer."""

ANSWER_LIMIT = 64 * 1024
"""The most bytes of an answer that are read; what exceeds them is not read, and the status alone counts."""


AS_IT_IS = {"Accept-Encoding": "identity"}
"""Asked of every gateway, and nothing is unpacked: what is compressed has no size before."""


class GatewayUnavailable(Exception):  # noqa: N818 - names the condition
    """The gateway cannot be reached: nothing was handed to it."""


class GatewayConnection:
    """A client of all gateways."""

    def __init__(self, client: httpx.AsyncClient, seconds: float = SECONDS) -> None:
        """Send through `client`."""
        self._client = client
        self._seconds = seconds

    async def send(self, gateway: OutgoingGateway, message: OutgoingText, now: datetime) -> GatewayAnswer:
        """Hand over one message; return what the gateway's answer means.

        Where none comes in time it is not known whether the message was taken, and it is sent again under the same
        reference. Raises GatewayUnavailable.
        """
        asked = request_of(gateway, message, now)
        try:
            async with asyncio.timeout(self._seconds):
                async with self._client.stream(
                    "POST", asked.url, headers={**asked.headers, **AS_IT_IS}, content=asked.body
                ) as answer:
                    return answer_of(gateway, answer.status_code, _content(await _beginning(answer)))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise GatewayUnavailable(type(error).__name__) from error
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return GatewayAnswer(Outcome.SILENT, type(error).__name__)


async def _beginning(answer: httpx.Response) -> bytes:
    taken = b""
    async for piece in answer.aiter_raw():
        taken += piece
        if len(taken) > ANSWER_LIMIT:
            return b""
    return taken


def _content(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@asynccontextmanager
async def gateway_connection(seconds: float = SECONDS) -> AsyncIterator[GatewayConnection]:
    """Open a client that follows no redirect and heeds no proxy of the environment: what it sends names a person."""
    async with httpx.AsyncClient(
        timeout=None,  # noqa: S113 - limited as a whole
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
    ) as client:
        yield GatewayConnection(client, seconds)
