"""How much of a recorded year has been done when a demo begins, so that every role finds open work.

Reporters go on until the demo's first morning. The offices' answers end four weeks before it and the admins' decisions
a week before it: so there are new reports, some of them late, OPDs that owe, and items before the Inspectorate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from kawal.domain.calendar import at_local, local_day
from kawal.domain.names import CommandName, Role
from kawal.domain.scenario import ScenarioRow

GO_ON = frozenset(
    (
        *(CommandName.VERIFY, CommandName.HOLD, CommandName.ARCHIVE, CommandName.PASS_ON, CommandName.MERGE),
        *(CommandName.FORWARD, CommandName.HANDLE, CommandName.RECLASSIFY, CommandName.NUDGE),
        *(CommandName.RECEIVE, CommandName.RETURN, CommandName.ASK, CommandName.EXTEND),
    )
)
"""What officials still do after the offices have stopped answering: all that adds to what is owed, or passes it on."""


class StartingPoint(NamedTuple):
    """From when on which rows of a year are left out."""

    begins: datetime
    """When the visitor takes over (aware)."""
    decided_until: date
    """From this local day on no official does anything."""
    answered_until: date
    """From this local day on nobody answers a report, and nothing is granted or resolved."""


KEPRI_2022 = StartingPoint(at_local(date(2022, 11, 2), 8), date(2022, 10, 26), date(2022, 10, 5))
"""A Wednesday after the autumn's busiest weeks of scenarios/kepri-2022.csv."""


def done_before(rows: Sequence[ScenarioRow], start: StartingPoint) -> Iterator[ScenarioRow]:
    """Yield the rows that have been done when the demo begins, in their order.

    A report that was returned after the answers ended stays returned: somebody has to forward it again.
    """
    returned: set[str] = set()
    for row in rows:
        if row.at >= start.begins:
            return
        day = local_day(row.at)
        decided = day < start.decided_until and row.command in GO_ON and row.complaint not in returned
        if day >= start.answered_until and row.command == CommandName.RETURN:
            returned.add(row.complaint)
        if day < start.answered_until or row.is_start or row.role is Role.REPORTER or decided:
            yield row


def arriving(rows: Sequence[ScenarioRow], since: datetime, before: datetime) -> list[ScenarioRow]:
    """Return the reports that came in from `since` until `before`: they come in again as the clock passes them."""
    return [row for row in rows if row.is_start and since <= row.at < before]
