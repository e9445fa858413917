"""What a complaint's own clocks do, and when: the list of what is due next, for every clock.

`next_wake` is the instant for the workflow's single timer; `tick` makes the events of everything due by now, in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from kawal.domain.calendar import end_of, local_day
from kawal.domain.names import OWED_STEPS, ClockKind, EventKind, Role
from kawal.domain.process import clocks
from kawal.domain.process.obligations import instructed_ladders
from kawal.domain.process.state import INSPECTORATE_OWNER, TOP_RUNG, Clock, State

_BY_SILENCE = frozenset({EventKind.HOLD_EXPIRED, EventKind.QUESTION_LAPSED, EventKind.AUTO_CLOSED})
_BY_TIME_TO_SPEAK = _BY_SILENCE | {EventKind.AFTERCARE_ENDED}
"""What ends because the reporter has said nothing for long enough, the aftercare included."""


class Due(NamedTuple):
    """Something that happens by itself at an instant; `order` decides between things due at the same one."""

    at: datetime
    order: int
    kind: EventKind
    facts: dict[str, Any]


class Silence(BaseModel):
    """Whether the reporter's silence is certain: a letter that lies in the tray may turn out to be the answer."""

    model_config = ConfigDict(frozen=True)

    in_doubt: bool = False
    """As long as it is, the silence ends nothing."""
    since: datetime | None = None
    """When it became certain; what it should have ended before that, it ends then."""


CERTAIN = Silence()


def next_wake(state: State, silence: Silence = CERTAIN) -> datetime | None:
    """Return when the next thing is due (UTC); None if nothing is, as `reason_without_deadline` then explains."""
    return min((due.at for due in _coming(state, silence)), default=None)


def silence_ending(state: State, now: datetime, *, aftercare: bool = False) -> datetime | None:
    """Return when the reporter's silence ends something by now: what the reporter sent before is handled first.

    With `aftercare` its end is included; runs of an older release did not look for that.
    """
    kinds = _BY_TIME_TO_SPEAK if aftercare else _BY_SILENCE
    ends = [due.at for due in everything_due(state) if due.at <= now and due.kind in kinds]
    return min(ends, default=None)


def earliest_due(state: State, silence: Silence = CERTAIN) -> Due | None:
    """Return what comes first by itself, whenever that is; None if nothing does."""
    coming = list(_coming(state, silence))
    at = min((due.at for due in coming), default=None)
    return min((due for due in coming if due.at == at), key=lambda due: (due.order, str(due.facts)), default=None)


def _coming(state: State, silence: Silence) -> Iterator[Due]:
    """Yield everything due, as far as the reporter's silence is certain, and no earlier than it became so."""
    for due in everything_due(state):
        if due.kind not in _BY_TIME_TO_SPEAK:
            yield due
        elif not silence.in_doubt:
            yield _put_off(due, silence.since) if silence.since and due.at < silence.since else due


def _put_off(due: Due, until: datetime) -> Due:
    return due._replace(at=until, facts=due.facts | {"day": str(local_day(until))})


def everything_due(state: State) -> Iterator[Due]:
    """Yield everything that the clocks and ladders will do if nobody acts."""
    for clock in state.running_clocks():
        yield from _pause_end(clock, state)
        yield from _reminders(clock, state)
        yield from _deadline(clock, state)
        yield from _rung(clock, state)
    yield from _item_rung(state)


def _named(clock: Clock, **more: Any) -> dict[str, Any]:
    # `key` is the clock's: earlier events carry this name, and every event must fold for ever.
    return {"key": clock.key, "clock": str(clock.kind), "opd": clock.opd, **more}


def _pause_end(clock: Clock, state: State) -> Iterator[Due]:
    day = clocks.waiting_ends_on(clock, state)
    if day is not None:
        yield Due(end_of(day), 0, EventKind.PAUSE_ENDED, _named(clock, day=str(day)))


def _reminders(clock: Clock, state: State) -> Iterator[Due]:
    for mark, at in clocks.reminders(clock, state.rules.calendar):
        # A reminder whose time was past when its deadline was set (a pause, an extension) is not sent afterwards.
        if mark not in clock.reminded and at >= state.last_at:
            which, _, day = mark.partition(":")
            owed_by = str(owed_by_role(clock, state))
            facts = _named(clock, mark=mark, which=which, deadline=day, owed_by=owed_by)
            if clock.kind is ClockKind.INSTRUCTION and owed_by == Role.LIAISON and state.instruction:
                facts["opd"] = state.instruction.to
            yield Due(at, 9, EventKind.REMINDED, facts)


