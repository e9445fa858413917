"""A complaint's letters as they came for officials by HTTP, each identified by a pass: listing, and reading one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from kawal.console.officials import Official
from kawal.console.purposes import Purpose, plain
from kawal.desks.raw_letters import RawLetterDesk
from kawal.domain.names import Channel
from kawal.intake.attachments.routes import BYTES, HARMLESS
from kawal.store.raw_letters import RawLetter, RawLetterLine
from kawal.store.tray import LETTER, MESSAGE
from kawal.web.parameters import Tracking
from kawal.web.responses import problem_responses

_SAID = {
    401: "The pass is unknown or has ended",
    403: "The pass's role, or its OPD, may not read this",
    404: "There is no such complaint, or it has no letter of that number",
    409: "It is read only for a stated purpose (`X-Purpose`), or by those who may know the reporter",
    422: "A parameter is wrong; `errors` names each",
}

router = APIRouter(prefix="/complaints/{tracking_id}/letters", tags=["record"])


class LettersOut(BaseModel):
    """A complaint's letters, in the order in which they were kept."""

    letters: list[RawLetterLine]


@router.get(
    "",
    response_model=LettersOut,
    summary="List the letters that a complaint came with",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 410, 422, 429, 503),
)
async def list_letters(
    request: Request, response: Response, actor: Official, tracking_id: Tracking, purpose: Purpose = None
) -> LettersOut:
    """Return when each came, its size and SHA-256, and what of it the complaint does not have; on record."""
    response.headers["Cache-Control"] = "no-store"
    return LettersOut(letters=await _desk(request).list(tracking_id, actor, plain(purpose)))


@router.get(
    "/{number}",
    response_class=Response,
    summary="Read a letter as it came",
    responses={
        200: {"description": "The letter, to be saved", "content": {LETTER: BYTES, MESSAGE: BYTES}},
        **problem_responses(_SAID, 401, 403, 404, 409, 410, 422, 429, 503),
    },
)
async def read(
    request: Request,
    actor: Official,
    tracking_id: Tracking,
    number: Annotated[int, Path(ge=1, lt=1 << 31, description="Of the list.", examples=[1])],
    purpose: Purpose = None,
) -> Response:
    """Return it byte for byte, header and files included; it names its writer, so `X-Purpose` is always needed."""
    letter = await _desk(request).open(tracking_id, number, actor, plain(purpose))
    return _served(letter, f"{tracking_id}-{number}")


def _served(letter: RawLetter, name: str) -> Response:
    """Return the response with a letter, such that a browser saves it and can do no harm with it."""
    media_type, ending = (LETTER, "eml") if letter.channel is Channel.EMAIL else (MESSAGE, "txt")
    headers = {**HARMLESS, "Content-Disposition": f'attachment; filename="kawal-{name}.{ending}"'}
    return Response(letter.raw, media_type=media_type, headers=headers)


def _desk(request: Request) -> RawLetterDesk:
    return RawLetterDesk(request.app.state.complaints, "http")
