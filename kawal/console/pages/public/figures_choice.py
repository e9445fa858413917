"""What the pages of figures are asked for, as their address says it: agency, period, and the day as of which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from kawal.base.unavailable import unavailable
from kawal.console.pages.public.parts import agencies_of, complaints_of
from kawal.domain.calendar import end_of, local_day
from kawal.domain.msgids import Message, Sayable, msgid, sentence
from kawal.domain.public_figures import Period
from kawal.store.directory import Instansi
from kawal.web.problems import RETRY_AFTER, Problem
from kawal.wording.catalogues import say
from kawal.wording.dates import show_days, show_long_instant

FIRST_YEAR = 2000
"""No report is older."""

PAGE, ROWS = "/angka", "/angka/baris"

_YEAR, _MONTH, _DAY = re.compile("[0-9]{4}"), re.compile("[0-9]{1,2}"), re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

UNKNOWN_AGENCY = msgid("There is no agency of this code here. Choose one of the list.")
NO_SUCH_YEAR = msgid("There are no figures of this year. Choose a year from {first} to {last}.")
NO_SUCH_MONTH = msgid("Choose a month from 1 to 12.")
FUTURE_MONTH = msgid("This month has not begun yet. Choose an earlier one.")
NO_SUCH_DAY = msgid("There is no such day. Write it as 2026-11-20.")
FUTURE_DAY = msgid("This day has not come yet. Choose today or an earlier day.")
DAY_BEFORE = msgid("This day lies before the period. Choose a day from {first} on.")

_NOW = msgid("Reports received {days}, as they stand today.")
_PAST = msgid("Reports received {days}, as they stood on {at}.")
_AWAY = msgid("The figures cannot be read now. Open this page again in a moment.")

Faults = Mapping[str, Sayable]
"""What is wrong with the address, by the argument."""


class Arguments(NamedTuple):
    """The arguments of the address as they were given; an empty one is as good as none."""

    instansi: str = ""
    tahun: str = ""
    bulan: str = ""
    per: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Arguments:
        """Return those of a request."""
        return cls(**{name: given.get(name, "").strip()[:40] for name in cls._fields})


class Choice(NamedTuple):
    """An agency, a year or a month of it, and the day as of which; None: as of now."""

    agency: Instansi
    year: int
    month: int | None
    day: date | None
    today: date

    @property
    def period(self) -> Period:
        """The months of receipt."""
        return Period.of_year(self.year) if self.month is None else Period.of_month(self.year, self.month)

    @property
    def last(self) -> date:
        """The last day of receipt that can be in it."""
        return min(self.period.until - timedelta(days=1), self.day or self.today)

    def address(self, path: str = PAGE, **more: str) -> str:
        """Return the address of a page about this choice; what is None or not chosen is left out of it."""
        given = {
            "instansi": self.agency.code,
            "tahun": str(self.year),
            "bulan": None if self.month is None else str(self.month),
            "per": None if self.day is None else self.day.isoformat(),
            **more,
        }
        return f"{path}?{urlencode({name: value for name, value in given.items() if value is not None})}"

    def said(self, lang: str) -> str:
        """Return in words which reports are counted, and as of when."""
        days = show_days(self.period.first, self.last, lang)
        if self.day is None:
            return say(lang, _NOW, days=days)
        return say(lang, _PAST, days=days, at=show_long_instant(end_of(self.day), lang))


class Reading(NamedTuple):
    """What an address asks for: the choice; or, without one, the agencies to choose from and what is wrong."""

    asked: Arguments
    agencies: Sequence[Instansi]
    choice: Choice | None
    faults: Faults

    @property
    def status(self) -> int:
        """The status of the page."""
        if not self.faults:
            return 200
        return 404 if "instansi" in self.faults else 422


async def read(request: Request) -> Reading:
    """Return what a request asks for; raises Problem 503 while the agencies are not known."""
    agencies = await agencies_of(request).offered(request)
    if not agencies:
        raise _away()
    today = local_day(complaints_of(request).now())
    return read_asked(Arguments.of(request.query_params), agencies, today)


def read_asked(asked: Arguments, agencies: Sequence[Instansi], today: date) -> Reading:
    """Return what the arguments ask for; of one agency its code may be left out."""
    named = [one for one in agencies if one.code == asked.instansi] if asked.instansi else list(agencies)
    faults: dict[str, Sayable] = {}
    year, month = _year(asked.tahun, today, faults), None
    if year is not None:
        month = _month(asked.bulan, year, today, faults)
    day = None if faults or year is None else _day(asked.per, date(year, month or 1, 1), today, faults)
    if not named:
        faults["instansi"] = UNKNOWN_AGENCY
    if faults or year is None or len(named) > 1:
        return Reading(asked, agencies, None, faults)
    return Reading(asked, agencies, Choice(named[0], year, month, day, today), faults)


def this_month(agency: Instansi, today: date) -> Choice:
    """Return the choice of the month that is going on."""
    return Choice(agency, today.year, today.month, None, today)


@contextmanager
def said_when_away() -> Iterator[None]:
    """Turn what is unavailable within the block into Problem 503, in words that fit a page that is only read."""
    try:
        yield
    except Exception as error:
        if unavailable(error) is None:
            raise
        raise _away() from error


def _away() -> Problem:
    return Problem(503, "unavailable", _AWAY, headers={"Retry-After": str(RETRY_AFTER)})


def _year(text: str, today: date, faults: dict[str, Sayable]) -> int | None:
    year = today.year if not text else int(text) if _YEAR.fullmatch(text) else 0
    if FIRST_YEAR <= year <= today.year:
        return year
    faults["tahun"] = sentence(NO_SUCH_YEAR, first=FIRST_YEAR, last=today.year)
    return None


def _month(text: str, year: int, today: date, faults: dict[str, Sayable]) -> int | None:
    if not text:
        return None
    month = int(text) if _MONTH.fullmatch(text) else 0
    fault: Message | None = None
    if not 1 <= month <= 12:
        fault = NO_SUCH_MONTH
    elif date(year, month, 1) > today:
        fault = FUTURE_MONTH
    if fault is not None:
        faults["bulan"] = fault
    return month


def _day(text: str, first: date, today: date, faults: dict[str, Sayable]) -> date | None:
    """Return the day as of which; None for today: it is not over yet."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        faults["per"] = NO_SUCH_DAY
    elif day > today:
        faults["per"] = FUTURE_DAY
    elif day < first:
        faults["per"] = sentence(DAY_BEFORE, first=first)
    return None if day == today else day
