"""What becomes of the letters that wait in a table: sent, put off, refused, or without anywhere to go.

A letter is sent, then marked: interrupted in between, it is sent again under the same Message-ID.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Generic, Protocol, TypeVar

from activities.mail import (
    LetterPostponed,
    LetterRefused,
    MailConnection,
    MailServerRefusesUs,
    MailServerUnavailable,
)
from activities.retries import MAX_ATTEMPTS, wait_after
from kawal.domain.notices import DeliveryResult


class ClaimedLetter(Protocol):
    """A letter to be sent now; `attempts` includes this one."""

    @property
    def id(self) -> int:
        """Return the number of its row."""

    @property
    def attempts(self) -> int:
        """Return how often it was claimed."""


Waiting = TypeVar("Waiting", bound=ClaimedLetter, contravariant=True)


class LetterRows(Protocol):
    """A table of letters; why one was not sent is a code or a server's answer, never a person's address."""

    async def mark_sent(self, row: int, /) -> None:
        """Record that a letter was sent."""

    async def mark_not_sent(self, row: int, why: str, /) -> None:
        """Record that it has no destination."""

    async def mark_retry(self, row: int, error: str, after: timedelta, /) -> None:
        """Record why it could not be sent now, to be tried again."""

    async def mark_failed(self, row: int, error: str, /) -> None:
        """Record that it is not tried again."""


class LetterOutcomes(Generic[Waiting]):
    """Sends letters of one table and records, counts and logs what became of each."""

    def __init__(self, rows: LetterRows, log: Callable[[Waiting, str], None]) -> None:
        """Record in `rows`; `log` writes a line about a letter, without anything about a person."""
        self._rows = rows
        self._log = log

    async def send(
        self, claimed: Waiting, connection: MailConnection, mail: EmailMessage, done: DeliveryResult
    ) -> None:
        """Send a letter; raises what keeps the mail server from serving, once the letter is put off."""
        try:
            await connection.send(mail)
        except LetterRefused as error:
            await self._failed(claimed, f"refused {error}", done)
        except LetterPostponed as error:
            await self._again(claimed, f"postponed {error}", done)
        except (MailServerUnavailable, MailServerRefusesUs) as error:
            await self._again(claimed, f"mail server: {error}", done)
            raise
        else:
            await self._rows.mark_sent(claimed.id)
            done.sent += 1
            self._log(claimed, "sent")

    async def postponed(self, claimed: Waiting, why: str, wait: timedelta, done: DeliveryResult) -> None:
        """Have a letter claimed again after a wait."""
        await self._rows.mark_retry(claimed.id, why, wait)
        done.postponed += 1
        self._log(claimed, "postponed")

    async def not_sent(self, claimed: Waiting, why: str, done: DeliveryResult) -> None:
        """Give up a letter that cannot go anywhere."""
        await self._rows.mark_not_sent(claimed.id, why)
        done.not_sent += 1
        self._log(claimed, f"not sent ({why})")

    def underway(self, claimed: Waiting, done: DeliveryResult) -> None:
        """Count a letter that goes on as a message, which its own round marks."""
        done.underway += 1
        self._log(claimed, "underway")

    async def _again(self, claimed: Waiting, error: str, done: DeliveryResult) -> None:
        if claimed.attempts >= MAX_ATTEMPTS:
            await self._failed(claimed, error, done)
        else:
            wait = wait_after(claimed.attempts, random.random())  # noqa: S311 - spreads load, keeps no secret
            await self.postponed(claimed, error, wait, done)

    async def _failed(self, claimed: Waiting, error: str, done: DeliveryResult) -> None:
        await self._rows.mark_failed(claimed.id, error)
        done.failed += 1
        self._log(claimed, "failed")
