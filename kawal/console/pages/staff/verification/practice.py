"""What an agency does with which category: read from the record, kept for a minute, as nothing of it must be fresh."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

from starlette.requests import Request

from kawal.client.complaints import Complaints
from kawal.domain.calendar import Calendar
from kawal.domain.suggestion import main_of
from kawal.domain.verification import Practice
from kawal.store.training_data import opd_of_category

KEPT_SECONDS = 60.0


class AgencyPractice(NamedTuple):
    """An agency's categories and OPDs, and what its admins did with them."""

    practice: Practice
    opd_names: Mapping[str, str]
    """Of the OPDs that take reports, by code."""
    categories: tuple[str, ...]
    """All that may be chosen; those given most often come first."""
    calendar: Calendar
    """The agency's working days, for the time that is left."""

    def answering(self, category: str) -> str | None:
        """Return the OPD that the directory names for a category."""
        return self.practice.answering.get(category) or self.practice.answering.get(main_of(category))


class Practices:
    """Every agency's practice, each read anew after `kept` seconds."""

    def __init__(self, complaints: Complaints, kept: float = KEPT_SECONDS) -> None:
        """Read through a connected client."""
        self._complaints = complaints
        self._kept = kept
        self._known: dict[str, tuple[float, AgencyPractice]] = {}

    async def of(self, instansi: str) -> AgencyPractice:
        """Return an agency's practice, at most `kept` seconds old."""
        at, known = self._known.get(instansi, (0.0, None))
        if known is None or time.monotonic() - at >= self._kept:
            known = await self._read(instansi)
            self._known[instansi] = (time.monotonic(), known)
        return known

    async def _read(self, instansi: str) -> AgencyPractice:
        record = self._complaints.record
        opds = {opd.code: opd.name for opd in await record.directory.opds(instansi) if opd.active}
        categories = await record.directory.categories()
        past = await record.unverified_reports.past_decisions(instansi)
        async with record.pool.acquire() as conn:
            answering = await opd_of_category(conn, instansi)
        return AgencyPractice(
            Practice(frozenset(categories), frozenset(opds), answering, past.forwarded),
            opds,
            tuple(sorted(categories, key=lambda name: (-past.used.get(name, 0), name))),
            await self._complaints.rulebook.calendar_for(instansi),
        )


async def practice_of(request: Request, instansi: str) -> AgencyPractice:
    """Return what an agency does, as the application keeps it."""
    practices: Practices = request.app.state.practices
    return await practices.of(instansi)
