"""`/auditor`: the way to a report's life, to the searches, to verification, and to what was sealed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.auditor.background_verification import verifications_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import FormOutcome, page_route
from kawal.domain.access import Act
from kawal.domain.msgids import msgid
from kawal.domain.report_numbers import is_number

PATH = "/auditor"

LIVES = f"{PATH}/laporan"

READ = Act.SEARCH
"""Whoever may search the record reads these pages."""

_NO_NUMBER = msgid("A report's number has 7 to 9 digits.")


async def show_entrance(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what can be read, how the log stands, and how the last verification ended."""
    values = {
        "told": told,
        "head": await complaints_of(request).record.log.newest_head(),
        "job": verifications_of(request).newest,
    }
    return staff_page(request, signed, "staff/auditor/entrance.html", values, status=told.status)


async def go_to_life(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Lead to the life of the report whose number was typed."""
    number = request.query_params.get("nomor", "").strip().removeprefix("#")
    if is_number(number):
        return see_other(f"{LIVES}/{number}")
    return await show_entrance(request, signed, FormOutcome([_NO_NUMBER], {"nomor": number[:20]}))


ROUTES = [page_route(PATH, READ, show_entrance), page_route(LIVES, READ, go_to_life)]
