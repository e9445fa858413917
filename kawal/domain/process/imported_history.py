"""The past of an imported report: conversion of the dates and status in a file's row into a complaint's events.

What happened before the import is history. A deadline missed then is recorded and nobody is notified of it; no
reminders were sent and no rung was reached. From the day of the import Kawal runs the complaint's clocks: a step that
is late and still owed, and a supervised report, open the Inspectorate's item then, and the rungs count from there. A
reporter whose time to answer had run out although the source shows the report as open gets the whole time again.

An undated step is placed at the latest instant at which it can have been done: that of the next dated step, or the
import. No deadline is recorded as missed merely because a date is missing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor, Command, Event, Past, PastStep
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import ClockKind, CommandName, EventKind, ReportClass, Role, Status
from kawal.domain.process import clocks
from kawal.domain.process.command_parser import parse
from kawal.domain.process.commands import ParsedCommand
from kawal.domain.process.decide import CLOCKWORK, Decision, act, begin, check, happen
from kawal.domain.process.run_input import Begin
from kawal.domain.process.state import State
from kawal.domain.process.timers import Due, everything_due
from kawal.domain.refusals import Refusal

IMPORTED = {"imported": True}
ACCOUNT = "impor"
"""The account of whoever acted before the import: the source does not name it, and it was no account of Kawal's."""

ROLE_OF = {
    CommandName.VERIFY: Role.ADMIN,
    CommandName.HOLD: Role.ADMIN,
    CommandName.FORWARD: Role.ADMIN,
    CommandName.HANDLE: Role.ADMIN,
    CommandName.FOLLOW_UP: Role.LIAISON,
    CommandName.ARCHIVE: Role.ADMIN,
    CommandName.PASS_ON: Role.ADMIN,
    CommandName.CLOSE: Role.ADMIN,
    CommandName.ACCEPT: Role.REPORTER,
    CommandName.RATE: Role.REPORTER,
}
"""The steps that a past can contain, and who takes each; a follow-up without an OPD is the agency's own."""

_BY_ITSELF = frozenset({EventKind.BREACHED, EventKind.PAUSE_ENDED, EventKind.AFTERCARE_ENDED})
_SILENCE = frozenset({ClockKind.AUTO_CLOSE, ClockKind.HOLD})


def first_decision(beginning: Begin, now: datetime) -> Decision:
    """Return what a complaint's first run writes first: its start, and the past that it was imported with.

    A past made by `past_of` is allowed by the rules; another one may raise Refusal.
    """
    started = begin(
        beginning.report,
        beginning.tracking_id,
        beginning.instansi,
        beginning.rules,
        beginning.actor,
        # A sender's clock that runs ahead must not date a complaint into the future.
        min(beginning.received_at or now, now),
        beginning.idempotency_key,
        now,
    )
    past = beginning.report.past
    return started if past is None else _lived(started, past, now)


def _lived(started: Decision, past: Past, now: datetime) -> Decision:
    state, events = started.state, list(started.events)
    events[0].facts |= IMPORTED | {"source": past.source}
    for number, step in enumerate(past.steps):
        latest = next((later.at for later in past.steps[number:] if later.at is not None), now)
        at = min(latest, now)
        events += let_history_pass(state, at, now, doubtful=step.at is None)
        events.append(_done(state, step, number, at, now))
    events += let_history_pass(state, now, now)
    if not state.is_over:
        events.append(entered(state, past.source, now))
    return Decision(events, state, started.answer)


def _done(state: State, step: PastStep, number: int, at: datetime, now: datetime) -> Event:
    parsed = _command(step, number)
    check(state, parsed, at)
    doubt: dict[str, Any] = {"undated": True} if step.at is None else {}
    event = act(state, parsed, at, now, **IMPORTED, **doubt)
    if "item_opened" in event.facts:
        event.facts["item_opened"] = False
    return event


def _command(step: PastStep, number: int) -> ParsedCommand:
    if step.name not in ROLE_OF:
        raise Refusal("unknown_command", command=step.name[:40])
    role = ROLE_OF[CommandName(step.name)]
    if role is Role.LIAISON and step.opd is None:
        role = Role.ADMIN
    actor = Actor(role=role, account=ACCOUNT, opd=step.opd if role is Role.LIAISON else None)
    return parse(
        Command(name=step.name, actor=actor, arguments=step.arguments, idempotency_key=f"impor:{number}:{step.name}")
    )


