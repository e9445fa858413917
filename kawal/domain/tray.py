"""The tray: letters and messages that are no report and no reply by themselves; a person decides about each.

A person's waits until an admin of the agency decides; the admins are reminded of it and then the Inspectorate is. A
machine's disturbs nobody. Pure: the calendar and the instants are arguments.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel

from kawal.domain.calendar import Calendar, deadline_day, end_of, local_day

REMINDED_AFTER = 1
"""Working days after the receipt at whose end the admins are reminded [P]."""

ESCALATED_AFTER = 3
"""Working days after the receipt at whose end the Inspectorate is told [P]."""

KEPT_DAYS = 30
"""Calendar days for which a dismissed item can be taken back, and for which a machine's letter is kept [P]."""

KEPT = timedelta(days=KEPT_DAYS)

MOST_ANSWERS = 3
"""The most automatic letters to one address on one local day [P]."""


class ItemState(StrEnum):
    """What was decided about an item."""

    WAITING = "waiting"
    GIVEN = "given"
    STARTED = "started"
    DISMISSED = "dismissed"
    EXPIRED = "expired"
    """A machine's, about which nobody decided anything while it was kept."""
    ERASED = "erased"
    """Deleted with the report that it names, before anybody decided."""


class TrayDeadlines(NamedTuple):
    """When an item is late: instants at which a local day ends."""

    remind_at: datetime
    escalate_at: datetime


class TrayRoundResult(BaseModel):
    """The result of one round, in numbers of items."""

    answered: int = 0
    reminded: int = 0
    escalated: int = 0
    emptied: int = 0
    """Of which the letter was deleted: dismissed, or a machine's, and old enough."""
    unaddressed: int = 0
    """Due, but there is no mail server or no address of the office: the lists show them as late."""
    postponed: int = 0
    """To be tried again."""


def deadlines_of(calendar: Calendar, received_at: datetime) -> TrayDeadlines:
    """Return when admins and Inspectorate are told of an item that is still undecided."""
    day = local_day(received_at)
    return TrayDeadlines(
        end_of(deadline_day(calendar, day, REMINDED_AFTER)), end_of(deadline_day(calendar, day, ESCALATED_AFTER))
    )


def can_be_undone_until(decided_at: datetime) -> datetime:
    """Return until when a dismissal can be undone."""
    return decided_at + KEPT
