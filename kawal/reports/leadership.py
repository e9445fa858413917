"""The leadership's figures of an agency: a month beside the one before, a year by months, what is late, places.

All of it comes from kept sums, as of the end of any local day, so the cost does not depend on the number of reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from kawal.domain.names import Publicity
from kawal.domain.public_figures import Period
from kawal.domain.work_figures import Days, WorkCount, WorkNumber
from kawal.reports.kept_sums import SumsQuery, kept_sums
from kawal.reports.league import WorkSum, work_sums
from kawal.reports.recap import UnknownInstansi

EVER = date(2000, 1, 1)
"""No report is older."""

MONTHS = 12
"""The months that are shown beside each other, the last one so far."""

NUMBERED_FROM = date(2000, 1, 1)
"""The day whose number is 0 (schema.sql, day_number)."""


class MonthSoFar(BaseModel):
    """An agency's month up to a day, as it stood at that day's end."""

    model_config = ConfigDict(frozen=True)

    day: date
    received: int
    done: WorkCount
    """The reports closed in it."""
    overdue: int
    """The reports that are late then, whenever received."""

    @property
    def first(self) -> date:
        """The first day of the month."""
        return self.day.replace(day=1)

    @property
    def values(self) -> Mapping[WorkNumber, int | Decimal | None]:
        """The five figures: counts, of PUNCTUAL a percentage of those done, of RATED the mean rating."""
        return {
            WorkNumber.RECEIVED: self.received,
            WorkNumber.DONE: self.done.reports,
            WorkNumber.PUNCTUAL: self.done.punctual,
            WorkNumber.LATE: self.overdue,
            WorkNumber.RATED: self.done.satisfaction,
        }


class MonthLine(BaseModel):
    """A month of those beside each other."""

    model_config = ConfigDict(frozen=True)

    month: date
    received: int
    done: int
    """Closed in it, whenever received."""
    to_follow_up: Days
    """Of the reports received in it."""


class OwedLine(BaseModel):
    """What an OPD owes: `count.late` of them are late."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    count: WorkCount


class Leadership(BaseModel):
    """Everything on the leadership's page that is counted."""

    model_config = ConfigDict(frozen=True)

    instansi: str
    name: str
    day: date
    """The local day up to which it counts."""
    now: MonthSoFar
    before: MonthSoFar
    """The month before, up to the same day of the month."""
    months: list[MonthLine]
    """The earliest first."""
    owed: list[OwedLine]
    """By OPD, those with the most late ones first."""
    areas: dict[str, int]
    """Public reports received in the day's year by area, '' for those without one (`Recap.masuk`)."""


async def leadership(source: Any, *, instansi: str, day: date, past: bool) -> Leadership:
    """Count an agency's figures up to a local day; unless that is `past`, with all that is recorded by now.

    `source` is an asyncpg pool or connection. Raises UnknownInstansi.
    """
    name = await source.fetchval("select name from instansi where code = $1", instansi)
    if name is None:
        raise UnknownInstansi(instansi)
    first, as_of = _months_back(day, MONTHS - 1), day if past else None
    received, follow_ups = await _by_month(source, instansi, Period(first, day.replace(day=1)), as_of)
    closed = await _closed(source, instansi, first, day, as_of)
    done: dict[date, int] = defaultdict(int)
    for on, count in closed.items():
        done[on.replace(day=1)] += count.reports
    return Leadership(
        instansi=instansi,
        name=name,
        day=day,
        now=await _so_far(source, instansi, day, as_of, received.get(day.replace(day=1), 0), closed),
        before=await _month_before(source, instansi, day),
        months=[
            MonthLine(
                month=month,
                received=received.get(month, 0),
                done=done[month],
                to_follow_up=Days(times=follow_ups.get(month, {})),
            )
            for month in (_months_back(day, back) for back in reversed(range(MONTHS)))
        ],
        owed=await _owed(source, instansi, name, day, as_of),
        areas=await _areas(source, instansi, Period.of_year(day.year), as_of),
    )


