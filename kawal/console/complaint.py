"""One complaint by HTTP, as `kawal show` shows it; what people wrote only once its reading is on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kawal.client.complaint_details import details_of
from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.console.history import Words
from kawal.console.officials import Official
from kawal.console.purposes import Purpose, plain
from kawal.domain.access import Act
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import REPORTERS_COMMANDS, CommandName, Role
from kawal.domain.process.evolve import fold
from kawal.domain.process.permissions import Permission, permissions
from kawal.domain.process.transitions import TRANSITIONS
from kawal.store.complaint_list import words_of
from kawal.store.erasure_status import ErasureStatus
from kawal.web.parameters import Tracking
from kawal.web.problems import language, refusals_with_details
from kawal.web.responses import problem_responses
from kawal.wording.catalogues import Lang, lang_of, say

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
    await complaints.authority.seeing(actor, tracking_id)
    if words:
        await complaints.authority.reading(actor, Act.READ_EVENTS, tracking_id, via="http", purpose=purpose)
    details = await details_of(complaints, tracking_id, actor)
    found = details.found
    if not words:
        return details._replace(words=await words_of(complaints.pool, tracking_id, None)).json()
    if found.rahasia or actor.role is Role.DESK:  # the read model has no words of the one, and shows the other none
        details = details._replace(words=await _own_words(complaints.seen_by(actor), tracking_id))
    return details.json()


async def _own_words(seen: Readings, tracking_id: str) -> dict[str, str]:
    """Return the words of a report as its events hold them."""
    events = await seen.history(tracking_id)
    first = events[0].words
    titles = [event.words["title"] for event in events if event.words.get("title")]
    place = (first.get("place") or {}).get("text")
    told = {"title": titles[-1] if titles else None, "body": first.get("text"), "place": place}
    return {name: str(value) for name, value in told.items() if value}


class PermissionOut(BaseModel):
    """Whether the caller may give a command now."""

    command: CommandName
    allowed: bool
    """With some arguments: which, the rules decide when it is given."""
    code: str | None
    """Why not, as a problem's code."""
    why: str | None
    """The same in words."""
    changes_at: datetime | None
    """When the clocks alone end or begin it, if nobody acts (UTC)."""


@router.get(
    "/complaints/{tracking_id}/commands",
    response_model=list[PermissionOut],
    summary="See what may be done about a complaint now",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 422, 429, 503),
)
async def may_be_done(
    request: Request, response: Response, actor: Official, tracking_id: Tracking
) -> list[PermissionOut]:
    """Return for each command whether the caller may give it now, and if not why: what the report's page shows.

    What the front desk passes on for reporters is not among them.
    """
    response.headers["Cache-Control"] = "no-store"
    complaints: Complaints = request.app.state.complaints
    with refusals_with_details():
        await complaints.authority.seeing(actor, tracking_id)
        state = fold(await complaints.process_record(tracking_id))
    lang = lang_of(language(request))
    given = permissions(state, actor, complaints.now()).values()
    return [_told_of(one, lang) for one in given if one.name in _OF_OFFICIALS]


_OF_OFFICIALS = {name for name, row in TRANSITIONS.items() if row.who[0] is not Role.SYSTEM} - REPORTERS_COMMANDS


def _told_of(one: Permission, lang: Lang) -> PermissionOut:
    return PermissionOut(
        command=one.name,
        allowed=one.refusal is None,
        code=one.refusal and one.refusal.code,
        why=one.refusal and say(lang, one.refusal.sentence),
        changes_at=one.changes_at,
    )
