"""A gateway on this machine that stands in for a provider: it checks who writes, and can fail, be slow and repeat."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SECRET = "rahasia-keluar-0123456789"  # noqa: S105 - of these tests alone


@dataclass
class StandInGateway:
    """What it was given, and how it answers; `port` is where it listens on loopback."""

    port: int = 0
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The messages by their id: given again they are the same."""
    posts: list[dict[str, Any]] = field(default_factory=list)
    unsigned: int = 0
    status: int = 202
    answer: bytes = b"{}"
    wait: asyncio.Event | None = None
    """Before it answers it waits for this, having taken the message."""
    files: dict[str, Callable[[Request], Awaitable[Response]]] = field(default_factory=dict)
    """What it serves by path."""

    @property
    def url(self) -> str:
        """The address for messages."""
        return f"http://127.0.0.1:{self.port}/messages"

    async def take(self, request: Request) -> Response:
        """Take a message if it is signed and the gateway is well."""
        body = await request.body()
        stamp = request.headers.get("x-kawal-timestamp", "")
        right = hmac.digest(SECRET.encode(), stamp.encode() + b"." + body, sha256).hex()
        if request.headers.get("x-kawal-signature") != f"sha256={right}":
            self.unsigned += 1
            return Response(status_code=401)
        content = json.loads(body)
        assert request.headers["idempotency-key"] == content["id"]
        self.posts.append(content)
        if 200 <= self.status < 300:
            self.taken.setdefault(content["id"], content)
        if self.wait is not None:
            await self.wait.wait()
        return Response(self.answer, status_code=self.status, headers={"Location": f"{self.url}/elsewhere"})

    async def serve(self, request: Request) -> Response:
        """Serve a file."""
        file = self.files.get(request.url.path)
        return Response(status_code=404) if file is None else await file(request)


@asynccontextmanager
async def stand_in_gateway() -> AsyncIterator[StandInGateway]:
    """Run a gateway for as long as the block runs."""
    gateway = StandInGateway()
    app = Starlette(routes=[Route("/messages", gateway.take, methods=["POST"]), Route("/{path:path}", gateway.serve)])
    listening = socket.create_server(("127.0.0.1", 0))
    gateway.port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield gateway
    finally:
        if gateway.wait is not None:
            gateway.wait.set()
        server.should_exit = True
        await running
        listening.close()
