"""Forms of the officials: read once it is certain that they are from a page of ours, and the desks' acts done by them.

A form's fields are those of the act's model (kawal.desks.table); what is refused comes back on the page it was sent
from, with all that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from kawal.console.auth.signed_in import SignedIn, check_form, signed_in
from kawal.console.pages.form_guard import key_of
from kawal.console.pages.public.parts import complaints_of
from kawal.desks.table import DESK, CommandingDesk, perform

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


async def do_desk_act(request: Request, form: SentForm, command: str, **known: Any) -> Any:
    """Do an act of the table with the form's fields and what is `known` besides; raises Refusal, itself on record."""
    model = DESK[command].arguments
    names = {about.alias or name for name, about in model.model_fields.items()}
    typed = {name: value for name in names if (value := form.given(name)) is not None}
    desk = CommandingDesk(complaints_of(request), form.signed.actor)
    return await perform(desk, command, typed | known, key_of(form.fields, command, typed | known))
