"""Officials' notes on a report: left for colleagues, struck with a reason, read by those for whom they are."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.crypto.data_keys import KeyDestroyed
from kawal.desks.arguments import AddNote, StrikeNote
from kawal.desks.mentions import named_by
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import Role
from kawal.domain.notes import check_audience, check_strike, may_read_note
from kawal.domain.refusals import Refusal
from kawal.store.notes import Note


class NoteResult(BaseModel):
    """A note that was written or struck."""

    tracking_id: str
    note: int


async def add(desk: Desk, given: AddNote) -> NoteResult:
    """Leave a note on a report in any state, also after its end; not on an erased one. It reaches whom it names."""
    complaints = desk.complaints
    row = await complaints.snapshot(given.tracking_id)
    await complaints.authority.authorise(desk.actor, Act.ADD_NOTE, row)
    async with complaints.authority.refusals(desk.actor, Act.ADD_NOTE, given.tracking_id):
        check_audience(desk.actor, given.audience)
        named = await named_by(complaints, desk.actor, row, given.audience, given.text)
        try:
            number = await complaints.record.notes.write(
                given.tracking_id,
                desk.actor,
                complaints.now(),
                given.audience,
                given.text,
                [one.person for one in named],
            )
        except KeyDestroyed:
            raise Refusal("note_erased", tracking=given.tracking_id) from None
    return NoteResult(tracking_id=given.tracking_id, note=number)


async def strike(desk: Desk, given: StrikeNote) -> NoteResult:
    """Strike one's own note and say why: auditors alone still read it."""
    complaints = desk.complaints
    row = await complaints.snapshot(given.tracking_id)
    await complaints.authority.authorise(desk.actor, Act.STRIKE_NOTE, row)
    async with complaints.authority.refusals(desk.actor, Act.STRIKE_NOTE, given.tracking_id):
        found = next((one for one in await _notes(complaints, row, desk.actor) if one.number == given.note), None)
        if found is None:
            raise Refusal("note_unknown", tracking=given.tracking_id, number=given.note)
        check_strike(desk.actor, found.authorship, struck=found.struck_at is not None)
        try:
            await complaints.record.notes.strike(given.tracking_id, desk.actor, complaints.now(), given.note, given.why)
        except KeyDestroyed:
            raise Refusal("note_erased", tracking=given.tracking_id) from None
    return NoteResult(tracking_id=given.tracking_id, note=given.note)


async def notes_for(complaints: Readings, row: Snapshot, reader: Actor) -> list[Note]:
    """Return the notes on a complaint that an official may read, the oldest first.

    Of a struck one everybody but auditors reads that it was struck, by whom and why, and no text. That the reading goes
    on record is for the caller.
    """
    found = await _notes(complaints, row, reader)
    return [_as_read_by(reader, note) for note in found]


async def _notes(complaints: Readings, row: Snapshot, reader: Actor) -> list[Note]:
    found = await complaints.record.notes.of(row.tracking_id)
    return [note for note in found if may_read_note(reader, note.authorship, note.audience, row)]


def _as_read_by(reader: Actor, note: Note) -> Note:
    hidden = note.struck_at is not None and reader.role is not Role.AUDITOR
    return note.model_copy(update={"text": None}) if hidden else note
