"""Two reports side by side, before one is merged into the other: the words of both, each reading on record."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.frame import page
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.verification.queue import admin
from kawal.console.pages.staff.verification.report import own_row, pieces, shown_report
from kawal.domain.labels import STATUSES
from kawal.domain.refusals import Refusal


async def compare(request: Request) -> Response:
    """Show a report beside one that may be about the same matter; of rahasia ones no words, which are opened alone."""
    signed = await admin(request)
    number, other = request.path_params["number"], request.path_params["other"]
    if number == other:
        raise Refusal("main_is_itself")
    for one in (number, other):
        await own_row(complaints_of(request), signed.actor, one)
    shown = [await shown_report(request, signed, one) for one in (number, other)]
    values = {"both": shown, "pieces": pieces, "statuses": STATUSES, "key": str(uuid.uuid4())}
    if request.query_params.get("potongan") == "1":
        return page(request, "staff/verification_side.html", {"signed": signed, "token_field": TOKEN} | values)
    return staff_page(request, signed, "staff/verification_compare.html", values)
