"""Computation of a clock's deadline from its start, its limit, its steps and the working-day calendar.

Deadlines are never stored but always derived, so that a new calendar or class moves them automatically. A deadline is
the end (24:00, Asia/Jakarta) of a working day; the day of the event is day 0.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kawal.domain.calendar import Calendar, at_local, end_of, local_day
from kawal.domain.names import OWED_STEPS, ClockKind
from kawal.domain.policy import Policy
from kawal.domain.process.state import Clock, Ladder, State, Step

OFFICE_OPENS = 8
"""The hour at which reminders are sent, Asia/Jakarta [P]."""


def limit_of(kind: ClockKind, state: State) -> int:
    """Return the limit of a new clock under the complaint's policy (working days; calendar days for the aftercare)."""
    policy: Policy = state.rules.policy
    if kind is ClockKind.COMPLETE:
        if state.report_class is None:
            raise ValueError("a completion clock starts only on a verified complaint")
        return policy.completion(state.report_class, state.pengawasan)
    limits = {
        ClockKind.VERIFY: policy.verify,
        ClockKind.FORWARD: policy.forward_again,
        ClockKind.RESPOND: policy.respond,
        ClockKind.AUTO_CLOSE: policy.auto_close,
        ClockKind.HOLD: policy.hold,
        ClockKind.QUESTION: policy.question,
        ClockKind.INSTRUCTION: policy.instruct_max,
        ClockKind.TAKE_OVER: policy.take_over,
        ClockKind.AFTERCARE: policy.aftercare_days,
    }
    return limits[kind]


def last_day(clock: Clock, calendar: Calendar) -> date | None:
    """Return the local day at whose end the clock runs out; None while it is paused."""
    if clock.fixed_day is not None:
        return clock.fixed_day
    if clock.kind is ClockKind.AFTERCARE:
        return clock.started_on + timedelta(days=clock.limit)
    end = calendar.add(clock.started_on, clock.limit)
    left: int | None = None
    for step in clock.steps:
        if step.days is not None:
            # Granted during a pause, an extension moves the deadline that the clock gets on resuming.
            end = calendar.add(end, step.days) if left is None else end
            continue
        left = days_left(step.since, end, calendar, least=step.least)
        if step.until is not None:
            end = _resumed(step.until, left, calendar)
            left = None
    return None if left is not None else end


def days_left(on: date, end: date, calendar: Calendar, least: int = 0) -> int:
    """Return the working days left of a clock paused on a local day: those after it, up to and with the deadline."""
    return max(calendar.between(on, end), least)


def _resumed(on: date, left: int, calendar: Calendar) -> date:
    return calendar.add(on, left) if left else calendar.next_working(on)


def deadline(clock: Clock, calendar: Calendar) -> datetime | None:
    """Return the instant (UTC) at which the clock runs out; None while it is paused."""
    day = last_day(clock, calendar)
    return None if day is None else end_of(day)


def is_provisional(clock: Clock, calendar: Calendar) -> bool:
    """Return whether the deadline extends into a year whose calendar is not known yet."""
    day = last_day(clock, calendar)
    if day is None or clock.kind is ClockKind.AFTERCARE or clock.fixed_day is not None:
        return False
    return calendar.provisional(clock.started_on, day)


# --- Waiting for the reporter: capped pauses -------------------------------------------------------------------------


def waited(clock: Clock, calendar: Calendar) -> int:
    """Return the working days that this clock has spent waiting for the reporter, through all its periods."""
    ended = [step for step in clock.steps if step.waiting and step.until is not None]
    return clock.waited_before + sum(calendar.between(step.since, step.until or step.since) for step in ended)


def pause_waiting(clock: Clock, on: date, state: State) -> None:
    """Pause for the reporter, unless the clock is late, already paused, or its waiting days are used up."""
    if clock.breached_at or clock.open_pause or waited(clock, state.rules.calendar) >= state.rules.policy.pause_cap:
        return
    clock.steps.append(Step(since=on, waiting=True))


def waiting_ends_on(clock: Clock, state: State) -> date | None:
    """Return the local day at whose end a pause for the reporter has used up its days; None without such a pause."""
    pause = clock.open_pause
    if pause is None or not pause.waiting:
        return None
    budget = state.rules.policy.pause_cap - waited(clock, state.rules.calendar)
    return state.rules.calendar.add(pause.since, max(budget, 0))


def resume(clock: Clock, on: date) -> None:
    """End the pause on a local day, if there is one."""
    pause = clock.open_pause
    if pause is not None:
        pause.until = max(on, pause.since)


# --- Reminders and rungs ---------------------------------------------------------------------------------------------


def reminders(clock: Clock, calendar: Calendar) -> list[tuple[str, datetime]]:
    """Return when whoever owes the step is reminded: at half of the limit, and on the last working day (UTC)."""
    day = last_day(clock, calendar)
    if day is None or clock.kind is ClockKind.AFTERCARE or clock.breached_at is not None:
        return []
    # Only an instruction's date can be a day off; its last working day is then an earlier one.
    last = (f"last:{day}", at_local(_working_days_before(day, 0, calendar), OFFICE_OPENS))
    half_left = 0 if clock.fixed_day else clock.limit // 2
    if half_left == 0:
        return [last]
    half = _working_days_before(day, half_left, calendar)
    return [(f"half:{day}", at_local(half, OFFICE_OPENS)), last]


def _working_days_before(day: date, count: int, calendar: Calendar) -> date:
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working(day)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day


def next_rung(ladder: Ladder | None, state: State) -> tuple[int, date] | None:
    """Return the next rung of a climbing ladder and the local day at whose end it is reached."""
    if ladder is None or ladder.stopped is not None:
        return None
    policy, calendar = state.rules.policy, state.rules.calendar
    after = {1: policy.rung_two, 2: policy.rung_three}.get(ladder.reached)
    return None if after is None else (ladder.reached + 1, calendar.add(ladder.day0, after))


# --- Starting and stopping -------------------------------------------------------------------------------------------


def start(state: State, kind: ClockKind, at: datetime, opd: str | None = None, on: date | None = None) -> Clock:
    """Start a new period of a clock, in which a breach may happen again; waiting days used before remain used."""
    clock = Clock(
        kind=kind,
        opd=opd,
        started_at=at,
        started_on=on or local_day(at),
        limit=limit_of(kind, state),
    )
    earlier = state.clocks.pop(clock.key, None)
    if earlier is not None:
        clock.waited_before = waited(earlier, state.rules.calendar)
    state.clocks[clock.key] = clock
    return clock


def stop(state: State, kind: ClockKind, on: date, opd: str | None = None, why: str = "done") -> None:
    """Stop a clock if it runs, because its step was done or is void; its ladder climbs no further."""
    clock = state.clock(kind, opd)
    if clock is None:
        return
    resume(clock, on)
    clock.running = False
    if clock.ladder is not None and clock.ladder.stopped is None:
        clock.ladder.stopped = why
    if clock.breached_at is not None and why == "done" and state.item is not None and state.item.open:
        state.item.done_late.append(clock.key)
    if kind in OWED_STEPS:
        # What was left is kept for a reopening or a dispute, which makes the same clock run on.
        clock.steps.append(Step(since=on))


def restart(state: State, clock: Clock, on: date) -> None:
    """Start a new period of a stopped clock with what was left, at least the policy's minimum."""
    pause = clock.open_pause
    if pause is not None:
        pause.least = state.rules.policy.resume_min
    resume(clock, on)
    clock.running = True
    clock.breached_at = clock.nominal = clock.ladder = None
    clock.reminded = []
