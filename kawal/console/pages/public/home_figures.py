"""The month's figures on the first page: remembered for a moment, and left out rather than waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.complaints import Complaints
from kawal.console.pages.public.figures_choice import ROWS, Choice, this_month
from kawal.domain.public_figures import Figure
from kawal.domain.recap import Recap
from kawal.reports.public_figures import public_figures
from kawal.store.directory import Instansi

REMEMBERED = 10.0
"""For how long figures are taken as they are (seconds)."""

WITHIN = 0.3
"""How long the page waits for newer ones (seconds)."""

MOST_AGENCIES = 10
"""Of more agencies the first page shows no figures: its reader chooses one."""


class AgencyMonth(NamedTuple):
    """An agency's month so far."""

    choice: Choice
    recap: Recap

    @property
    def address(self) -> str:
        """The address of the month's figures."""
        return self.choice.address()

    def rows(self, figure: str) -> str:
        """Return the address of the reports behind a figure."""
        return self.choice.address(ROWS, angka=str(Figure(figure)))


class HomeFigures:
    """The month's figures of the agencies, as they were a moment ago."""

    def __init__(self, complaints: Complaints) -> None:
        """Read them through the client."""
        self._complaints = complaints
        self._known: dict[str, AgencyMonth] = {}
        self._read_at: dict[str, float] = {}
        self._readings: set[asyncio.Task[dict[str, AgencyMonth]]] = set()

    async def of(self, agencies: Sequence[Instansi], today: date) -> Sequence[AgencyMonth]:
        """Return the figures of each agency; none where they cannot be read soon, or the agencies are many."""
        if len(agencies) > MOST_AGENCIES:
            return ()
        stale = [one for one in agencies if time.monotonic() - self._read_at.get(one.code, -REMEMBERED) >= REMEMBERED]
        # Whoever comes meanwhile is shown what is known, so that the database is asked once and not by all of them.
        self._read_at |= {one.code: time.monotonic() for one in stale}
        reading = asyncio.create_task(self._months(stale, today))
        self._readings.add(reading)
        reading.add_done_callback(self._readings.discard)
        # A query that is given up waits for the server to confirm that, which one that stands still does not.
        done, _ = await asyncio.wait({reading}, timeout=2 * WITHIN)
        for one in stale:
            self._known.pop(one.code, None)
        for read in done:
            self._known |= read.result()
        return [self._known[one.code] for one in agencies if one.code in self._known]

    async def _months(self, agencies: Sequence[Instansi], today: date) -> dict[str, AgencyMonth]:
        """Return the figures of those agencies that could be read soon."""
        fresh: dict[str, AgencyMonth] = {}
        with unavailable_is_passed_over():
            async with asyncio.timeout(WITHIN):
                for one in agencies:
                    fresh[one.code] = await self._month(this_month(one, today))
        return fresh

    async def _month(self, choice: Choice) -> AgencyMonth:
        figures = await public_figures(self._complaints.pool, instansi=choice.agency.code, period=choice.period)
        return AgencyMonth(choice, figures.all.recap)
