"""Which deadlines of a complaint would move if it were reckoned by other rules: what a recomputation would do."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kawal.domain.names import ClockKind
from kawal.domain.policy import Rules
from kawal.domain.process.clocks import last_day
from kawal.domain.process.evolve import take_limits_anew
from kawal.domain.process.state import State


class MovedDeadline(NamedTuple):
    """A running clock whose last day (Asia/Jakarta) would be another."""

    kind: ClockKind
    opd: str | None
    before: date
    after: date

    @property
    def days(self) -> int:
        """By how many calendar days it moves; negative: it comes earlier."""
        return (self.after - self.before).days


def moved_deadlines(state: State, rules: Rules) -> list[MovedDeadline]:
    """List the running clocks that other rules would give another last day; the state stays as it is."""
    then = state.fork()
    then.rules = rules
    take_limits_anew(then)
    moved = []
    for clock in state.running_clocks():
        before = last_day(clock, state.rules.calendar)
        after = last_day(then.clocks[clock.key], rules.calendar)
        if before is not None and after is not None and before != after:
            moved.append(MovedDeadline(clock.kind, clock.opd, before, after))
    return moved
