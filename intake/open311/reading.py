"""What is public of complaints, read for the standard's answers.

A rahasia or erased complaint is never found here but by `protected`, for whoever holds its secret, and then without its
content. No name and no contact is ever read into an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from client.complaints import Complaints
from crypto.keys import KeyDestroyed
from domain.calendar import JAKARTA
from domain.messages import Reporter
from domain.names import FINAL, EventKind, Status
from intake.open311.arguments import Page, Span
from intake.open311.masking import masked
from intake.open311.media import Photos
from intake.open311.services import Services
from intake.open311.submission import MEDIA_LINE
from intake.open311.wording import STATUS, STEPS, of_an_update, open_or_closed, said
from store.inbox import Inbox
from store.stored_events import COLUMNS, from_stored

_SHOWN_KINDS = [str(kind) for kind in (EventKind.STARTED, *STEPS)]
_CLOSED = [str(status) for status in FINAL]
_PUBLIC = "c.instansi = $1 and not c.rahasia and c.erased_at is null"

_ROW = """
    select c.tracking_id::text as id, c.status, c.category, c.title, c.body, c.place, c.latitude, c.longitude,
           c.received_at, c.anonim, c.rahasia,
           (select max(e.recorded_at) from event e where e.workflow_id = c.workflow_id
             and e.kind::text = any ($2)) as updated_at,
           (select coalesce(array_agg(coalesce(o.name, i.name, l.code::text) order by l.place), '{}')
              from complaint_opd l
              left join opd o on o.instansi = l.instansi and o.code = l.code
              left join instansi i on i.code = l.code
             where l.tracking_id = c.tracking_id and l.state in ('owes', 'final')) as bodies,
           (select k.deadline from complaint_clock k
             where k.tracking_id = c.tracking_id and k.kind = 'complete' and k.opd is null) as expected_at
    from complaint c
