"""Forms of the officials: read once it is certain that they are from a page of ours, and the desks' acts done by them.

A form's fields are those of the act's model (kawal.desks.table); what is refused comes back on the page it was sent
from, with all that was typed. A form that is pressed twice is done once: the second press counts as the first, but
where the first showed something that is shown once (`result_of_act`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from kawal.console.auth.signed_in import SignedIn, check_form, signed_in
from kawal.console.pages.form_guard import key_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.report.sent_form import SentForm as FormWithFiles
from kawal.desks.table import DESK, CommandingDesk, Desk, perform
from kawal.domain.refusals import Refusal

_MOST_FIELDS = 40


class SentForm(NamedTuple):
    """What somebody who is signed in has sent."""

    signed: SignedIn
    fields: Mapping[str, str]
    """What was typed, without blanks around it; a field that was sent empty is "". """

    def given(self, name: str) -> str | None:
        """Return a field, None for one that is empty or missing."""
        return self.fields.get(name) or None


async def sent_form(request: Request) -> SentForm:
    """Return the form; raises NotSignedIn, and Problem for one that is not from a page of this session and role."""
    signed = await signed_in(request)
    async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
        check_form(request, signed, form)
        words = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    return SentForm(signed, words)


async def sent_form_with_files(request: Request) -> tuple[SentForm, FormWithFiles]:
    """Return the form as `sent_form` does, and the same with its files, which are still to be read."""
    signed = await signed_in(request)
    form = await FormWithFiles.of(request)
    check_form(request, signed, form.lines)
    return SentForm(signed, form.words), form


async def result_of_act(desk: Desk, command: str, given: Mapping[str, Any], form: Mapping[str, object]) -> Any:
    """Do an act that a form asks for and return what it gave, which is shown once: a second press is refused.

    Raises Refusal, itself on record: `already_done` for a second press.
    """
    return await perform(desk, command, given, key_of(form, command, given))


async def do_act(desk: Desk, command: str, given: Mapping[str, Any], form: Mapping[str, object]) -> None:
    """Do an act that a form asks for, unless the same press did it before; raises Refusal, itself on record."""
    try:
        await result_of_act(desk, command, given, form)
    except Refusal as refusal:
        if refusal.code != "already_done":
            raise


async def do_desk_act(request: Request, form: SentForm, command: str, **known: Any) -> None:
    """Do an act of the table with the form's fields and what is `known` besides; as `do_act`."""
    await do_act(_desk(request, form), command, _given(form, command) | known, form.fields)


async def result_of_desk_act(request: Request, form: SentForm, command: str) -> Any:
    """Do an act of the table with the form's fields, and return what it gave; as `result_of_act`."""
    return await result_of_act(_desk(request, form), command, _given(form, command), form.fields)


def _desk(request: Request, form: SentForm) -> Desk:
    return CommandingDesk(complaints_of(request), form.signed.actor)


def _given(form: SentForm, command: str) -> dict[str, Any]:
    model = DESK[command].arguments
    names = {about.alias or name for name, about in model.model_fields.items()}
    return {name: value for name in names if (value := form.given(name)) is not None}
