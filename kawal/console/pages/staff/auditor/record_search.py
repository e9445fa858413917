"""`/auditor/peristiwa` and `/auditor/log-akses`: the events of an agency's complaints; who read or was refused what.

Nothing is searched before somebody asks for it, for each search goes on record. What is found is the process record:
nobody's words and nobody's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kawal.client.record_search import RecordSearch, allowed_search
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.frame import language_of
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.auditor.entrance import READ
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import FormOutcome, page_route
from kawal.console.pages.staff.report.reading import VIA
from kawal.domain.access_kinds import AccessKind
from kawal.domain.labels import EVENTS, ROLES, STATUSES
from kawal.domain.msgids import Message, Sayable, msgid
from kawal.domain.names import EventKind
from kawal.domain.record_labels import ENTRIES
from kawal.domain.saved_views import ListView
from kawal.store.search import FoundEntry, FoundEvent, Search, SearchQuery
from kawal.wording.catalogues import say
from kawal.wording.labels import facts_in_words, label

LINES = 50
_LONGEST = 200

_REFUSED = msgid("something was refused")
_ENTRY_KINDS: Mapping[str, Message] = {**ENTRIES, AccessKind.REFUSED: _REFUSED}
"""What the entries are called as kinds: the sentence of a refusal needs its facts."""

_NO_DAY = msgid("Type each day as year-month-day, such as 2026-03-09.")
_NOBODY = msgid("The record knows no official of that name.")


class FoundLine(NamedTuple):
    """A line of what was found."""

    key: int
    """By which the next page goes on."""
    number: str
    """Of the event in its complaint, or of the entry."""
    at: datetime
    tracking_id: str | None
    what: str
    status: str
    who: str
    account: str
    facts: str


class SearchAddress(NamedTuple):
    """What is looked for, as the page's address says it; empty ones are left out."""

    path: str
    siapa: str = ""
    opd: str = ""
    jenis: str = ""
    dari: str = ""
    sampai: str = ""
    cari: str = ""
    """Whether somebody asked for the search."""
    sebelum: str = ""

    @classmethod
    def of(cls, path: str, given: Mapping[str, str], kinds: Iterable[str]) -> SearchAddress:
        """Return the arguments of a request; what has no meaning is dropped."""
        read = cls(path, **{name: " ".join(given.get(name, "").split())[:_LONGEST] for name in cls._fields[1:]})
        before = read.sebelum if read.sebelum.isascii() and read.sebelum.isdigit() and len(read.sebelum) < 18 else ""
        return read._replace(jenis=read.jenis if read.jenis in kinds else "", sebelum=before)

    def address(self, **changed: str) -> str:
        """Return the address of this page, or of one that differs in some arguments."""
        given = self._replace(**changed)._asdict()
        path = given.pop("path")
        return ListView(path, {name: value for name, value in given.items() if value}).address

    def asked(self) -> RecordSearch:
        """Return what is looked for; raises ValueError for a day that is none."""
        first, last = (date.fromisoformat(day) if day else None for day in (self.dari, self.sampai))
        kinds = (self.jenis,) if self.jenis else ()
        return RecordSearch(
            self.siapa or None, self.opd or None, kinds, first, last, int(self.sebelum) if self.sebelum else None
        )


async def show_events(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show a page of the events that were looked for, the newest first."""
    return await _shown(request, signed, EVENTS_PATH, msgid("Events of all reports"), _EVENT_KINDS)


async def show_access_log(request: Request, signed: SignedIn, _: FormOutcome) -> Response:
    """Show a page of the access log's entries that were looked for, the newest first."""
    return await _shown(request, signed, ACCESS_LOG_PATH, msgid("Access log"), _ENTRY_KINDS)


async def _shown(
    request: Request, signed: SignedIn, path: str, title: Message, kinds: Mapping[str, Message]
) -> Response:
    address = SearchAddress.of(path, request.query_params, kinds)
    found, fault = await _found(request, signed, address) if address.cari else ([], None)
    lang = language_of(request)
    values = {
        "title": title,
        "wanted": address,
        "kinds": sorted(((kind, say(lang, name)) for kind, name in kinds.items()), key=lambda one: one[1].lower()),
        "lines": found[:LINES],
        "fault": fault,
        "older": address.address(sebelum=str(found[LINES - 1].key)) if len(found) > LINES else None,
        "view_address": address.address(sebelum=""),
        "first": address.address(sebelum="") if address.sebelum else None,
    }
    return staff_page(request, signed, "staff/auditor/record_search.html", values, status=409 if fault else 200)


async def _found(request: Request, signed: SignedIn, address: SearchAddress) -> tuple[list[FoundLine], Sayable | None]:
    try:
        asked = address.asked()
    except ValueError:
        return [], _NO_DAY
    complaints, lang = complaints_of(request), language_of(request)
    wanted = await allowed_search(complaints, signed.actor, asked, VIA)
    if wanted.accounts == []:
        return [], _NOBODY
    lines = _entries if address.path == ACCESS_LOG_PATH else _events
    return await lines(Search(complaints.pool, signed.actor), wanted, lang), None


async def _events(search: Search, wanted: SearchQuery, lang: str) -> list[FoundLine]:
    return [_event(one, lang) async for one in search.events(wanted, LINES + 1)]


async def _entries(search: Search, wanted: SearchQuery, lang: str) -> list[FoundLine]:
    return [_entry(one, lang) async for one in search.entries(wanted, LINES + 1)]


def _event(one: FoundEvent, lang: str) -> FoundLine:
    what, status = label(EVENTS, one.kind, lang), label(STATUSES, one.status, lang)
    who, facts = _who(one, lang), facts_in_words(one.facts, lang)
    return FoundLine(one.position, str(one.seq), one.at, one.tracking_id, what, status, who, one.account, facts)


def _entry(one: FoundEntry, lang: str) -> FoundLine:
    what, who = label(_ENTRY_KINDS, one.kind, lang), _who(one, lang)
    return FoundLine(
        one.n, str(one.n), one.at, one.tracking_id, what, "", who, one.account, facts_in_words(one.facts, lang)
    )


def _who(one: FoundEvent | FoundEntry, lang: str) -> str:
    return " · ".join(part for part in (label(ROLES, one.role, lang), one.opd) if part)


EVENTS_PATH = "/auditor/peristiwa"
ACCESS_LOG_PATH = "/auditor/log-akses"
_EVENT_KINDS: Mapping[str, Message] = {str(kind): EVENTS[str(kind)] for kind in EventKind if str(kind) in EVENTS}

ROUTES: list[Route] = [
    page_route(EVENTS_PATH, READ, show_events),
    page_route(ACCESS_LOG_PATH, READ, show_access_log),
]
