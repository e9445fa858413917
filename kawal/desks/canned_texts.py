"""The texts that an agency keeps for its officials' forms: kept, changed and removed, on record."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.arguments import AccessNumber, AddCannedText, CannedTextContent, ChangeCannedText
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.canned_texts import COMMANDS, check_places
from kawal.domain.refusals import Refusal
from kawal.store.canned_texts import LIMIT, CannedText


class CannedTextResult(BaseModel):
    """A canned text by its number."""

    number: int


async def add(desk: Desk, given: AddCannedText) -> CannedTextResult:
    """Keep a text for the forms of a command, in a status or of a category alone if these are named."""
    instansi = await desk.authorised(Act.KEEP_CANNED_TEXTS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_CANNED_TEXTS):
        await _check(desk, given)
        number = await desk.complaints.record.canned_texts.add(
            instansi, given.command, given.title, given.text, status=given.status, category=given.category
        )
        if number is None:
            raise Refusal("canned_full", most=LIMIT)
    told = {"what": "canned_text_added", "instansi": instansi, "number": number, "command": str(given.command)}
    words = {"title": given.title, "text": given.text}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_CANNED_TEXTS, told, words=words)
    return CannedTextResult(number=number)


async def change(desk: Desk, given: ChangeCannedText) -> CannedTextResult:
    """Replace a text of the agency; forms that hold it already keep it as it was."""
    instansi = await desk.authorised(Act.KEEP_CANNED_TEXTS)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_CANNED_TEXTS):
        await _check(desk, given)
        new = CannedText(instansi=instansi, **given.model_dump())
        before = await desk.complaints.record.canned_texts.change(instansi, new)
        if before is None:
            raise Refusal("canned_unknown", number=given.number, instansi=instansi)
    told = {"what": "canned_text_changed", "instansi": instansi, "number": given.number, "command": str(given.command)}
    words = {"title": given.title, "text": given.text, "title_before": before.title, "text_before": before.text}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_CANNED_TEXTS, told, words=words)
    return CannedTextResult(number=given.number)


async def _check(desk: Desk, given: CannedTextContent) -> None:
    """Refuse a text that no form offers, that nothing fills, or that is for a category that there is not."""
    if given.command not in COMMANDS:
        raise Refusal("canned_command", known=", ".join(sorted(COMMANDS)))
    check_places(given.text)
    if given.category is not None and not await desk.complaints.directory.has_category(given.category):
        raise Refusal("unknown_category", category=given.category)


async def remove(desk: Desk, given: AccessNumber) -> CannedTextResult:
    """Remove a text of the agency; forms that hold it already keep it."""
    instansi = await desk.authorised(Act.KEEP_CANNED_TEXTS)
    removed = await desk.complaints.record.canned_texts.remove(instansi, given.number)
    if removed is None:
        async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_CANNED_TEXTS):
            raise Refusal("canned_unknown", number=given.number, instansi=instansi)
    told = {"what": "canned_text_removed", "instansi": instansi, "number": given.number}
    words = {"title": removed.title, "text": removed.text}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_CANNED_TEXTS, told, words=words)
    return CannedTextResult(number=given.number)
