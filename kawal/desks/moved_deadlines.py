"""What a change of the calendar or of a rule set would do to an agency's open deadlines; nothing is changed.

Only reports that such a change can touch are looked at: those with a changed day between a clock's start and its last
day, and those whose rule set is corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kawal.client.outcomes import side_by_side
from kawal.client.reading import Readings
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.calendar import Calendar
from kawal.domain.policy import Policy, Rules
from kawal.domain.process.moved_deadlines import MovedDeadline, moved_deadlines
from kawal.store.complaint_rows import RulesInUse

MOST = 1_000
"""The most reports that are looked at: a thousand take some seconds."""

SHOWN = 10


class RulesChange(NamedTuple):
    """What is to be in force."""

    calendar: Calendar | None = None
    """None: it stays as it is."""
    policy: Policy | None = None
    corrects: Sequence[str] = ()
    """The versions that `policy` corrects, for complaints that have one of them."""


class MovedReport(NamedTuple):
    """A report, and those of its deadlines that move."""

    tracking_id: str
    deadlines: Sequence[MovedDeadline]


class Moves(NamedTuple):
    """Which open deadlines move."""

    reports: Sequence[MovedReport]
    """In order of their numbers."""
    not_looked_at: int
    """Reports beyond MOST, whose deadlines may move, too."""

    @property
    def first(self) -> Sequence[MovedReport]:
        """Those that are shown."""
        return self.reports[:SHOWN]

    @property
    def days(self) -> Sequence[int]:
        """By how many calendar days each deadline moves, the least first; negative: it comes earlier."""
        return sorted(one.days for report in self.reports for one in report.deadlines)


async def moves_by(complaints: Readings, instansi: str, change: RulesChange) -> Moves:
    """Return what recomputing would move if a change were in force."""
    found: list[tuple[str, RulesInUse]] = []
    targets: dict[RulesInUse, tuple[Calendar, Policy | None]] = {}
    for used in await complaints.record.complaint_rows.rules_in_use(instansi):
        calendar = change.calendar or await complaints.rulebook.calendar_for(instansi)
        policy = change.policy if used.policy in change.corrects else None
        policy = policy or await complaints.rulebook.newest_revision(used.policy)
        targets[used] = (calendar, policy)
        found += [(number, used) for number in await _touched(complaints, instansi, used, calendar, policy)]

    async def looked_at(number: str, used: RulesInUse) -> MovedReport | None:
        try:
            state = await complaints.state(number)
        except KeyDestroyed:
            return None
        calendar, policy = targets[used]
        moved = moved_deadlines(state, Rules(policy=policy or state.rules.policy, calendar=calendar))
        return MovedReport(number, moved) if moved else None

    reports = await side_by_side([looked_at(*one) for one in sorted(found)[:MOST]])
    return Moves(reports, max(0, len(found) - MOST))


async def _touched(
    complaints: Readings, instansi: str, used: RulesInUse, calendar: Calendar, policy: Policy | None
) -> list[str]:
    """Return the numbers of the reports that reckon by `used` and that the new rules can touch."""
    corrected = policy is not None and policy.version != used.policy
    days = None if corrected else (await complaints.rulebook.calendar_named(used.calendar)).changed_days(calendar)
    return await complaints.record.complaint_rows.with_deadlines(instansi, used, days)


async def reckoned_otherwise(complaints: Readings, instansi: str) -> int:
    """Return how many open reports still reckon by other rules than those in force for them."""
    calendar = await complaints.rulebook.calendar_for(instansi)
    behind = 0
    for used in await complaints.record.complaint_rows.rules_in_use(instansi):
        newest = await complaints.rulebook.newest_revision(used.policy)
        if used.calendar != calendar.version or (newest is not None and newest.version != used.policy):
            behind += used.reports
    return behind
