"""Serving the application in the caller's event loop, on an address that is bound before anything is announced."""

from __future__ import annotations

import asyncio
import contextlib
import re
import resource
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from kawal.base.settings import Settings

GRACE = 10
"""Seconds that requests in progress may take when the server is asked to stop."""

BACKLOG = 1024

HEAD_SECONDS = 30.0
"""How long the head of a request may take to arrive."""

OPEN_AT_ONCE = 65_536
"""The most connections and files that are wanted open; the system may allow fewer."""

log = structlog.get_logger()


class _OneWrite:
    """A transport that joins what is written in one turn of the event loop, head and body, into one write."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        """Send the data at the end of this turn."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)

    def close(self) -> None:
        """Send what is buffered, then close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._held and not self._transport.is_closing():
            self._transport.write(b"".join(self._held))
        self._held.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Protocol(H11Protocol):
    """A connection that is closed where no request comes by it, or only a piece of one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_OneWrite(transport))  # type: ignore[arg-type]
        self._look_again(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._looking.cancel()
        super().connection_lost(exc)

    def _look_again(self, seen: object) -> None:
        self._looking = self.loop.call_later(HEAD_SECONDS, self._look, seen)

    def _look(self, seen: object) -> None:
        waiting = self.cycle is None or self.cycle.response_complete
        if waiting and self.cycle is seen:
            self.transport.close()
        else:
            self._look_again(self.cycle)


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to its owner, and signals when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `ready`."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the process's signal handlers unchanged."""
        yield


def listen(host: str, port: int, *, or_free: bool) -> socket.socket:
    """Bind an address; if the port is taken and `or_free` is set, bind a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in (port, 0) if or_free else (port,):
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, candidate))
            # Of two sockets that may reuse an address only one can listen: so listening, not binding, shows that it is
            # taken.
            bound.listen(BACKLOG)
        except OSError:
            bound.close()
            if candidate == 0 or not or_free:
                raise
        else:
            return bound
    raise OSError("no port is free")


def listen_as_set(settings: Settings, host: str | None = None, port: int | None = None) -> socket.socket:
    """Bind the settings' address; a requested `port` must be free (OSError), otherwise any free one is the fallback."""
    return listen(host or settings.http_host, settings.http_port if port is None else port, or_free=port is None)


@asynccontextmanager
async def serving(
    app: ASGIApp, bound: socket.socket, before_end: Callable[[], None] | None = None
) -> AsyncIterator[str]:
    """Serve an application on a socket while the block runs and yield its URL; requests in progress are completed.

    The socket is closed at the end. `before_end` is called first: it ends what would never be completed by itself.
    """
    config = uvicorn.Config(
        app,
        http=_Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )
    _allow_many_connections()
    if isinstance(app, FastAPI):
        _prepare_routes(app)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await server.ready.wait()
        url = url_of(bound)
        log.info("http_started", url=url)
        yield url
    finally:
        if before_end is not None:
            before_end()
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
        bound.close()
        log.info("http_stopped")


def _prepare_routes(app: FastAPI) -> None:
    """Have the routes prepared that are otherwise prepared by the first request, half a second in which all wait."""
    nowhere: Scope = {"type": "http", "method": "GET", "path": "/-/-", "root_path": "", "headers": []}
    for route in app.router.routes:
        route.matches(nowhere)


def _allow_many_connections() -> None:
    """Raise what a shell sets, often 1024, as far as the system allows: each connection takes one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_AT_ONCE if hard == resource.RLIM_INFINITY else min(OPEN_AT_ONCE, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def url_of(bound: socket.socket) -> str:
    """Return the URL of the address that a socket is bound to."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def browser_url(url: str) -> str:
    """Return the address under which a browser on this machine should open what is served on loopback.

    Browsers keep cookies and passkeys for `localhost`, not for `127.0.0.1`; other addresses stay as they are.
    """
    return re.sub(r"^http://(127\.0\.0\.1|\[::1\])(?=:)", "http://localhost", url)
