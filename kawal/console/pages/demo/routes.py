"""`/demo`: signing in without proof, moving the clock, and reading what would have been sent."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.console.auth.signing_in import begin, own_path
from kawal.console.pages.demo.bar import START, STEPS
from kawal.console.pages.form_guard import TOKEN, refuse_foreign
from kawal.console.pages.frame import lead_up, page, see_other
from kawal.console.pages.time_limits import read_in_time
from kawal.demo.gateways import PATH as GATEWAY
from kawal.demo.people import PEOPLE
from kawal.domain.msgids import msgid
from kawal.web.problems import Problem

if TYPE_CHECKING:
    from kawal.demo.demo import Demo

SENT = f"{START}/kiriman"
_FIELDS = 4
_STALE = msgid("This form was not sent from our page. Open the page again and send it from there.")


async def show_demo(request: Request) -> Response:
    """Show what this is, who one may be, and what the clock says."""
    return page(request, "demo/start.html", {"onward": ""})


async def show_sent(request: Request) -> Response:
    """Show what would have been sent, the newest first."""
    return page(request, "demo/sent.html", {"messages": _demo(request).sent.newest_first()})


async def sign_in(request: Request) -> Response:
    """Sign the visitor in as one of the demo's people."""
    form = await _taken(request)
    login = next((one.login for one in PEOPLE if one.login == form.get("orang")), "")
    person = await request.app.state.complaints.record.people.by_login(login)
    if person is None:
        return see_other(START)
    return await begin(request, person, "demo", str(form.get("ke", "")))


async def move_clock(request: Request) -> Response:
    """Let some working days pass, and lead back to the page."""
    form = await _taken(request)
    steps = {str(step): step for step in STEPS}
    working_days = steps.get(str(form.get("hari", "")))
    if working_days is not None:
        await _demo(request).mover.move(working_days)
    return see_other(own_path(str(form.get("ke", START))))


async def take_message(request: Request) -> Response:
    """Be the demo's gateway: keep a message to a telephone."""
    taken = _demo(request).gateway.take(request.headers, await request.body())
    return Response(status_code=202 if taken else 403)


async def _taken(request: Request) -> Mapping[str, object]:
    """Return a form of the demo's own; raises Problem 403 for one of another site."""
    refuse_foreign(request)
    form = dict(await request.form(max_fields=_FIELDS, max_files=0))
    if not hmac.compare_digest(str(form.get(TOKEN, "")).encode(), _demo(request).form_token.encode()):
        raise Problem(403, "other_site", _STALE)
    return form


def _demo(request: Request) -> Demo:
    demo: Demo = request.app.state.demo
    return demo


ROUTES = [
    Route(START, read_in_time(show_demo), methods=["GET"]),
    Route(SENT, read_in_time(show_sent), methods=["GET"]),
    Route(f"{START}/masuk", sign_in, methods=["POST"]),
    Route(f"{START}/jam", move_clock, methods=["POST"]),
    *(Route(f"{START}/{name}", lead_up, methods=["GET"]) for name in ("masuk", "jam")),
    Route(GATEWAY, take_message, methods=["POST"]),
]
