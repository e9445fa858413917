"""Whether a complaint may be erased, and if not, from when: only what is closed and over for good.

UU 27/2022 art. 8 and 43 give the right and its grounds; that an open complaint is carried to its end first, and that
the aftercare is awaited, is Kawal's policy: until then the reporter may still rate, and reopen through the agency.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel

from kawal.domain.calendar import local_day
from kawal.domain.names import Status
from kawal.domain.process.commands import printable
from kawal.domain.refusals import Refusal

GROUND_LIMIT = 500
"""Characters of a stated ground or purpose."""

_FINAL = frozenset({Status.SELESAI, Status.DIARSIPKAN, Status.BUKAN_WEWENANG, Status.DIGABUNG})


class Basis(StrEnum):
    """The grounds of UU 27/2022 art. 43 (1): this code stands in the clear, what a person typed is sealed."""

    NOT_NEEDED = "not_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    REQUEST = "request"
    UNLAWFUL = "unlawful"


class Standing(BaseModel):
    """What decides whether a complaint may be erased; instants are UTC."""

    tracking_id: str
    instansi: str
    status: Status | None
    """None: accepted, and not started yet."""
    item_open: bool = False
    aftercare_until: datetime | None = None
    """The end of its aftercare, while that runs."""
    running: bool = False
    """A clock of it runs, or the engine still has a run of it."""
    erased_at: datetime | None = None


class NotYet(BaseModel):
    """Why a complaint may not be erased: a code of domain.refusals, and from which day it may be, if that is known."""

    code: str
    possible_from: date | None = None


def not_yet(standing: Standing) -> NotYet | None:
    """Why this complaint may not be erased now; None if it may."""
    if standing.erased_at is not None:
        return NotYet(code="erased")
    if standing.status is None:
        return NotYet(code="erase_not_started")
    if standing.status not in _FINAL:
        return NotYet(code="erase_open")
    if standing.item_open:
        return NotYet(code="erase_item_open")
    if standing.aftercare_until is not None:
        return NotYet(code="erase_aftercare", possible_from=local_day(standing.aftercare_until))
    if standing.running:
        return NotYet(code="erase_running")
    return None


def stated_ground(text: str) -> str:
    """What was typed as ground or purpose, in one line; refused if it is empty or longer than GROUND_LIMIT."""
    if len(text) > GROUND_LIMIT:
        raise Refusal("purpose_too_long", most=GROUND_LIMIT)
    plain = printable(" ".join(text.split()))
    if not plain:
        raise Refusal("ground_needed")
    return plain
