"""A form as it was sent, with files or without: its fields are read first, its files only once they are wanted."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request

from kawal.console.pages.form_guard import TOKEN
from kawal.console.pages.staff.report.act_fields import Typed
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.intake.attachments.multipart_form import FormFiles
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.routes import PASS_OVER, pass_over
from kawal.web.problems import Problem

AT_ONCE = 10
"""How many files one form may send."""

MOST_FIELDS = 1000
"""Of a form without files; no form of ours has as many."""

_NEVER_BY_ADDRESS = frozenset({"formulir", "kunci", "langkah", "berkas", "pasti", "sisipkan"})

_NOT_TAKEN = msgid("The file “{name}” was not taken: {why}")
_TOO_MANY = msgid("The files could not be read. Choose at most {most} at once.")


@dataclass(frozen=True)
class SentForm:
    """What a browser sent."""

    typed: Typed
    file_fields: Sequence[str] = ()
    """The fields in which files were chosen, as far as the form was read."""
    files: FormFiles | None = field(default=None, repr=False)
    """The files, while they are still to be read."""
    first: str | None = None
    """The name of the first file, whose content has not been read yet; "" of a field in which none was chosen."""
    body: AsyncIterator[bytes] | None = field(default=None, repr=False)

    @staticmethod
    async def of(request: Request) -> SentForm:
        """Return the fields of a request's form, read once; raises Problem for one that cannot be read."""
        if not hasattr(request.state, "sent_form"):
            request.state.sent_form = await _read(request)
        found: SentForm = request.state.sent_form
        return found

    @staticmethod
    def empty(request: Request) -> SentForm:
        """Return a form that nobody has sent: filled in by the address of its page, if that says with what."""
        asked = request.query_params.multi_items()
        return SentForm(_by_name((name, value) for name, value in asked if name not in _NEVER_BY_ADDRESS))

    def with_token(self, token: str) -> SentForm:
        """Return the form as one of a page with this token."""
        return replace(self, typed={**self.typed, TOKEN: [token]})

    def with_files(self, files: Sequence[str]) -> SentForm:
        """Return the form with the ids of its files, once they are taken."""
        return SentForm({**self.typed, "berkas": [",".join(files)]})

    @property
    def words(self) -> dict[str, str]:
        """The last value of each field, without blanks around it."""
        return {name: values[-1].strip() for name, values in self.typed.items()}

    @property
    def lines(self) -> dict[str, str]:
        """All values of each field, one a line."""
        return {name: "\n".join(values) for name, values in self.typed.items()}

    def one(self, name: str) -> str:
        """Return the last value of a field, "" if it was not sent."""
        return (self.typed.get(name) or [""])[-1]

    async def contents(self) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        """Yield each file with its name; a form whose sender chose none brings none."""
        name = self.first
        while self.files is not None and name is not None:
            if name:
                yield name, self.files.content()
            name = await self.files.next_name()

    async def without_files(self) -> SentForm:
        """Return the form with what was typed below its files, which are passed over: a browser that still sends sees
        no answer.
        """
        if self.files is None or self.body is None:
            return self
        with contextlib.suppress(AttachmentRefused, Problem, ClientDisconnect, TimeoutError):
            async with asyncio.timeout(PASS_OVER):
                while await self.files.next_name() is not None:
                    pass
        await pass_over(self.body)
        below = {name: [value] for name, value in self.files.fields.items()}
        chosen = tuple(dict.fromkeys(self.files.file_fields)) if self.first else ()
        return replace(self, typed={**self.typed, **below}, files=None, file_fields=chosen)


async def _read(request: Request) -> SentForm:
    content_type = request.headers.get("content-type", "")
    is_multipart = content_type.partition(";")[0].strip().lower() == "multipart/form-data"
    # Asked for a form that was not read yet, the framework would write its files to this machine.
    if not is_multipart or getattr(request, "_form", None) is not None:
        return _of_the_framework(await request.form(max_fields=MOST_FIELDS))
    body = request.stream()
    try:
        files = FormFiles(content_type, body, most=AT_ONCE)
        first = await files.next_name()
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence, headers={"Connection": "close"}) from refusal
    return SentForm({name: [value] for name, value in files.fields.items()}, (), files, first, body)


def _of_the_framework(form: FormData) -> SentForm:
    """Return a form that the framework has read, with its files or without."""
    items = form.multi_items()
    typed = _by_name((name, value) for name, value in items if isinstance(value, str))
    chosen = dict.fromkeys(name for name, value in items if not isinstance(value, str) and value.filename)
    return SentForm(typed, tuple(chosen))


def _by_name(items: Iterable[tuple[str, str]]) -> Typed:
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return found


def not_taken(name: str, refusal: AttachmentRefused) -> Sayable:
    """Say that a file was not taken, and why."""
    return sentence(_NOT_TAKEN, name=name[:200], why=refusal.sentence)


TOO_MANY = sentence(_TOO_MANY, most=AT_ONCE)
