"""The first step: who the agency is. Under a code of its own it replaces the shipped example."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth import session_cookie
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, result_of
from kawal.console.pages.staff.setup.progress import onward_from, step_page, step_routes
from kawal.data import places
from kawal.desks.agency_setup import DescribedAgency
from kawal.desks.table import Desk, perform
from kawal.domain.agency_setup import SetupStep
from kawal.domain.government import HEADS, KINDS


async def show_agency(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show who the agency is; of the example the fields are empty, so that nobody keeps it by accident."""
    now = await complaints_of(request).directory.instansi(agency_of(signed))
    held = {} if now is None or now.example else now.model_dump(include={"code", "name", "kind", "area"})
    values = {
        "example": None if now is None or not now.example else now,
        "held": {**held, **_typed(told.typed)} if told.typed else held,
        "kinds": [(kind, KINDS[kind], HEADS[kind]) for kind in KINDS],
    }
    return await step_page(request, signed, "agency", told, values)


async def _save(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Say who the agency is, and go on; whoever replaced the example acts in the new agency from then on."""
    given = {**_typed(fields), "code": fields.get("kode", "").strip().upper() or "–"}
    made: DescribedAgency = await result_of(request, signed, "agency set", given)
    answer = onward_from(SetupStep.AGENCY)
    actor = signed.actor
    if made.role is not None:
        record = complaints_of(request).record
        text = await record.staff_sessions.change_role(signed.session, f"r{made.role}")
        session_cookie.give(answer, text)
        granted = await record.people.held(made.role)
        actor = actor if granted is None else granted.actor
    await perform(Desk(complaints_of(request), actor), "agency step", {"step": SetupStep.AGENCY})
    return answer


def _typed(fields: Fields) -> dict[str, str]:
    return {
        "code": fields.get("kode", ""),
        "name": fields.get("nama", "").strip() or " ",
        "kind": fields.get("jenis", ""),
        "area": fields.get("wilayah", "").strip(),
    }


def has_map(area: str | None) -> bool:
    """Tell whether there are a map and names of places for an area."""
    return area is not None and places.is_made(area)


ROUTES = step_routes(SetupStep.AGENCY, show_agency, {"simpan": _save})
