"""What officials read first of a report: who owes which step by when, and what comes of it if nobody acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from kawal.domain.labels import CLOCKS, ROLES
from kawal.domain.messages import Event
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.names import EventKind, Role
from kawal.domain.process.forecast import ComingInstant
from kawal.domain.process.projection import Explanation, explain_clock
from kawal.domain.process.state import State
from kawal.domain.process.timers import owed_by_role
from kawal.wording.report_standing import Names, office_at

LOOKED_AT = 4
"""So many coming things are told; what lies beyond them nobody waits for."""


class OwedStep(NamedTuple):
    """A running clock: which step it measures, who owes that, and why it ends when it does."""

    step: Sayable
    who: Sayable | str
    why: Explanation
    paused: bool

    @property
    def late(self) -> bool:
        """Whether its deadline has passed."""
        return self.why.breached_at is not None


class Outlook(NamedTuple):
    """Something that happens by itself if nobody acts."""

    at: datetime
    """UTC; a deadline is the end of a local day."""
    what: Sayable


def owed_steps(state: State, names: Names, holidays: dict[date, str]) -> list[OwedStep]:
    """Return the clocks that run or stand still: the late ones first, then the one that ends first."""
    steps = [
        OwedStep(
            clock_name(clock.kind, clock.opd, names),
            _who(owed_by_role(clock, state), clock.opd, names),
            explain_clock(clock, state, holidays),
            clock.open_pause is not None,
        )
        for clock in state.running_clocks()
    ]
    return sorted(steps, key=lambda one: (not one.late, one.why.last_day is None, str(one.why.last_day)))


def outlook(coming: Iterable[ComingInstant], names: Names) -> list[Outlook]:
    """Return what of all that is foreseen is told: what happens next if nobody acts, in order."""
    told = (
        Outlook(instant.at, what)
        for instant in islice(coming, 3 * LOOKED_AT)
        for event in instant.events
        if (what := _said(event, names)) is not None
    )
    return list(islice(told, LOOKED_AT))


def clock_name(kind: str, opd: str | None, names: Names) -> Sayable:
    """Return what a clock is called, with its OPD where it has one."""
    if not opd:
        return CLOCKS[kind]
    return sentence(msgid("{clock} ({opd})"), clock=CLOCKS[kind], opd=names.get(opd, opd))


def _who(role: Role, opd: str | None, names: Names) -> Sayable | str:
    return names.get(opd, opd) if opd else ROLES[role]


def _said(event: Event, names: Names) -> Sayable | None:
    told = _BY_KIND.get(event.kind)
    facts = event.facts
    if event.kind is EventKind.RUNG_REACHED:
        return sentence(_CLIMBS, office=office_at(int(facts["rung"]), names))
    if event.kind in (EventKind.BREACHED, EventKind.PAUSE_ENDED) and told is not None:
        return sentence(told, clock=clock_name(str(facts["clock"]), facts.get("opd"), names))
    if event.kind is EventKind.INSTRUCTION_ENDED:
        return _MET if facts.get("met") else _MISSED
    return told


_CLIMBS = msgid("it goes on to {office}")
_MET = msgid("the instruction ends; it has been met")
_MISSED = msgid("the instruction is missed, and the levels of escalation go on")
E = EventKind
_BY_KIND: dict[EventKind, Message] = {
    E.BREACHED: msgid("late: {clock}. It comes before the Inspectorate"),
    E.PAUSE_ENDED: msgid("{clock}: the clock goes on without the answer"),
    E.QUESTION_LAPSED: msgid("the question lapses, and the clocks go on"),
    E.EXTENSION_LAPSED: msgid("the request for an extension lapses"),
    E.HOLD_EXPIRED: msgid("it is archived, because what was missing did not come"),
    E.AUTO_CLOSED: msgid("it is done, because the reporter did not object"),
    E.AFTERCARE_ENDED: msgid("the time for rating and replying ends; it can only be reopened then"),
}
"""What else happens by itself; a reminder changes nothing."""
