"""The agencies that take reports, remembered: the form is shown also while PostgreSQL is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from starlette.requests import Request

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.complaints import Complaints
from kawal.console.pages.site import Site
from kawal.data import places
from kawal.data.places import DistrictChoice
from kawal.domain.places import agency_for
from kawal.store.directory import Instansi

REMEMBERED = 5.0
"""For how long the list is taken as it is (seconds)."""

WITHIN = 0.3
"""How long a page waits for a newer list (seconds); it shows the one before rather than nothing."""


class Agencies:
    """The active agencies of the installation, by name."""

    def __init__(self, complaints: Complaints, site: Site) -> None:
        """Look them up through the client; `site` binds host names to agencies."""
        self._complaints = complaints
        self._site = site
        self._known: Sequence[Instansi] = ()
        self._known_at = -REMEMBERED
        self._reading: asyncio.Task[None] | None = None

    async def all(self) -> Sequence[Instansi]:
        """Return those last seen; none if they could not be read since this process began.

        One reader at a time asks for a newer list: where many come, the others take the one before, since a slow
        database that everybody asks, and gives up, would never answer.
        """
        asked = self._reading
        if asked is None and time.monotonic() - self._known_at > REMEMBERED:
            asked = self._reading = asyncio.create_task(self._read())
        elif self._known:
            asked = None
        if asked is not None:
            # A query that is given up waits for the server to confirm that, which one that stands still does not.
            done, _ = await asyncio.wait({asked}, timeout=2 * WITHIN)
            for read in done:
                read.result()
        return self._known

    async def offered(self, request: Request) -> Sequence[Instansi]:
        """Return those among which a reader of this host name chooses: one where the operator bound it."""
        bound = self._site.agency_of(request.url.hostname or "")
        everyone = await self.all()
        return [one for one in everyone if bound in (None, one.code)]

    async def _read(self) -> None:
        try:
            with unavailable_is_passed_over():
                async with asyncio.timeout(WITHIN):
                    found = await self._complaints.directory.all_instansi()
                    self._known = sorted((one for one in found if one.active), key=lambda one: one.name)
                    self._known_at = time.monotonic()
        finally:
            self._reading = None


def agency_meant(place: str, agencies: Sequence[Instansi]) -> Instansi | None:
    """Return the agency that the words of a place point to; None if they name no place, or several alike."""
    provinces = sorted({one.area[:2] for one in agencies if one.area})
    found = [matched for area in provinces if places.is_made(area) and (matched := places.gazetteer(area).match(place))]
    return agency_for(found[0], agencies) if len(found) == 1 else None


def must_be_chosen(code: str, agencies: Sequence[Instansi]) -> bool:
    """Return whether the agency has still to be chosen: there are several, and the code is none of theirs."""
    return len(agencies) > 1 and code not in {one.code for one in agencies}


def area_of(code: str, agencies: Sequence[Instansi]) -> str | None:
    """Return the area whose places are offered for an agency: its own; while none is chosen, that of all there are.

    Agencies of several areas of one province share the province; those of several provinces have none in common.
    """
    chosen = [one for one in agencies if one.code == code] or agencies
    areas = {one.area for one in chosen if one.area}
    shared = areas if len(areas) == 1 else {area[:2] for area in areas}
    return shared.pop() if len(shared) == 1 else None


def districts_of(area: str | None) -> Sequence[DistrictChoice]:
    """Return the kecamatan that the form offers, none for an area without names."""
    return places.districts(area) if area is not None and places.is_made(area) else ()
