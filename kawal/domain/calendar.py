"""Working days: Monday to Friday except national holidays, collective leave (cuti bersama) and an agency's own leave.

A deadline of n working days is the end (24:00, Asia/Jakarta) of the n-th working day after the local day of the event;
the day of the event never counts. A year whose calendar is not known yet is computed from weekends and fixed-date
holidays alone, and deadlines that extend into it are provisional. Everything here is pure: holidays are passed in as
data (docs/calendar.md).
"""

from __future__ import annotations

import calendar as gregorian
import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from kawal.domain.msgids import Sayable, Sentence, msgid, sentence
from kawal.domain.validation_messages import UnreadableFile

JAKARTA = timezone(timedelta(hours=7), "Asia/Jakarta")
"""Western Indonesian time: UTC+7 all year, without daylight saving."""

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
"""Days outside FIRST_DAY..LAST_DAY are typing errors: every function here refuses them."""

FIXED = (
    # month, day, first year as a holiday, name
    (1, 1, 0, "Tahun Baru Masehi"),
    (5, 1, 2014, "Hari Buruh Internasional"),
    (6, 1, 2017, "Hari Lahir Pancasila"),
    (8, 17, 0, "Hari Kemerdekaan Republik Indonesia"),
    (12, 25, 0, "Hari Raya Natal"),
)
"""National holidays that fall on the same date every year: the only ones certain in a year without a decree."""


class HolidayKind(StrEnum):
    """Why a day is off: by the joint decree of three ministers (the first two), or by the agency's own."""

    LIBUR_NASIONAL = "libur_nasional"
    CUTI_BERSAMA = "cuti_bersama"
    LIBUR_DAERAH = "libur_daerah"


class Holiday(BaseModel):
    """A day off, as an operator writes it in a calendar file."""

    model_config = ConfigDict(frozen=True)

    day: date
    kind: HolidayKind
    name: str


class ExcludedDay(BaseModel):
    """A day that did not count towards a deadline, and why."""

    model_config = ConfigDict(frozen=True)

    day: date
    why: Sayable


