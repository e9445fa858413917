"""A report's code on its own page: changed ("ganti kode"), or forgotten by this phone ("hapus dari HP ini")."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import check_token, refuse_foreign
from kawal.console.pages.frame import page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.parts import complaints_of, count_call, public_address
from kawal.wording.links import report_link

FORGOTTEN = "/l/terhapus"

CLEARED = '"cache"'
"""What the browser clears when it forgets a report: pages that it kept, and no other report's cookie."""


async def change_code(request: Request) -> Response:
    """End the present code with every link and cookie made of it; this browser gets the new cookie."""
    tracking_id = await _checked(request)
    complaints = complaints_of(request)
    access = ReporterAccess(complaints)
    await access.change_code(tracking_id, complaints.now())
    response = see_other(f"{report_cookie.path_of(tracking_id)}/kode")
    report_cookie.give(request, response, tracking_id, await access.cookie_of(tracking_id))
    return response


async def show_code(request: Request) -> Response:
    """Show the code and the link that open the report."""
    await count_call(request)
    tracking_id = await opened(request)
    code = await ReporterAccess(complaints_of(request)).secret_of(tracking_id)
    link = report_link(public_address(request), tracking_id, code)
    return page(request, "public/own_code.html", {"number": tracking_id, "code": code, "link": link})


async def forget(request: Request) -> Response:
    """Have this browser forget the report; the report itself goes on."""
    tracking_id = await _checked(request)
    response = see_other(FORGOTTEN)
    report_cookie.take_away(request, response, tracking_id)
    response.headers["Clear-Site-Data"] = CLEARED
    return response


async def show_forgotten(request: Request) -> Response:
    """Say that the browser has forgotten the report."""
    return page(request, "public/own_forgotten.html", {})


async def _checked(request: Request) -> str:
    refuse_foreign(request)
    await count_call(request)
    tracking_id = await opened(request)
    check_token(await request.form(), report_cookie.cookie_of(request, tracking_id) or "")
    return tracking_id
