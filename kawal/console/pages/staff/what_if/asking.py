"""`/pimpinan/andai`: the form in which another policy is asked about, and what the agency has asked before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.base.errors import SystemUnavailable
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormOutcome,
    TypedFault,
    agency_of,
    day_of,
    page_with_forms,
    result_of,
)
from kawal.desks.what_if import WhatIfResult, policy_in_force, usual_days
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.labels import ROLES
from kawal.domain.msgids import msgid, sentence
from kawal.domain.policy import limit_rule
from kawal.domain.refusals import Refusal
from kawal.domain.what_if import ASKED_LIMITS
from kawal.wording.dates import show_days
from kawal.wording.what_if_words import STATES

PATH = "/pimpinan/andai"

_DAYS = {"first": "dari", "last": "sampai", "as_of": "per"}
"""How the days are called in the form."""

_NO_DAYS = msgid("Name the first and the last day of receipt, and the day as of whose end it is counted.")
_BUSY = msgid("Another computation of your agency is under way. Wait for its end, or have it cancelled: {address}")
_NO_ENGINE = msgid("The computation could not be started, because the system cannot be reached now. Send it again.")


async def show_form(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the limits in force with the period of last year, to be changed, and what was asked before."""
    complaints = complaints_of(request)
    policy = await policy_in_force(complaints, agency_of(signed))
    seen = complaints.seen_by(signed.actor).record
    values = {
        "told": told,
        "policy": policy,
        "rules": [(row.limit, limit_rule(policy, row.limit)) for row in ASKED_LIMITS],
        "days": dict(zip(_DAYS.values(), usual_days(local_day(complaints.now())), strict=True)),
        "asked": await seen.what_ifs.all(agency_of(signed)),
        "roles": ROLES,
        "states": STATES,
        "days_of": days_in_words(request),
    }
    return staff_page(request, signed, "staff/what_if/form.html", values, status=told.status)


def days_in_words(request: Request) -> Callable[[date, date], str]:
    """Return what says a stretch of days in the reader's language."""
    return partial(show_days, lang=language_of(request))


async def _ask(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Put a question and have it answered; the same one leads to the answer that there is."""
    days = {name: day_of(fields, typed) for name, typed in _DAYS.items()}
    if None in days.values():
        raise TypedFault(_NO_DAYS)
    limits = {row.limit: fields.get(row.limit, "").strip() for row in ASKED_LIMITS}
    try:
        asked: WhatIfResult = await result_of(request, signed, "whatif ask", days | limits)
    except Refusal as refusal:
        if refusal.code == "already_done":  # a second press: the list has what the first asked for
            return see_other(PATH)
        if refusal.code != "what_if_busy":
            raise
        address = f"{PATH}/{refusal.details['number']}"
        raise TypedFault(sentence(_BUSY, address=address)) from refusal
    except SystemUnavailable as away:
        raise TypedFault(_NO_ENGINE) from away
    return see_other(f"{PATH}/{asked.number}")


ROUTES: list[Route] = page_with_forms(PATH, Act.ASK_WHAT_IF, show_form, {"hitung": _ask})