def let_history_pass(state: State, upto: datetime, now: datetime, *, doubtful: bool = False) -> list[Event]:
    """Let what ran out by an instant happen, in place, as history, and return it.

    Before an undated step it is unknown which deadline was missed.
    """
    kinds = _BY_ITSELF - {EventKind.BREACHED} if doubtful else _BY_ITSELF
    events: list[Event] = []
    while due := _first(state, upto, kinds):
        facts = due.facts | IMPORTED
        if due.kind is EventKind.BREACHED:
            facts |= {"rung": 0, "item_opened": False}
        events.append(happen(state, due.kind, CLOCKWORK, due.at, now, facts, {}))
    return events


def _first(state: State, upto: datetime, kinds: frozenset[EventKind]) -> Due | None:
    coming = [due for due in everything_due(state) if due.at <= upto and due.kind in kinds]
    return min(coming, key=lambda due: (due.at, due.order, str(due.facts)), default=None)


def entered(state: State, source: str, now: datetime) -> Event:
    """Let the import itself happen, in place, and return it: from here on the complaint's clocks run."""
    late = [] if state.is_final else [clock.key for clock in state.breached_and_owed()]
    opens = bool(late) or (state.pengawasan and not state.is_final)
    facts = IMPORTED | {"source": source, "late": late, "silent": _silent(state, now), "item_opened": opens}
    return happen(state, EventKind.IMPORTED, CLOCKWORK, now, now, facts, {})


def _silent(state: State, now: datetime) -> list[str]:
    """Return the clocks of the reporter that had run out although the source shows the report as open."""
    calendar = state.rules.calendar
    running = [(clock, clocks.deadline(clock, calendar)) for clock in state.running_clocks() if clock.kind in _SILENCE]
    return [clock.key for clock, end in running if end is not None and end <= now]


# --- From a row's dates to the steps ---------------------------------------------------------------------------------


class RowFault(ValueError):  # noqa: N818 - an ordinary answer about a row
    """The reason why a row cannot be imported, and the field it is about."""

    def __init__(self, field: str, reason: Sayable) -> None:
        """Keep the field and the reason."""
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")


class Milestones(BaseModel):
    """The course of a report as a row gives it: its status and the time of each step (aware; None: not given)."""

    status: Status
    received_at: datetime
    verified_at: datetime | None = None
    forwarded_at: datetime | None = None
    followed_up_at: datetime | None = None
    completed_at: datetime | None = None
    """When the final follow-up was given."""
    closed_at: datetime | None = None
    """When it was closed, archived or passed on."""
    held_at: datetime | None = None
    opd: str | None = None
    """None: assigned to nobody yet, or from the first follow-up on handled by the agency itself."""
    title: str = ""
    report_class: ReportClass | None = None
    category: str | None = None
    pengawasan: bool = False
    follow_up: str = ""
    final_follow_up: str = ""
    reason: str = ""
    """The reason of the closing, the archiving or the hold, or the agency that it was passed on to."""
    accepted: bool = False
    """Closed by the reporter's acceptance and not by the admin."""
    rating: int | None = Field(default=None, ge=1, le=5)


_DATES = {
    Status.BELUM_DIVERIFIKASI: (),
    Status.DITUNDA: ("verified_at", "held_at"),
    Status.BELUM_DITINDAKLANJUTI: ("verified_at", "forwarded_at"),
    Status.PROSES: ("verified_at", "forwarded_at", "followed_up_at", "completed_at"),
    Status.SELESAI: ("verified_at", "forwarded_at", "followed_up_at", "completed_at", "closed_at"),
    Status.DIARSIPKAN: ("verified_at", "forwarded_at", "closed_at"),
    Status.BUKAN_WEWENANG: ("verified_at", "forwarded_at", "closed_at"),
}
"""The dates that fit each status, in their order; a later date contradicts the status."""

_WORDS_OF = {
    "followed_up_at": "follow_up",
    "completed_at": "final_follow_up",
    "closed_at": "reason",
    "held_at": "reason",
    "verified_at": "title",
}
"""The field whose text a step contains, to be named if the text is invalid."""

_ORDER = ("received_at", "verified_at", "held_at", "forwarded_at", "followed_up_at", "completed_at", "closed_at")
UNTOLD = "Tidak tercantum dalam berkas impor."
"""The text of a step that needs one, if the source has none."""


def past_of(row: Milestones, source: str, now: datetime, *, undated: bool) -> Past:
    """Return the past that a row describes; with `undated`, steps that its status implies may lack their date.

    Raises RowFault: a date in the future, before its predecessor or contradicting the status; a needed date, class or
    category missing; texts too long; a merged report.
    """
    if row.status is Status.DIGABUNG:
        raise RowFault(
            "status",
            msgid("a merged report is not imported: import it as open, then merge it by the command"),
        )
    _check_dates(row, now)
    steps = _steps(row)
    for name, step in steps:
        if step.at is None and not undated:
            raise RowFault(name, sentence(msgid("status {status} needs this date"), status=row.status))
    for number, (name, step) in enumerate(steps):
        try:
            _command(step, number)
        except Refusal as refusal:
            raise RowFault(_WORDS_OF.get(name, name), refusal.sentence) from refusal
    return Past(source=source, steps=[step for _, step in steps])


