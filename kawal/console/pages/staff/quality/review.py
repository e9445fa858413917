"""`/mutu/sampel/NUMBER/PLACE`: what a reviewer reads of a drawn follow-up, and the verdict.

It is the answer to a form, not a page with an address: the reading goes on record.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, form_routes, number_of, performed, result_of
from kawal.console.pages.staff.quality.sample import SAMPLE, draw_of, show_sample
from kawal.console.pages.staff.quality.samples import PATH
from kawal.desks.quality import ReviewMaterial
from kawal.domain.access import RIGHTS, Act
from kawal.domain.labels import EVENTS
from kawal.domain.msgids import sentence
from kawal.domain.persons import same_person
from kawal.domain.refusals import Refusal
from kawal.wording.quality_words import REVIEWS_HIDDEN, VERDICTS

_PLACE = f"{SAMPLE}/{{place}}"


async def _read(request: Request, signed: SignedIn, fields: Fields) -> Response:
    return await _material(request, signed, fields, FormOutcome())


async def _review(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Take the verdict; one that is refused is told above what was read, with what was typed."""
    made, place = await draw_of(request, signed), number_of(request.path_params, "place")
    given = {
        "draw": made.id,
        "place": place,
        "verdict": fields.get("putusan", ""),
        "grounds": fields.get("alasan", ""),
        "correct": "perbaiki" in fields,
    }
    try:
        await performed(request, signed, "quality review", given)
    except Refusal as refusal:
        return await _material(request, signed, fields, FormOutcome([refusal.sentence], fields))
    return see_other(f"{PATH}/sampel/{made.id}?dinilai=1#tempat-{place}")


async def _material(request: Request, signed: SignedIn, fields: Fields, told: FormOutcome) -> Response:
    made, place = await draw_of(request, signed), number_of(request.path_params, "place")
    given = {"draw": made.id, "place": place, "purpose": fields.get("tujuan", "").strip()}
    material: ReviewMaterial = await result_of(request, signed, "quality read", given)
    account = signed.actor.account
    values = {
        "told": told,
        "made": made,
        "item": material.item,
        "material": material,
        "events": EVENTS,
        "verdicts": VERDICTS,
        "hidden": sentence(REVIEWS_HIDDEN, count=material.item.hidden),
        "judged": any(same_person(one.reviewer, account) for one in material.item.reviews),
        "reviews_too": signed.actor.role in RIGHTS[Act.QUALITY_REVIEW].who,
        "purpose": fields.get("tujuan", ""),
    }
    return staff_page(request, signed, "staff/quality/review.html", values, status=told.status)


ROUTES: list[Route] = [
    *form_routes(_PLACE, Act.QUALITY_READ, show_sample, {"baca": _read}),
    *form_routes(_PLACE, Act.QUALITY_REVIEW, show_sample, {"nilai": _review}),
]
