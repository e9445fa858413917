"""What agencies tell every reader, remembered: no page waits for it, and it is shown while PostgreSQL is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog

from kawal.base.unavailable import unavailable_is_passed_over
from kawal.client.complaints import Complaints
from kawal.console.pages.site import Site
from kawal.domain.announcements import Announcement

REMEMBERED = 5.0
"""For how long announcements are taken as they are (seconds)."""

WITHIN = 2.0
"""How long reading them may take (seconds)."""

log = structlog.get_logger()


class CurrentAnnouncements:
    """The announcements as they were read last; whoever shows a page has them read again for those who come later."""

    def __init__(self, complaints: Complaints, site: Site) -> None:
        """Read them through the client; `site` binds host names to agencies."""
        self._complaints = complaints
        self._site = site
        self._known: Sequence[tuple[str, Announcement]] = ()
        self._known_at = -REMEMBERED
        self._reading: asyncio.Task[None] | None = None

    def to_public(self, host: str, lang: str) -> list[str]:
        """Return what readers of a host name's pages are told, with the name of the agency that tells it."""
        bound = self._site.agency_of(host)
        shown = [(name, one) for name, one in self._shown() if bound in (None, one.instansi)]
        return [f"{name}: {one.said(lang)}" for name, one in shown]

    def to_staff(self, instansi: str | None, lang: str) -> list[str]:
        """Return what officials of an agency are told."""
        return [one.said(lang) for _, one in self._shown() if one.instansi == instansi]

    async def read(self) -> None:
        """Read them now; what cannot be read stays as it was."""
        self._known_at = time.monotonic()
        with unavailable_is_passed_over():
            async with asyncio.timeout(WITHIN):
                self._known = await self._complaints.record.announcements.all()

    def _shown(self) -> list[tuple[str, Announcement]]:
        if time.monotonic() - self._known_at > REMEMBERED and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read_later())
        now = self._complaints.now()
        return [(name, one) for name, one in self._known if one.is_shown(now)]

    async def _read_later(self) -> None:
        try:
            await self.read()
        except Exception as error:  # nobody waits for it
            log.error("announcements_not_read", reason=type(error).__name__)
