"""The agencies that take reports, remembered: the form is shown also while PostgreSQL is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.complaints import Complaints
from kawal.store.directory import Instansi

REMEMBERED = 5.0
"""For how long the list is taken as it is (seconds)."""

WITHIN = 0.3
"""How long a page waits for a newer list (seconds); it shows the one before rather than nothing."""


class Agencies:
    """The active agencies of the installation, by name."""

    def __init__(self, complaints: Complaints) -> None:
        """Look them up through the client."""
        self._complaints = complaints
        self._known: Sequence[Instansi] = ()
        self._known_at = -REMEMBERED

    async def all(self) -> Sequence[Instansi]:
        """Return those last seen; none if they could not be read since this process began."""
        if time.monotonic() - self._known_at > REMEMBERED:
            with unavailable_is_passed_over():
                async with asyncio.timeout(WITHIN):
                    self._known = await self._read()
                    self._known_at = time.monotonic()
        return self._known

    async def _read(self) -> Sequence[Instansi]:
        found = await self._complaints.directory.all_instansi()
        return sorted((one for one in found if one.active), key=lambda one: one.name)
