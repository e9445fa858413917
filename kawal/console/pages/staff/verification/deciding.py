"""Verify and forward in one: two commands under one key of the form's, each with what the screen showed.

The report's last event as it was shown goes with the first, so that whatever came meanwhile is told instead of decided
over. If the second of the two is refused, the report is verified and not forwarded: the page says so and offers the
rest.
The form sent again, after whatever failure, does nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.unavailable import unavailable
from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn, check_form
from kawal.console.pages.frame import HEADERS, language_of, see_other
from kawal.console.pages.public.parts import NOT_SENT, complaints_of
from kawal.console.pages.staff.verification.fields import Decision, DecisionFields, Faults, decision_of
from kawal.console.pages.staff.verification.practice import practice_of
from kawal.console.pages.staff.verification.queue import (
    DONE,
    PATH,
    TAKEN_BACK,
    Attempt,
    admin,
    queue_page,
    wants_pane,
)
from kawal.console.pages.staff.verification.report import own_row
from kawal.domain.messages import Actor, Answer
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import CommandName
from kawal.domain.refusals import Refusal
from kawal.web.problems import REFUSED_STATUS
from kawal.wording.catalogues import say

SENDER = "page:"

MOST_FIELDS = 80

UNAVAILABLE = 503

HALF_DONE = msgid("Report {number} is verified, but not forwarded yet: {why} Forward it here.")
"""What is said where only the first of the two commands was done."""

AT_FAULT = msgid("NOT DONE YET: something is missing. What you typed is still here.")


class HalfDone(Exception):  # noqa: N818 - an ordinary answer: the first of two commands stands
    """The report was verified; forwarding it was refused, or something was away."""

    def __init__(self, why: Sayable, status: int) -> None:
        """Keep why the second command was not done."""
        super().__init__()
        self.why, self.status, self.away = why, status, status == UNAVAILABLE


class CommandSender(NamedTuple):
    """Who sends commands to which report, under which key, having seen it as it was after which event."""

    complaints: Complaints
    actor: Actor
    number: str
    key: str
    seq: int

    async def send(self, name: CommandName, arguments: Mapping[str, Any], seq: int | None = None) -> Answer:
        """Send one command of the form's; raises Refusal, and what says that something is away."""
        key = f"{SENDER}{self.key}:{name}"
        return await self.complaints.send(self.number, name, self.actor, dict(arguments), key, if_seq=seq)


async def decide(request: Request) -> Response:
    """Verify and forward as the form says, and show the next report; what is refused comes back as it was typed."""
    signed, form = await sent_form(request)
    fields, typed = DecisionFields.of(form), typed_in(form)
    return await answered(request, signed, "putuskan", fields, typed, lambda: _decided(request, signed, fields))


async def forward_rest(request: Request) -> Response:
    """Forward a report that is verified already."""
    signed, form = await sent_form(request)
    fields, typed = DecisionFields.of(form), typed_in(form)
    return await answered(request, signed, "teruskan", fields, typed, lambda: _forwarded(request, signed, fields))


async def sent_form(request: Request) -> tuple[SignedIn, Any]:
    """Return who sent a form, and the form, which is certainly from a page of ours."""
    signed = await admin(request)
    form = await request.form(max_fields=MOST_FIELDS)
    check_form(request, signed, form)
    return signed, form


def typed_in(form: Mapping[str, object]) -> dict[str, str]:
    """Return the fields of words, as they were typed."""
    return {name: value.replace("\r\n", "\n").strip() for name, value in form.items() if isinstance(value, str)}


async def _decided(request: Request, signed: SignedIn, fields: DecisionFields) -> Faults | None:
    number = request.path_params["number"]
    row = await own_row(complaints_of(request), signed.actor, number)
    decision = decision_of(fields, await practice_of(request, row.instansi))
    if not isinstance(decision, Decision):
        return decision
    await verify_and_forward(sending(request, signed, fields), decision)
    return None


async def _forwarded(request: Request, signed: SignedIn, fields: DecisionFields) -> Faults | None:
    row = await own_row(complaints_of(request), signed.actor, request.path_params["number"])
    decision = decision_of(fields, await practice_of(request, row.instansi), forward_only=True)
    if not isinstance(decision, Decision):
        return decision
    await sending(request, signed, fields).send(CommandName.FORWARD, decision.forward, fields.seq)
    return None


def sending(request: Request, signed: SignedIn, fields: DecisionFields) -> CommandSender:
    """Return what sends a form's commands."""
    return CommandSender(complaints_of(request), signed.actor, request.path_params["number"], fields.key, fields.seq)


async def verify_and_forward(sent: CommandSender, decision: Decision) -> None:
    """Send the two commands; raises Refusal of the first, HalfDone where the second was not done."""
    verified = await sent.send(CommandName.VERIFY, decision.verify, sent.seq)
    try:
        await sent.send(CommandName.FORWARD, decision.forward, verified.last_seq)
    except Refusal as refusal:
        raise HalfDone(refusal.sentence, REFUSED_STATUS.get(refusal.code, 409)) from refusal
    except Exception as error:
        if unavailable(error) is None:
            raise
        raise HalfDone(NOT_SENT, UNAVAILABLE) from error


async def answered(
    request: Request,
    signed: SignedIn,
    act: str,
    fields: DecisionFields | None,
    typed: Mapping[str, str],
    doing: Any,
) -> Response:
    """Do what a form asks, and answer: with the next report, or with this one and everything that was typed."""
    number = request.path_params["number"]
    try:
        faults = await doing()
    except HalfDone as half:
        why = sentence(HALF_DONE, number=number, why=half.why)
        return await given_back(request, signed, Attempt("teruskan", fields, typed, {}, why, half.away), half.status)
    except Refusal as refusal:
        if refusal.code == "unknown_complaint":
            raise
        return await given_back(
            request, signed, Attempt(act, fields, typed, {}, refusal.sentence), REFUSED_STATUS.get(refusal.code, 409)
        )
    except Exception as error:
        if unavailable(error) is None:
            raise
        return await given_back(request, signed, Attempt(act, fields, typed, {}, NOT_SENT, away=True), UNAVAILABLE)
    if faults:
        return await given_back(request, signed, Attempt(act, fields, typed, faults, AT_FAULT), 422)
    await complaints_of(request).record.presences.leave(number, signed.actor.account)
    if wants_pane(request):
        said = say(language_of(request), sentence(DONE[act], number=number))
        return as_json(200, {"nomor": number, "apa": act, "kalimat": said, "tarik": act in TAKEN_BACK})
    return see_other(f"{PATH}?{urlencode({'sudah': number, 'apa': act})}")


async def given_back(request: Request, signed: SignedIn, attempt: Attempt, status: int) -> Response:
    """Return the report with everything typed; to the script, which kept it, only what is wrong."""
    number, lang = request.path_params["number"], language_of(request)
    if wants_pane(request):
        faults = {name: say(lang, fault) for name, fault in attempt.faults.items()}
        why = "" if attempt.why is None else say(lang, attempt.why)
        told = {"nomor": number, "apa": attempt.form, "kalimat": why, "salah": faults}
        return as_json(status, told)
    return await queue_page(request, signed, number, opening=True, attempt=attempt, status=status)


def as_json(status: int, told: Mapping[str, Any]) -> Response:
    """Return an answer to the page's script."""
    body = json.dumps(told, ensure_ascii=False).encode()
    return Response(body, status, {**HEADERS, "Cache-Control": "no-store"}, "application/json")
