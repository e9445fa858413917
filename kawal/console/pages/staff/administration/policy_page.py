"""`/kelola/kebijakan`: the limits in force with their sources; other figures from a day on, or as a correction.

A rule set is for the reports received from its first day on. A correction has the first day of the one in force, and
moves the deadlines of the open reports that carry that one (docs/policy.md).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.moved_deadlines import (
    LATEST,
    Change,
    preview_values,
    reckon_anew,
    reckoning_on,
    who_changed,
)
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    TypedFault,
    agency_of,
    day_of,
    done,
    line_of,
    page_with_forms,
    performed,
)
from kawal.desks.moved_deadlines import Moves, RulesChange, moves_by, reckoned_otherwise
from kawal.desks.rules import serves_several
from kawal.domain.access import Act
from kawal.domain.calendar import local_day
from kawal.domain.msgids import msgid, sentence
from kawal.domain.policy import RULES, Policy, limit_rule
from kawal.domain.validation_messages import first_fault

POLICY = f"{PATH}/kebijakan"

CORRECTION = "koreksi"

_NO_DAY = msgid("Name the first day.")
_TOO_EARLY = msgid("The first day has to be tomorrow at the earliest: what was received keeps the limits of its day.")
_CHANGED = msgid("Somebody else has changed the limits meanwhile. Nothing was changed; look at them again.")
_SAME = msgid("These are the limits in force: nothing would change.")
_NOT_OURS = msgid("The limits in force hold for every agency, so they are not yours to correct. Name a first day.")
_NAME_TAKEN = msgid("There is a rule set of this name already; give this one another.")


class InForce(NamedTuple):
    """The limits in force, and whose they are."""

    policy: Policy
    scope: str | None
    """The agency whose rule sets are changed here; None: the installation's."""
    correctable: bool
    """Whether the ones in force belong to that scope."""


async def show_policy(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the limits in force and those to come, with the form that changes them."""
    complaints, agency = complaints_of(request), agency_of(signed)
    now = await _in_force(request, signed)
    lines = await complaints.rulebook.policy_lines(now.scope, LATEST)
    who = await who_changed(request, "policies_imported")
    today = local_day(complaints.now())
    values = {
        "policy": now.policy,
        "rules": [(row.limit, limit_rule(now.policy, row.limit)) for row in RULES],
        "correctable": now.correctable,
        "upcoming": [one.policy for one in reversed(lines) if one.policy.effective_from > today],
        "changes": [
            Change(
                one.policy.version,
                f"{one.policy.version}: {one.policy.basis}",
                one.imported_at,
                who.get(one.policy.version),
            )
            for one in sorted(lines, key=lambda line: line.imported_at, reverse=True)
        ],
        "behind": await reckoned_otherwise(complaints, agency),
        "tomorrow": today + timedelta(days=1),
        "correction": CORRECTION,
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/policy.html", values, status=told.status)


async def _in_force(request: Request, signed: SignedIn) -> InForce:
    complaints, agency = complaints_of(request), agency_of(signed)
    standing = await complaints.rulebook.policies_in_force(local_day(complaints.now()))
    own = agency in standing
    scope = agency if own or await serves_several(complaints) else None
    return InForce(standing[agency if own else None], scope, own or scope is None)


# --- What is asked for, and what it would do --------------------------------------------------------------------------


async def _check(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show what other limits would do; nothing is changed."""
    now = await _in_force(request, signed)
    asked = await _asked(request, now, fields)
    moves = await _moves(request, signed, now, asked)
    correction = asked.effective_from == now.policy.effective_from
    values = {
        "asked": asked,
        "changed": [
            (limit_rule(now.policy, row.limit), limit_rule(asked, row.limit))
            for row in RULES
            if getattr(now.policy, row.limit) != getattr(asked, row.limit)
        ],
        "correction": correction,
        "fields": {name: value for name, value in fields.items() if name in _FIELDS},
        **preview_values(moves),
    }
    return staff_page(request, signed, "staff/administration/policy_check.html", values)


_FIELDS = frozenset({"versi", "dasar", "berlaku", "sejak", "semula", *(row.limit for row in RULES)})


async def _asked(request: Request, now: InForce, fields: Fields) -> Policy:
    """Return the rule set that a form asks for; raises TypedFault."""
    if fields.get("semula") != now.policy.version:
        raise TypedFault(_CHANGED)
    first = await _first_day(request, now, fields)
    given = {row.limit: fields.get(row.limit, "").strip() for row in RULES}
    named = {"version": line_of(fields, "versi", 60), "basis": line_of(fields, "dasar", 200)}
    try:
        asked = Policy.model_validate({**given, **named, "effective_from": first, "carried_on": now.policy.carried_on})
    except ValidationError as error:
        raise TypedFault(first_fault(error)) from error
    if all(getattr(asked, row.limit) == getattr(now.policy, row.limit) for row in RULES):
        raise TypedFault(_SAME)
    if await complaints_of(request).rulebook.newest_revision(asked.version) is not None:
        raise TypedFault(_NAME_TAKEN)
    return asked


async def _first_day(request: Request, now: InForce, fields: Fields) -> date:
    if fields.get("berlaku") == CORRECTION:
        if not now.correctable:
            raise TypedFault(_NOT_OURS)
        return now.policy.effective_from
    first = day_of(fields, "sejak")
    if first is None:
        raise TypedFault(_NO_DAY)
    if first <= local_day(complaints_of(request).now()):
        raise TypedFault(_TOO_EARLY)
    return first


async def _moves(request: Request, signed: SignedIn, now: InForce, asked: Policy) -> Moves:
    """Return what moves: nothing, unless it corrects what open reports carry."""
    complaints = complaints_of(request)
    corrects = await complaints.rulebook.corrected_by(asked, now.scope)
    if not corrects:
        return Moves([], 0)
    return await moves_by(complaints, agency_of(signed), RulesChange(policy=asked, corrects=corrects))


# --- Putting it into force --------------------------------------------------------------------------------------------


async def _adopt(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Put on record what was shown, unless the limits were changed meanwhile."""
    now = await _in_force(request, signed)
    asked = await _asked(request, now, fields)
    given = {"policies": [asked.model_dump(mode="json")]}
    await performed(request, signed, "policy import", given, named=now.scope)
    if asked.effective_from != now.policy.effective_from:
        return done(POLICY, "kebijakan")
    why = sentence(msgid("The limits were corrected: {source}"), source=asked.version)
    return await reckon_anew(request, signed, POLICY, why, "kebijakan")


ACTS: dict[str, FormAct] = {"periksa": _check, "berlakukan": _adopt, "hitung-ulang": reckoning_on(POLICY)}

ROUTES = page_with_forms(POLICY, Act.IMPORT_POLICY, show_policy, ACTS)
