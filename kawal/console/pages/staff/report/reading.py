"""What an official reads of one report, gathered once the reading is on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.console.pages.staff.report.sight import SeenReport, Sight
from kawal.desks.notes import notes_for
from kawal.domain.access import Act, may
from kawal.domain.messages import Actor, Event, Place, Reporter, Snapshot
from kawal.domain.names import EventKind, Role
from kawal.domain.persons import absents_in
from kawal.domain.process.evolve import fold
from kawal.domain.process.forecast import ComingInstant, foresight
from kawal.domain.process.permissions import Permission, permissions
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.store.accounts import Accounts
from kawal.store.erasure_status import erasure_of
from kawal.store.notes import Note
from kawal.store.outbox import NoticeLine, NoticeStatus
from kawal.wording.act_words import ACT_WORDS
from kawal.wording.report_outlook import Outlook, OwedStep, outlook, owed_steps
from kawal.wording.staff_timeline import StaffStep, in_order, side_step, staff_step

VIA = "page"
"""By which way officials come, as the access log tells it."""

MOST_UNDELIVERED = 20


@dataclass(frozen=True)
class ReportWords:
    """What the reporter wrote, and the title as it is now."""

    title: str
    text: str
    place: Place
    occurred_on: str | None


@dataclass(frozen=True)
class StaffReport:
    """A report as somebody sees it now."""

    row: Snapshot
    sight: Sight
    state: State
    names: Mapping[str, str]
    words: ReportWords | None
    """None where they are sealed, not this role's, or erased."""
    erased: bool
    owed: list[OwedStep]
    coming: list[Outlook]
    permissions: list[Permission]
    """The commands that the role may ever give, in the order of the work."""
    steps: list[StaffStep]
    notes: list[Note]
    supporters: int
    followers: list[tuple[str, int]]
    """The reports that follow it and whose reporters have written since, with how often."""
    undelivered: list[NoticeLine]
    letters: int
    """How many letters that name it wait in the tray."""


async def read_report(
    complaints: Complaints, seen: Readings, actor: Actor, found: SeenReport, purpose: str | None, lang: str
) -> StaffReport:
    """Return the report as `seen` by the actor; where its words are shown, their reading is on record before.

    Raises Refusal.
    """
    row, number = found.row, found.row.tracking_id
    opened = found.sight is Sight.WHOLE
    if opened:
        row = await complaints.authority.reading(actor, Act.READ_EVENTS, number, via=VIA, purpose=purpose)
    inside = opened and actor.role is not Role.DESK
    events = await seen.history(number) if opened else await complaints.process_record(number)
    state, names, record = fold(events), await complaints.directory.names(row.instansi), seen.record
    coming = foresight(state, complaints.now())
    holidays = await complaints.rulebook.holiday_names(state.rules.calendar.version)
    erased = await erasure_of(complaints.pool, number) is not None
    return StaffReport(
        row=row,
        sight=found.sight,
        state=state,
        names=names,
        words=words_of(events) if opened and not erased else None,
        erased=erased,
        owed=owed_steps(state, names, holidays),
        coming=outlook(coming, names),
        permissions=_given_to(actor, state, complaints.now(), coming),
        steps=await _steps(seen, complaints.accounts, number, events, names, lang, words=opened, acts=inside),
        notes=await _notes(complaints, seen, actor, found, purpose),
        supporters=(await record.supports.counts([number]))[number],
        followers=await record.complaint_rows.followers_replies(number) if inside else [],
        undelivered=await _undelivered(seen, number) if inside else [],
        letters=await complaints.record.tray.undecided_for(number),  # a number alone, also to who sees no letters
    )


def words_of(events: list[Event]) -> ReportWords | None:
    """Return what a report says, by its events; None if its words were erased."""
    started: Mapping[str, Any] = events[0].words
    if not started:
        return None
    titles = [event.words["title"] for event in events if event.words.get("title")]
    return ReportWords(
        title=str(titles[-1]),
        text=str(started.get("text") or ""),
        place=Place.model_validate(started.get("place") or {}),
        occurred_on=events[0].facts.get("occurred_on"),
    )


def reporter_in(events: list[Event]) -> Reporter:
    """Return who the reporter is, by what came with the report."""
    return Reporter.model_validate(events[0].words.get("reporter") or {})


def leaving_of(events: list[Event], opd: str | None) -> Event | None:
    """Return the event with which an OPD's part in a report ended last."""
    gone = (EventKind.RETURNED, EventKind.WITHDRAWN)
    return next((one for one in reversed(events) if one.kind in gone and one.facts.get("opd") == opd), None)


def _given_to(actor: Actor, state: State, now: datetime, coming: list[ComingInstant]) -> list[Permission]:
    """Return the permissions that concern a role: those of its rows, and what else it may do just now."""
    found = permissions(state, actor, now, coming)
    return [found[name] for name in ACT_WORDS if actor.role in TRANSITIONS[name].who or found[name].refusal is None]


async def _undelivered(seen: Readings, number: str) -> list[NoticeLine]:
    return await seen.record.outbox.lines(status=NoticeStatus.FAILED, tracking_id=number, limit=MOST_UNDELIVERED)


async def _steps(
    seen: Readings,
    accounts: Accounts,
    number: str,
    events: list[Event],
    names: Mapping[str, str],
    lang: str,
    *,
    words: bool,
    acts: bool,
) -> list[StaffStep]:
    done = await seen.record.side_acts.of_officials(number) if acts else []
    absents = await accounts.names_of(absents_in(event.facts for event in events)) if words else {}
    sides = [side_step(one.kind, one.at, one.actor, one.facts, one.words.get("why"), names, lang) for one in done]
    return in_order([staff_step(event, names, lang, words=words, absents=absents) for event in events], sides)


async def _notes(
    complaints: Complaints, seen: Readings, actor: Actor, found: SeenReport, purpose: str | None
) -> list[Note]:
    """Return the notes that somebody may read: with the report's words, or of a role that reads them alone."""
    if found.sight is Sight.PROCESS:
        if may(actor, Act.READ_NOTES, found.row, purpose=purpose) is not None:
            return []
        notes = await notes_for(seen, found.row, actor)
        if notes:
            await complaints.authority.reading(actor, Act.READ_NOTES, found.row.tracking_id, via=VIA, purpose=purpose)
        return notes
    inside = found.sight is Sight.WHOLE and actor.role is not Role.DESK  # which reads what it registered, and no notes
    return await notes_for(seen, found.row, actor) if inside else []
