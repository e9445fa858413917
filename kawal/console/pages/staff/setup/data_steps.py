"""The steps that fill the agency, by the forms of administration: its OPDs, who answers what, its people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.accounts import WayBack, inviting, people_of, role_choices
from kawal.console.pages.staff.administration.category_page import main_values, saving
from kawal.console.pages.staff.administration.list_upload import list_text
from kawal.console.pages.staff.administration.opd_page import list_acts
from kawal.console.pages.staff.page_forms import FormOutcome, agency_of
from kawal.console.pages.staff.setup.progress import PATHS, step_page, step_routes
from kawal.domain.agency_setup import STEPS, SetupStep


async def show_opds(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the OPDs that there are, and the form of a list."""
    values = {"opds": await complaints_of(request).directory.opds(agency_of(signed))}
    return await step_page(request, signed, "opds", told, values)


async def show_categories(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show which OPD answers which main category."""
    agency = agency_of(signed)
    places = await complaints_of(request).directory.own_places(agency)
    return await step_page(request, signed, "categories", told, await main_values(request, agency, places))


async def show_people(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show who can sign in, and the form that invites."""
    values = {"people": await people_of(request, signed), **await role_choices(request, signed)}
    return await step_page(request, signed, "people", told, values)


ROUTES = [
    *step_routes(SetupStep.OPDS, show_opds, list_acts(PATHS[SetupStep.OPDS]), list_text),
    *step_routes(SetupStep.CATEGORIES, show_categories, {"simpan": saving(PATHS[SetupStep.CATEGORIES])}),
    *step_routes(
        SetupStep.PEOPLE, show_people, {"undang": inviting(WayBack(PATHS[SetupStep.PEOPLE], STEPS[SetupStep.PEOPLE]))}
    ),
]