def _deadline(clock: Clock, state: State) -> Iterator[Due]:
    day = clocks.last_day(clock, state.rules.calendar)
    if day is None or clock.breached_at is not None:
        return
    at = end_of(day)
    if clock.kind is ClockKind.COMPLETE and state.extension_days is not None:
        yield Due(at, 1, EventKind.EXTENSION_LAPSED, {"days": state.extension_days, "day": str(day)})
    if clock.kind in OWED_STEPS:
        yield Due(at, 2, EventKind.BREACHED, _breach_facts(clock, state, at))
        return
    order, kind, facts = _outcome(clock, state)
    # If a move of its deadline put this into the past, it happens on the day of the move.
    yield Due(at, order, kind, {**facts, "day": str(day if at >= state.last_at else local_day(state.last_at))})


def _breach_facts(clock: Clock, state: State, nominal: datetime) -> dict[str, Any]:
    # A deadline moved into the past (calendar, class) is breached at the moment of the move: rungs count from then.
    moved = nominal < state.last_at
    day0 = local_day(state.last_at) if moved else local_day(nominal - timedelta(microseconds=1))
    owed_by = str(owed_by_role(clock, state))
    opening = {} if state.item and state.item.open else {"item_opened": True}
    return _named(clock, owed_by=owed_by, nominal=nominal.isoformat(), day0=str(day0), day=str(day0), rung=1, **opening)


def _outcome(clock: Clock, state: State) -> tuple[int, EventKind, dict[str, Any]]:
    """Return the effect of the end of a clock that measures no official's step.

    The reporter's silence ends a report before the end of a pause at the same instant can make a step late.
    """
    if clock.kind is ClockKind.INSTRUCTION:
        return 3, EventKind.INSTRUCTION_ENDED, {"met": _instruction_met(state)}
    if clock.kind is ClockKind.QUESTION:
        if _every_opd_followed_up(state):
            return -1, EventKind.AUTO_CLOSED, {"why": "unanswered"}
        return 5, EventKind.QUESTION_LAPSED, {}
    if clock.kind is ClockKind.HOLD:
        return -1, EventKind.HOLD_EXPIRED, {}
    if clock.kind is ClockKind.AUTO_CLOSE:
        return 7, EventKind.AUTO_CLOSED, {"why": "not_disputed" if state.replied_since_final else "no_reply"}
    return 8, EventKind.AFTERCARE_ENDED, {}


def _instruction_met(state: State) -> bool:
    """Tell whether the addressee has acted, or anyone has done the late step that the instruction was about."""
    acted = state.instruction is not None and state.instruction.acted
    stopped = [clock for clock in state.clocks.values() if clock.ladder and clock.ladder.stopped == "instructed"]
    return (acted or bool(stopped)) and not instructed_ladders(state)


def _every_opd_followed_up(state: State) -> bool:
    """Tell whether every OPD that owes or has finished has followed up (and one has): a question alone ends nothing."""
    concerned = [owner for owner in state.owners.values() if owner.state in ("owes", "final")]
    return bool(concerned) and all(owner.first_follow_up_at for owner in concerned)


def _rung(clock: Clock, state: State) -> Iterator[Due]:
    rung = clocks.next_rung(clock.ladder, state)
    if rung is not None:
        number, day = rung
        yield Due(end_of(day), 4, EventKind.RUNG_REACHED, _named(clock, rung=number, day=str(day)))


def _item_rung(state: State) -> Iterator[Due]:
    if state.item is None or not state.item.open:
        return
    rung = clocks.next_rung(state.item.ladder, state)
    if rung is not None:
        number, day = rung
        facts = {"key": None, "clock": None, "opd": None, "rung": number, "day": str(day)}
        yield Due(end_of(day), 4, EventKind.RUNG_REACHED, facts)


def owed_by_role(clock: Clock, state: State) -> Role:
    """Return who owes the step that a clock measures."""
    if clock.kind in (ClockKind.HOLD, ClockKind.QUESTION, ClockKind.AUTO_CLOSE, ClockKind.AFTERCARE):
        return Role.REPORTER
    if clock.kind in (ClockKind.VERIFY, ClockKind.FORWARD):
        return Role.ADMIN
    if clock.kind is ClockKind.TAKE_OVER:
        return Role.INSPECTORATE
    if clock.kind is ClockKind.INSTRUCTION:
        to_admin = state.instruction is None or state.instruction.to in ("admin", state.instansi)
        return Role.ADMIN if to_admin else Role.LIAISON
    owing = {clock.opd} if clock.opd else {code for code, owner in state.owners.items() if owner.state == "owes"}
    if INSPECTORATE_OWNER in owing:
        return Role.INSPECTORATE
    return Role.ADMIN if owing == {state.instansi} else Role.LIAISON


def reason_without_deadline(state: State) -> str | None:
    """Return why an open complaint has no deadline, a code of labels.WITHOUT_DEADLINE; None if it has one."""
    if state.is_over or next_wake(state) is not None:
        return None
    if state.is_final:
        return "to_be_resolved"
    late = state.breached_and_owed()
    if any(clock.ladder and clock.ladder.reached == TOP_RUNG for clock in late):
        return "highest_rung"
    if any(clock.ladder and clock.ladder.stopped for clock in late):
        return "with_inspectorate"
    return None
