"""State changes by the events of a complaint's own clocks: reminders, breaches, rungs, lapses and ends of waiting.

The counterpart of `timers`, which determines when these events happen; `evolve` applies them with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from kawal.domain.messages import Event
from kawal.domain.names import ClockKind, EventKind, Status
from kawal.domain.process import clocks
from kawal.domain.process.obligations import end_question, finish, open_item
from kawal.domain.process.state import Ladder, State


def _reminded(state: State, event: Event, _on: date) -> None:
    state.clocks[event.facts["key"]].reminded.append(event.facts["mark"])


def _breached(state: State, event: Event, _on: date) -> None:
    clock = state.clocks[event.facts["key"]]
    clock.breached_at = event.at
    clock.nominal = datetime.fromisoformat(event.facts["nominal"])
    state.ever_late = True
    for owner in state.owners.values():
        owner.late = owner.late or owner.is_limited_by(clock)
    if event.facts.get("imported"):
        # History: the Inspectorate is told at the import, if the step is still owed then.
        return
    clock.ladder = Ladder(day0=date.fromisoformat(event.facts["day0"]))
    open_item(state, event.at, "breach")


def _rung_reached(state: State, event: Event, _on: date) -> None:
    key, rung = event.facts["key"], event.facts["rung"]
    ladder = state.clocks[key].ladder if key else state.item and state.item.ladder
    if ladder:
        ladder.reached = rung
    if state.item:
        state.item.level = max(state.item.level, rung)
    state.ever_level = max(state.ever_level, rung)


def _pause_ended(state: State, event: Event, on: date) -> None:
    clocks.resume(state.clocks[event.facts["key"]], on)


def _question_lapsed(state: State, _event: Event, on: date) -> None:
    end_question(state, on)


def _hold_expired(state: State, event: Event, on: date) -> None:
    finish(state, Status.DIARSIPKAN, event, on)


def _aftercare_ended(state: State, _event: Event, on: date) -> None:
    state.aftercare_over = True
    clocks.stop(state, ClockKind.AFTERCARE, on)


ELAPSED: dict[EventKind, Callable[[State, Event, date], None]] = {
    EventKind.REMINDED: _reminded,
    EventKind.BREACHED: _breached,
    EventKind.RUNG_REACHED: _rung_reached,
    EventKind.PAUSE_ENDED: _pause_ended,
    EventKind.QUESTION_LAPSED: _question_lapsed,
    EventKind.HOLD_EXPIRED: _hold_expired,
    EventKind.AFTERCARE_ENDED: _aftercare_ended,
}
"""The part of domain.process.evolve.CHANGES for events caused by time."""
