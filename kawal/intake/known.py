"""Agency, category and OPD that reports name, not looked up again for every report."""

from __future__ import annotations

import time

from kawal.client.complaints import Complaints
from kawal.client.references import References
from kawal.domain.messages import Report

REMEMBERED = 5.0
"""Seconds for which what was found once is taken to be there still; the workflow's side looks again in any case."""

_MOST = 5_000


class KnownNames:
    """Checks what a report names; what was in order is in order for a moment, what was not is looked up each time."""

    def __init__(self, complaints: Complaints) -> None:
        """Look things up through the client."""
        self._complaints = complaints
        self._references = References(complaints.pool, complaints.directory)
        self._default: tuple[float, str] | None = None
        self._found: dict[tuple[str, str | None, str | None], float] = {}

    async def check(self, report: Report, instansi: str | None) -> str:
        """The agency that holds the report: the one named, else the only one. Raises Refusal for what is unknown."""
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
