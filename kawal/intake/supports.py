"""Supporting reports ("saya juga") for every page: who presses, who confirms by a letter's link, and who takes it back.

A GET never acts: a link's token is taken by `confirm` and `unsupport_by`, which a page calls for a POST.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from kawal.client.error_translation import at_the_edge
from kawal.client.reading import Readings
from kawal.domain.contacts import is_email
from kawal.domain.report_numbers import is_number
from kawal.domain.supports import SupportOutcome


class SupportAnswer(BaseModel):
    """The answer to whoever supports a report."""

    outcome: SupportOutcome
    supporters: int
    """How many support it now; 0 where nothing of it is public."""
    letter: bool = False
    """Whether a letter follows that asks to confirm the address."""


class Supports:
    """The supports of an installation's reports; every method raises SystemUnavailable."""

    def __init__(self, complaints: Readings) -> None:
        """Work on the record of an installation."""
        self._complaints = complaints
        self._rows = complaints.record.supports

    @at_the_edge
    async def support(self, tracking_id: str, *, browser: str, email: str | None, lang: str) -> SupportAnswer:
        """Support a report whose words are public, once a browser; `browser` is a random key that only it has.

        With an `email` a letter in that language asks to confirm it; the support counts at once, and once for
        whoever confirms the same address from several browsers.
        """
        address = (email or "").strip() or None
        if not is_number(tracking_id):
            return SupportAnswer(outcome=SupportOutcome.NOT_PUBLIC, supporters=0)
        if address is not None and not is_email(address):
            return await self._answer(SupportOutcome.BAD_ADDRESS, tracking_id)
        outcome = await self._rows.put(tracking_id, browser, address, lang, self._complaints.now())
        asked = outcome in (SupportOutcome.SUPPORTED, SupportOutcome.ALREADY) and address is not None
        return await self._answer(outcome, tracking_id, letter=asked)

    @at_the_edge
    async def confirm(self, token: str) -> str | None:
        """Confirm an address by the token of its letter; return the report's number, None for a token of nothing."""
        return await self._rows.confirm(token, self._complaints.now())

    @at_the_edge
    async def unsupport(self, tracking_id: str, *, browser: str) -> bool:
        """End the support of a browser; return whether there was one."""
        return is_number(tracking_id) and await self._rows.end(tracking_id, browser, self._complaints.now())

    @at_the_edge
    async def unsupport_by(self, token: str) -> str | None:
        """End a support by the token of its letters; return the report's number, None for a token of nothing."""
        return await self._rows.end_by(token, self._complaints.now())

    @at_the_edge
    async def count_of(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many support each of these reports."""
        return await self._rows.counts(numbers)

    @at_the_edge
    async def supported(self, tracking_id: str, browser: str) -> bool:
        """Return whether this browser supports the report, or one that was merged into it."""
        return is_number(tracking_id) and await self._rows.supported(tracking_id, browser)

    async def _answer(self, outcome: SupportOutcome, tracking_id: str, *, letter: bool = False) -> SupportAnswer:
        known = outcome is not SupportOutcome.NOT_PUBLIC and await self._rows.is_public(tracking_id)
        supporters = (await self._rows.counts([tracking_id]))[tracking_id] if known else 0
        return SupportAnswer(
            outcome=outcome if known else SupportOutcome.NOT_PUBLIC, supporters=supporters, letter=letter
        )