async def _month_before(source: Any, instansi: str, day: date) -> MonthSoFar:
    first = _months_back(day, 1)
    last = min(first + timedelta(days=day.day - 1), day.replace(day=1) - timedelta(days=1))
    received, _ = await _by_month(source, instansi, Period(first, first), last)
    closed = await _closed(source, instansi, first, last, last)
    return await _so_far(source, instansi, last, last, received.get(first, 0), closed)


async def _so_far(
    source: Any, instansi: str, day: date, as_of: date | None, received: int, closed: Mapping[date, WorkCount]
) -> MonthSoFar:
    since = day.replace(day=1)
    done = sum((count for on, count in closed.items() if since <= on <= day), WorkCount())
    return MonthSoFar(
        day=day, received=received, done=done, overdue=await _overdue(source, instansi, _ever(day), as_of)
    )


async def _by_month(
    source: Any, instansi: str, period: Period, as_of: date | None
) -> tuple[dict[date, int], dict[date, dict[int, int]]]:
    """Return how many were received in each month, and how many of them were followed up in how many working days."""
    statement, arguments = _recap_sums(("channel", "follow_up"), instansi, period, as_of, ("axis", "month", "value"))
    rows = await source.fetch(
        f"select axis, month, case axis when 'follow_up' then value::integer end as days, sum(masuk)::bigint as masuk"  # noqa: S608 - own words
        f" from ({statement}) as part group by 1, 2, 3",
        *arguments,
    )
    received: dict[date, int] = {}
    follow_ups: dict[date, dict[int, int]] = defaultdict(dict)
    for row in rows:
        if row["axis"] == "channel":
            received[row["month"]] = row["masuk"]
        else:
            follow_ups[row["month"]][row["days"]] = row["masuk"]
    return received, follow_ups


async def _overdue(source: Any, instansi: str, period: Period, as_of: date | None) -> int:
    statement, arguments = _recap_sums(("channel",), instansi, period, as_of, ())
    found = await source.fetchval(
        f"select coalesce(sum(overdue), 0)::bigint from ({statement}) as part",  # noqa: S608 - own words
        *arguments,
    )
    return int(found)


async def _areas(source: Any, instansi: str, period: Period, as_of: date | None) -> dict[str, int]:
    statement, arguments = _recap_sums(("area",), instansi, period, as_of, ("value", "publicity"))
    rows = await source.fetch(
        f"select value, sum(masuk)::bigint as masuk from ({statement}) as part"  # noqa: S608 - own words
        f" where publicity = '{Publicity.PUBLIC}' group by 1 having sum(masuk) <> 0",
        *arguments,
    )
    return {row["value"]: row["masuk"] for row in rows}


async def _closed(source: Any, instansi: str, first: date, last: date, as_of: date | None) -> Mapping[date, WorkCount]:
    """Return what was closed on each local day."""
    sums = await work_sums(source, instansi, ("closed",), _ever(last), as_of, (first - NUMBERED_FROM).days)
    return {NUMBERED_FROM + timedelta(days=one.value): one.counted for one in sums}


async def _owed(source: Any, instansi: str, name: str, day: date, as_of: date | None) -> list[OwedLine]:
    sums = await work_sums(source, instansi, ("owes",), _ever(day), as_of)
    rows = await source.fetch("select code::text as code, name from opd where instansi = $1", instansi)
    names = {instansi: name} | {row["code"]: row["name"] for row in rows}
    return sorted((_owed_line(one, names) for one in sums), key=lambda line: (-line.count.late, -line.count.reports))


def _owed_line(one: WorkSum, names: Mapping[str, str]) -> OwedLine:
    return OwedLine(code=one.opd, name=names.get(one.opd, one.opd), count=one.counted)


def _recap_sums(
    axes: Sequence[str], instansi: str, period: Period, as_of: date | None, columns: Sequence[str]
) -> tuple[str, list[Any]]:
    before = None if as_of is None else as_of + timedelta(days=1)
    return kept_sums(columns, SumsQuery(axes, *period, instansi, before))


def _ever(day: date) -> Period:
    return Period(EVER, date(day.year, 12, 1))


def _months_back(day: date, back: int) -> date:
    """Return the first day of the month that is so many months before a day's."""
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)