"""

_EVENTS = (
    "select "  # noqa: S608 - own column names
    + ", ".join(f"e.{name}" for name in COLUMNS)
    + f", c.anonim from event e join complaint c using (tracking_id) where {_PUBLIC}"
    " and e.kind::text = any ($2) and e.recorded_at between $3 and $4"
    " and ($5::text[] is null or c.tracking_id::text = any ($5))"
    " order by e.recorded_at, e.position limit $6 offset $7"
)

_MEDIA = re.compile(rf"(?:\n{MEDIA_LINE}\S+)+\Z")


class Search(NamedTuple):
    """What GET requests looks for, within an agency."""

    span: Span
    page: Page
    categories: Sequence[str] | None = None
    statuses: frozenset[str] = frozenset({"open", "closed"})


class Reading:
    """Reads one agency's complaints for the public."""

    def __init__(self, complaints: Complaints, instansi: str, services: Services, photos: Photos) -> None:
        """Read through a connected client."""
        self._complaints = complaints
        self._pool = complaints.pool
        self._keys = complaints.connection.keys
        self._inbox = Inbox(complaints.pool, complaints.connection.keys)
        self._instansi = instansi
        self._services = services
        self._photos = photos
        self._lang = complaints.settings.lang

    async def search(self, wanted: Search) -> list[dict[str, Any]]:
        """Find requests by receipt, newest first."""
        rows = await self._pool.fetch(
            f"{_ROW} where {_PUBLIC} and c.received_at between $3 and $4"
            " and ($5::text[] is null or c.category = any ($5))"
            " and case when c.status::text = any ($6) then $7::boolean else $8::boolean end"
            " order by c.received_at desc, c.tracking_id limit $9 offset $10",
            self._instansi,
            _SHOWN_KINDS,
            *wanted.span,
            wanted.categories,
            _CLOSED,
            "closed" in wanted.statuses,
            "open" in wanted.statuses,
            *wanted.page,
        )
        return await self._shown(rows)

    async def by_ids(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Give the requests of these numbers, in that order; those that are unknown or not public are left out."""
        rows = await self._pool.fetch(
            f"{_ROW} where {_PUBLIC} and c.tracking_id::text = any ($3)", self._instansi, _SHOWN_KINDS, list(ids)
        )
        found = {row["service_request_id"]: row for row in await self._shown(rows)}
        for row in await self._waiting([one for one in ids if one not in found]):
            found[row["service_request_id"]] = row
        return [found[one] for one in dict.fromkeys(ids) if one in found]

    async def protected(self, tracking_id: str) -> dict[str, Any] | None:
        """Give a request to whoever holds its secret: of a rahasia one how it stands, not its content."""
        rows = await self._pool.fetch(
            f"{_ROW} where c.instansi = $1 and c.erased_at is null and c.tracking_id::text = $3",
            self._instansi,
            _SHOWN_KINDS,
            tracking_id,
        )
        shown = await self._shown(rows) or await self._waiting([tracking_id], protected=True)
        return shown[0] if shown else None

    async def updates(self, span: Span, page: Page, ids: Sequence[str] | None) -> list[dict[str, Any]]:
        """Give the public steps of complaints by when they were recorded, the oldest first."""
        kinds = [str(kind) for kind in STEPS]
        rows = await self._pool.fetch(_EVENTS, self._instansi, kinds, *span, ids, *page)
        names = {opd.code: opd.name for opd in await self._complaints.directory.opds(self._instansi)}
        agency = await self._complaints.directory.instansi(self._instansi)
        names[self._instansi] = agency.name if agency else self._instansi
        photos = await self._photos.addresses([row["tracking_id"] for row in rows])
        shown = []
        for row in rows:
            try:
                photo = photos.get((row["tracking_id"], row["seq"]))
                shown.append(await self._update(row, names) | {"media_url": photo})
            except KeyDestroyed:
                continue
        return shown

    async def _update(self, row: asyncpg.Record, names: dict[str, str]) -> dict[str, Any]:
        event = from_stored(row, await self._keys.key_of(row["workflow_id"], row["ciphertext"]))
        opds = ", ".join(names.get(code, code) for code in event.facts.get("opds", []))
        template = said(STEPS[event.kind], self._lang)
        description = template.format(opds=opds, text=event.words.get("text", ""))
        anonymous = await self._anonymous(row["tracking_id"]) if row["anonim"] else None
        return {
            "update_id": f"{row['tracking_id']}-{event.seq}",
            "service_request_id": row["tracking_id"],
            "status": of_an_update(event.status),
            "external_status_code": str(event.status),
            "updated_datetime": w3c(event.recorded_at),
            "description": masked(description, anonymous),
        }

    async def _shown(self, rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
        photos = await self._photos.addresses([row["id"] for row in rows])
        shown = []
        for row in rows:
            try:
                anonymous = await self._anonymous(row["id"]) if row["anonim"] and row["body"] is not None else None
            except KeyDestroyed:
                continue
            shown.append(self._request(dict(row), anonymous, photos.get((row["id"], None))))
        return shown

    async def _waiting(self, ids: Sequence[str], *, protected: bool = False) -> list[dict[str, Any]]:
        """Give accepted reports that are not on record yet: who was told a number finds it at once."""
        rows = await self._pool.fetch(
            "select tracking_id::text as id from inbox i where i.instansi = $1 and i.tracking_id::text = any ($2)"
            " and not exists (select from complaint c where c.tracking_id = i.tracking_id)",
            self._instansi,
            list(ids),
        )
        shown = []
        for row in rows:
            try:
                waiting = await self._inbox.find(row["id"])
            except KeyDestroyed:
                continue
            if waiting is None or (waiting.report.rahasia and not protected):
                continue
            report, hidden = waiting.report, waiting.report.rahasia
            line: dict[str, Any] = {
                "id": waiting.tracking_id,
                "status": Status.BELUM_DIVERIFIKASI,
                "category": report.category,
                "title": None if hidden else report.title,
                "body": None if hidden else report.text,
                "place": None if hidden else report.place.text,
                "latitude": None if hidden else report.place.latitude,
                "longitude": None if hidden else report.place.longitude,
                "received_at": waiting.received_at,
                "updated_at": None,
                "bodies": [],
                "expected_at": None,
            }
            shown.append(self._request(line, report.reporter if report.anonim else None))
        return shown

    async def _anonymous(self, tracking_id: str) -> Reporter:
        accepted = await self._inbox.find(tracking_id)
        return Reporter() if accepted is None else accepted.report.reporter

    def _request(self, row: dict[str, Any], anonymous: Reporter | None, photo: str | None = None) -> dict[str, Any]:
        service = self._services.by_category(row["category"])
        status = Status(row["status"])
        text = row["body"] or ""
        media = _MEDIA.search(text)
        urls = media[0].replace(f"\n{MEDIA_LINE}", " ").split() if media else []
        text = text[: media.start()] if media else text
        # Where an anonim report's picture lies can lead to who took it.
        shown = None if anonymous else next(iter(urls), photo)
        return {
            "service_request_id": row["id"],
            "status": open_or_closed(status),
            "status_notes": said(STATUS[status], self._lang),
            "service_name": service.name if service else None,
            "service_code": service.code if service else None,
            "description": masked(text, anonymous) or None,
            "agency_responsible": ", ".join(row["bodies"]) or None,
            "service_notice": None,
            "requested_datetime": w3c(row["received_at"]),
            "updated_datetime": w3c(row["updated_at"] or row["received_at"]),
            "expected_datetime": w3c(row["expected_at"]) if row["expected_at"] else None,
            "address": masked(row["place"] or "", anonymous) or None,
            "address_id": None,
            "zipcode": None,
            "lat": row["latitude"],
            "long": row["longitude"],
            "media_url": shown,
            "title": masked(row["title"] or "", anonymous) or None,
        }


def w3c(at: datetime) -> str:
    """Write an instant as the standard wants it, to the second, in local time with its zone."""
    return at.astimezone(JAKARTA).replace(microsecond=0).isoformat()