class Calendar(BaseModel):
    """One version of the working-day calendar, small enough to be part of a complaint's state.

    `off` contains for each known year the sorted days of the year (1..366) that are weekdays but not working days. A
    year that is present is known, even if its list is empty.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    off: dict[int, list[int]]

    @model_validator(mode="after")
    def _refuse_impossible_days(self) -> Self:
        for year, numbers in self.off.items():
            if not FIRST_DAY.year <= year <= LAST_DAY.year:
                raise ValueError(f"calendar {self.version}: {year} is outside {FIRST_DAY.year}..{LAST_DAY.year}")
            if any(a >= b for a, b in pairwise(numbers)):
                raise ValueError(f"calendar {self.version}: the days of {year} are not sorted or repeat")
            if numbers and not (numbers[0] >= 1 and numbers[-1] <= 365 + gregorian.isleap(year)):
                raise ValueError(f"calendar {self.version}: a day number of {year} is not in that year")
            new_year = date(year, 1, 1).toordinal()
            if any(not _is_weekday(new_year + n - 1) for n in numbers):
                raise ValueError(f"calendar {self.version}: a day off of {year} is a Saturday or Sunday")
        return self

    @classmethod
    def from_holidays(cls, version: str, holidays: Iterable[Holiday]) -> Calendar:
        """Create a calendar that knows every year for which `holidays` has a day.

        Raises ValueError if a year lacks one of the fixed-date holidays: such a list is incomplete, and using it would
        make wrong deadlines look certain.
        """
        days: dict[int, set[date]] = {}
        for holiday in holidays:
            days.setdefault(_checked(holiday.day).year, set()).add(holiday.day)
        for year, listed in sorted(days.items()):
            missing = [f"{day} ({name})" for day, name in _fixed_days(year).items() if day not in listed]
            if missing:
                incomplete = msgid("the calendar of {year} is incomplete: {missing} is not in it")
                raise UnreadableFile(sentence(incomplete, year=year, missing=missing[0]))
        off = {
            year: sorted(day.timetuple().tm_yday for day in listed if day.weekday() < 5)
            for year, listed in sorted(days.items())
        }
        return cls(version=version, off=off)

    def knows(self, year: int) -> bool:
        """Return whether that year's calendar has been imported."""
        return year in self.off

    def is_working(self, day: date) -> bool:
        """Return whether that local day is a working day; see the module for years that are not known."""
        _checked(day)
        return day.weekday() < 5 and day.timetuple().tm_yday not in self._off_days(day.year)

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which itself does not count; `day` itself for n = 0.

        Raises ValueError for a negative n, and if the result is later than LAST_DAY.
        """
        if n < 0:
            raise ValueError(f"{n} working days: the number must not be negative")
        start = _checked(day).toordinal()
        if n == 0:
            return day
        base = _weekdays_until(start) + n
        # Start from weekdays alone and add the days off passed, until there are no more: the least fixed point is the
        # first day by which n working days have passed, so it is a working day itself.
        off = 0
        while True:
            ordinal = _ordinal_of_weekday(base + off)
            if ordinal > LAST_DAY.toordinal():
                raise ValueError(f"{n} working days after {day} is beyond {LAST_DAY}")
            reached = self._off_between(start, ordinal)
            if reached == off:
                return date.fromordinal(ordinal)
            off = reached

    def between(self, after: date, upto: date) -> int:
        """Count the working days later than `after`, up to and including `upto`; 0 if `upto` is not later."""
        start, end = _checked(after).toordinal(), _checked(upto).toordinal()
        if end <= start:
            return 0
        return _weekdays_until(end) - _weekdays_until(start) - self._off_between(start, end)

    def next_working(self, day: date) -> date:
        """Return `day` itself if it is a working day, else the first one after it."""
        return day if self.is_working(day) else self.add(day, 1)

    def provisional(self, start: date, deadline: date) -> bool:
        """Return whether a year from `start` to `deadline` is unknown, so that the deadline may still move."""
        return not all(self.knows(year) for year in range(_checked(start).year, _checked(deadline).year + 1))

    def changed_days(self, other: Calendar) -> list[date]:
        """List the weekdays that are working days by one of two calendars alone, in order."""
        return [
            date.fromordinal(date(year, 1, 1).toordinal() + number - 1)
            for year in sorted({*self.off, *other.off})
            for number in sorted({*self._off_days(year)} ^ {*other._off_days(year)})
        ]

    def _off_days(self, year: int) -> list[int]:
        known = self.off.get(year)
        return _fixed_off(year) if known is None else known

    def _off_between(self, start: int, end: int) -> int:
        """Count the weekdays off with start < ordinal <= end."""
        total = 0
        for year in range(date.fromordinal(start).year, date.fromordinal(end).year + 1):
            before_new_year = date(year, 1, 1).toordinal() - 1
            numbers = self._off_days(year)
            total += bisect_right(numbers, end - before_new_year) - bisect_right(numbers, start - before_new_year)
        return total


def deadline_day(calendar: Calendar, start: date, n: int) -> date:
    """Return the last day of a limit of n working days whose clock starts on `start` (excluded).

    The deadline is the end of that day (`end_of`). Raises ValueError unless n is at least 1.
    """
    if n < 1:
        raise ValueError("a limit is at least 1 working day")
    return calendar.add(start, n)


def local_day(at: datetime) -> date:
    """Return the Asia/Jakarta date of an aware instant; raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone has no local day")
    return at.astimezone(JAKARTA).date()


def end_of(day: date) -> datetime:
    """Return 24:00 Asia/Jakarta of that day, as an instant in UTC."""
    return at_local(day + timedelta(days=1), 0)


def at_local(day: date, hour: int) -> datetime:
    """Return that full hour (0..23), Asia/Jakarta, of that day, as an instant in UTC."""
    return datetime.combine(day, time(hour), JAKARTA).astimezone(UTC)


def explain(calendar: Calendar, names: Mapping[date, str], start: date, deadline: date) -> list[ExcludedDay]:
    """List each day later than `start`, up to and including `deadline`, that did not count, and why.

    `names` maps the calendar's days off to their names.
    """
    days = (date.fromordinal(n) for n in range(_checked(start).toordinal() + 1, _checked(deadline).toordinal() + 1))
    return [_reason(calendar, names, day) for day in days if not calendar.is_working(day)]


def parse_holidays(csv_text: str) -> list[Holiday]:
    """Read a calendar file: a header `tanggal,jenis,nama`, then one row per day, with commas, semicolons or tabs.

    `tanggal` is YYYY-MM-DD, or DD/MM/YYYY as spreadsheets in Indonesia write it, `jenis` a HolidayKind, `nama` the
    day's name. Blank lines are skipped. Raises ValueError naming row (as an editor numbers lines) and column of the
    first error.
    """
    # A spreadsheet's export may begin with a byte order mark, which is not part of the header.
    text = csv_text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = next((one for one in "\t;" if one in first), ",")
    rows = csv.reader(io.StringIO(text), delimiter=between, strict=True)
    seen: dict[date, int] = {}
    holidays: list[Holiday] = []
    try:
        filled = (cells for cells in rows if any(cell.strip() for cell in cells))
        header = [cell.strip().lower() for cell in next(filled, [])]
        if header != list(_COLUMNS):
            wanted = ",".join(_COLUMNS)
            raise _bad_cell(
                max(rows.line_num, 1), wanted, sentence(msgid("the header must be {columns}"), columns=wanted)
            )
        for cells in filled:
            holiday = _parse_row(rows.line_num, cells)
            if holiday.day in seen:
                twice = msgid("{day} is in row {row} already; join the names in one row")
                told = sentence(twice, day=holiday.day, row=seen[holiday.day])
                raise _bad_cell(rows.line_num, "tanggal", told)
            seen[holiday.day] = rows.line_num
            holidays.append(holiday)
    except csv.Error as error:
        raise _bad_cell(rows.line_num, "*", sentence(msgid("not valid CSV: {error}"), error=error)) from error
    return sorted(holidays, key=lambda holiday: holiday.day)


