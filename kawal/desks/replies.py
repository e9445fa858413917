"""What a reporter said and nobody needs to act on: noted as read, so that it leaves the admin's decisions."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import NoteRead
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.refusals import Refusal


class ReplyNote(BaseModel):
    """What was noted as read."""

    tracking_id: str
    event: int


async def note_read(desk: Desk, given: NoteRead) -> ReplyNote:
    """Note as read what the reporter said last, by the event that the official saw; it is told to nobody."""
    complaints = desk.complaints
    row = await complaints.snapshot(given.tracking_id)
    await complaints.authority.authorise(desk.actor, Act.NOTE_READ, row)
    async with complaints.authority.refusals(desk.actor, Act.NOTE_READ, given.tracking_id):
        try:
            noted = await complaints.record.read_replies.note(
                given.tracking_id, given.event, desk.actor, complaints.now()
            )
        except KeyDestroyed:
            noted = False
        if not noted:
            raise Refusal("nothing_to_read", tracking=given.tracking_id, number=given.event)
    return ReplyNote(tracking_id=given.tracking_id, event=given.event)
