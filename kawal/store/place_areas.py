"""The area that a report's place names, for figures by place: looked for among the names of its agency's area."""

from __future__ import annotations

import asyncio

import asyncpg

from kawal.data import places
from kawal.store.directory import Directory


class PlaceAreas:
    """Finds areas by the words of places; the agencies' areas are looked up once, since they hardly change."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Look the agencies up through `pool`."""
        self._directory = Directory(pool)
        self._areas: dict[str, str | None] = {}

    async def of(self, instansi: str, place: str) -> str | None:
        """Return the code of the smallest area that a place names; None if it names none, or the agency has none."""
        if instansi not in self._areas:
            agency = await self._directory.instansi(instansi)
            self._areas[instansi] = None if agency is None else agency.area
        area = self._areas[instansi]
        # In a thread: the names of a large province take a third of a second to read, once.
        return None if area is None else await asyncio.to_thread(_matched, area, place)


def _matched(area: str, place: str) -> str | None:
    if not places.is_made(area):
        return None
    found = places.gazetteer(area).match(place)
    return None if found is None else found.code
