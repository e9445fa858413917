"""Serving the application in the caller's event loop, on an address that is bound before anything is promised."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn

from client.complaints import Complaints
from intake.http.app import create_app
from stack.settings import Settings

GRACE = 10
"""Seconds that requests under way may take when the server is asked to stop."""

BACKLOG = 1024

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs it, and says when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listen(host: str, port: int, *, or_free: bool) -> socket.socket:
    """Bind an address; where the port is taken and `or_free`, a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in (port, 0) if or_free else (port,):
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, candidate))
            # Of two sockets that may reuse an address only one can listen: so this, and not bind, finds it taken.
            bound.listen(BACKLOG)
        except OSError:
            bound.close()
            if candidate == 0 or not or_free:
                raise
        else:
            return bound
    raise OSError("no port is free")


@asynccontextmanager
async def serving(
    complaints: Complaints, settings: Settings, *, host: str | None = None, port: int | None = None
) -> AsyncIterator[str]:
    """Serve while the block runs and yield the address; requests under way are answered before it ends.

    A `port` that is asked for must be free (OSError); that of the settings gives way to a free one.
    """
    bound = listen(host or settings.http_host, settings.http_port if port is None else port, or_free=port is None)
    config = uvicorn.Config(
        create_app(complaints, settings),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await server.ready.wait()
        url = _url(bound)
        log.info("http_started", url=url)
        yield url
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
        bound.close()
        log.info("http_stopped")


def _url(bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
