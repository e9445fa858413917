"""Supporting a report ("saya juga"): anyone may, once a browser or a confirmed address. It counts, and orders nothing.

Whoever gave an address is told of status and dates, in at most one letter a day. Source: the project's own policy [P],
"Acts beside the process".
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel

CONFIRMED_WITHIN = timedelta(days=7)
"""How long an address may be confirmed after it was given; then it is deleted."""


class SupportOutcome(StrEnum):
    """The answer to a wish to support a report, or no longer to."""

    SUPPORTED = "supported"
    ALREADY = "already"
    """By this browser, before."""
    NOT_PUBLIC = "not_public"
    """Nothing is known to the public of such a report."""
    FINAL = "final"
    """The report has ended: nothing new is supported."""
    BAD_ADDRESS = "bad_address"
    """The support was not taken, because the e-mail address is none."""


class SupportRoundResult(BaseModel):
    """The result of one round, in numbers of supports or letters."""

    ended: int = 0
    """Supports whose report is no longer public."""
    forgotten: int = 0
    """Addresses that nobody confirmed in time."""
    invited: int = 0
    """Letters that ask to confirm an address."""
    told: int = 0
    """Letters that tell of reports' status."""
    postponed: int = 0
    """To be tried again."""
