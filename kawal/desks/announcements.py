"""What an agency tells every reader of its pages for a time: set and taken away, on record."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from kawal.desks.agency_arguments import EndAnnouncement, SetAnnouncement
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.announcements import Announcement
from kawal.domain.calendar import JAKARTA
from kawal.domain.refusals import Refusal


class EndedAnnouncement(BaseModel):
    """The agency whose readers are told nothing any more."""

    instansi: str


def announcement_of(instansi: str, given: SetAnnouncement, now: datetime) -> Announcement:
    """Return an announcement as it would be shown; raises Refusal for one that says nothing, or is over already."""
    begins, ends = _instant(given.begins) or now, _instant(given.ends)
    if not given.id_text and not given.en_text:
        raise Refusal("announcement_empty")
    if ends is not None and (ends <= now or ends <= begins):
        raise Refusal("announcement_over")
    return Announcement(instansi=instansi, id_text=given.id_text, en_text=given.en_text, from_at=begins, until_at=ends)


async def announce(desk: Desk, given: SetAnnouncement) -> Announcement:
    """Tell readers something, instead of what they were told before."""
    instansi = await desk.authorised(Act.KEEP_ANNOUNCEMENT)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_ANNOUNCEMENT):
        one = announcement_of(instansi, given, desk.complaints.now())
    await desk.complaints.record.announcements.set(one)
    told = {
        "what": "announcement_set",
        "instansi": instansi,
        "from": one.from_at.isoformat(),
        "until": None if one.until_at is None else one.until_at.isoformat(),
    }
    words = {"id": one.id_text, "en": one.en_text}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_ANNOUNCEMENT, told, words=words)
    return one


async def end(desk: Desk, given: EndAnnouncement) -> EndedAnnouncement:  # noqa: ARG001 - the form of a handler
    """Take away what readers are told."""
    instansi = await desk.authorised(Act.KEEP_ANNOUNCEMENT)
    async with desk.complaints.authority.refusals(desk.actor, Act.KEEP_ANNOUNCEMENT):
        if not await desk.complaints.record.announcements.end(instansi):
            raise Refusal("announcement_none", instansi=instansi)
    told = {"what": "announcement_ended", "instansi": instansi}
    await desk.complaints.authority.done(desk.actor, Act.KEEP_ANNOUNCEMENT, told)
    return EndedAnnouncement(instansi=instansi)


def _instant(local: str | None) -> datetime | None:
    """Return the instant of a local time; raises Refusal for a day or an hour that there is not."""
    if local is None:
        return None
    try:
        return datetime.fromisoformat(local).replace(tzinfo=JAKARTA)
    except ValueError:
        raise Refusal("malformed", detail=local) from None
