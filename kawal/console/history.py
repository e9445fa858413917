"""The record by HTTP, for auditors, the Inspectorate and the agency's admin: histories, searches, case files.

Each answer is put on record in the access log before it is given, and so is every refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from kawal.audit.history.case_file import CaseFile, CaseFiles, printed
from kawal.audit.history.chronicle import Chronicle, Chronicles
from kawal.client.complaints import Complaints
from kawal.client.record_search import RecordSearch, allowed_search
from kawal.console.officials import Official
from kawal.console.purposes import Purpose, plain
from kawal.domain.access import Act
from kawal.domain.access_kinds import AccessKind
from kawal.domain.messages import Actor
from kawal.domain.names import EventKind
from kawal.store.search import FoundEntry, FoundEvent, Search, SearchQuery
from kawal.web.parameters import Tracking
from kawal.web.problems import language
from kawal.web.responses import problem_responses
from kawal.wording.catalogues import Lang, lang_of

_SAID = {
    401: "The pass is unknown or has ended",
    403: "The pass's role may not read this",
    404: "There is no such complaint",
    409: "It is read only for a stated purpose (`X-Purpose`), or belongs to another agency",
    422: "A parameter is wrong; `errors` names each",
}
_EVENT = {
    "position": 4711,
    "tracking_id": "1234567",
    "seq": 3,
    "at": "2026-01-14T02:00:00Z",
    "recorded_at": "2026-01-14T02:00:00Z",
    "kind": "forwarded",
    "role": "agency_admin",
    "account": "3fca33828cf3282eb294c4f4cbdc3bdd",
    "opd": None,
    "status": "belum_ditindaklanjuti",
    "facts": {"opds": ["DPUPR"], "deadlines": {"respond:DPUPR": "2026-01-21"}},
}

Found = TypeVar("Found")
Words = Annotated[bool, Query(description="With what people wrote, and officials' names.")]
Identity = Annotated[bool, Query(description="With the reporter's identity; needs `X-Purpose`.")]
Name = Annotated[
    str | None,
    Query(
        alias="actor",
        max_length=200,
        description="An official's name, or their account. Names are found by keyed hash.",
        examples=["Dewi"],
    ),
]
Opd = Annotated[
    str | None,
    Query(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$", description="The OPD that acted, or that it concerns."),
]
First = Annotated[date | None, Query(alias="from", description="From this day, local time.", examples=["2026-01-01"])]
Last = Annotated[date | None, Query(alias="to", description="Until the end of this day.", examples=["2026-03-31"])]
Before = Annotated[int | None, Query(ge=1, lt=1 << 63, description="`next` of the previous page.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="At most this many.")]


class RecordQuery(NamedTuple):
    """The criteria that every search of the record accepts."""

    name: str | None
    opd: str | None
    first: date | None
    last: date | None
    before: int | None
    limit: int


def _sought(
    name: Name = None,
    opd: Opd = None,
    first: First = None,
    last: Last = None,
    before: Before = None,
    limit: Limit = 100,
) -> RecordQuery:
    return RecordQuery(name, opd, first, last, before, limit)


Asked = Annotated[RecordQuery, Depends(_sought)]

router = APIRouter(tags=["record"])


class EventsOut(BaseModel):
    """A page of events, the newest first."""

    events: list[FoundEvent] = Field(examples=[[_EVENT]])
    next: int | None
    """Send it as `before` to get the next page; null on the last page."""


class EntriesOut(BaseModel):
    """A page of the access log, the newest first."""

    entries: list[FoundEntry]
    next: int | None


@router.get(
    "/complaints/{tracking_id}/history",
    response_model=Chronicle,
    summary="Read the whole history of a complaint",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 422, 429, 503),
)
async def history(
    request: Request,
    response: Response,
    actor: Official,
    tracking_id: Tracking,
    words: Words = False,
    identity: Identity = False,
    purpose: Purpose = None,
) -> Chronicle:
    """Return who did what and when, which deadlines and why, refusals, readings, and the workflow events behind them.

    The same for a running complaint, a closed one, and one whose history the engine has deleted. For an erased one it
    is the process record, with when, by whom and on which ground it was erased.
    """
    response.headers["Cache-Control"] = "no-store"
    complaints = _complaints(request)
    row = await complaints.authority.reading(
        actor, Act.READ_CHRONICLE, tracking_id, via="http", purpose=plain(purpose), identity=identity
    )
    return await Chronicles(complaints, complaints.seen_by(actor)).of(
        row, words=words or identity, identity=identity, lang=_lang(request)
    )


@router.get(
    "/complaints/{tracking_id}/case-file.json",
    response_model=CaseFile,
    summary="Take out a case file as JSON",
    responses=problem_responses(_SAID, 401, 403, 404, 409, 422, 429, 503),
)
async def case_file_json(
    request: Request,
    response: Response,
    actor: Official,
    tracking_id: Tracking,
    identity: Identity = False,
    purpose: Purpose = None,
) -> CaseFile:
    """Return a complaint's whole record with each event's row, whose hashes anyone can recompute with SHA-256 alone."""
    response.headers.update(_saved(tracking_id, "json"))
    return await _case(request, actor, tracking_id, identity, purpose, "json")


@router.get(
    "/complaints/{tracking_id}/case-file.pdf",
    response_class=Response,
    summary="Take out a case file as PDF",
    responses={
        200: {
            "description": "The file, A4",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problem_responses(_SAID, 401, 403, 404, 409, 422, 429, 503),
    },
)
async def case_file_pdf(
    request: Request, actor: Official, tracking_id: Tracking, identity: Identity = False, purpose: Purpose = None
) -> Response:
    """Return a complaint's whole record for people to read, in the language of `Accept-Language`."""
    case = await _case(request, actor, tracking_id, identity, purpose, "pdf")
    content = await asyncio.to_thread(printed, case, _lang(request))
    return Response(content, media_type="application/pdf", headers=_saved(tracking_id, "pdf"))


