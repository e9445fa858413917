"""Simulation of a scenario with the pure rules alone: no server, no database, the same figures.

The engine does the same with real workflows (`kawal rerun`); the generator checks its output with this simulation, and
tests compare a run with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from kawal.domain.calendar import end_of, local_day
from kawal.domain.messages import Command, Event
from kawal.domain.names import MASUK, CommandName, Status
from kawal.domain.policy import Rules
from kawal.domain.process.command_parser import parse
from kawal.domain.process.decide import CLOCKWORK, Decision, begin, check, decide, tick
from kawal.domain.process.state import State
from kawal.domain.recap import Recap
from kawal.domain.refusals import Refusal
from kawal.domain.scenario import ScenarioRow

RulesFor = Callable[[date], Rules]
"""Returns the rules for a complaint received on a local day."""


class RefusedRow(NamedTuple):
    """A row that the rules refused, and why; the rest of the scenario went on."""

    row: ScenarioRow
    refusal: Refusal


class SimulationResult(NamedTuple):
    """The final state of every complaint of a scenario, by its label; `until` is when time stopped (UTC)."""

    states: dict[str, State]
    refused: list[RefusedRow]
    events: dict[str, list[Event]]
    until: datetime


def end_of_file(rows: Iterable[ScenarioRow]) -> datetime:
    """Return the end of the local day of the last row (UTC): time runs until then unless told otherwise."""
    return end_of(local_day(max(row.at for row in rows)))


def simulate(
    rows: list[ScenarioRow], rules_for: RulesFor, *, instansi: str = "KEPRI", until: datetime | None = None
) -> SimulationResult:
    """Run the rows in order, then let time pass to `until` (default: the end of the last row's local day)."""
    drafts = _Lives(rules_for, instansi)
    for row in rows:
        if until is None or row.at < until:
            drafts.run(row)
    end = until or end_of_file(rows)
    for label in drafts.states:
        drafts.let_time_pass(label, end)
    return SimulationResult(drafts.states, drafts.refused, drafts.events, end)


def recap_of(states: Iterable[State]) -> Recap:
    """Count the states as the recap does: received, each status, and those outside masuk separately."""
    counts = dict.fromkeys(Status, 0)
    for state in states:
        counts[state.status] += 1
    return Recap(
        masuk=sum(counts[status] for status in MASUK),
        selesai=counts[Status.SELESAI],
        proses=counts[Status.PROSES],
        belum_diverifikasi=counts[Status.BELUM_DIVERIFIKASI] + counts[Status.DITUNDA],
        belum_ditindaklanjuti=counts[Status.BELUM_DITINDAKLANJUTI],
        ditunda=counts[Status.DITUNDA],
        diarsipkan=counts[Status.DIARSIPKAN],
        bukan_wewenang=counts[Status.BUKAN_WEWENANG],
        digabung=counts[Status.DIGABUNG],
    )


class _Lives:
    """All complaints of a scenario: their current states and their events."""

    def __init__(self, rules_for: RulesFor, instansi: str) -> None:
        self.rules_for, self.instansi = rules_for, instansi
        self.states: dict[str, State] = {}
        self.events: dict[str, list[Event]] = {}
        self.refused: list[RefusedRow] = []

    def run(self, row: ScenarioRow) -> None:
        try:
            if row.is_start:
                self._start(row)
            else:
                self._command(row)
        except Refusal as refusal:
            self.refused.append(RefusedRow(row, refusal))

    def let_time_pass(self, label: str, now: datetime) -> None:
        self._take(label, tick(self.states[label], now))

    def _start(self, row: ScenarioRow) -> None:
        tracking_id = f"{1_000_001 + len(self.states)}"
        rules = self.rules_for(local_day(row.at))
        self.events[row.complaint] = []
        began = begin(
            row.as_report(), tracking_id, self.instansi, rules, row.as_actor(), row.at, idempotency_key=_key(row)
        )
        self._take(row.complaint, began)

    def _command(self, row: ScenarioRow) -> None:
        self.let_time_pass(row.complaint, row.at)
        state = self.states[row.complaint]
        if state.is_over and row.command != CommandName.REOPEN:
            raise Refusal("ended", tracking=state.tracking_id, status=state.status)
        command = Command(name=row.command, actor=row.as_actor(), arguments=row.arguments, idempotency_key=_key(row))
        if row.command == CommandName.MERGE:
            command = self._merging(row, state, command)
        self._take(row.complaint, decide(state, command, row.at))

    def _merging(self, row: ScenarioRow, state: State, command: Command) -> Command:
        """Let the main report accept the follower first, as its workflow does; then decide the merge itself."""
        label = row.arguments["main"]
        if label not in self.states:
            raise Refusal("main_unknown", main=label)
        self.let_time_pass(label, row.at)
        main = self.states[label]
        named = command.model_copy(update={"arguments": {"main": main.tracking_id}})
        check(state, parse(named), row.at)
        if main.is_final:
            raise Refusal("main_final")
        attach = Command(
            name=CommandName.ATTACH,
            actor=CLOCKWORK,
            arguments={
                "follower": state.tracking_id,
                "received_at": state.received_at.isoformat(),
                "instansi": state.instansi,
                "followers": state.followers,
            },
            idempotency_key=f"attach:{_key(row)}",
        )
        self._take(label, decide(main, attach, row.at))
        return named

    def _take(self, label: str, decision: Decision) -> None:
        self.states[label] = decision.state
        self.events[label].extend(decision.events)


def _key(row: ScenarioRow) -> str:
    return f"{row.complaint}:{row.row}"
