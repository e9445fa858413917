"""The forms of acts on several reports of one page: each is the report's own form, and leads back to the page, which
says what was done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.requests import Request

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.report.act_form import ActForm, FormMaker, active_opds
from kawal.domain.messages import Snapshot
from kawal.domain.msgids import Message
from kawal.domain.names import CommandName
from kawal.store.canned_texts import CannedText
from kawal.wording.act_words import ACT_WORDS


class ActDone(NamedTuple):
    """What the form before a page has done."""

    act: Message
    number: str
    """To which report."""


def act_done(request: Request) -> ActDone | None:
    """Return what the form before this page has done, as its address says."""
    command, _, number = request.query_params.get("sudah", "").partition(".")
    known: Mapping[str, Message] = {str(name): words.label for name, words in ACT_WORDS.items()}
    is_told = command in known and number.isascii() and number.isdigit()
    return ActDone(known[command], number) if is_told else None


class ActForms:
    """Makes forms; what reports of a page share is looked up once."""

    def __init__(self, complaints: Complaints, opds: Sequence[tuple[str, str]], back: str, lang: str) -> None:
        """Make forms that lead back to a path of ours; `opds` are the agency's active ones, code and name."""
        self._complaints = complaints
        self._opds = opds
        self._back = back
        self._lang = lang
        self._texts: dict[str, list[CannedText]] = {}

    @classmethod
    async def of(cls, request: Request, signed: SignedIn, back: str) -> ActForms:
        """Return what makes the forms of a page of the agency in which somebody acts."""
        complaints = complaints_of(request)
        opds = await active_opds(complaints, signed.actor.instansi)
        return cls(complaints, opds, back, language_of(request))

    async def form(self, row: Snapshot, command: CommandName, typed: Mapping[str, Sequence[str]]) -> ActForm:
        """Return a report's form of a command, filled with what is known."""
        maker = FormMaker(row, self._opds, await self._texts_for(row), self._lang)
        return maker.form(command, {**typed, "ke": [f"{self._back}#laporan-{row.tracking_id}"]}, new_key=True)

    async def _texts_for(self, row: Snapshot) -> list[CannedText]:
        if row.instansi not in self._texts:
            self._texts[row.instansi] = await self._complaints.record.canned_texts.all(row.instansi)
        return [text for text in self._texts[row.instansi] if text.is_for(row.status, row.category)]
