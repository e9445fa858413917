"""The HTTP application: what is mounted where, and what every request passes through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.intake.attachments import routes as attachments
from kawal.intake.http import reports
from kawal.intake.http.schemas import ReportIn
from kawal.intake.messages import routes as messages
from kawal.intake.open311 import router as open311
from kawal.intake.open311.faults import answer_to
from kawal.intake.service import IntakeService
from kawal.web import problems
from kawal.web.limits import JSON_BYTES, BodyLimit, Gate

API = "/api/v1"

BODY_LIMITS: dict[str, int] = {open311.BASE: open311.BODY_LIMIT}
"""Most bytes of a body, by the beginning of the path, where it is not JSON_BYTES; the longest beginning counts."""

_UPLOAD = re.compile(rf"{API}/(officials/)?reports/[^/]+/attachments/?")

DESCRIPTION = """\
Menyampaikan laporan, menambah keterangan, dan memantaunya. Setiap kesalahan dijawab sebagai `application/problem+json`.

Submit a report, add to it, follow it. A report that was answered with 201 is safe and will be handled, whatever fails
afterwards. Send an `Idempotency-Key` with each: repeated after a timeout it makes no second report. Every error is
`application/problem+json` (RFC 9457).
"""


def create_app(complaints: Complaints, settings: Settings, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application on a connected client, with the further `routers` of whoever composes it.

    Routes find on `app.state`: `complaints`, `intake` (IntakeService), `tokens` (Tokens), `passes` (Passes), `gate`
    (Gate), `settings`, `lang`. An adapter that has paths of its own is mounted below, and names its body limit in
    BODY_LIMITS.
    """
    app = FastAPI(
        title="Kawal",
        version=_version(),
        description=DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.complaints = complaints
    app.state.intake = IntakeService(complaints)
    app.state.tokens = complaints.system.tokens
    app.state.passes = complaints.system.passes
    app.state.gate = Gate(
        {"public": settings.http_public_rate, "token": settings.http_token_rate, "address": settings.http_token_rate}
    )
    app.state.settings = settings
    app.state.lang = settings.lang
    problems.install(app, _answer)
    _describe(app)
    for router in (reports.router, *routers):
        app.include_router(router, prefix=API)
    uploads = attachments.mount(app, complaints, settings, API)
    _mount_adapters(app, complaints, settings)
    # The last added stands outermost.
    app.add_middleware(problems.Straight, path=f"{API}/reports", endpoint=reports.submit)
    app.add_middleware(BodyLimit, limit_of=lambda path: uploads if _UPLOAD.fullmatch(path) else _body_limit(path))
    app.add_middleware(problems.LastResort, answering=_answer)
    return app


def _answer(request: Request, error: Exception) -> Response:
    """An error that no route of an adapter's own has told, in the form of the adapter that the path belongs to."""
    if request.url.path.startswith(open311.BASE):
        return answer_to(request, error)
    return problems.answer(request, error)


def _mount_adapters(app: FastAPI, complaints: Complaints, settings: Settings) -> None:
    """Mount what the other adapters serve by HTTP."""
    app.include_router(open311.open311_router(complaints))
    messages.mount(app, complaints, settings)


def _describe(app: FastAPI) -> None:
    """Put what the submission's body is into the document: its route reads it by hand."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schema = ReportIn.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= schema.pop("$defs", {}) | {"ReportIn": schema}
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _body_limit(path: str) -> int:
    fitting = [beginning for beginning in BODY_LIMITS if path.startswith(beginning)]
    return BODY_LIMITS[max(fitting, key=len)] if fitting else JSON_BYTES


def _version() -> str:
    try:
        return version("kawal")
    except PackageNotFoundError:
        return "0"
