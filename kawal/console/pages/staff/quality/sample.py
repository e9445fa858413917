"""`/mutu/sampel/NUMBER`: one sample, what was judged of it, and the draw repeated with today's record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import HEADERS
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, number_of, page_route, page_with_forms
from kawal.console.pages.staff.quality.samples import PATH
from kawal.desks.quality import Quality, Redraw
from kawal.domain.access import PURPOSE_LIMIT, RIGHTS, Act
from kawal.domain.msgids import Sentence, msgid, sentence
from kawal.domain.quality import Candidate, QualityCount
from kawal.store.quality import Draw
from kawal.wording import quality_words

SAMPLE = f"{PATH}/sampel/{{draw}}"

_ROWS = 1_000
"""Candidates that are sent at a time."""

_REVIEWED = msgid("The review is on record.")


async def draw_of(request: Request, signed: SignedIn) -> Draw:
    """Return the sample that an address names; raises Refusal for one that is unknown or another agency's."""
    complaints = complaints_of(request)
    made = await Quality(complaints).find(number_of(request.path_params, "draw"))
    await complaints.authority.authorise(signed.actor, Act.QUALITY_READ, made.instansi)
    return made


async def show_sample(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show a sample's follow-ups with the verdicts that the reader may see, and how it stands by OPD."""
    return await _shown(request, signed, told)


async def _shown(
    request: Request, signed: SignedIn, told: FormOutcome, compared: Sequence[Sentence] = (), *, agrees: bool = True
) -> Response:
    quality, made = Quality(complaints_of(request)), await draw_of(request, signed)
    counted = await quality.result(made.id)
    values = {
        "told": told,
        "made": made,
        "items": await quality.items(made.id, signed.actor),
        "counted": counted,
        "total": sum(counted.values(), QualityCount()),
        "verdicts": quality_words.VERDICTS,
        "reviews_too": signed.actor.role in RIGHTS[Act.QUALITY_REVIEW].who,
        "purpose_limit": PURPOSE_LIMIT,
        "from_head": _head_size(made),
        "compared": compared,
        "agrees": agrees,
        "done": _REVIEWED if "dinilai" in request.query_params else None,
    }
    return staff_page(request, signed, "staff/quality/sample.html", values, status=told.status)


def _head_size(made: Draw) -> Sentence | None:
    kind, _, size = made.seed_source.partition(":")
    return sentence(quality_words.DRAW_FROM_HEAD, size=size) if kind == "head" else None


async def _repeat(request: Request, signed: SignedIn, _: Fields) -> Response:
    """Draw again from today's record, compare, and say what came of it; nothing is changed."""
    made = await draw_of(request, signed)
    again = await Quality(complaints_of(request)).redraw(made.id)
    return await _shown(request, signed, FormOutcome(), list(_in_words(again)), agrees=again.whole)


def _in_words(again: Redraw) -> Iterator[Sentence]:
    number = again.made.id
    if again.agrees:
        yield sentence(quality_words.DRAW_AGREES, candidates=again.candidates)
    else:
        yield sentence(
            quality_words.DRAW_DIFFERS,
            number=number,
            then=again.made.candidates,
            now=again.candidates,
            gone=_named(again.gone),
            come=_named(again.come),
        )
    if not again.recorded:
        yield sentence(quality_words.DRAW_UNRECORDED, number=number)
    if again.changed:
        yield sentence(quality_words.REVIEWS_CHANGED, places=", ".join(map(str, again.changed)))


def _named(candidates: Sequence[Candidate]) -> str:
    return ", ".join(f"{one.tracking_id}/{one.seq}" for one in candidates) or "–"


async def send_population(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Send every candidate with its lot, the lowest first: with it anyone draws again by a spreadsheet."""
    made = await draw_of(request, signed)
    listed = await Quality(complaints_of(request)).candidates(made.id)
    saved = {
        "Content-Disposition": f'attachment; filename="populasi-{made.id}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_csv(listed), 200, {**HEADERS, **saved}, "text/csv; charset=utf-8")


def _csv(listed: Sequence[tuple[str, Candidate]]) -> Iterator[str]:
    yield "lot,laporan,peristiwa\r\n"
    for begin in range(0, len(listed), _ROWS):
        yield "".join(f"{lot},{one.tracking_id},{one.seq}\r\n" for lot, one in listed[begin : begin + _ROWS])


ROUTES: list[Route] = [
    *page_with_forms(SAMPLE, Act.QUALITY_READ, show_sample, {"ulangi": _repeat}),
    page_route(f"{SAMPLE}/populasi.csv", Act.QUALITY_READ, send_population),
]
