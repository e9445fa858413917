"""What would have become of the reports of a period under another policy: what is asked, and how it is counted.

Each report counts in figures, once as it was and once as it would have been; of an OPD by its own lateness. What a
figure counts is our own policy [P]. Pure: the reports' records are given (kawal.domain.process.other_rules).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from kawal.domain.calendar import end_of
from kawal.domain.messages import Event
from kawal.domain.names import ClockKind, EventKind, Status
from kawal.domain.policy import RULES, Policy, RuleRow
from kawal.domain.process.evolve import fold
from kawal.domain.process.other_rules import refolded, with_rules_read
from kawal.domain.process.spans import NOT_COUNTED
from kawal.domain.process.state import State
from kawal.domain.what_if_figures import NOT_ASKED, OF_OPD, WhatIfFigure

VERSION = "andai"
"""The name of the policy that is asked about: it is no rule set of the installation's."""

ASKED_LIMITS = tuple(row for row in RULES if row.limit not in NOT_ASKED)
"""The limits that are asked for: all by which a report can turn out otherwise."""

LONGEST_DAYS = 5 * 366
"""The longest period, in days of receipt."""


_LATE_AT = {
    ClockKind.VERIFY: WhatIfFigure.LATE_VERIFIED,
    ClockKind.FORWARD: WhatIfFigure.LATE_VERIFIED,
    ClockKind.RESPOND: WhatIfFigure.LATE_FOLLOWED_UP,
    ClockKind.COMPLETE: WhatIfFigure.LATE_COMPLETED,
    ClockKind.TAKE_OVER: WhatIfFigure.LATE_COMPLETED,
}
_RUNGS = (WhatIfFigure.INSPECTORATE, WhatIfFigure.SEKDA, WhatIfFigure.HEAD)
_BY_SILENCE = frozenset({"auto_close", "question"})


class WhatIfQuestion(BaseModel):
    """What is asked: another policy for all reports of an agency that were received in a period.

    The days are local ones (Asia/Jakarta), `first` and `last` both included; everything is counted as of the end of
    `as_of`.
    """

    model_config = ConfigDict(frozen=True)

    policy: Policy
    first: date
    last: date
    as_of: date

    @property
    def until(self) -> datetime:
        """The instant as of which it is counted (UTC)."""
        return end_of(self.as_of)

    @property
    def digest(self) -> str:
        """What two questions have in common that are the same: SHA-256, as hexadecimal digits."""
        limits = {row.limit: getattr(self.policy, row.limit) for row in ASKED_LIMITS}
        days = [day.isoformat() for day in (self.first, self.last, self.as_of)]
        return hashlib.sha256(json.dumps([limits, days], sort_keys=True).encode()).hexdigest()


class Outcome(NamedTuple):
    """What became of a report: the figures in which it counts, those of its OPDs too, and how often it was reminded."""

    marks: frozenset[str]
    reminders: int


class ReportOutcomes(NamedTuple):
    """What became of a report, and what would have become of it."""

    was: Outcome
    would: Outcome | None
    """None: it cannot be told, because the rules alone do not give what is on record."""
    left_out: Sequence[str]
    """The steps that were taken and would not have been possible, by their commands."""


