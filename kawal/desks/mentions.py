"""Mentions: whom a note names, what names oneself or whom one stands in for and waits, and that it was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from kawal.client.reading import Readings
from kawal.desks.table import Desk
from kawal.desks.work_arguments import MentionRead
from kawal.domain.access import RIGHTS, Act
from kawal.domain.calendar import local_day
from kawal.domain.mentions import NoteReach, check_named, named_in, reads
from kawal.domain.messages import Actor, Snapshot
from kawal.domain.names import Role
from kawal.domain.notes import Audience, Authorship, Colleague
from kawal.domain.persons import person_of
from kawal.domain.refusals import Refusal
from kawal.store.mentions import Mention


class WaitingMention(BaseModel):
    """A note that names the reader, or whom they stand in for, and waits; what it says is read on the report."""

    tracking_id: str
    note: int
    at: datetime
    """When it was written (UTC)."""
    role: Role
    """Of whoever wrote it."""
    opd: str | None
    name: str | None
    """Theirs; None on a rahasia report, of which nobody is named outside its own page."""
    absent: str | None = None
    """The name of the absent whom it names, for whom the reader acts as a deputy; None: it names the reader."""


class MentionResult(BaseModel):
    """A mention that was noted as read."""

    tracking_id: str
    note: int


async def waiting_for(complaints: Readings, reader: Actor) -> list[WaitingMention]:
    """Return the notes that name the reader, wait, and may be read in the role in which they act, the newest first.

    A deputy finds those that name the absent, too, as far as they may be read in the absent's role.
    """
    return [await _shown(complaints, reader, one, row) for one, row in await _readable(complaints, reader)]


async def note_read(desk: Desk, given: MentionRead) -> MentionResult:
    """Note as read that a note names oneself, or whom one stands in for; it waits no longer, and is told to nobody."""
    complaints = desk.complaints
    row = await complaints.snapshot(given.tracking_id)
    await complaints.authority.authorise(desk.actor, Act.SEE_MENTION, row)
    async with complaints.authority.refusals(desk.actor, Act.SEE_MENTION, given.tracking_id):
        waiting = await _readable(complaints, desk.actor, given.note)
        if not any(one.tracking_id == given.tracking_id for one, _ in waiting):
            raise Refusal("no_mention", tracking=given.tracking_id, number=given.note)
    await end_mentions_of(complaints, desk.actor, given.tracking_id, [given.note])
    return MentionResult(tracking_id=given.tracking_id, note=given.note)


async def end_mentions_of(complaints: Readings, reader: Actor, tracking_id: str, notes: Sequence[int]) -> None:
    """End what notes on a complaint, read by the reader, had waiting for them or for whom they stand in.

    What a deputy read for the absent is on record: the absent does not find it any more.
    """
    ended = await complaints.record.mentions.end(notes, _people_of(reader)) if notes else []
    for note, person in ended:
        if person != person_of(reader.account):
            facts = {"what": "mention", "note": note, "account": reader.deputy_for}
            await complaints.authority.done(reader, Act.SEE_MENTION, facts, tracking_id=tracking_id)


async def _readable(complaints: Readings, reader: Actor, note: int | None = None) -> list[tuple[Mention, Snapshot]]:
    """Return what waits for the reader and may be read by them, with the reports' rows."""
    if reader.role not in RIGHTS[Act.SEE_MENTION].who:
        return []
    seen = complaints.seen_by(reader).record
    own = person_of(reader.account)
    # One entry a note, the own one where it names a deputy and the absent too.
    every = await seen.mentions.waiting(_people_of(reader), note)
    of_own = {one.note for one in every if one.person == own}
    waiting = [one for one in every if one.person == own or one.note not in of_own]
    rows = await seen.ledger.snapshots([one.tracking_id for one in waiting], mains=True) if waiting else {}
    found = [(one, rows[one.tracking_id]) for one in waiting if one.tracking_id in rows]
    return [
        (one, row)
        for one, row in found
        if reads(reader, NoteReach(one.authorship, one.audience, row, rows.get(row.main_report or "")))
    ]


async def _shown(complaints: Readings, reader: Actor, one: Mention, row: Snapshot) -> WaitingMention:
    own = one.person == person_of(reader.account)
    return WaitingMention(
        tracking_id=one.tracking_id,
        note=one.note,
        at=one.at,
        role=one.role,
        opd=one.opd,
        name=None if row.rahasia else await complaints.accounts.name_of(one.account),
        absent=None if own else await complaints.accounts.name_of(reader.deputy_for or ""),
    )


def _people_of(reader: Actor) -> list[str]:
    """Return whose mentions a reader finds: their own, and of a deputy the absent's."""
    return [person_of(account) for account in (reader.account, reader.deputy_for) if account is not None]


async def named_by(
    complaints: Readings, writer: Actor, row: Snapshot, audience: Audience, text: str
) -> list[Colleague]:
    """Return whom a note would name; raises Refusal for a name of nobody, of several, or of who may not read it."""
    if "@" not in text:
        return []
    named = named_in(text, await _colleagues(complaints, row))
    return check_named(writer, named, await _reach(complaints, row, _authorship(writer), audience))


async def to_be_named(
    complaints: Readings, writer: Actor, row: Snapshot, audiences: Sequence[Audience]
) -> list[Colleague]:
    """Return whom a note of the writer's for any of these could name, with the roles in which each would read it."""
    notes = [await _reach(complaints, row, _authorship(writer), one) for one in audiences]
    people = await complaints.record.people.acting(row.instansi, local_day(complaints.now()))
    people.pop(person_of(writer.account), None)
    # Of a note that is not one's own, the role and its office alone decide.
    posts = {_post(role): role for roles in people.values() for role in roles}
    reading = {post for post, role in posts.items() if any(reads(role, note) for note in notes)}
    reached = {person: [role for role in roles if _post(role) in reading] for person, roles in people.items()}
    found = await complaints.record.people.named({person: roles for person, roles in reached.items() if roles})
    return sorted(found, key=lambda one: one.name.casefold())


def _post(actor: Actor) -> tuple[Role, str | None, str | None]:
    return actor.role, actor.instansi, actor.opd


async def _colleagues(complaints: Readings, row: Snapshot) -> list[Colleague]:
    return await complaints.record.people.colleagues(row.instansi, local_day(complaints.now()))


async def _reach(complaints: Readings, row: Snapshot, author: Authorship, audience: Audience) -> NoteReach:
    main = None if row.main_report is None else await complaints.snapshot(row.main_report)
    return NoteReach(author, audience, row, main)


def _authorship(writer: Actor) -> Authorship:
    return Authorship(writer.role, writer.opd, writer.account)
