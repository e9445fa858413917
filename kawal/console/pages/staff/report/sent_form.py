"""A form as it was sent, with files or without: its fields are read first, its files only once they are wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from starlette.requests import Request

from kawal.console.pages.staff.report.act_fields import Typed
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.intake.attachments.multipart_form import FormFiles
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import pass_over
from kawal.web.problems import Problem

AT_ONCE = 10
"""How many files one form may send."""

MOST_FIELDS = 200
"""Of a form without files; no form of ours has as many."""

_NEVER_BY_ADDRESS = frozenset({"formulir", "kunci", "langkah", "berkas", "pasti", "sisipkan"})

_NOT_TAKEN = msgid("The file “{name}” was not taken: {why}")
_TOO_MANY = msgid("The files could not be read. Choose at most {most} at once.")


class SentForm:
    """What a browser sent."""

    def __init__(self, typed: Typed, files: FormFiles | None, first: str | None, body: AsyncIterator[bytes]) -> None:
        """Keep what was typed; `first` is the name of the first file, whose content has not been read yet."""
        self.typed = typed
        self._files = files
        self._first = first
        self._body = body

    @staticmethod
    async def of(request: Request) -> SentForm:
        """Read the fields of a request's form; raises Problem for one that cannot be read."""
        body = request.stream()
        content_type = request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
            async with request.form(max_fields=MOST_FIELDS) as form:
                found: dict[str, list[str]] = {}
                for name, value in form.multi_items():
                    if isinstance(value, str):
                        found.setdefault(name, []).append(value)
            return SentForm(found, None, None, body)
        try:
            files = FormFiles(content_type, body, most=AT_ONCE)
            first = await files.next_name()
        except AttachmentRefused as refusal:
            raise Problem(refusal.status, refusal.code, refusal.sentence, headers={"Connection": "close"}) from refusal
        return SentForm({name: [value] for name, value in files.fields.items()}, files, first, body)

    @staticmethod
    def empty(request: Request) -> SentForm:
        """Return a form that nobody has sent: filled in by the address of its page, if that says with what."""
        found: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            if name not in _NEVER_BY_ADDRESS:
                found.setdefault(name, []).append(value)
        return SentForm(found, None, None, request.stream())

    def with_files(self, files: Sequence[str]) -> SentForm:
        """Return the form with the ids of its files, once they are taken."""
        return SentForm({**self.typed, "berkas": [",".join(files)]}, None, None, self._body)

    @property
    def had_files(self) -> bool:
        """Whether it came with a file."""
        return bool(self._first)

    def one(self, name: str) -> str:
        """Return the last value of a field, "" if it was not sent."""
        return (self.typed.get(name) or [""])[-1]

    async def contents(self) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """Yield each file with its name; a form whose sender chose none brings none."""
        name = self._first
        while self._files is not None and name is not None:
            if name:
                yield name, self._files.content()
            name = await self._files.next_name()

    async def pass_over_files(self) -> None:
        """Read what is left, so that a browser that still sends sees the answer."""
        if self._files is not None:
            await pass_over(self._body)


def not_taken(name: str, refusal: AttachmentRefused) -> Sayable:
    """Say that a file was not taken, and why."""
    return sentence(_NOT_TAKEN, name=name[:200], why=refusal.sentence)


TOO_MANY = sentence(_TOO_MANY, most=AT_ONCE)
