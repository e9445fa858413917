"""Attachments for officials by HTTP, each identified by a pass: listing, reading as received, adding."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from kawal.console.officials import Official
from kawal.console.purposes import Purpose, plain
from kawal.intake.attachments.file_types import KINDS
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.routes import BYTES, UPLOAD, AttachmentOut, AttachmentsOut, out, sent_file, served
from kawal.web.parameters import Tracking
from kawal.web.responses import problem_responses

_SAID = {
    400: "The form cannot be read",
    401: "The pass is unknown or has ended",
    403: "The role, or its OPD, may not do this",
    404: "There is no such complaint, or it has no such attachment",
    409: "The official may not see it, or may only for a purpose and states none",
    413: "The file is too large, or the complaint's attachments together",
    415: "This type of file is not accepted, whatever its name",
    422: "The file is empty or damaged, or there are too many",
}

router = APIRouter(prefix="/officials/reports/{tracking_id}/attachments", tags=["officials"])


@router.get(
    "",
    response_model=AttachmentsOut,
    summary="List a complaint's attachments",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 410, 422, 429, 503),
)
async def list_attachments(
    request: Request, response: Response, actor: Official, tracking_id: Tracking, purpose: Purpose = None
) -> AttachmentsOut:
    """Return names, types and sizes, the oldest first. The reading goes on record."""
    response.headers["Cache-Control"] = "no-store"
    found = await _attachments(request).list(tracking_id, actor, plain(purpose))
    return AttachmentsOut(attachments=[out(ref) for ref in found])


@router.get(
    "/{attachment_id}",
    response_class=StreamingResponse,
    summary="Read an attachment as it came",
    responses={
        200: {
            "description": "The file, to be saved",
            "content": dict.fromkeys(sorted(KINDS), BYTES),
        },
        **problem_responses(_SAID, 401, 403, 404, 409, 410, 422, 429, 503),
    },
)
async def read(
    request: Request,
    actor: Official,
    tracking_id: Tracking,
    attachment_id: Annotated[str, Path(min_length=1, max_length=40, examples=["0b6f1b0e-8f0e-4c55-9a57-0c5c2f6f2f11"])],
    purpose: Purpose = None,
) -> StreamingResponse:
    """Return the original, with its metadata. The reading goes on record before the first byte."""
    ref, content = await _attachments(request).open(tracking_id, attachment_id, actor, plain(purpose))
    return served(ref, content, ref.size)


@router.post(
    "",
    status_code=201,
    response_model=AttachmentOut,
    summary="Add a file, to be named in a follow-up",
    responses={
        200: {"model": AttachmentOut, "description": "The complaint had this content before; the first one again"},
        **problem_responses(_SAID, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503),
    },
    openapi_extra=UPLOAD,
)
async def attach(
    request: Request,
    response: Response,
    actor: Official,
    tracking_id: Tracking,
    name: Annotated[
        str, Query(max_length=1000, description="The file's name, where the body is the file itself.")
    ] = "",
) -> AttachmentOut:
    """Add a file from admin, Inspectorate, an OPD that has the report, or, as the reporter's, the registering desk."""

    async def taken(name: str, stream: AsyncIterator[bytes]) -> AttachmentOut:
        ref = await _attachments(request).add(tracking_id, actor, name, stream)
        response.status_code = 201 if ref.fresh else 200
        return out(ref)

    return await sent_file(request, name, taken)


def _attachments(request: Request) -> OfficialAttachments:
    return OfficialAttachments(request.app.state.complaints, request.app.state.attachments, "http")
