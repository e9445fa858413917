"""Files that people bring to the front desk: the reporter's own, added to a report that the desk registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request

from kawal.base.unavailable import unavailable
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import attachments_of, complaints_of
from kawal.console.pages.staff.report.reading import VIA
from kawal.console.pages.staff.report.sent_form import TOO_MANY, SentForm, not_taken
from kawal.domain.msgids import Sayable, msgid
from kawal.domain.refusals import Refusal
from kawal.intake.attachments.official_access import OfficialAttachments
from kawal.intake.attachments.refusals import AttachmentRefused

_NOT_NOW = msgid("The files could not be stored now. Add them again in a moment.")


class FilesTaken(NamedTuple):
    """What became of a form's files."""

    taken: int = 0
    """How many the report has now of them; one that it had before counts."""
    refused: Sequence[Sayable] = ()
    """Why the others were not taken."""


async def take_files(request: Request, signed: SignedIn, number: str, form: SentForm) -> FilesTaken:
    """Add a form's files to a report; raises Refusal where these are not this desk's to add.

    Each is encrypted as it arrives and then judged; whatever goes wrong with one, the others are taken.
    """
    office = OfficialAttachments(complaints_of(request), attachments_of(request), VIA)
    taken, refused = 0, list[Sayable]()
    try:
        async for name, content in form.contents():
            try:
                await office.add(number, signed.actor, name, content)
                taken += 1
            except AttachmentRefused as refusal:
                refused.append(not_taken(name, refusal))
    except AttachmentRefused:  # of the form as a whole
        refused.append(TOO_MANY)
    except Refusal:
        await form.without_files()
        raise
    except Exception as error:
        if unavailable(error) is None:
            raise
        await form.without_files()
        refused.append(_NOT_NOW)
    return FilesTaken(taken, refused)


async def take_files_of_new(request: Request, signed: SignedIn, number: str, form: SentForm) -> FilesTaken:
    """Add files to a report that was registered just now: it is safe, whatever becomes of them."""
    try:
        return await take_files(request, signed, number, form)
    except Refusal:  # its start is not on record yet, while the engine is away
        return FilesTaken(0, [_NOT_NOW])
