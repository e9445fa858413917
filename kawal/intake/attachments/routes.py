"""Attach files to a report, list them, read them: `/reports/{tracking_id}/attachments`, for its reporter."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.intake.attachments.file_types import KINDS, TEXT
from kawal.intake.attachments.multipart_form import form_file
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.reporter_access import ReporterAttachments
from kawal.intake.attachments.service import AttachmentRef, Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.http.reports import Secret
from kawal.intake.service import IntakeService
from kawal.web.callers import Calling
from kawal.web.parameters import Tracking
from kawal.web.problems import Problem, answer
from kawal.web.responses import problem_responses

FORMBYTES = 64 * 1024
"""How much a form may need besides its file."""

PASS_OVER = 10.0
"""How long the rest of a refused file is awaited (seconds)."""

HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""Headers of every file that is served: a browser saves it, neither displays nor guesses it, and keeps no copy."""


class AttachmentOut(BaseModel):
    """One attachment; its `id` may stand in a reply's `files`."""

    id: str
    name: str
    media_type: str
    size: int
    added_at: datetime
    event_seq: int | None = None
    """The number of the event in the report's history that names it."""


class AttachmentsOut(BaseModel):
    """A report's attachments, the oldest first."""

    attachments: list[AttachmentOut]


_SAID = {
    400: "The form cannot be read",
    404: "Tracking id and secret belong to no report, or it has no such attachment",
    413: "The file is too large, or the report's attachments together",
    415: "This type of file is not accepted, whatever its name",
    422: "The file is empty or damaged, or there are too many",
}

BYTES = {"schema": {"type": "string", "format": "binary"}}
_FORM = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}
UPLOAD = {
    "requestBody": {
        "required": True,
        "description": "One file: in a form, or its bytes as the body with its name in `name`.",
        "content": {"multipart/form-data": _FORM, "application/octet-stream": BYTES},
    }
}


@asynccontextmanager
async def _sweeping(app: FastAPI) -> AsyncIterator[None]:
    """Remove objects that nobody names, while the application runs."""
    sweeping = asyncio.create_task(app.state.attachments.sweeping())
    yield
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)


_UPLOAD = re.compile(r"/(officials/)?reports/[^/]+/attachments/?")

router = APIRouter(prefix="/reports/{tracking_id}/attachments", tags=["attachments"], lifespan=_sweeping)


@router.post(
    "",
    status_code=201,
    response_model=AttachmentOut,
    summary="Attach a file",
    responses={
        200: {"model": AttachmentOut, "description": "The report had this content before; the first one again"},
        **problem_responses(_SAID, 400, 401, 403, 404, 410, 413, 415, 422, 429, 503),
    },
    openapi_extra=UPLOAD,
)
async def attach(
    request: Request,
    response: Response,
    caller: Calling,
    tracking_id: Tracking,
    secret: Secret,
    name: Annotated[
        str, Query(max_length=1000, description="The file's name, where the body is the file itself.")
    ] = "",
) -> AttachmentOut:
    """Take a photo (JPEG, PNG, WebP, HEIC), PDF, MP4, DOCX, XLSX or UTF-8 text; the content decides, not the name.

    Photos and films are given out again without position, device and date; the original is stored encrypted for the
    officials. The same content again is the same attachment.
    """
    caller.need("reply")
    await _intake(request).open_to(tracking_id, secret)

    async def taken(name: str, stream: AsyncIterator[bytes]) -> AttachmentOut:
        ref = await _attachments(request).add(tracking_id, name, stream)
        response.status_code = 201 if ref.fresh else 200
        response.headers["Location"] = f"{request.url.path.rstrip('/')}/{ref.id}"
        response.headers["Cache-Control"] = "no-store"
        return out(ref)

    return await sent_file(request, name, taken)


async def sent_file(
    request: Request, name: str, take: Callable[[str, AsyncIterator[bytes]], Awaitable[AttachmentOut]]
) -> AttachmentOut:
    """Hand the file of a form, or the body that is one, to `take` with its name; a refused one is read to its end."""
    body: AsyncIterator[bytes] = request.stream()
    content_type = request.headers.get("content-type", "")
    try:
        if content_type.partition(";")[0].strip().lower() == "multipart/form-data":
            return await take(*await form_file(content_type, body))
        return await take(name, body)
    except AttachmentRefused:
        await pass_over(body)
        raise


