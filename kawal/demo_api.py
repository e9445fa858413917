"""The HTTP interface of a demo: that of every installation, and the pages that a demo alone has."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from kawal.api import create_app
from kawal.console.pages.demo.routes import ROUTES
from kawal.demo.demo import Demo
from kawal.web.server import serving


def create_demo_app(demo: Demo) -> FastAPI:
    """Create the application of a running demo."""
    app = create_app(demo.complaints, demo.complaints.settings)
    app.state.demo = demo
    app.router.routes.extend(ROUTES)
    return app


@asynccontextmanager
async def serve_demo(demo: Demo, bound: socket.socket) -> AsyncIterator[str]:
    """Serve it on a socket (web.server.listen_as_set) while the block runs; yield the address."""
    async with serving(app := create_demo_app(demo), bound, app.state.streams.end) as url:
        yield url