class WhatIfSums(BaseModel):
    """The sums over reports; `was` and `would` count by mark (`mark_of`)."""

    was: dict[str, int] = {}
    would: dict[str, int] = {}
    reminders_were: int = 0
    reminders_would_be: int = 0
    untold: int = 0
    """Reports of which it cannot be told, which count in no figure."""
    left_out: dict[str, int] = {}

    def with_reports(self, outcomes: Iterable[ReportOutcomes]) -> WhatIfSums:
        """Return the sums with further reports."""
        was, would, left_out = Counter(self.was), Counter(self.would), Counter(self.left_out)
        were, would_be, untold = self.reminders_were, self.reminders_would_be, self.untold
        for one in outcomes:
            if one.would is None:
                untold += 1
                continue
            was.update(one.was.marks)
            would.update(one.would.marks)
            left_out.update(one.left_out)
            were += one.was.reminders
            would_be += one.would.reminders
        return WhatIfSums(
            was=was, would=would, reminders_were=were, reminders_would_be=would_be, untold=untold, left_out=left_out
        )

    def counts(self, figure: WhatIfFigure, opd: str | None = None) -> tuple[int, int]:
        """Return how many reports count in a figure, of all or of an OPD: as it was, as it would have been."""
        mark = mark_of(figure, opd)
        return self.was.get(mark, 0), self.would.get(mark, 0)

    @property
    def opds(self) -> list[str]:
        """The codes of all OPDs that count anywhere, in order."""
        return sorted({mark.partition(" ")[2] for mark in (*self.was, *self.would)} - {""})

    @property
    def opds_by_change(self) -> list[str]:
        """The same, the one whose own lateness changes most first."""
        late = {code: self.counts(WhatIfFigure.LATE, code) for code in self.opds}
        return sorted(late, key=lambda code: (-abs(late[code][1] - late[code][0]), -late[code][0]))


def changed_limits(asked: Policy, now: Policy) -> list[RuleRow]:
    """Return the limits that a question has otherwise than those in force."""
    return [row for row in ASKED_LIMITS if getattr(asked, row.limit) != getattr(now, row.limit)]


def mark_of(figure: WhatIfFigure, opd: str | None = None) -> str:
    """Return the name under which a figure, of all reports or of an OPD, is counted."""
    return str(figure) if opd is None else f"{figure} {opd}"


def compared(record: Sequence[Event], as_of: datetime, policy: Policy) -> ReportOutcomes:
    """Return what became of a report by an instant (UTC), and what would have become of it under a policy.

    `record` is its whole process record, words are not needed.
    """
    known = with_rules_read(event for event in record if event.at <= as_of)
    was = _recorded(known)
    own = refolded(known, as_of)
    if _outcome(own.state, own.clockwork, own.breached) != was:
        return ReportOutcomes(was, None, ())
    other = refolded(known, as_of, policy)
    return ReportOutcomes(was, _outcome(other.state, other.clockwork, other.breached), other.left_out)


def _recorded(record: Sequence[Event]) -> Outcome:
    kinds = [event.kind for event in record]
    breached = [event.facts["clock"] for event in record if event.kind is EventKind.BREACHED]
    return _outcome(fold(record), kinds, breached)


def _outcome(state: State, kinds: Sequence[EventKind], breached: Iterable[str]) -> Outcome:
    """Return what became of a report: its state, what its clocks did, and which of them ran out."""
    marks = {mark_of(figure) for figure in _figures(state, kinds)}
    marks.update(mark_of(_LATE_AT[ClockKind(clock)]) for clock in breached)
    marks.update(_marks_of_opds(state, marks))
    return Outcome(frozenset(marks), kinds.count(EventKind.REMINDED))


def _figures(state: State, kinds: Sequence[EventKind]) -> Iterator[WhatIfFigure]:
    yield WhatIfFigure.RECKONED
    if state.ever_late:
        yield WhatIfFigure.LATE
    yield from _RUNGS[: state.ever_level]
    if state.status is Status.SELESAI and state.closed_by in _BY_SILENCE:
        yield WhatIfFigure.CLOSED
    if state.status is Status.DIARSIPKAN and EventKind.HOLD_EXPIRED in kinds:
        yield WhatIfFigure.ARCHIVED


def _marks_of_opds(state: State, marks: set[str]) -> Iterator[str]:
    for owner in state.owners.values():
        if owner.state not in NOT_COUNTED:
            for figure in OF_OPD:
                if owner.late if figure is WhatIfFigure.LATE else figure in marks:
                    yield mark_of(figure, owner.code)