@router.get(
    "",
    response_model=AttachmentsOut,
    summary="List a report's attachments",
    responses=problem_responses(_SAID, 401, 403, 404, 410, 422, 429, 503),
)
async def list_attachments(
    request: Request, response: Response, caller: Calling, tracking_id: Tracking, secret: Secret
) -> AttachmentsOut:
    """Return names, types and sizes; the oldest first."""
    caller.need("read")
    await _intake(request).open_to(tracking_id, secret)
    response.headers["Cache-Control"] = "no-store"
    found = await _of_reporter(request).list(tracking_id)
    return AttachmentsOut(attachments=[out(ref) for ref in found])


@router.get(
    "/{attachment_id}",
    response_class=StreamingResponse,
    summary="Read an attachment",
    responses={
        200: {"description": "The file, to be saved", "content": dict.fromkeys(sorted(KINDS), BYTES)},
        **problem_responses(_SAID, 401, 403, 404, 410, 422, 429, 503),
    },
)
async def read(
    request: Request,
    caller: Calling,
    tracking_id: Tracking,
    secret: Secret,
    attachment_id: Annotated[str, Path(min_length=1, max_length=40, examples=["0b6f1b0e-8f0e-4c55-9a57-0c5c2f6f2f11"])],
) -> StreamingResponse:
    """Return a photo or film without its metadata, any other file as received."""
    caller.need("read")
    intake = _intake(request)
    await intake.open_to(tracking_id, secret)
    reader = await intake.complaints.reporter(tracking_id)
    return served(*await _of_reporter(request).open(tracking_id, attachment_id, reader))


def served(ref: AttachmentRef, content: AsyncIterator[bytes], size: int) -> StreamingResponse:
    """Return the response with a file, such that a browser can do no harm with it."""
    ascii_name = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in ref.name)
    media_type = f"{ref.media_type}; charset=utf-8" if ref.media_type == TEXT.media_type else ref.media_type
    headers = {
        **HARMLESS,
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(ref.name, safe='')}",
        "Content-Length": str(size),
    }
    return StreamingResponse(content, headers=headers, media_type=media_type)


async def pass_over(body: AsyncIterator[bytes]) -> None:
    """Read what is left of a refused body, within the limit: a client that still sends does not see the answer."""
    with contextlib.suppress(Problem, ClientDisconnect, TimeoutError):
        async with asyncio.timeout(PASS_OVER):
            async for _ in body:
                pass


def limit_of(path: str, prefix: str, largest_upload: int) -> int | None:
    """Return the most bytes of a body for a path under the API's prefix that takes a file; None for any other."""
    takes_a_file = path.startswith(prefix) and _UPLOAD.fullmatch(path.removeprefix(prefix)) is not None
    return largest_upload if takes_a_file else None


def mount(app: FastAPI, complaints: Complaints, settings: Settings, prefix: str) -> int:
    """Serve attachments under `prefix` and return the most bytes that an upload's body may have.

    Other adapters add their files to `app.state.attachments`.
    """
    chosen = AttachmentSettings.from_env(settings.home)
    app.state.attachments = Attachments(complaints.system, chosen)
    app.include_router(router, prefix=prefix)

    async def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, AttachmentRefused):
            headers = {"Connection": "close"} if request.method == "POST" else {}
            return answer(request, Problem(error.status, error.code, error.sentence, headers=headers))
        raise error

    app.add_exception_handler(AttachmentRefused, refused)
    return chosen.max_bytes + FORMBYTES


def out(ref: AttachmentRef) -> AttachmentOut:
    """Return an attachment as it is shown."""
    return AttachmentOut.model_validate(ref.model_dump(include=set(AttachmentOut.model_fields)))


def _intake(request: Request) -> IntakeService:
    intake: IntakeService = request.app.state.intake
    return intake


def _attachments(request: Request) -> Attachments:
    attachments: Attachments = request.app.state.attachments
    return attachments


def _of_reporter(request: Request) -> ReporterAttachments:
    return ReporterAttachments(_intake(request).complaints.record, _attachments(request))
