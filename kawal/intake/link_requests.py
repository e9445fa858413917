"""Sending a reporter the link again: asked for with a report's number and a contact, sent to the contact on record."""

from __future__ import annotations

from kawal.client.error_translation import at_the_edge
from kawal.client.reading import Readings


class LinkRequests:
    """Takes requests; the worker looks at them (activities.link_letters)."""

    def __init__(self, complaints: Readings) -> None:
        """Work through an installation's record; the engine may be away."""
        self._complaints = complaints

    @at_the_edge
    async def ask(self, tracking_id: str, contact: str) -> None:
        """Take a request, whatever was typed: neither an answer nor its time tells whether there is such a report.

        Once it returns, the request survives a crash: if the contact came with the report, a letter goes to the
        reporter, at most three a day. Raises SystemUnavailable where it could not be stored.
        """
        await self._complaints.record.link_requests.put(tracking_id, contact, self._complaints.now())
