"""What the numbers of the leadership's page and of the league are called, and what each counts."""

from __future__ import annotations

from collections.abc import Mapping

from kawal.domain.msgids import Message, Sayable, msgid, msgid_in, verbatim
from kawal.domain.process.state import INSPECTORATE_OWNER
from kawal.domain.work_figures import WorkNumber

NUMBERS: Mapping[WorkNumber, Message] = {
    WorkNumber.RECEIVED: msgid_in("recap", "Received"),
    WorkNumber.FOLLOWED_UP: msgid("Followed up"),
    WorkNumber.DONE: msgid("Done"),
    WorkNumber.PUNCTUAL: msgid("Done, never late"),
    WorkNumber.RATED: msgid("Done and rated"),
    WorkNumber.LATE: msgid("Late"),
}
"""Of a whole agency."""

OF_OPD: Mapping[WorkNumber, Message] = {
    WorkNumber.RECEIVED: msgid("Reports"),
    WorkNumber.FOLLOWED_UP: msgid("Followed up"),
    WorkNumber.OWES: msgid("In work"),
    WorkNumber.DONE: msgid("Finished"),
    WorkNumber.PUNCTUAL: msgid("Finished within the deadline"),
    WorkNumber.LATE: msgid("Late"),
}
"""Of an OPD."""

FIVE: Mapping[WorkNumber, Message] = {
    WorkNumber.RECEIVED: msgid_in("recap", "Received"),
    WorkNumber.DONE: msgid("Done"),
    WorkNumber.PUNCTUAL: msgid("Within the deadline"),
    WorkNumber.LATE: msgid("Late now"),
    WorkNumber.RATED: msgid("Satisfaction (1–5)"),
}
"""The leadership's five figures (`MonthSoFar.values`)."""

MEANINGS: Mapping[WorkNumber, Message] = {
    WorkNumber.RECEIVED: msgid("Received in these days, without archived, merged and passed-on ones."),
    WorkNumber.DONE: msgid("Closed in these days and still closed, whenever received."),
    WorkNumber.PUNCTUAL: msgid("Of those done: no step of theirs was ever late."),
    WorkNumber.LATE: msgid("A step is owed whose deadline is past, whenever received."),
    WorkNumber.RATED: msgid("The mean of the reporters' ratings of those done; 5 is best."),
}
"""What the leadership's five figures count."""

_INSPECTORATE = msgid("Inspectorate (taken over)")


def office_name(code: str, name: str) -> Sayable:
    """Return what somebody who owes is called on a page; the Inspectorate's code is no OPD's."""
    return _INSPECTORATE if code == INSPECTORATE_OWNER else verbatim(name)
