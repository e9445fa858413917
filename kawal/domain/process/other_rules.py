"""A complaint's record folded again under another policy: what people did stays, what the clocks did follows it.

Each step of a person is taken at its time if the rules allow it in the state that has come about by then, and left out
otherwise. Nothing of what people wrote is needed. Calendars stay those on record, so that a difference is that of the
policy alone.

What the record does not say cannot be reckoned anew: a letter in the tray that put off the end of a silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.domain.messages import Behalf, Command, Event
from kawal.domain.names import CommandName, EventKind
from kawal.domain.policy import Policy, Rules
from kawal.domain.process.command_parser import parse
from kawal.domain.process.decide import check, tick
from kawal.domain.process.evolve import evolve, first_state
from kawal.domain.process.imported_history import entered, let_history_pass
from kawal.domain.process.state import State
from kawal.domain.process.transitions import TRANSITIONS
from kawal.domain.refusals import Refusal

_COMMANDS = {row.event: name for name, row in TRANSITIONS.items()}
_OF_THE_SYSTEM = frozenset({CommandName.RECOMPUTE, CommandName.ATTACH})
_UNTOLD = "–"
"""Stands for what somebody wrote: the rules ask only that it is there."""


class RefoldResult(NamedTuple):
    """What the record becomes."""

    state: State
    clockwork: Sequence[EventKind]
    """What the complaint's own clocks did, in order; of a breach its clock is in `breached`."""
    breached: Sequence[str]
    """The kinds of the clocks that ran out (`ClockKind`), in order."""
    left_out: Sequence[CommandName]
    """The steps of people that the rules no longer allow."""


def with_rules_read(record: Iterable[Event]) -> list[Event]:
    """Return the events of a record with the rules among their facts parsed, for who folds them more than once."""
    return [_governed(event, None) for event in record]


def refolded(record: Sequence[Event], as_of: datetime, policy: Policy | None = None) -> RefoldResult:
    """Fold a record from its start up to an instant (UTC) under a policy, or (None) under the rules on record.

    Raises ValueError for a record without a start.
    """
    started, *rest = record
    if started.kind is not EventKind.STARTED:
        raise ValueError("a record begins with its start")
    refold = _Refold(_governed(started, policy), policy)
    for event in rest:
        if event.at > as_of:
            break
        refold.take(event)
    refold.let_pass(as_of)
    return RefoldResult(refold.state, refold.clockwork, refold.breached, refold.left_out)


class _Refold:
    """A complaint on its way through its record."""

    def __init__(self, started: Event, policy: Policy | None) -> None:
        self.state = first_state(started)
        self.clockwork: list[EventKind] = []
        self.breached: list[str] = []
        self.left_out: list[CommandName] = []
        self._policy = policy

    def take(self, event: Event) -> None:
        """Let time pass up to an event of the record, and do it over if a person caused it."""
        name = _COMMANDS.get(event.kind)
        if event.facts.get("imported"):
            self._take_history(event, name)
            return
        self.let_pass(event.at)
        if name is not None:
            self._do_over(event, name)

    def let_pass(self, until: datetime) -> None:
        """Let the clocks do what they do by an instant."""
        decision = tick(self.state, until)
        self.state = decision.state
        self._note(decision.events)

    def _take_history(self, event: Event, name: CommandName | None) -> None:
        """Do over what was imported, where nobody was reminded and no rung was reached."""
        if event.kind is EventKind.IMPORTED:
            self._note(let_history_pass(self.state, event.at, event.at))
            entered(self.state, event.facts["source"], event.at)
        elif name is not None:
            doubtful = bool(event.facts.get("undated"))
            self._note(let_history_pass(self.state, event.at, event.at, doubtful=doubtful))
            self._do_over(event, name)

    def _do_over(self, event: Event, name: CommandName) -> None:
        if _allowed(self.state, event, name):
            at = max(event.at, self.state.last_at)
            again = {"seq": self.state.last_seq + 1, "at": at}
            evolve(self.state, _governed(event, self._policy).model_copy(update=again))
        elif name not in _OF_THE_SYSTEM:
            self.left_out.append(name)

    def _note(self, events: Iterable[Event]) -> None:
        for event in events:
            self.clockwork.append(event.kind)
            if event.kind is EventKind.BREACHED:
                self.breached.append(event.facts["clock"])


def _allowed(state: State, event: Event, name: CommandName) -> bool:
    if name in _OF_THE_SYSTEM:
        return state.status in TRANSITIONS[name].statuses
    command = Command(
        name=name,
        actor=event.actor,
        arguments=dict(_arguments(event.facts, name)),
        idempotency_key=_UNTOLD,
        behalf=Behalf.model_validate(event.facts) if "via" in event.facts else None,
    )
    try:
        check(state, parse(command), event.at)
    except Refusal:
        return False
    return True


def _arguments(facts: dict[str, Any], name: CommandName) -> Iterator[tuple[str, Any]]:
    """Yield a command's arguments: those that are facts, and a sign in place of words that it needs."""
    for field, about in TRANSITIONS[name].arguments.model_fields.items():
        called = about.alias or field
        if called in facts:
            yield called, facts[called]
        elif about.is_required() or (called == "title" and "class" in facts):
            yield called, _UNTOLD


def _governed(event: Event, policy: Policy | None) -> Event:
    """Return an event that names rules with a policy in their place; others as they are."""
    if "rules" not in event.facts:
        return event
    rules = Rules.model_validate(event.facts["rules"])
    if policy is not None:
        rules = Rules(policy=policy, calendar=rules.calendar)
    return event.model_copy(update={"facts": event.facts | {"rules": rules}})
