"""`kawal note`: what officials leave each other on a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.model_table import write_models
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.cli.wording.labels import ROLES, label
from kawal.domain.notes import AUDIENCES

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.desks.notes import NoteResult
    from kawal.store.notes import Note


def _tell_added(operator: Operator, done: NoteResult) -> None:
    operator.write(operator.say("note_added", number=done.note, id=done.tracking_id))


def _tell_struck(operator: Operator, done: NoteResult) -> None:
    operator.write(operator.say("note_struck", number=done.note, id=done.tracking_id))


def list_notes(operator: Operator, *, tracking_id: str, purpose: str | None) -> None:
    """List the notes on a report that the official may read, the reading on record."""

    async def work(complaints: Readings) -> list[Note]:
        from kawal.desks.notes import notes_for
        from kawal.domain.access import Act

        actor = await operator.actor_on(complaints, tracking_id)
        row = await complaints.authority.reading(actor, Act.READ_NOTES, tracking_id, via="cli", purpose=purpose)
        return await notes_for(complaints, row, actor)

    notes = operator.with_record(work)
    write_models(operator, notes, ("id", "at", "by", "audience", "note"), lambda one: _row(operator, one))


def _row(operator: Operator, note: Note) -> list[str]:
    who = " ".join(filter(None, (note.name, label(ROLES, note.role, operator.lang), note.opd)))
    struck = operator.say("note_struck_why", why=note.struck_why or "–") if note.struck_at else ""
    return [
        str(note.number),
        show_instant(note.at, operator.lang),
        who,
        label(AUDIENCES, note.audience, operator.lang),
        " ".join(filter(None, (note.text, struck))),
    ]


SPECS = (
    *desk_specs(
        "note",
        {
            "add": Form(_tell_added, typed=OptionLayout({"audience": "--for"}, places=frozenset({"tracking_id"}))),
            "strike": Form(_tell_struck, typed=OptionLayout(places=frozenset({"tracking_id", "note"}))),
        },
    ),
    Spec("list", list_notes, [TRACKING_ID, Field("purpose", "--purpose")]),
)
