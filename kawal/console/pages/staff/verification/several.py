"""Several reports decided on together: each is shown with its own decision, and each has a result of its own.

Nothing is decided by a mark in a list alone: the marked reports come together on a page, each as it would on its own,
and are sent from there. A rahasia one, and one that has to be looked at first, is left to its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.console.auth.signed_in import SignedIn, check_form
from kawal.console.pages.frame import see_other
from kawal.console.pages.public.parts import NOT_SENT, complaints_of
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.verification.deciding import HALF_DONE, CommandSender, HalfDone, verify_and_forward
from kawal.console.pages.staff.verification.fields import Decision, DecisionFields, decision_of
from kawal.console.pages.staff.verification.practice import practice_of
from kawal.console.pages.staff.verification.queue import DONE, PATH, Attempt, admin, pane_values, take
from kawal.console.pages.staff.verification.report import ShownReport, own_row, pieces, shown_report
from kawal.domain.labels import CLASSES
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import ReportClass
from kawal.domain.refusals import Refusal

AT_ONCE = 20
"""The most reports on one page."""

_NUMBERS = "nomor"
_FIELDS_OF_ONE = 40
_ALONE = msgid("Report {number} has to be looked at on its own page.")
_NOT_TAKEN = msgid("Report {number} was not decided: {why}")


class OneOfSeveral(NamedTuple):
    """A marked report, with its decision as it is filled in."""

    shown: ShownReport
    fields: DecisionFields


class Outcome(NamedTuple):
    """What became of one of them."""

    number: str
    sentence: Sayable
    good: bool
    away: bool = False
    """Whether something was away."""


async def show_several(request: Request) -> Response:
    """Show the marked reports, each with its decision."""
    signed = await admin(request)
    numbers = list(dict.fromkeys(request.query_params.getlist(_NUMBERS)))[:AT_ONCE]
    if not numbers:
        return see_other(PATH)
    found = {number: await _one(request, signed, number) for number in numbers}
    alone = [number for number, one in found.items() if one is None]
    return _page(request, signed, found.values(), alone=alone)


async def decide_several(request: Request) -> Response:
    """Verify and forward each of them as its own fields say, tell of each what became of it, and give back the rest."""
    signed = await admin(request)
    form = await request.form(max_fields=AT_ONCE * _FIELDS_OF_ONE)
    check_form(request, signed, form)
    numbers = [one for one in form.getlist(_NUMBERS) if isinstance(one, str)][:AT_ONCE]
    typed = {number: _fields_of(form, number) for number in numbers}
    outcomes: list[Outcome] = []
    for number, fields in typed.items():
        is_away = any(one.away for one in outcomes)  # then each more would be waited for in vain
        outcomes.append(_not_sent(number) if is_away else await _outcome(request, signed, number, fields))
    again = [await _typed_again(request, signed, one, typed[one.number]) for one in outcomes if not one.good]
    return _page(request, signed, again, outcomes=outcomes)


def _page(
    request: Request,
    signed: SignedIn,
    found: Iterable[OneOfSeveral | None],
    *,
    alone: Sequence[str] = (),
    outcomes: Sequence[Outcome] = (),
) -> Response:
    """Show reports with their decisions, what became of others, and which have to be decided on their own pages."""
    values = {
        "found": [one for one in found if one is not None],
        "alone": [sentence(_ALONE, number=number) for number in alone],
        "numbers": alone,
        "outcomes": outcomes,
    }
    return staff_page(request, signed, "staff/verification_several.html", values | _SHOWN)


async def _typed_again(
    request: Request, signed: SignedIn, outcome: Outcome, typed: DecisionFields
) -> OneOfSeveral | None:
    """Return a report that was not decided on with what was typed; None for one that can only be on its own page."""
    try:
        return await _one(request, signed, outcome.number, Attempt("putuskan", typed, {}, {}, away=outcome.away))
    except Refusal:  # its outcome has said why
        return None


async def _one(request: Request, signed: SignedIn, number: str, attempt: Attempt | None = None) -> OneOfSeveral | None:
    """Return a report that can be decided on beside others; None for one that needs its own page."""
    shown = await shown_report(request, signed, number)
    if not shown.opened or not shown.waits or shown.offer is None or shown.offer.stops:
        return None
    await take(request, signed, number)
    values = await pane_values(request, signed, shown, attempt)
    return OneOfSeveral(shown, values["fields"])


async def _outcome(request: Request, signed: SignedIn, number: str, fields: DecisionFields) -> Outcome:
    """Decide on one report; whatever is refused or away concerns it alone."""
    try:
        row = await own_row(complaints_of(request), signed.actor, number)
        decision = decision_of(fields, await practice_of(request, row.instansi))
        if not isinstance(decision, Decision):
            return Outcome(number, sentence(_NOT_TAKEN, number=number, why=list(decision.values())), False)
        sent = CommandSender(complaints_of(request), signed.actor, number, fields.key, fields.seq)
        await verify_and_forward(sent, decision)
    except HalfDone as half:
        return Outcome(number, sentence(HALF_DONE, number=number, why=half.why), False, half.away)
    except Refusal as refusal:
        return Outcome(number, sentence(_NOT_TAKEN, number=number, why=refusal.sentence), False)
    except Exception as error:
        if unavailable(error) is None:
            raise
        return _not_sent(number)
    await complaints_of(request).record.presences.leave(number, signed.actor.account)
    return Outcome(number, sentence(DONE["putuskan"], number=number), True)


def _not_sent(number: str) -> Outcome:
    return Outcome(number, sentence(_NOT_TAKEN, number=number, why=NOT_SENT), False, away=True)


def _fields_of(form: FormData, number: str) -> DecisionFields:
    """Return the fields of one report, whose names end with its number."""
    end = f"-{number}"
    named = [(name.removesuffix(end), value) for name, value in form.multi_items() if name.endswith(end)]
    return DecisionFields.of(FormData(named))


_SHOWN: dict[str, object] = {
    "pieces": pieces,
    "classes": {one.value: CLASSES[one.value] for one in ReportClass},
}
