"""`/mutu`: the samples that were drawn, and the drawing of another one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormOutcome,
    day_of,
    form_routes,
    number_of,
    page_route,
    result_of,
)
from kawal.domain.access import RIGHTS, Act
from kawal.domain.quality import MOST_DRAWN, MOST_SEED

PATH = "/mutu"

USUAL_SIZE = 30


async def show_samples(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show every sample of the agency, the newest first, and to whoever may draw the form."""
    complaints, agency = complaints_of(request), signed.actor.instansi
    values = {
        "told": told,
        "draws": await complaints.record.quality.draws(agency),
        "draws_too": signed.actor.role in RIGHTS[Act.QUALITY_DRAW].who,
        "opds": await complaints.directory.opds(agency) if agency is not None else [],
        "most_drawn": MOST_DRAWN,
        "most_seed": MOST_SEED,
        "usual_size": USUAL_SIZE,
    }
    return staff_page(request, signed, "staff/quality/samples.html", values, status=told.status)


async def _draw(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = {
        "first_day": day_of(fields, "dari"),
        "last_day": day_of(fields, "sampai"),
        "opd": fields.get("opd"),
        "size": number_of(fields, "banyak"),
        "seed": fields.get("seed", "").strip(),
    }
    made = await result_of(request, signed, "quality draw", given)
    return see_other(f"{PATH}/sampel/{made.id}")


ROUTES: list[Route] = [
    page_route(PATH, Act.QUALITY_READ, show_samples),
    *form_routes(PATH, Act.QUALITY_DRAW, show_samples, {"tarik": _draw}),
]
