"""How a reporter comes in: `/l/NUMBER/SECRET`, or number and code typed at `/l`; the browser then holds a cookie.

The code is exchanged for the cookie at once, so that it stays in no address bar. Reading a link changes nothing: mail
scanners may follow it as often as they like. Whoever guesses learns nothing, not even which numbers exist.
"""

from __future__ import annotations

import asyncio
import re

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import page, see_other
from kawal.console.pages.public import report_cookie
from kawal.console.pages.public.parts import AWAY, complaints_of, count_call
from kawal.domain.msgids import Sayable
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import is_number
from kawal.web.callers import address_of

_BETWEEN = re.compile(r"[\s.-]+")


class NotOpened(Exception):  # noqa: N818 - an ordinary answer: this browser does not hold the report's cookie
    """The report's own page was asked for by a browser that may not see it."""

    def __init__(self, tracking_id: str, unsent: str = "") -> None:
        """Keep the number that was asked for, and the words of a form that were therefore not taken."""
        super().__init__()
        self.tracking_id = tracking_id
        self.unsent = unsent


async def opened(request: Request) -> str:
    """Return the number of the report that the address names and this browser may see; raises NotOpened."""
    tracking_id = str(request.path_params["number"])
    cookie = report_cookie.cookie_of(request, tracking_id)
    if cookie is None or not is_number(tracking_id):
        raise NotOpened(tracking_id)
    complaints = complaints_of(request)
    if not all(
        await asyncio.gather(ReporterAccess(complaints).has_cookie(tracking_id, cookie), complaints.has(tracking_id))
    ):
        raise NotOpened(tracking_id)
    return tracking_id


def ask_for_code(request: Request, error: NotOpened) -> Response:
    """Show the form for number and code to a browser that has no cookie; the same for numbers that do not exist."""
    return _form(request, error.tracking_id, unsent=error.unsent)


async def show_entrance(request: Request) -> Response:
    """Show the form for number and code."""
    return _form(request, request.query_params.get("nomor", ""))


async def enter(request: Request) -> Response:
    """Open a report by number and code as they were typed."""
    refuse_foreign(request)
    form = await request.form()
    number, code = (str(form.get(name, "")) for name in ("number", "code"))
    try:
        return await _exchange(request, _BETWEEN.sub("", number), code)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _form(request, number[:20], code[:40], AWAY, status=503)


async def enter_by_link(request: Request) -> Response:
    """Open a report by the link of its receipt."""
    return await _exchange(request, request.path_params["number"], request.path_params["code"])


async def _exchange(request: Request, tracking_id: str, code: str) -> Response:
    access, gate = ReporterAccess(complaints_of(request)), request.app.state.gate
    # Counted before it is looked at: whoever guessed too often learns nothing more, not even from a right code.
    await gate.let_in("codes", address_of(request))
    try:
        await access.open_to(tracking_id, code[:40])
    except Refusal as refusal:
        return _form(request, tracking_id[:9], code[:40], refusal.sentence, status=404)
    except Exception:  # nobody knows whether it was right
        gate.give_back("codes", address_of(request))
        raise
    gate.give_back("codes", address_of(request))
    await count_call(request)
    response = see_other(report_cookie.path_of(tracking_id))
    report_cookie.give(request, response, tracking_id, await access.cookie_of(tracking_id))
    return response


def _form(
    request: Request, number: str, code: str = "", fault: Sayable | None = None, *, unsent: str = "", status: int = 200
) -> Response:
    values = {"number": number, "code": code, "fault": fault, "unsent": unsent}
    return page(request, "public/entrance.html", values, status=status)
