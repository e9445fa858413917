"""The HTTP interface, composed of all routers."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console import app as console
from kawal.console import codec
from kawal.console.pages import app as pages
from kawal.intake import channels
from kawal.intake.attachments import routes as attachments
from kawal.intake.http import reports, verdicts
from kawal.intake.open311 import router as open311
from kawal.intake.open311.faults import answer_by_path
from kawal.intake.service import IntakeService
from kawal.web.application import API, guard, new_application
from kawal.web.limits import JSON_BYTES
from kawal.web.server import serving


def create_app(
    complaints: Complaints, settings: Settings, routers: Sequence[APIRouter] | None = None, ui: str | None = None
) -> FastAPI:
    """Create the application on a connected client; `routers` are those for officials, by default all of them.

    With `ui`, the Temporal UI's origin, the codec decrypts payloads for it.
    """
    answering = pages.answering_pages(answer_by_path)
    state = {"complaints": complaints, "intake": IntakeService(complaints), "tokens": complaints.system.tokens}
    app = new_application(settings, state | {"passes": complaints.system.passes}, answering)
    pages.mount(app, complaints, answering)  # first: a page asks nothing of the programs' routes
    reports.mount(app, API)
    for router in (verdicts.router, *(console.routers() if routers is None else routers)):
        app.include_router(router, prefix=API)
    largest_upload = attachments.mount(app, complaints, settings, API)
    app.include_router(open311.open311_router(complaints))
    channels.mount(app, complaints, settings)
    if ui is not None:
        app.include_router(console.codec_for(complaints, ui))

    def limit_of(path: str) -> int:
        own = attachments.limit_of(path, API, largest_upload) or pages.limit_of(path, largest_upload)
        return own or codec.limit_of(path) or open311.limit_of(path) or JSON_BYTES

    guard(app, answering, limit_of, straight={f"{API}/reports": reports.submit, **pages.STRAIGHT})
    return app


@asynccontextmanager
async def serve_api(complaints: Complaints, bound: socket.socket, ui: str | None = None) -> AsyncIterator[str]:
    """Serve the application on a socket (web.server.listen_as_set) while the block runs; yield the address."""
    async with serving(app := create_app(complaints, complaints.settings, ui=ui), bound, app.state.streams.end) as url:
        yield url
