"""A five-second cache of the agency, category and OPD that reports name."""

from __future__ import annotations

import time

from kawal.client.complaints import Complaints
from kawal.client.references import References
from kawal.domain.messages import Report

REMEMBERED = 5.0
"""How long a successful check is trusted (seconds); the workflow's side checks again in any case."""

_MOST = 5_000


class NameCache:
    """Checks what a report names; successful checks are cached for a moment, failed ones are repeated each time."""

    def __init__(self, complaints: Complaints) -> None:
        """Look things up through the client."""
        self._complaints = complaints
        self._references = References(complaints.pool, complaints.directory)
        self._default: tuple[float, str] | None = None
        self._found: dict[tuple[str, str | None, str | None], float] = {}

    async def check(self, report: Report, instansi: str | None) -> str:
        """Return the agency that holds the report: the one named, else the only one.

        Raises Refusal for what is unknown.
        """
        held_by = instansi or await self._only_one()
        named, now = (held_by, report.category, report.chosen_opd), time.monotonic()
        if now - self._found.get(named, -REMEMBERED) < REMEMBERED:
            return held_by
        await self._references.check_report(report, held_by)
        if len(self._found) >= _MOST:
            self._found.clear()
        self._found[named] = now
        return held_by

    async def _only_one(self) -> str:
        now = time.monotonic()
        if self._default is None or now - self._default[0] > REMEMBERED:
            self._default = (now, await self._complaints.default_instansi())
        return self._default[1]
