"""The other acts of the queue: hold, archive, pass on, merge, handle; and taking back what was forwarded.

Each is a plain form beside the decision's. Those that end a report say before what will happen and what cannot be taken
back; the page's script sends them by Ctrl+Enter alone.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.verification.deciding import (
    CommandSender,
    answered,
    sending,
    sent_form,
    typed_in,
)
from kawal.console.pages.staff.verification.fields import (
    DecisionFields,
    Faults,
    key_in,
    number_in,
    verification_of,
)
from kawal.console.pages.staff.verification.practice import practice_of
from kawal.console.pages.staff.verification.report import own_row
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.names import CommandName
from kawal.domain.process.commands import NOTE_LIMIT
from kawal.domain.refusals import Refusal
from kawal.domain.report_numbers import is_number

_TOO_LONG = msgid("Write at most {most} characters.")
_NO_NUMBER = msgid("Write the number of the main report: seven to nine digits.")
_NOTHING_TO_TAKE_BACK = Refusal("opd_not_holding", opd="–", holding="–")


class OtherAct(NamedTuple):
    """An act with one field of words."""

    command: CommandName
    field: str
    """Its form's field."""
    argument: str
    """The command's argument that it becomes."""
    empty: Message
    """What is said where nothing was typed."""
    ends: bool
    """Whether it ends the report."""


# fmt: off
ACTS: dict[str, OtherAct] = {
    "tunda":          OtherAct(CommandName.HOLD,    "kurang",   "missing", msgid("Write what the reporter has to complete."), ends=False),  # noqa: E501 - a table
    "arsipkan":       OtherAct(CommandName.ARCHIVE, "alasan",   "reason",  msgid("Write why the report is archived."),        ends=True),  # noqa: E501
    "bukan-wewenang": OtherAct(CommandName.PASS_ON, "lembaga",  "agency",  msgid("Write which agency is responsible."),       ends=True),  # noqa: E501
    "gabungkan":      OtherAct(CommandName.MERGE,   "utama",    "main",    _NO_NUMBER,                                        ends=True),  # noqa: E501
}
# fmt: on
"""By the last part of their addresses."""

TAKE_BACK = "tarik"
_GROUNDS = "alasan"
_NO_GROUNDS = msgid("Write why it is taken back.")


def act(name: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Return the route's function for an act of the table."""

    async def acted(request: Request) -> Response:
        signed, form = await sent_form(request)
        typed = typed_in(form)
        return await answered(request, signed, name, None, typed, lambda: _do(request, signed, ACTS[name], typed))

    acted.__doc__ = f"Do `{name}` to a report, and show the next one."
    return acted


async def take_back(request: Request) -> Response:
    """Withdraw a report from everybody who owes it, with grounds: all that can be taken back of a forwarding."""
    signed, form = await sent_form(request)
    typed = typed_in(form)
    return await answered(request, signed, TAKE_BACK, None, typed, lambda: _take_back(request, signed, typed))


async def handle(request: Request) -> Response:
    """Verify as the decision's form says, and let the agency handle the report itself."""
    signed, form = await sent_form(request)
    fields = DecisionFields.of(form)._replace(opds=(), other_opd="")
    return await answered(request, signed, "kelola", fields, typed_in(form), lambda: _handle(request, signed, fields))


async def _do(request: Request, signed: SignedIn, meant: OtherAct, typed: Mapping[str, str]) -> Faults | None:
    words = typed.get(meant.field, "")
    fault = _fault(meant, words)
    if fault is not None:
        return {meant.field: fault}
    await own_row(complaints_of(request), signed.actor, request.path_params["number"])
    sent = _sending(request, signed, typed)
    await sent.send(meant.command, {meant.argument: words}, sent.seq)
    return None


def _fault(meant: OtherAct, words: str) -> Sayable | None:
    if not words or (meant.command is CommandName.MERGE and not is_number(words)):
        return meant.empty
    return sentence(_TOO_LONG, most=NOTE_LIMIT) if len(words) > NOTE_LIMIT else None


async def _take_back(request: Request, signed: SignedIn, typed: Mapping[str, str]) -> Faults | None:
    words = typed.get(_GROUNDS, "")
    if not words:
        return {_GROUNDS: _NO_GROUNDS}
    row = await own_row(complaints_of(request), signed.actor, request.path_params["number"])
    sent = _sending(request, signed, typed)
    owing = [line.code for line in row.opds if line.state == "owes"]
    if not owing and not await _taken_back_before(sent, row, words):
        raise _NOTHING_TO_TAKE_BACK
    for code in owing:
        await _withdraw(sent, code, words)
    return None


async def _withdraw(sent: CommandSender, code: str, grounds: str) -> None:
    await sent._replace(key=f"{sent.key}:{code}").send(CommandName.WITHDRAW, {"opd": code, "grounds": grounds})


async def _taken_back_before(sent: CommandSender, row: Snapshot, grounds: str) -> bool:
    """Tell whether this very form was sent before: then its withdrawals get their first answers again."""
    withdrawn = [line.code for line in row.opds if line.state == "withdrawn"]
    for code in withdrawn:
        await _withdraw(sent, code, grounds)
    return bool(withdrawn)


async def _handle(request: Request, signed: SignedIn, fields: DecisionFields) -> Faults | None:
    row = await own_row(complaints_of(request), signed.actor, request.path_params["number"])
    faults: dict[str, Sayable] = {}
    verification = {} if row.verified_at else verification_of(fields, await practice_of(request, row.instansi), faults)
    if faults:
        return faults
    note = {"note": fields.note} if fields.note else {}
    await sending(request, signed, fields).send(CommandName.HANDLE, verification | note, fields.seq)
    return None


def _sending(request: Request, signed: SignedIn, typed: Mapping[str, str]) -> CommandSender:
    key, seq = key_in(typed.get("kunci", "")), number_in(typed.get("langkah", ""))
    return CommandSender(complaints_of(request), signed.actor, request.path_params["number"], key, seq)
