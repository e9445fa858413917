"""A report's code on its own page: changed ("ganti kode"), or forgotten by this phone ("hapus dari HP ini")."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import TOKEN, check_token, is_token, refuse_foreign
from kawal.console.pages.frame import page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.entrance import NotOpened, opened
from kawal.console.pages.public.own_handover import handover_of
from kawal.console.pages.public.parts import complaints_of, count_call, public_address
from kawal.domain.report_numbers import is_number
from kawal.web.problems import Problem
from kawal.wording.links import report_link

FORGOTTEN = "/l/terhapus"

CLEARED = '"cache"'
"""What the browser clears when it forgets a report: pages that it kept, and no other report's cookie."""


async def change_code(request: Request) -> Response:
    """End the present code with every link and cookie made of it; this browser gets the new cookie.

    So it does when it sends the same form again: after a double tap, or because the answer was lost. Its old cookie
    opens nothing any more, and without the new one the reporter would be shut out.
    """
    refuse_foreign(request)
    await count_call(request)
    tracking_id, sent = str(request.path_params["number"]), await request.form()
    complaints = complaints_of(request)
    access, form = ReporterAccess(complaints), f"{sent.get(TOKEN)} {sent.get('key')}" if sent.get("key") else None
    try:
        check_token(sent, report_cookie.cookie_of(request, await opened(request)) or "")
    except (NotOpened, Problem):
        if form is None or not await _sent_again(request, access, sent, form):
            raise
    else:
        await access.change_code(tracking_id, complaints.now(), form=form)
    response = see_other(f"{report_cookie.path_of(tracking_id)}/kode")
    report_cookie.give(request, response, tracking_id, await access.cookie_of(tracking_id))
    return response


async def _sent_again(request: Request, access: ReporterAccess, sent: Mapping[str, object], form: str) -> bool:
    """Tell whether this form changed the code before, and came from a browser that still holds a cookie of the report.

    Old or new: one that has forgotten the report holds none.
    """
    tracking_id = str(request.path_params["number"])
    cookie = report_cookie.cookie_of(request, tracking_id)
    if cookie is None or not is_number(tracking_id) or not await access.changed_by(tracking_id, form):
        return False
    return is_token(sent, cookie) or await access.has_cookie(tracking_id, cookie)


async def show_code(request: Request) -> Response:
    """Show the code and the link that open the report."""
    await count_call(request)
    tracking_id = await opened(request)
    code = await ReporterAccess(complaints_of(request)).secret_of(tracking_id)
    link = report_link(public_address(request), tracking_id, code)
    return page(request, "public/own_code.html", {"number": tracking_id, "code": code, "link": link})


async def forget(request: Request) -> Response:
    """Have this browser forget the report, and its other number if it was passed on; the report itself goes on."""
    refuse_foreign(request)
    await count_call(request)
    number, response = str(request.path_params["number"]), see_other(FORGOTTEN)
    cookie = report_cookie.cookie_of(request, number)
    if cookie is None:  # sent twice: it is forgotten
        return response
    check_token(await request.form(), cookie)
    for one in await _numbers_of(request):
        report_cookie.take_away(request, response, one)
    response.headers["Clear-Site-Data"] = CLEARED
    return response


async def _numbers_of(request: Request) -> list[str]:
    """Return the numbers of the report that a browser forgets: of a cookie that opens nothing, the report's alone."""
    number = str(request.path_params["number"])
    try:
        handover = await handover_of(complaints_of(request), await opened(request))
    except NotOpened:
        return [number] if is_number(number) else []
    return [number, *(other.tracking_id for other in (handover.onward, handover.before) if other is not None)]


async def show_forgotten(request: Request) -> Response:
    """Say that the browser has forgotten the report."""
    return page(request, "public/own_forgotten.html", {})