def _check_dates(row: Milestones, now: datetime) -> None:
    before = row.received_at
    for name in _ORDER:
        at: datetime | None = getattr(row, name)
        if at is None:
            continue
        if at > now:
            raise RowFault(name, msgid("the date lies in the future"))
        if name != "received_at" and name not in _DATES[row.status]:
            raise RowFault(name, sentence(msgid("does not fit the status {status}"), status=row.status))
        if at < before:
            raise RowFault(name, msgid("earlier than the step before it"))
        before = at


def _steps(row: Milestones) -> list[tuple[str, PastStep]]:
    """Return the steps in order, each with the field that dates it."""
    match row.status:
        case Status.BELUM_DIVERIFIKASI:
            return []
        case Status.DITUNDA:
            held = _step("held_at", row, CommandName.HOLD, missing=row.reason or UNTOLD)
            return [*([_verify(row)] if row.verified_at else []), held]
        case Status.BELUM_DITINDAKLANJUTI:
            return [_verify(row), *_given(row)]
        case Status.DIARSIPKAN:
            return [*_as_far_as_told(row), _step("closed_at", row, CommandName.ARCHIVE, reason=row.reason or UNTOLD)]
        case Status.BUKAN_WEWENANG:
            return [*_as_far_as_told(row), _step("closed_at", row, CommandName.PASS_ON, agency=row.reason or UNTOLD)]
        case Status.PROSES:
            return [_verify(row), *_given(row, needed=True), *_follow_ups(row)]
        case _:
            return [_verify(row), *_given(row, needed=True), *_follow_ups(row), *_closing(row)]


def _step(field: str, row: Milestones, name: CommandName, **arguments: Any) -> tuple[str, PastStep]:
    return field, PastStep(name=name, at=getattr(row, field), arguments=arguments)


def _verify(row: Milestones) -> tuple[str, PastStep]:
    if row.report_class is None:
        raise RowFault("class", msgid("the class is needed from verification on"))
    if not row.category:
        raise RowFault("category", msgid("the category is needed from verification on"))
    if row.pengawasan and row.report_class is not ReportClass.PENGADUAN:
        raise RowFault("pengawasan", msgid("only a complaint (pengaduan) can be supervisory (berkadar pengawasan)"))
    decided = {"class": str(row.report_class), "category": row.category, "pengawasan": row.pengawasan}
    return _step("verified_at", row, CommandName.VERIFY, title=row.title, **decided)


def _as_far_as_told(row: Milestones) -> list[tuple[str, PastStep]]:
    if row.verified_at is None and row.forwarded_at is None and row.opd is None:
        return []
    return [_verify(row), *_given(row)]


def _given(row: Milestones, *, needed: bool = False) -> list[tuple[str, PastStep]]:
    if row.opd is not None:
        return [_step("forwarded_at", row, CommandName.FORWARD, opds=[row.opd])]
    if row.forwarded_at is not None and not needed:
        raise RowFault("opd", msgid("forwarded, but the OPD is empty"))
    return [_step("forwarded_at", row, CommandName.HANDLE)] if needed else []


def _follow_ups(row: Milestones) -> list[tuple[str, PastStep]]:
    first = row.followed_up_at is not None or row.completed_at is None
    steps = []
    if first and not (row.completed_at is not None and row.followed_up_at == row.completed_at):
        steps.append(_step("followed_up_at", row, CommandName.FOLLOW_UP, text=row.follow_up or UNTOLD, final=False))
    if row.completed_at is not None:
        text = row.final_follow_up or row.follow_up or UNTOLD
        steps.append(_step("completed_at", row, CommandName.FOLLOW_UP, text=text, final=True))
    return [(field, step.model_copy(update={"opd": row.opd})) for field, step in steps]


def _closing(row: Milestones) -> list[tuple[str, PastStep]]:
    rated = {"rating": row.rating} if row.rating else {}
    if row.accepted:
        if row.completed_at is None:
            raise RowFault(
                "completed_at",
                msgid("acceptance by the reporter needs the date of the final follow-up"),
            )
        return [_step("closed_at", row, CommandName.ACCEPT, **rated)]
    steps = [_step("closed_at", row, CommandName.CLOSE, grounds=row.reason or UNTOLD)]
    return [*steps, _step("closed_at", row, CommandName.RATE, **rated)] if rated else steps


def on_day_only(at: datetime, before: datetime) -> datetime:
    """Return the instant of a step known only by its day: the day's start, but not before an earlier step."""
    return before if local_day(at) == local_day(before) and at < before else at
