"""Files that lie with a gateway: fetched from its own hosts alone, never from within the operator's network."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import httpx

from kawal.gateways.connection import ANSWER_LIMIT, AS_IT_IS
from kawal.gateways.outgoing import LOOPBACK, OutgoingGateway, Shape
from kawal.gateways.shapes import field
from kawal.gateways.signing import signature_headers

MOST_REDIRECTS = 3
_META_ID = "id "
"""How `kawal.intake.messages.meta` writes the id of a file."""


class MediaRefused(Exception):  # noqa: N818 - names the condition
    """The file may not be fetched from where it is said to be; the message is a code."""


class MediaUnavailable(Exception):  # noqa: N818 - names the condition
    """The file cannot be fetched now; the message is a code."""


@asynccontextmanager
async def media_client() -> AsyncIterator[httpx.AsyncClient]:
    """Open a client that follows no redirect by itself and heeds no proxy of the environment."""
    async with httpx.AsyncClient(
        timeout=None,  # noqa: S113 - limited as a whole by the caller
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
    ) as client:
        yield client


@asynccontextmanager
async def opened_medium(
    client: httpx.AsyncClient, gateway: OutgoingGateway, where: str, now: datetime
) -> AsyncIterator[AsyncIterator[bytes]]:
    """Open a file for as long as the block runs; it yields the file's pieces, of which the caller takes so many.

    Raises MediaRefused or MediaUnavailable, also while the pieces are read.
    """
    try:
        async with AsyncExitStack() as stack:
            url = await _address_of(client, gateway, where, now)
            for _ in range(MOST_REDIRECTS + 1):
                answer = await _asked(stack, client, gateway, url, now)
                if not answer.is_redirect:
                    break
                url = urljoin(url, answer.headers.get("location", ""))
            else:
                raise MediaRefused("too_many_redirects")
            _check(answer)
            yield answer.aiter_raw()
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise MediaUnavailable(type(error).__name__) from error


async def _address_of(client: httpx.AsyncClient, gateway: OutgoingGateway, where: str, now: datetime) -> str:
    """Return the address of a file: Meta names its files by ids, and says on demand where one is for some minutes."""
    if gateway.shape is not Shape.META or not where.startswith(_META_ID):
        return where
    number = where.removeprefix(_META_ID)
    if not (number.isascii() and number.isdigit()):
        raise MediaRefused("unusable_address")
    base = gateway.url.rsplit("/", 2)[0]  # …/v21.0/PHONE/messages
    async with AsyncExitStack() as stack:
        answer = await _asked(stack, client, gateway, f"{base}/{number}", now, own=True)
        _check(answer)
        body = b""
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > ANSWER_LIMIT:
                raise MediaUnavailable("long_answer")
    try:
        url = field(json.loads(body), "url")
    except (ValueError, RecursionError):
        url = None
    if not isinstance(url, str):
        raise MediaUnavailable("no_address")
    return url


def _check(answer: httpx.Response) -> None:
    if answer.status_code != 200:
        raise MediaUnavailable(str(answer.status_code))


async def _asked(
    stack: AsyncExitStack,
    client: httpx.AsyncClient,
    gateway: OutgoingGateway,
    url: str,
    now: datetime,
    *,
    own: bool = False,
) -> httpx.Response:
    """Ask for an address, at the numeric address that was checked: a name could lead elsewhere a moment later.

    `own` is for an address that was made from the configuration and not taken from a message.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
        asked = httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise MediaRefused("unusable_address") from error
    if not own and host not in gateway.media_hosts:
        raise MediaRefused("host_not_allowed")
    near = host in LOOPBACK
    if parts.scheme != "https" and not (near and parts.scheme == "http"):
        raise MediaRefused("not_https")
    address = await _resolved(host, port, near=near)
    headers = {"Host": parts.netloc.rpartition("@")[2], **AS_IT_IS} | _credentials(gateway, url, host, now)
    return await stack.enter_async_context(
        client.stream("GET", asked.copy_with(host=address), headers=headers, extensions={"sni_hostname": host})
    )


async def _resolved(host: str, port: int, *, near: bool) -> str:
    """Return a host's numeric address; refuse one that is not of the public Internet, unless the host is this one."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        known = ipaddress.ip_address(address.partition("%")[0])
        if not (known.is_loopback if near else known.is_global and not known.is_multicast):
            raise MediaRefused("private_address")
    return addresses[0]


def _credentials(gateway: OutgoingGateway, url: str, host: str, now: datetime) -> dict[str, str]:
    """Return what proves that we may have a file; nobody but the provider itself is shown a secret."""
    match gateway.shape:
        case Shape.META:
            return {"Authorization": f"Bearer {gateway.secret}"}
        case Shape.TWILIO if host == urlsplit(gateway.url).hostname:
            known = base64.b64encode(f"{gateway.account}:{gateway.secret}".encode()).decode()
            return {"Authorization": f"Basic {known}"}
        case Shape.KAWAL:
            return signature_headers(gateway.secret, url.encode(), now)
    return {}
