"""The HTTP interface, composed: what is mounted where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Request, Response

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console.app import routers as for_officials
from kawal.intake.attachments import routes as attachments
from kawal.intake.http import reports
from kawal.intake.messages import routes as messages
from kawal.intake.open311 import router as open311
from kawal.intake.open311.faults import answer_to
from kawal.intake.service import IntakeService
from kawal.web import problems
from kawal.web.application import API, guard, new_application
from kawal.web.limits import JSON_BYTES
from kawal.web.serving import serving


def create_app(complaints: Complaints, settings: Settings, routers: Sequence[APIRouter] | None = None) -> FastAPI:
    """The application on a connected client; `routers` are those for officials, all of them where none are given."""
    system = complaints.system
    state = {"complaints": complaints, "tokens": system.tokens, "passes": system.passes}
    app = new_application(settings, state | {"intake": IntakeService(complaints)}, _answer)
    reports.mount(app, API)
    for router in for_officials() if routers is None else routers:
        app.include_router(router, prefix=API)
    largest_upload = attachments.mount(app, complaints, settings, API)
    app.include_router(open311.open311_router(complaints))
    messages.mount(app, complaints, settings)

    def limit_of(path: str) -> int:
        if attachments.is_upload(path, API):
            return largest_upload
        return open311.BODY_LIMIT if path.startswith(open311.BASE) else JSON_BYTES

    guard(app, _answer, limit_of, straight=(f"{API}/reports", reports.submit))
    return app


@asynccontextmanager
async def serve_api(
    complaints: Complaints, settings: Settings, host: str | None = None, port: int | None = None
) -> AsyncIterator[str]:
    """Serve it while the block runs and yield the address (kawal.web.serving)."""
    async with serving(create_app(complaints, settings), settings, host=host, port=port) as url:
        yield url


def _answer(request: Request, error: Exception) -> Response:
    """An error that no route has told, in the form of the adapter that the path belongs to."""
    return (answer_to if request.url.path.startswith(open311.BASE) else problems.answer)(request, error)
