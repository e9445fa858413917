"""`/pimpinan/andai`: the form in which another policy is asked about, and what the agency has asked before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.base.unavailable import unavailable
from kawal.client.what_if import have_answered
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of, see_other
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, TypedFault, agency_of, day_of, page_with_forms
from kawal.domain.access import Act
from kawal.domain.calendar import FIRST_DAY, local_day
from kawal.domain.labels import ROLES
from kawal.domain.msgids import msgid, sentence
from kawal.domain.policy import Policy, limit_rule
from kawal.domain.validation_messages import first_fault
from kawal.domain.what_if import ASKED_LIMITS, LONGEST_DAYS, VERSION, WhatIfQuestion
from kawal.store.what_if import AnotherUnderWay, WhatIfState
from kawal.wording.dates import show_days
from kawal.wording.what_if_words import STATES

PATH = "/pimpinan/andai"

_NO_DAYS = msgid("Name the first and the last day of receipt, and the day as of whose end it is counted.")
_NO_PERIOD = msgid("The first day has to be before the last one, and not before {first}.")
_TOO_LONG = msgid("The period is too long: at most {days} days.")
_TOO_LATE = msgid("It can be counted as of the end of a day that is over, and not before the first day of receipt.")
_BUSY = msgid("Another computation of your agency is under way. Wait for its end, or have it cancelled: {address}")
_NO_ENGINE = msgid("The computation could not be started, because the system cannot be reached now. Send it again.")


async def show_form(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the limits in force with the period of last year, to be changed, and what was asked before."""
    complaints = complaints_of(request)
    policy = await policy_in_force(request, signed)
    seen = complaints.seen_by(signed.actor).record
    values = {
        "told": told,
        "policy": policy,
        "rules": [(row.limit, limit_rule(policy, row.limit)) for row in ASKED_LIMITS],
        "days": _usual_days(local_day(complaints.now())),
        "asked": await seen.what_ifs.all(agency_of(signed)),
        "roles": ROLES,
        "states": STATES,
        "days_of": days_in_words(request),
    }
    return staff_page(request, signed, "staff/what_if/form.html", values, status=told.status)


def days_in_words(request: Request) -> Callable[[date, date], str]:
    """Return what says a stretch of days in the reader's language."""
    return partial(show_days, lang=language_of(request))


def _usual_days(today: date) -> dict[str, date]:
    """Return the days of a form that nobody has filled in: last year, as of yesterday."""
    return {
        "dari": date(today.year - 1, 1, 1),
        "sampai": date(today.year - 1, 12, 31),
        "per": today - timedelta(days=1),
    }


async def policy_in_force(request: Request, signed: SignedIn) -> Policy:
    """Return the agency's limits of today."""
    complaints = complaints_of(request)
    standing = await complaints.rulebook.policies_in_force(local_day(complaints.now()))
    return standing.get(agency_of(signed)) or standing[None]


async def _ask(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Put a question and have it answered; the same one leads to the answer that there is."""
    complaints, agency = complaints_of(request), agency_of(signed)
    question = _question(fields, await policy_in_force(request, signed), local_day(complaints.now()))
    what_ifs = complaints.record.what_ifs
    try:
        asked = await what_ifs.ask(agency, question, signed.actor, complaints.now())
    except AnotherUnderWay as other:
        raise TypedFault(sentence(_BUSY, address=f"{PATH}/{other.number}")) from other
    if asked.unfinished:
        try:
            await have_answered(complaints.client, complaints.settings.task_queue, asked.number)
        except Exception as error:
            if unavailable(error) is None:
                raise
            await what_ifs.end(asked.number, WhatIfState.FAILED, complaints.now())
            raise TypedFault(_NO_ENGINE) from error
    return see_other(f"{PATH}/{asked.number}")


def _question(fields: Fields, now: Policy, today: date) -> WhatIfQuestion:
    """Return what a form asks; raises TypedFault. The limits are checked as those of a rule set that is adopted."""
    first, last, as_of = (day_of(fields, name) for name in ("dari", "sampai", "per"))
    if first is None or last is None or as_of is None:
        raise TypedFault(_NO_DAYS)
    if not FIRST_DAY <= first <= last:
        raise TypedFault(sentence(_NO_PERIOD, first=FIRST_DAY))
    if (last - first).days >= LONGEST_DAYS:
        raise TypedFault(sentence(_TOO_LONG, days=LONGEST_DAYS))
    if not first <= as_of < today:
        raise TypedFault(_TOO_LATE)
    given = {row.limit: fields.get(row.limit, "").strip() for row in ASKED_LIMITS}
    kept = {"history_archive_years": now.history_archive_years, "basis": now.basis, "effective_from": first}
    try:
        policy = Policy.model_validate({"version": VERSION, **kept, **given})
    except ValidationError as error:
        raise TypedFault(first_fault(error)) from error
    return WhatIfQuestion(policy=policy, first=first, last=last, as_of=as_of)


ROUTES: list[Route] = page_with_forms(PATH, Act.ASK_WHAT_IF, show_form, {"hitung": _ask})
