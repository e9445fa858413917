"""`/l/kirim-ulang`: the link sent again to the contact on record; the same answer, whether there is such a report."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.console.pages.form_guard import refuse_foreign
from kawal.console.pages.frame import page
from kawal.console.pages.public.parts import NOT_SENT, complaints_of, count_call
from kawal.domain.msgids import Sayable, msgid
from kawal.intake.link_requests import LinkRequests
from kawal.intake.page_form import CONTACT_LIMIT
from kawal.web.callers import address_of

_BOTH = msgid("Write the number of the report, and the telephone number or e-mail address that you gave with it.")


async def show_request(request: Request) -> Response:
    """Show the form for number and contact."""
    return _form(request, request.query_params.get("nomor", "")[:20], "")


async def ask_again(request: Request) -> Response:
    """Take the request; neither the answer nor its time tells whether number and contact belong together."""
    refuse_foreign(request)
    await count_call(request)
    form = await request.form()
    number, contact = (str(form.get(name, "")).strip() for name in ("number", "contact"))
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    if not digits or not contact or len(contact) > CONTACT_LIMIT:
        faulty = {"number": not digits, "contact": not contact or len(contact) > CONTACT_LIMIT}
        wrong = [name for name, is_wrong in faulty.items() if is_wrong]
        return _form(request, number[:20], contact[:CONTACT_LIMIT], _BOTH, wrong, status=422)
    await request.app.state.gate.let_in("public", address_of(request))
    try:
        await LinkRequests(complaints_of(request)).ask(digits[:20], contact)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _form(request, number[:20], contact, NOT_SENT, status=503)
    return page(request, "public/link_requested.html", {})


def _form(
    request: Request,
    number: str,
    contact: str,
    fault: Sayable | None = None,
    wrong: Sequence[str] = (),
    *,
    status: int = 200,
) -> Response:
    values = {"number": number, "contact": contact, "fault": fault, "wrong": wrong}
    return page(request, "public/link_request.html", values, status=status)
