"""One complaint by HTTP, as `kawal show` shows it; what people wrote only once its reading is on record."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from kawal.client.complaint_details import details_of
from kawal.client.complaints import Complaints
from kawal.console.history import Words
from kawal.console.officials import Official
from kawal.console.purposes import Purpose, plain
from kawal.domain.access import Act
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.refusals import Refusal
from kawal.store.complaint_list import words_of
from kawal.store.erasure_status import ErasureStatus
from kawal.web.parameters import Tracking
from kawal.web.problems import refusals_with_details
from kawal.web.responses import problem_responses

_SAID = {
    401: "The pass is unknown or has ended",
    403: "The pass's role may not read this",
    404: "There is no such complaint",
    409: "Its words are read only for a stated purpose (`X-Purpose`), or it belongs to another agency",
    422: "A parameter is wrong; `errors` names each",
}

router = APIRouter(tags=["record"])


class ComplaintOut(Snapshot):
    """A complaint as it stands; what does not apply is missing."""

    words: dict[str, str]
    """`title`, `body` and `place`: those that are public, or with `words=true` those that the caller may read."""
    wedged: dict[str, Any] | None
    """How its process is stuck, and the command that mends it."""
    reporter_reached: dict[str, str | None]
    """By what its reporter is told."""
    letters_in_tray: int
    erased: ErasureStatus | None = None
    goes_on_as: str | None
    """Its number at the agency to which it was passed on."""
    continues: str | None
    """The number of the report that goes on as this one."""
    supporters: int
    followers_replies: dict[str, int]
    """Reports that follow it and whose reporters have written since, with how often."""
    left_out: list[str] | None = None
    """What of its letters was left out, for who may list them."""


@router.get(
    "/complaints/{tracking_id}",
    response_model=ComplaintOut,
    summary="See a complaint as it stands",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 422, 429, 503),
)
async def complaint(
    request: Request, actor: Official, tracking_id: Tracking, words: Words = False, purpose: Purpose = None
) -> JSONResponse:
    """Return status, clocks, who has it and the number of its last event, which a command gives back as `if_seq`.

    The fields are those of `kawal show --json`. With `words=true` the reading goes on record.
    """
    complaints: Complaints = request.app.state.complaints
    with refusals_with_details():
        told = await _told(complaints, actor, tracking_id, words=words, purpose=plain(purpose))
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def _told(
    complaints: Complaints, actor: Actor, tracking_id: str, *, words: bool, purpose: str | None
) -> dict[str, Any]:
    if words:
        await complaints.authority.reading(actor, Act.READ_EVENTS, tracking_id, via="http", purpose=purpose)
    details = await details_of(complaints, tracking_id, actor)
    found = details.found
    if actor.instansi not in (None, found.instansi):
        raise Refusal("wrong_instansi", instansi=found.instansi, actor=actor.instansi)
    if not words:
        return details._replace(words=await words_of(complaints.pool, tracking_id, None)).json()
    return (details._replace(words=await _own_words(complaints, tracking_id)) if found.rahasia else details).json()


async def _own_words(complaints: Complaints, tracking_id: str) -> dict[str, str]:
    """Return the words of a rahasia report, of which only its events hold any."""
    events = await complaints.ledger.events(tracking_id)
    first = events[0].words
    titles = [event.words["title"] for event in events if event.words.get("title")]
    place = (first.get("place") or {}).get("text")
    told = {"title": titles[-1] if titles else None, "body": first.get("text"), "place": place}
    return {name: str(value) for name, value in told.items() if value}
