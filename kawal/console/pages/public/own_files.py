"""`/l/NUMBER/berkas/ID`: the report's files for its reporter, without the place and date that a photo holds.

Of each the page says whether the public can see it, by the view that the public's pages read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.pages.public.entrance import opened
from kawal.console.pages.public.own_reading import OwnReport
from kawal.console.pages.public.parts import attachments_of, complaints_of, count_call
from kawal.domain.calendar import local_day
from kawal.domain.messages import Event
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import FINAL, EventKind
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.reporter_access import ReporterAttachments
from kawal.intake.attachments.routes import served
from kawal.intake.attachments.service import AttachmentRef
from kawal.store.public_versions import PublicParts
from kawal.web.problems import Problem

_PUBLIC = msgid("The public can see it.")
_REDACTED = msgid("The public can see it, with parts blacked out: {why}")
_RAHASIA = msgid("Only you and the officials can see it: the whole report is hidden, as you asked.")
_UNVERIFIED = msgid("Only you and the officials can see it: the report has not been checked yet.")
_NEVER_VERIFIED = msgid("Only you and the officials can see it: the report ended before it was checked.")
_WITHHELD = msgid("Only you and the officials can see it: the Inspectorate has not released what the report says.")
_NEVER = msgid("Only you and the officials can see it: files of this kind are never shown to the public.")
_NOT_RELEASED = msgid("Only you and the officials can see it: no official has released it.")


_AFTER = msgid("After the work, {day}")
_BEFORE = msgid("Before or during the work, {day}")


class OwnFiles(NamedTuple):
    """A report's files: those of the reporter, and those of offices, as far as somebody was told of them."""

    own: list[AttachmentRef]
    of_offices: list[AttachmentRef]
    seen: Mapping[str, Sayable]
    """By their ids: whether the public can see the file, and why not."""
    stages: Mapping[str, Sayable]
    """By the ids of offices' files: whether one came with a final follow-up, and its day; none of no follow-up's."""

    def named(self, ids: Collection[str]) -> list[AttachmentRef]:
        """Return those that a step names."""
        return [ref for ref in (*self.own, *self.of_offices) if ref.id in ids]


async def files_of(request: Request, own: OwnReport) -> OwnFiles:
    """Return the files of a report as its own page tells of them; none of an erased one."""
    if own.erased:
        return OwnFiles([], [], {}, {})
    tracking_id = own.state.tracking_id
    refs, public = await asyncio.gather(
        _attachments_of(request).list(tracking_id),
        complaints_of(request).record.public_versions.shown(tracking_id),
    )
    from_offices = {event.seq: event for event in own.events if event.kind is EventKind.FOLLOWED_UP}
    of_offices = [ref for ref in refs if _is_of_office(ref, from_offices)]
    return OwnFiles(
        [ref for ref in refs if ref not in of_offices],
        of_offices,
        {ref.id: _seen(ref, own, public) for ref in refs},
        {ref.id: _stage(from_offices[ref.event_seq]) for ref in of_offices if ref.event_seq in from_offices},
    )


async def send_file(request: Request) -> Response:
    """Send one file; for a rahasia report the reading goes on record."""
    await count_call(request)
    tracking_id = await opened(request)
    reader = await complaints_of(request).reporter(tracking_id)
    try:
        found = await _attachments_of(request).open(tracking_id, request.path_params["file"], reader)
    except AttachmentRefused as refusal:
        raise Problem(refusal.status, refusal.code, refusal.sentence) from refusal
    return served(*found)


def _attachments_of(request: Request) -> ReporterAttachments:
    return ReporterAttachments(complaints_of(request).record, attachments_of(request))


def _is_of_office(ref: AttachmentRef, from_offices: Collection[int]) -> bool:
    return ref.event_seq in from_offices or (ref.event_seq is None and ref.by_office)


def _stage(follow_up: Event) -> Sayable:
    return sentence(_AFTER if follow_up.facts.get("final") else _BEFORE, day=local_day(follow_up.at))


def _seen(ref: AttachmentRef, own: OwnReport, public: PublicParts) -> Sayable:
    """Return whether the public can see a file, and if not, the first of the reasons that hold."""
    file = public.files.get(ref.id)
    if file is not None:
        return _PUBLIC if file.redacted_why is None else sentence(_REDACTED, why=file.redacted_why)
    if own.state.rahasia or own.hidden.rahasia:
        return _RAHASIA
    if own.state.verified_at is None:
        return _NEVER_VERIFIED if own.state.status in FINAL else _UNVERIFIED
    if not public.words:
        return _WITHHELD
    return _NEVER if ref.public_size is None else _NOT_RELEASED