def holidays_text(holidays: Iterable[Holiday]) -> str:
    """Return a calendar file with these days, as `parse_holidays` reads it."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows((holiday.day.isoformat(), str(holiday.kind), holiday.name) for holiday in holidays)
    return written.getvalue()


_COLUMNS = ("tanggal", "jenis", "nama")
_NAME_LIMIT = 200
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_INDONESIAN_DAY = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})")


def _parse_row(row: int, cells: list[str]) -> Holiday:
    if len(cells) != len(_COLUMNS):
        raise _bad_cell(
            row, "*", sentence(msgid("columns found: {found}; needed: {wanted}"), found=len(cells), wanted=3)
        )
    day_text, kind_text, name = (cell.strip() for cell in cells)
    day = _day(day_text)
    if day is None:
        no_date = sentence(msgid("“{text}” is not a date YYYY-MM-DD or DD/MM/YYYY"), text=day_text[:40])
        raise _bad_cell(row, "tanggal", no_date)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _bad_cell(row, "tanggal", _outside(day))
    if kind_text not in set(HolidayKind):
        allowed = ", ".join(HolidayKind)
        raise _bad_cell(
            row, "jenis", sentence(msgid("“{text}” is not one of {allowed}"), text=kind_text[:40], allowed=allowed)
        )
    if not name or len(name) > _NAME_LIMIT:
        raise _bad_cell(row, "nama", sentence(msgid("must have 1 to {most} characters"), most=_NAME_LIMIT))
    return Holiday(day=day, kind=HolidayKind(kind_text), name=name)


def _day(text: str) -> date | None:
    """Return the day that a cell names in one of the two forms, None for anything else."""
    found = _ISO_DAY.fullmatch(text) or _INDONESIAN_DAY.fullmatch(text)
    try:
        return None if found is None else date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _bad_cell(row: int, column: str, what: Sayable) -> UnreadableFile:
    return UnreadableFile(sentence(msgid("row {row}, column {column}: {reason}"), row=row, column=column, reason=what))


def _outside(day: date) -> Sentence:
    return sentence(msgid("{day} is outside {first}..{last}"), day=day, first=FIRST_DAY, last=LAST_DAY)


def _reason(calendar: Calendar, names: Mapping[date, str], day: date) -> ExcludedDay:
    if day.weekday() >= 5:
        return ExcludedDay(day=day, why=msgid("weekend"))
    if not calendar.knows(day.year):
        name = _fixed_days(day.year)[day]
        return ExcludedDay(
            day=day,
            why=sentence(
                msgid("fixed-date holiday: {name} (the calendar of {year} is not known yet)"), name=name, year=day.year
            ),
        )
    name = names.get(day, "")
    by_calendar = sentence(msgid("holiday by calendar {version}"), version=calendar.version)
    return ExcludedDay(day=day, why=sentence(msgid("holiday: {name}"), name=name) if name else by_calendar)


def _checked(day: date) -> date:
    # A datetime is a date to Python, and its date would be the UTC one: the day before, until 07:00 local time.
    if isinstance(day, datetime):
        raise ValueError(f"{day} is an instant; its local day is meant")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UnreadableFile(_outside(day))
    return day


def _is_weekday(ordinal: int) -> bool:
    # Ordinal 1 (1 January of year 1) is a Monday, so multiples of 7 are Sundays.
    return 1 <= ordinal % 7 <= 5


def _weekdays_until(ordinal: int) -> int:
    """Count the weekdays from ordinal 1 up to and including this one."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _ordinal_of_weekday(number: int) -> int:
    """Return the ordinal of the number-th weekday, counted from 1: the inverse of _weekdays_until."""
    weeks, rest = divmod(number - 1, 5)
    return weeks * 7 + rest + 1


@lru_cache(maxsize=256)
def _fixed_days(year: int) -> dict[date, str]:
    return {date(year, month, day): name for month, day, since, name in FIXED if year >= since}


@lru_cache(maxsize=256)
def _fixed_off(year: int) -> list[int]:
    return sorted(day.timetuple().tm_yday for day in _fixed_days(year) if day.weekday() < 5)
