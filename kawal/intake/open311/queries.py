"""Reads the public part of complaints for the standard's answers.

The store decides what is public (store.public_reports) and masks its texts, those of follow-ups too. No file is public.
Whoever holds a report's secret sees it by `protected`, also before it is verified; of a rahasia one status and dates,
not the content. Answers never contain a name or a contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.client.complaints import Complaints
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.calendar import JAKARTA
from kawal.domain.masking import masked
from kawal.domain.media_lines import without_media
from kawal.domain.names import FINAL, Status
from kawal.intake.open311.arguments import Page, Span
from kawal.intake.open311.services import Services
from kawal.intake.open311.wording import of_an_update, open_or_closed
from kawal.store.inbox import WaitingReport
from kawal.store.public_reports import PublicReports
from kawal.store.public_steps import PublicStep, PublicSteps
from kawal.wording.catalogues import say
from kawal.wording.public_steps import STATUS, STEPS

_STEPS = [str(kind) for kind in STEPS]
_CLOSED = [str(status) for status in FINAL]

_FIELDS = (
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
    "title",
)
"""The standard's fields, in its order, and `title`, which is Kawal's own."""


class Search(NamedTuple):
    """The criteria of GET requests, within an agency."""

    span: Span
    page: Page
    categories: Sequence[str] | None = None
    statuses: frozenset[str] = frozenset({"open", "closed"})


class ComplaintQueries:
    """Reads one agency's complaints for the public."""

    def __init__(self, complaints: Complaints, instansi: str, services: Services) -> None:
        """Read through a connected client."""
        self._complaints = complaints
        self._public = PublicReports(complaints.pool, instansi, _STEPS)
        self._inbox = complaints.system.inbox
        self._steps = PublicSteps(complaints.system.keys, self._inbox, complaints.system.public_versions)
        self._instansi = instansi
        self._services = services
        self._lang = complaints.settings.lang

    async def search(self, wanted: Search) -> list[dict[str, Any]]:
        """Find requests by receipt, newest first."""
        rows = await self._public.search(
            wanted.span,
            wanted.categories,
            _CLOSED,
            with_closed="closed" in wanted.statuses,
            with_open="open" in wanted.statuses,
            page=wanted.page,
        )
        return [self._request(row) for row in rows]

    async def by_ids(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the requests of these numbers, in that order, without those of which nothing is public.

        Of what is supervised only number, status and dates are returned.
        """
        found = {row["id"]: _status(row, self._lang) for row in await self._public.statuses(ids)}
        found |= {row["id"]: self._request(row) for row in await self._public.reports(ids)}
        return [found[one] for one in dict.fromkeys(ids) if one in found]

    async def protected(self, tracking_id: str) -> dict[str, Any] | None:
        """Return a request to whoever holds its secret: for a rahasia one its status and dates, not its content."""
        if own := await self._public.own(tracking_id):
            return self._request(own[0])
        waiting = await self._accepted(tracking_id)
        return None if waiting is None else self._own_waiting(waiting)

    async def updates(self, span: Span, page: Page, ids: Sequence[str] | None) -> list[dict[str, Any]]:
        """Return the public steps of complaints by when they were recorded, the oldest first."""
        rows = await self._public.events(span, ids, page)
        names = await self._complaints.directory.names(self._instansi)
        return [self._update(step, names) for step in await self._steps.read(rows)]

    def _update(self, step: PublicStep, names: dict[str, str]) -> dict[str, Any]:
        event = step.event
        opds = ", ".join(names.get(code, code) for code in event.facts.get("opds", []))
        return {
            "update_id": f"{step.tracking_id}-{event.seq}",
            "service_request_id": step.tracking_id,
            "status": of_an_update(event.status),
            "external_status_code": str(event.status),
            "updated_datetime": w3c(event.recorded_at),
            "description": say(self._lang, STEPS[event.kind], opds=opds, text=step.text),
            "media_url": None,
        }

    async def _accepted(self, tracking_id: str) -> WaitingReport | None:
        try:
            found = await self._inbox.find(tracking_id)
        except KeyDestroyed:
            return None
        return found if found is not None and found.instansi == self._instansi else None

    def _own_waiting(self, waiting: WaitingReport) -> dict[str, Any]:
        """Return a waiting report to whoever holds its secret."""
        report = waiting.report
        said: dict[str, Any] = dict.fromkeys(("title", "body", "place", "latitude", "longitude"))
        if not report.rahasia:
            words = {"title": report.title, "body": without_media(report.text), "place": report.place.text}
            said = {name: masked(text, report.reporter) for name, text in words.items()}
            said |= {"latitude": report.place.latitude, "longitude": report.place.longitude}
        line = {"id": waiting.tracking_id, "status": Status.BELUM_DIVERIFIKASI, "received_at": waiting.received_at}
        not_yet: dict[str, Any] = {"updated_at": None, "expected_at": None, "bodies": []}
        return self._request(line | not_yet | said | {"category": report.category})

    def _request(self, row: Mapping[str, Any]) -> dict[str, Any]:
        service = self._services.by_category(row["category"])
        return _status(row, self._lang) | {
            "service_name": service.name if service else None,
            "service_code": service.code if service else None,
            "description": row["body"] or None,
            "agency_responsible": ", ".join(row["bodies"]) or None,
            "expected_datetime": w3c(row["expected_at"]) if row["expected_at"] else None,
            "address": row["place"] or None,
            "lat": row["latitude"],
            "long": row["longitude"],
            "title": row["title"] or None,
        }


def _status(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return number, status and dates, with every other field of the standard empty."""
    status = Status(row["status"])
    return dict.fromkeys(_FIELDS) | {
        "service_request_id": row["id"],
        "status": open_or_closed(status),
        "status_notes": say(lang, STATUS[status]),
        "requested_datetime": w3c(row["received_at"]),
        "updated_datetime": w3c(row["updated_at"] or row["received_at"]),
    }


def w3c(at: datetime) -> str:
    """Return an instant as the standard requires, to the second, in local time with its zone."""
    return at.astimezone(JAKARTA).replace(microsecond=0).isoformat()
