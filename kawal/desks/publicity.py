"""What the public sees of a report: files and words released, words redacted. Each is an act beside the process.

Redacting parts of a picture is in `kawal.intake.attachments.picture_redaction`, where pictures are opened.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import RedactWords, Release
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.masking import masked
from kawal.domain.messages import Reporter
from kawal.domain.names import EventKind, Role
from kawal.domain.persons import HANDLERS, person_of
from kawal.domain.publicity import may_show, missing_passage, redacted
from kawal.domain.refusals import Refusal
from kawal.store.public_versions import PublicChange
from kawal.store.read_model import reporter_of


class PublicityResult(BaseModel):
    """What was released or redacted of a report."""

    tracking_id: str
    what: str
    """words, follow_up, file or picture."""
    act: int
    """The number of the act on record."""


async def release(desk: Desk, given: Release) -> PublicityResult:
    """Make a file public, or what stands of the words of a report that is or was berkadar pengawasan."""
    words = given.file is None
    async with deciding(desk, given.tracking_id, Act.RELEASE, words=words) as change:
        if given.file is not None:
            act = await _release_file(desk, change, given.file)
        elif not change.standing.supervised:
            raise Refusal("publicity_not_withheld")
        else:
            act = await change.release_words(desk.actor, desk.complaints.now())
    return PublicityResult(tracking_id=given.tracking_id, what="words" if words else "file", act=act)


async def redact(desk: Desk, given: RedactWords) -> PublicityResult:
    """Replace passages of a report's public words, or of a follow-up's, and say why; what was written stays sealed."""
    async with deciding(desk, given.tracking_id, Act.REDACT, words=True) as change:
        if given.follow_up is None:
            act = await _redact_words(desk, change, given)
        else:
            act = await _redact_follow_up(desk, change, given, given.follow_up)
    what = "words" if given.follow_up is None else "follow_up"
    return PublicityResult(tracking_id=given.tracking_id, what=what, act=act)


@asynccontextmanager
async def deciding(desk: Desk, tracking_id: str, act: Act, *, words: bool) -> AsyncIterator[PublicChange]:
    """Hold a report while an official changes what is public of it; raises Refusal, itself on record.

    What the block raises leaves everything as it was.
    """
    complaints = desk.complaints
    row = await complaints.snapshot(tracking_id)
    await complaints.authority.authorise(desk.actor, act, row)
    async with complaints.authority.refusals(desk.actor, act, tracking_id):
        await _refuse_own_handling(desk, tracking_id, act)
        try:
            async with complaints.record.deciders, complaints.record.public_versions.changing(tracking_id) as change:
                refusal = may_show(desk.actor.role, change.standing, words=words)
                if refusal is not None:
                    raise refusal
                yield change
        except KeyDestroyed:
            raise Refusal("publicity_erased", tracking=tracking_id) from None


async def _refuse_own_handling(desk: Desk, tracking_id: str, act: Act) -> None:
    """Refuse a release by the Inspectorate of a report that the same person handled as an admin or a liaison."""
    if act is not Act.RELEASE or desk.actor.role is not Role.INSPECTORATE:
        return
    if person_of(desk.actor.account) in await desk.complaints.ledger.acted(tracking_id, HANDLERS):
        raise Refusal("own_handling")


async def public_reason(desk: Desk, tracking_id: str, why: str) -> str:
    """Return why something was redacted, as the public reads it: masked like all public words."""
    return masked(why, await _reporter(desk, tracking_id))


async def _release_file(desk: Desk, change: PublicChange, file: str) -> int:
    tracking_id = change.standing.tracking_id
    row = await desk.complaints.record.attachment_rows.find(tracking_id, UUID(file))
    if row is None:
        raise Refusal("unknown_files", files=file)
    if row.public_size is None:
        raise Refusal("publicity_no_variant", type=row.media_type)
    if await change.is_released(row.id):
        raise Refusal("publicity_released_already")
    return await change.release_file(desk.actor, desk.complaints.now(), row.id)


async def _redact_words(desk: Desk, change: PublicChange, given: RedactWords) -> int:
    if given.anew and not change.redacted:
        raise Refusal("publicity_not_redacted")
    words = change.originals() if given.anew else change.words
    _refuse_missing(list(words.values()), given.passages)
    replaced = {name: changed for name, text in words.items() if (changed := _without(text, given.passages)) != text}
    why = await public_reason(desk, given.tracking_id, given.why)
    redact_words = change.redact_words_anew if given.anew else change.redact_words
    return await redact_words(desk.actor, desk.complaints.now(), replaced, given.passages, why)


async def _redact_follow_up(desk: Desk, change: PublicChange, given: RedactWords, seq: int) -> int:
    reporter, shown = await _reporter(desk, given.tracking_id), await change.follow_up(seq)
    written = await _follow_up_text(desk, given.tracking_id, seq, reporter)
    if given.anew and shown is None:
        raise Refusal("publicity_not_redacted")
    text = written if given.anew or shown is None else shown
    _refuse_missing([text], given.passages)
    body, why = _without(text, given.passages), masked(given.why, reporter)
    at, passages = desk.complaints.now(), given.passages
    return await change.redact_follow_up(desk.actor, at, seq, body, passages, why, anew=given.anew)


def _without(text: str, passages: Sequence[str]) -> str:
    return redacted(text, passages) if passages else text


async def _follow_up_text(desk: Desk, tracking_id: str, seq: int, reporter: Reporter) -> str:
    events = await desk.complaints.ledger.events(tracking_id)
    found = next((one for one in events if one.seq == seq and one.kind is EventKind.FOLLOWED_UP), None)
    if found is None:
        raise Refusal("publicity_no_follow_up", number=seq)
    return masked(str(found.words.get("text", "")), reporter)


async def _reporter(desk: Desk, tracking_id: str) -> Reporter:
    return reporter_of(await desk.complaints.ledger.events(tracking_id))


def _refuse_missing(texts: Sequence[str], passages: Sequence[str]) -> None:
    missing = missing_passage(texts, passages)
    if missing is not None:
        raise Refusal("publicity_no_passage", passage=missing)
