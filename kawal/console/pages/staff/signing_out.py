"""`/keluar` and `/peran`: ends the session, or goes on in another role that the person holds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth import session_cookie
from kawal.console.auth.signed_in import SIGN_IN, OtherRole, check_form, signed_in
from kawal.console.pages.frame import lead_up, see_other
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.unsent import FieldShape, returned_field
from kawal.domain.access_kinds import AccessKind
from kawal.domain.msgids import msgid
from kawal.web.problems import Problem

FIRST_PAGE = "/kerja"

_NOT_YOUR_ROLE = msgid("You do not hold this role, or no longer.")


async def sign_out(request: Request) -> Response:
    """End the session in which the form was sent."""
    signed = await signed_in(request)
    async with request.form(max_fields=5) as form:
        check_form(request, signed, form)
    record, now = request.app.state.complaints.record, request.app.state.complaints.now()
    await record.staff_sessions.end(signed.session, signed.person)
    await record.access_log.append(AccessKind.SIGNED_OUT, signed.actor, now, facts={"session": signed.session})
    answer = see_other(SIGN_IN)
    session_cookie.take_away(answer)
    return answer


async def change_role(request: Request) -> Response:
    """Let the person act in another of their roles, under a new cookie."""
    signed = await signed_in(request)
    async with request.form(max_fields=5) as form:
        check_form(request, signed, form)
        wanted = str(form.get("peran", ""))
    if wanted not in {role.id for role in signed.roles}:
        raise Problem(403, "not_your_role", _NOT_YOUR_ROLE)
    text = await request.app.state.complaints.record.staff_sessions.change_role(signed.session, wanted)
    answer = see_other(FIRST_PAGE)
    session_cookie.give(answer, text)
    return answer


def ask_for_role(request: Request, error: OtherRole) -> Response:
    """Show what was typed into a form that was opened under another role, and how to go back to that role."""
    fields = [returned_field(name, text, request.url.path) for name, text in error.typed.items()]
    typed = [one for one in fields if one.shape not in (FieldShape.HIDDEN, FieldShape.SECRET)]
    values = {"opened_as": error.role, "typed": typed, "sentence": error.sentence}
    return staff_page(request, error.signed, "staff/other_role.html", values, status=409)


ROUTES = [
    Route("/keluar", sign_out, methods=["POST"]),
    Route("/peran", change_role, methods=["POST"]),
    *(Route(path, lead_up, methods=["GET"]) for path in ("/keluar", "/peran")),
]
