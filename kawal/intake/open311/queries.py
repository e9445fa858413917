"""Reads the public part of complaints for the standard's answers.

The store decides what is public (store.public_reports); a report that still waits in the inbox has a status and a date.
No file is public. Whoever holds a report's secret sees more by `protected`; of a rahasia one its status and dates, not
its content. Answers never contain a name or a contact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from kawal.client.complaints import Complaints
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.calendar import JAKARTA, at_local, local_day
from kawal.domain.messages import Reporter
from kawal.domain.names import FINAL, Status
from kawal.intake.open311.arguments import Page, Span
from kawal.intake.open311.masking import masked
from kawal.intake.open311.report_form import MEDIA_LINE
from kawal.intake.open311.services import Services
from kawal.intake.open311.wording import STATUS, STEPS, of_an_update, open_or_closed
from kawal.store.inbox import WaitingReport
from kawal.store.public_reports import PublicReports
from kawal.store.stored_events import from_stored
from kawal.wording.catalogues import say

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

_MEDIA = re.compile(rf"(?:\n{MEDIA_LINE}\S+)+\Z")


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
        self._keys = complaints.system.keys
        self._inbox = complaints.system.inbox
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
        return await self._shown(rows)

    async def by_ids(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the requests of these numbers, in that order; those that are unknown or rahasia are left out.

        Of what is not public yet, or is supervised, only number, status and dates are returned.
        """
        found = {one["service_request_id"]: one for one in await self._waiting(ids)}
        found |= {row["id"]: _status(row, self._lang) for row in await self._public.statuses(ids)}
        whole = await self._shown(await self._public.reports(ids))
        found |= {one["service_request_id"]: one for one in whole}
        return [found[one] for one in dict.fromkeys(ids) if one in found]

    async def protected(self, tracking_id: str) -> dict[str, Any] | None:
        """Return a request to whoever holds its secret: for a rahasia one its status and dates, not its content."""
        if shown := await self._shown(await self._public.own(tracking_id)):
            return shown[0]
        waiting = await self._accepted(tracking_id)
        return None if waiting is None else self._own_waiting(waiting)

    async def updates(self, span: Span, page: Page, ids: Sequence[str] | None) -> list[dict[str, Any]]:
        """Return the public steps of complaints by when they were recorded, the oldest first."""
        rows = await self._public.events(span, ids, page)
        names = {opd.code: opd.name for opd in await self._complaints.directory.opds(self._instansi)}
        agency = await self._complaints.directory.instansi(self._instansi)
        names[self._instansi] = agency.name if agency else self._instansi
        shown = []
        for row in rows:
            try:
                shown.append(await self._update(row, names))
            except KeyDestroyed:
                continue
        return shown

    async def _update(self, row: asyncpg.Record, names: dict[str, str]) -> dict[str, Any]:
        event = from_stored(row, await self._keys.key_of(row["workflow_id"], row["ciphertext"]))
        opds = ", ".join(names.get(code, code) for code in event.facts.get("opds", []))
        description = say(self._lang, STEPS[event.kind], opds=opds, text=event.words.get("text", ""))
        anonymous = await self._anonymous(row["tracking_id"]) if row["anonim"] else None
        return {
            "update_id": f"{row['tracking_id']}-{event.seq}",
            "service_request_id": row["tracking_id"],
            "status": of_an_update(event.status),
            "external_status_code": str(event.status),
            "updated_datetime": w3c(event.recorded_at),
            "description": masked(description, anonymous),
            "media_url": None,
        }

    async def _shown(self, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
        shown = []
        for row in rows:
            try:
                anonymous = await self._anonymous(row["id"]) if row["anonim"] and row["body"] is not None else None
            except KeyDestroyed:
                continue
            shown.append(self._request(dict(row), anonymous))
        return shown

    async def _waiting(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the status of accepted reports that are not on record yet: a number can be looked up at once."""
        found = [await self._accepted(number) for number in await self._inbox.not_begun(self._instansi, ids)]
        return [
            _status(_waiting_row(one, one.report.anonim), self._lang)
            for one in found
            if one is not None and not one.report.rahasia
        ]

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
            said = {"title": report.title, "body": report.text, "place": report.place.text}
            said |= {"latitude": report.place.latitude, "longitude": report.place.longitude}
        line = _waiting_row(waiting, anonim=False) | said | {"category": report.category, "bodies": []}
        return self._request(line | {"expected_at": None}, report.reporter if report.anonim else None)

    async def _anonymous(self, tracking_id: str) -> Reporter:
        accepted = await self._inbox.find(tracking_id)
        return Reporter() if accepted is None else accepted.report.reporter

    def _request(self, row: dict[str, Any], anonymous: Reporter | None) -> dict[str, Any]:
        service = self._services.by_category(row["category"])
        return _status(row, self._lang) | {
            "service_name": service.name if service else None,
            "service_code": service.code if service else None,
            # Where files are stored does not belong to the text that everybody may read.
            "description": masked(_MEDIA.sub("", row["body"] or ""), anonymous) or None,
            "agency_responsible": ", ".join(row["bodies"]) or None,
            "expected_datetime": w3c(row["expected_at"]) if row["expected_at"] else None,
            "address": masked(row["place"] or "", anonymous) or None,
            "lat": row["latitude"],
            "long": row["longitude"],
            "title": masked(row["title"] or "", anonymous) or None,
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


def _waiting_row(waiting: WaitingReport, anonim: bool) -> dict[str, Any]:
    """Return what is known of a report that is not on record yet; an anonim one's time is reduced to its day."""
    at = at_local(local_day(waiting.received_at), 0) if anonim else waiting.received_at
    return {"id": waiting.tracking_id, "status": Status.BELUM_DIVERIFIKASI, "received_at": at, "updated_at": None}


def w3c(at: datetime) -> str:
    """Return an instant as the standard requires, to the second, in local time with its zone."""
    return at.astimezone(JAKARTA).replace(microsecond=0).isoformat()
