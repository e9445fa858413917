"""Whether a complaint may be erased, and if not, from when: only one that is closed and completely over.

UU 27/2022 art. 8 and 43 give the right and its grounds; that an open complaint is completed first, and that the end of
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
"""The maximum length of a stated ground or purpose, in characters."""

_FINAL = frozenset({Status.SELESAI, Status.DIARSIPKAN, Status.BUKAN_WEWENANG, Status.DIGABUNG})


class Basis(StrEnum):
    """The grounds of UU 27/2022 art. 43 (1): this code is stored in plain text, what a person typed is encrypted."""

    NOT_NEEDED = "not_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    REQUEST = "request"
    UNLAWFUL = "unlawful"


class Standing(BaseModel):
    """The facts that decide whether a complaint may be erased; instants are UTC."""

    tracking_id: str
    instansi: str
    status: Status | None
    """None: accepted, but not started yet."""
    item_open: bool = False
    aftercare_until: datetime | None = None
    """The end of its aftercare, while that runs."""
    running: bool = False
    """One of its clocks runs, or the engine still has a run of it."""
    erased_at: datetime | None = None


class ErasureObstacle(BaseModel):
    """Why a complaint may not be erased: a code of domain.refusals, and the day from which it may be, if known."""

    code: str
    possible_from: date | None = None


def not_yet(standing: Standing) -> ErasureObstacle | None:
    """Return why this complaint may not be erased now; None if it may."""
    if standing.erased_at is not None:
        return ErasureObstacle(code="erased")
    if standing.status is None:
        return ErasureObstacle(code="erase_not_started")
    if standing.status not in _FINAL:
        return ErasureObstacle(code="erase_open")
    if standing.item_open:
        return ErasureObstacle(code="erase_item_open")
    if standing.aftercare_until is not None:
        return ErasureObstacle(code="erase_aftercare", possible_from=local_day(standing.aftercare_until))
    if standing.running:
        return ErasureObstacle(code="erase_running")
    return None


def stated_ground(text: str) -> str:
    """Return a ground or purpose as one line; refused if it is empty or longer than GROUND_LIMIT."""
    if len(text) > GROUND_LIMIT:
        raise Refusal("purpose_too_long", most=GROUND_LIMIT)
    plain = printable(" ".join(text.split()))
    if not plain:
        raise Refusal("ground_needed")
    return plain