@router.get(
    "/events",
    response_model=EventsOut,
    summary="Search the events of all complaints",
    responses=problem_responses(_SAID, 401, 403, 422, 429, 503),
)
async def events(
    request: Request,
    response: Response,
    actor: Official,
    sought: Asked,
    kind: Annotated[list[EventKind] | None, Query(description="Kinds of event.", examples=[["breached"]])] = None,
) -> EventsOut:
    """Return the process record of the caller's agency, without anybody's words. The search goes on record."""
    response.headers["Cache-Control"] = "no-store"
    wanted = await _wanted(request, actor, sought, kind)
    found, left = await _page(Search(_complaints(request).pool, actor).events(wanted, sought.limit + 1), sought.limit)
    return EventsOut(events=found, next=found[-1].position if left else None)


@router.get(
    "/access-log",
    response_model=EntriesOut,
    summary="Search what was refused, read and exported",
    responses=problem_responses(_SAID, 401, 403, 422, 429, 503),
)
async def access_log(
    request: Request,
    response: Response,
    actor: Official,
    sought: Asked,
    kind: Annotated[list[AccessKind] | None, Query(description="Kinds of entry.", examples=[["refused"]])] = None,
) -> EntriesOut:
    """Return entries about the agency's complaints and by its people. The search goes on record."""
    response.headers["Cache-Control"] = "no-store"
    wanted = await _wanted(request, actor, sought, kind)
    found, left = await _page(Search(_complaints(request).pool, actor).entries(wanted, sought.limit + 1), sought.limit)
    return EntriesOut(entries=found, next=found[-1].n if left else None)


async def _case(
    request: Request, actor: Actor, tracking_id: str, identity: bool, purpose: str | None, form: str
) -> CaseFile:
    return await CaseFiles(_complaints(request)).make(
        tracking_id, actor, purpose=plain(purpose), identity=identity, via="http", form=form, lang=_lang(request)
    )


async def _wanted(request: Request, actor: Actor, sought: RecordQuery, kinds: Sequence[str] | None) -> SearchQuery:
    """Return the search criteria, once the search is on record."""
    asked = RecordSearch(sought.name, sought.opd, [*map(str, kinds or ())], sought.first, sought.last, sought.before)
    return await allowed_search(_complaints(request), actor, asked, "http")


async def _page(found: AsyncIterator[Found], limit: int) -> tuple[list[Found], bool]:
    came = [one async for one in found]
    return came[:limit], len(came) > limit


def _complaints(request: Request) -> Complaints:
    complaints: Complaints = request.app.state.complaints
    return complaints


def _lang(request: Request) -> Lang:
    return lang_of(language(request))


def _saved(tracking_id: str, form: str) -> dict[str, str]:
    """Return the headers of a file that is to be saved, and cached nowhere."""
    return {
        "Content-Disposition": f'attachment; filename="kawal-{tracking_id}.{form}"',
        "Cache-Control": "no-store",
    }
