"""Views of a state: the read model's row, and the explanation of each deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pydantic import BaseModel

from kawal.domain.calendar import Calendar, ExcludedDay, at_local, explain, local_day
from kawal.domain.messages import ClockLine, OpdLine, Snapshot
from kawal.domain.msgids import msgid
from kawal.domain.names import OWED_STEPS, ClockKind, Status
from kawal.domain.policy import Rule, rule_of
from kawal.domain.process import clocks
from kawal.domain.process.state import Clock, Owner, State
from kawal.domain.process.timers import owed_by_role


def snapshot(state: State) -> Snapshot:
    """Return the read model's row for a complaint in this state."""
    lines = [clock_line(clock, state) for clock in state.running_clocks()]
    item = state.item if state.item and state.item.open else None
    return Snapshot(
        tracking_id=state.tracking_id,
        instansi=state.instansi,
        status=state.status,
        channel=state.channel,
        report_class=state.report_class,
        pengawasan=state.pengawasan,
        category=state.category,
        anonim=state.anonim,
        rahasia=state.rahasia,
        received_at=state.received_at,
        verified_at=state.verified_at,
        first_forwarded_at=state.first_forwarded_at,
        first_follow_up_at=state.first_follow_up_at,
        completed_at=state.completed_at,
        closed_at=state.closed_at,
        closed_by=state.closed_by,
        work_days_to_follow_up=_work_days(state, state.first_follow_up_at),
        work_days_to_completion=_work_days(state, _completed(state)),
        rating=state.rating,
        rated_via=state.rated_via,
        main_report=state.main_report,
        opds=[_opd_line(owner, state) for owner in state.owners.values()],
        clocks=lines,
        next_deadline=min((line.deadline for line in lines if line.deadline and not line.breached_at), default=None),
        overdue=any(clock.kind in OWED_STEPS for clock in state.breached_and_owed()),
        ever_late=state.ever_late,
        item_open=item is not None,
        item_opened_at=item.opened_at if item else None,
        item_why=item.why if item else None,
        item_done_late=item.done_late if item else [],
        level=item.level if item else 0,
        ever_level=state.ever_level,
        said=state.said and state.said.kind,
        said_seq=state.said and state.said.seq,
        said_at=state.said and state.said.at,
        extension_days=state.extension_days,
        instructed_to=_instructed(state),
        policy_version=state.rules.policy.version,
        calendar_version=state.rules.calendar.version,
        last_seq=state.last_seq,
    )


def _instructed(state: State) -> str | None:
    if state.instruction is None or state.clock(ClockKind.INSTRUCTION) is None:
        return None
    return state.instansi if state.instruction.to == "admin" else state.instruction.to


def _completed(state: State) -> datetime | None:
    if state.status is not Status.SELESAI:
        return None
    return state.completed_at or state.closed_at


def _work_days(state: State, until: datetime | None) -> int | None:
    """Return the working days from the day of the first forward, where the OPD's clocks start, to an event's day."""
    if until is None or state.first_forwarded_at is None:
        return None
    return state.rules.calendar.between(local_day(state.first_forwarded_at), local_day(until))


def _opd_line(owner: Owner, state: State) -> OpdLine:
    def days(until: datetime | None) -> int | None:
        since = local_day(owner.forwarded_at)
        return None if until is None else state.rules.calendar.between(since, local_day(until))

    return OpdLine(
        **owner.model_dump(),
        overdue=any(owner.is_limited_by(clock) for clock in state.breached_and_owed()),
        follow_up_days=days(owner.first_follow_up_at),
        final_days=days(owner.final_at) if owner.state == "final" else None,
    )


def clock_line(clock: Clock, state: State) -> ClockLine:
    """Return a running clock as queries and the read model show it."""
    calendar, pause = state.rules.calendar, clock.open_pause
    return ClockLine(
        kind=clock.kind,
        opd=clock.opd,
        owed_by=owed_by_role(clock, state),
        started_at=clock.started_at,
        deadline=clocks.deadline(clock, calendar),
        paused_since=None if pause is None else at_local(pause.since, 0),
        breached_at=clock.breached_at,
        provisional=clocks.is_provisional(clock, calendar),
        rungs=clock.ladder.reached if clock.ladder else 0,
    )


class ClockPause(BaseModel):
    """A pause or extension of a clock, as an explanation shows it (local days)."""

    since: date
    until: date | None
    for_reporter: bool
    days_added: int | None


class ExplanationBase(BaseModel):
    """The language-independent part of an explanation."""

    clock: str
    policy_version: str
    calendar_version: str
    started_at: datetime
    day_zero: date
    pauses: list[ClockPause]
    last_day: date | None
    deadline: datetime | None
    provisional: bool
    breached_at: datetime | None
    next_rung: str | None


class Explanation(ExplanationBase):
    """The explanation of a deadline: rule, source, start, what moved it, and each day that did not count."""

    rule: Rule
    excluded: list[ExcludedDay]


def explain_clocks(state: State, holiday_names: dict[date, str]) -> list[Explanation]:
    """Explain every running clock; `holiday_names` are those of the complaint's own calendar version."""
    return [explain_clock(clock, state, holiday_names) for clock in state.running_clocks()]


def explain_clock(clock: Clock, state: State, names: dict[date, str]) -> Explanation:
    """Explain one clock."""
    calendar, policy = state.rules.calendar, state.rules.policy
    day = clocks.last_day(clock, calendar)
    rung = clocks.next_rung(clock.ladder, state)
    counted = clock.fixed_day is None and clock.kind is not ClockKind.AFTERCARE
    return Explanation(
        clock=clock.key,
        rule=rule_of(policy, clock.kind, state.report_class, state.pengawasan),
        policy_version=policy.version,
        calendar_version=calendar.version,
        started_at=clock.started_at,
        day_zero=clock.started_on,
        pauses=[
            ClockPause(since=step.since, until=step.until, for_reporter=step.waiting, days_added=step.days)
            for step in clock.steps
        ],
        last_day=day,
        deadline=clocks.deadline(clock, calendar),
        provisional=clocks.is_provisional(clock, calendar),
        breached_at=clock.breached_at,
        next_rung=f"{rung[0]}: {rung[1]}" if rung else None,
        excluded=_excluded(clock, calendar, names, day) if day and counted else [],
    )


def _excluded(clock: Clock, calendar: Calendar, names: dict[date, str], day: date) -> list[ExcludedDay]:
    """Return each day from the start to the deadline that did not count: a day off, or the clock was paused."""
    off = explain(calendar, names, clock.started_on, day)
    stood = [
        ExcludedDay(day=one, why=msgid("the clock was paused"))
        for step in clock.steps
        if step.days is None and step.until is not None
        for one in _days_after(step.since, min(step.until, day))
        if calendar.is_working(one)
    ]
    return sorted([*off, *stood], key=lambda excluded: excluded.day)


def _days_after(day: date, last: date) -> Iterator[date]:
    while day < last:
        day += timedelta(days=1)
        yield day
