"""Callers who hold a connection without asking for anything: each is let go, and nobody else waits for them."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from kawal.web import limits, server
from kawal.web.server import listen, serving
from tests.intake.conftest import shared_office as office

__all__ = ["office"]

HEAD = b"POST /lapor HTTP/1.1\r\nHost: kawal.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
WHOLE = b"GET /lapor HTTP/1.1\r\nHost: kawal.test\r\n\r\n"


@pytest.fixture
async def port(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Serve the application with little patience."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(limits, "STALLED_SECONDS", 0.3)
    bound = listen("127.0.0.1", 0, or_free=False)
    number = int(bound.getsockname()[1])
    async with serving(app, bound):
        yield number


async def answered(port: int, sent: bytes) -> bytes:
    """Send this and no more; return all that comes until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(20):
        told = await reader.read()
    writer.close()
    return told


@pytest.mark.parametrize("sent", [b"", b"GET", HEAD, b"\r\n"])
async def test_a_connection_by_which_no_whole_head_comes_is_closed(port: int, sent: bytes) -> None:
    assert b" 200 " not in await answered(port, sent)


async def test_so_is_one_by_which_a_request_came_before(port: int) -> None:
    told = await answered(port, WHOLE + b"GET /lapor HT")
    assert told.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("path", [b"/lapor", b"/l", b"/l/kirim-ulang", b"/webhooks/sms", b"/open311/v2/requests.json"])
async def test_a_body_that_comes_no_further_is_given_up_in_words(port: int, path: bytes) -> None:
    told = await answered(port, HEAD.replace(b"/lapor", path) + b"Content-Length: 100\r\n\r\ntext=Lub")
    assert told.startswith(b"HTTP/1.1 408")
    assert b"tidak sampai" in told


async def test_whoever_sends_slowly_but_sends_is_heard(port: int) -> None:
    body = b"text=Lampu+jalan+padam+di+Batu+8"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
    for place in range(0, len(body), 4):
        writer.write(body[place : place + 4])
        await writer.drain()
        await asyncio.sleep(0.1)  # together longer than one pause may be
    assert (await reader.read()).startswith(b"HTTP/1.1 303")
    writer.close()


async def test_a_hundred_that_say_nothing_keep_nobody_waiting(port: int) -> None:
    silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:
        assert (await client.get("/lapor")).status_code == 200
    for _, writer in silent:
        writer.close()


async def test_as_many_connections_are_open_as_the_system_allows(app: FastAPI) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        async with serving(app, listen("127.0.0.1", 0, or_free=False)):
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 512
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
