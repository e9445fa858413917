"""`/kelola/kalender`: the days off of a year; a day added or removed, or whole years, with what moves shown first.

Every change is a new version of the calendar, made from the one that the page showed: if somebody else was faster it is
refused.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.list_upload import list_of, list_text
from kawal.console.pages.staff.administration.moved_deadlines import (
    LATEST,
    Change,
    preview_values,
    reckon_anew,
    reckoning_on,
    who_changed,
)
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import (
    Fields,
    FormAct,
    FormOutcome,
    TypedFault,
    agency_of,
    day_of,
    line_of,
    page_with_forms,
    performed,
)
from kawal.desks.moved_deadlines import RulesChange, moves_by, reckoned_otherwise
from kawal.desks.rules import serves_several
from kawal.domain.access import Act
from kawal.domain.calendar import (
    FIRST_DAY,
    LAST_DAY,
    Calendar,
    Holiday,
    HolidayKind,
    holidays_text,
    local_day,
    parse_holidays,
)
from kawal.domain.msgids import Message, msgid, sentence
from kawal.domain.validation_messages import UnreadableFile

CALENDAR = f"{PATH}/kalender"

OWN, NATIONAL = "sendiri", "nasional"
"""The agency's own days off, and those of the national calendar."""

KINDS: dict[HolidayKind, Message] = {
    HolidayKind.LIBUR_NASIONAL: msgid("national holiday"),
    HolidayKind.CUTI_BERSAMA: msgid("collective leave (cuti bersama)"),
    HolidayKind.LIBUR_DAERAH: msgid("the agency's own day off"),
}

SCOPES: dict[str, Message] = {
    NATIONAL: msgid("the national days off"),
    OWN: msgid("the agency's own days off, besides the national ones"),
}
"""Whose days off a pasted list holds."""

_FOR_ALL = msgid("The national days off hold for every agency of the installation; its operator imports them.")
_NO_DAY = msgid("Name the day, and what people are told of it.")
_NO_SOURCE = msgid("Name the decree that says so: it is kept with the calendar.")
_IS_OFF = msgid("This day is a day off already.")
_IS_NOT_OFF = msgid("This day is not among the days off any more.")
_NOTHING = msgid("This changes nothing: the calendar says so already.")


class Proposal(NamedTuple):
    """What the calendar is to be: the days off of whole years, of the nation or of the agency alone."""

    own: bool
    holidays: Sequence[Holiday]
    years: Sequence[int]
    source: str


