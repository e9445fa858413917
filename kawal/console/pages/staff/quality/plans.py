"""`/mutu/rencana-aksi`: the register of action plans, with the progress of their items."""

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
    performed,
)
from kawal.console.pages.staff.quality.registers import common_of, corrected, digest_of, register_values
from kawal.console.pages.staff.quality.samples import PATH
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.store.registers import Plan
from kawal.wording.quality_words import ITEM_STATES

PLANS = f"{PATH}/rencana-aksi"


async def show_plans(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the plans with their items, and to whoever keeps the register the forms."""
    complaints = complaints_of(request)
    plans = await complaints.record.registers.plans(signed.actor.instansi)
    chosen = corrected(request, signed, plans, told)
    values = {
        **await register_values(request, signed, told),
        "plans": plans,
        "states": ITEM_STATES,
        "today": local_day(complaints.now()),
        "chosen": chosen,
        "typed": told.typed or ({} if chosen is None else _as_typed(chosen)),
    }
    return staff_page(request, signed, "staff/quality/plans.html", values, status=told.status)


def _as_typed(one: Plan) -> dict[str, str]:
    return {
        "tahun": str(one.year),
        "tanggal": one.submitted_on.isoformat(),
        "opd": one.opd or "",
        "dokumen": one.document,
        **({"batal": "ya"} if one.withdrawn else {}),
    }


async def _enter(request: Request, signed: SignedIn, fields: Fields) -> Response:
    given = common_of(fields) | {
        "year": fields.get("tahun", "").strip(),
        "submitted_on": day_of(fields, "tanggal"),
        "items": [line.strip() for line in fields.get("butir", "").splitlines() if line.strip()],
    }
    await performed(request, signed, "register plan", given)
    return see_other(f"{PLANS}?telah={'perbaiki' if given['correct'] else 'catat'}")


async def _progress(request: Request, signed: SignedIn, fields: Fields) -> Response:
    plan, place = number_of(fields, "rencana"), number_of(fields, "butir-ke")
    given = {"plan": plan, "place": place, "state": fields.get("keadaan", ""), "on_day": day_of(fields, "sejak")}
    await performed(request, signed, "register progress", given)
    return see_other(f"{PLANS}?telah=kemajuan#rencana-{plan}")


ROUTES: list[Route] = [
    page_route(PLANS, Act.QUALITY_READ, show_plans),
    *form_routes(PLANS, Act.KEEP_REGISTERS, show_plans, {"catat-dokumen": _enter}, digest_of),
    *form_routes(PLANS, Act.KEEP_REGISTERS, show_plans, {"kemajuan": _progress}),
]
