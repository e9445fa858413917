"""How often and how long apart letters are tried that the mail server puts off."""

from __future__ import annotations

from datetime import timedelta

MAX_ATTEMPTS = 12
"""Attempts for one letter that the mail server puts off; then it is `failed`."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
LEASE = timedelta(minutes=10)
"""How long a claim on a letter is exclusive: far longer than one takes (mail.SMTP_SECONDS per answer)."""


def wait_after(attempts: int, chance: float) -> timedelta:
    """Return the wait after so many attempts: doubling, capped, shortened by up to half (`chance` in 0..1)."""
    longest: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 30), LONGEST_WAIT)
    return timedelta(seconds=longest.total_seconds() * (1 - chance / 2))