async def show_calendar(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show the days off of a year, with the forms that change them."""
    complaints, agency = complaints_of(request), agency_of(signed)
    today = local_day(complaints.now())
    removing = told.typed.get("tanggal", "") if "lingkup" in told.typed else ""
    chosen = removing or request.query_params.get("hari", "")
    year = _year(request.query_params.get("tahun", chosen[:4]), today.year)
    calendar = await complaints.rulebook.calendar_for(agency)
    several = await serves_several(complaints)
    days = [(one, NATIONAL, not several) for one in await _days(request, agency, own=False) if one.day.year == year]
    days += [(one, OWN, True) for one in await _days(request, agency, own=True) if one.day.year == year]
    values = {
        "year": year,
        "known": calendar.knows(year),
        "years": sorted({*calendar.off, year, today.year + 1}),
        "working_days": _working_days(calendar, year),
        "days": sorted(days, key=lambda line: line[0].day),
        "chosen": next((line for line in days if line[2] and str(line[0].day) == chosen), None),
        "kinds": KINDS,
        "addable": [HolidayKind.LIBUR_DAERAH] if several else list(HolidayKind),
        "several": several,
        "scopes": {OWN: SCOPES[OWN]} if several else SCOPES,
        "changes": await _changes(request, agency),
        "behind": await reckoned_otherwise(complaints, agency),
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/calendar.html", values, status=told.status)


async def _days(request: Request, agency: str, *, own: bool) -> list[Holiday]:
    """Return the days off in force, of the nation or of the agency alone."""
    rulebook = complaints_of(request).rulebook
    newest = await rulebook.calendar_lines(agency if own else None, 1)
    return await rulebook.days_off(newest[0].version) if newest else []


async def _changes(request: Request, agency: str) -> list[Change]:
    rulebook, who = complaints_of(request).rulebook, await who_changed(request, "calendar_imported")
    lines = [line for scope in (None, agency) for line in await rulebook.calendar_lines(scope, LATEST)]
    made = [Change(line.version, line.source, line.imported_at, who.get(line.version)) for line in lines]
    return sorted(made, key=lambda one: one.at, reverse=True)[:LATEST]


def _working_days(calendar: Calendar, year: int) -> int:
    return calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) if year > FIRST_DAY.year else 0


def _year(given: str, this: int) -> int:
    known = given.isascii() and given.isdigit() and FIRST_DAY.year < int(given[:5]) <= LAST_DAY.year
    return int(given) if known else this


# --- What is asked for, and what it would do --------------------------------------------------------------------------


async def _add(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show what a further day off would do."""
    day, name = day_of(fields, "tanggal"), line_of(fields, "nama", 200)
    if day is None or not name or fields.get("jenis", "") not in set(HolidayKind):
        raise TypedFault(_NO_DAY)
    added = Holiday(day=day, kind=HolidayKind(fields["jenis"]), name=name)
    own = added.kind is HolidayKind.LIBUR_DAERAH
    days = await _days(request, agency_of(signed), own=own)
    if any(one.day == day for one in days):
        raise TypedFault(_IS_OFF)
    of_year = sorted([added, *(one for one in days if one.day.year == day.year)], key=lambda one: one.day)
    return await _shown(request, signed, Proposal(own, of_year, [day.year], _source(fields)))


async def _remove(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show what one day off less would do."""
    day, own = day_of(fields, "tanggal"), fields.get("lingkup") == OWN
    days = await _days(request, agency_of(signed), own=own)
    if day is None or all(one.day != day for one in days):
        raise TypedFault(_IS_NOT_OFF)
    of_year = [one for one in days if one.day.year == day.year and one.day != day]
    return await _shown(request, signed, Proposal(own, of_year, [day.year], _source(fields)))


async def _paste(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Show what the calendar of a file would do: it stands for the whole of its years."""
    days = await _read(fields)
    years = sorted({one.day.year for one in days})
    return await _shown(request, signed, Proposal(fields.get("lingkup") == OWN, days, years, _source(fields)))


async def _read(fields: Fields) -> list[Holiday]:
    try:
        return await asyncio.to_thread(parse_holidays, list_of(fields))
    except UnreadableFile as error:
        raise TypedFault(error.reason) from error


def _source(fields: Fields) -> str:
    source = line_of(fields, "sumber", 200)
    if not source:
        raise TypedFault(_NO_SOURCE)
    return source


async def _shown(request: Request, signed: SignedIn, asked: Proposal) -> Response:
    complaints, agency = complaints_of(request), agency_of(signed)
    if not asked.own and await serves_several(complaints):
        raise TypedFault(_FOR_ALL)
    before = [one for one in await _days(request, agency, own=asked.own) if one.day.year in asked.years]
    added, removed = [d for d in asked.holidays if d not in before], [d for d in before if d not in asked.holidays]
    if not added and not removed:
        raise TypedFault(_NOTHING)
    try:
        calendar = await complaints.rulebook.calendar_if(agency, asked.holidays, asked.years, own=asked.own)
    except UnreadableFile as error:
        raise TypedFault(error.reason) from error
    moves, today = await moves_by(complaints, agency, RulesChange(calendar=calendar)), local_day(complaints.now())
    values = {
        "asked": asked,
        "scope": OWN if asked.own else NATIONAL,
        "list": holidays_text(asked.holidays),
        "version": f"{today.isoformat()}-{secrets.token_hex(3)}",
        "after": (await complaints.rulebook.calendar_for(agency)).version,
        "added": added,
        "removed": removed,
        "kinds": KINDS,
        "working_days": [(year, _working_days(calendar, year)) for year in asked.years],
        **preview_values(moves),
    }
    return staff_page(request, signed, "staff/administration/calendar_check.html", values)


# --- Putting it into force --------------------------------------------------------------------------------------------


async def _adopt(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Put into force what was shown, unless the calendar was changed meanwhile; then reckon the open deadlines anew."""
    source = _source(fields)
    years = [int(year) for year in fields.get("tahun", "").split() if year.isascii() and year.isdigit()]
    given = {
        "version": fields.get("versi", ""),
        "holidays": [one.model_dump(mode="json") for one in await _read(fields)],
        "own": fields.get("lingkup") == OWN,
        "source": source,
        "years": years,
        "after": fields.get("dasar", ""),
    }
    await performed(request, signed, "calendar import", given)
    why = sentence(msgid("The calendar was changed: {source}"), source=source)
    return await reckon_anew(request, signed, CALENDAR, why, "kalender", f"&tahun={years[0]}" if years else "")


ACTS: dict[str, FormAct] = {
    "tambah": _add,
    "hapus": _remove,
    "berkas": _paste,
    "berlakukan": _adopt,
    "hitung-ulang": reckoning_on(CALENDAR),
}

ROUTES = page_with_forms(CALENDAR, Act.IMPORT_CALENDAR, show_calendar, ACTS, list_text)
