"""The sums that the database keeps (schema.sql, recap_tally and work_tally), read by as few rows as give them.

They are kept by the day on which they arose, and once more by months and by years. The sum up to a day is that up to
the nearest beginning of a year, the months from there to the nearest beginning of a month, and the days from there to
the day; both are added, or subtracted where the beginning lies after the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from kawal.domain.recap import Recap
from kawal.domain.work_figures import WorkCount

FIGURES = tuple(Recap.model_fields)

_PENDING = "pending"
"""What has not been added to the kept sums yet."""

_OF_RECEIPT = "axis = any($1) and month between $2 and $3 and ($4::text is null or instansi = $4)"


class KeptSums(NamedTuple):
    """Sums that are kept in the tables NAME_tally and NAME_pending."""

    name: str
    figures: tuple[str, ...]


RECAP = KeptSums("recap", FIGURES)
WORK = KeptSums("work", WorkCount.figures())


class SumsQuery(NamedTuple):
    """Which sums are asked for."""

    axes: Sequence[str]
    first: date
    """The first month of receipt (its first day)."""
    last: date
    """The last one."""
    instansi: str | None
    """None: all agencies."""
    before: date | None = None
    """The local day whose changes count no more; None: all changes until now."""
    kept: KeptSums = RECAP


class _Stretch(NamedTuple):
    """Kept sums of the days from `since` on (None: from the first) until the day before `until` (None: to the last)."""

    grain: str
    since: date | None
    until: date | None
    sign: str = ""


def kept_sums(columns: Sequence[str], query: SumsQuery) -> tuple[str, list[Any]]:
    """Return a statement of columns and figures, and its arguments ($1 to $4 are the first ones of the query).

    Its rows are to be added up: some lines occur several times.
    """
    arguments: list[Any] = [list(query.axes), query.first, query.last, query.instansi]
    # Of a whole year of receipt the months are together in one line, unless each is asked for.
    whole_years = "month" not in columns and query.first.month == 1 and query.last.month == 12
    parts = [
        _part(columns, query.kept, stretch, arguments) for stretch in _stretches(query.before, whole_years=whole_years)
    ]
    return " union all ".join(parts), arguments


def _part(columns: Sequence[str], kept: KeptSums, stretch: _Stretch, arguments: list[Any]) -> str:
    conditions = [_OF_RECEIPT]
    for relation, bound in ((">=", stretch.since), ("<", stretch.until)):
        if bound is not None:
            arguments.append(bound)
            conditions.append(f"day {relation} ${len(arguments)}")
    table = f"{kept.name}_{'pending' if stretch.grain == _PENDING else 'tally'}"
    if stretch.grain != _PENDING:
        conditions.append(f"grain = '{stretch.grain}'")
    named = ", ".join((*columns, *(f"{stretch.sign}{figure} as {figure}" for figure in kept.figures)))
    return f"select {named} from {table} where {' and '.join(conditions)}"  # noqa: S608 - only the program's words


def _stretches(before: date | None, *, whole_years: bool) -> Iterator[_Stretch]:
    yield _Stretch(_PENDING, None, before)
    if before is None:
        yield _Stretch("year" if whole_years else "month", None, None)
        return
    month = _nearest_month(before)
    if whole_years:
        year = _nearest_year(month)
        yield _Stretch("year", None, year)
        yield from _between("month", year, month)
    else:
        yield _Stretch("month", None, month)
    yield from _between("day", month, before)


def _between(grain: str, start: date, end: date) -> Iterator[_Stretch]:
    """Yield what leads from the sum up to `start` to the sum up to `end`."""
    if start < end:
        yield _Stretch(grain, start, end)
    if start > end:
        yield _Stretch(grain, end, start, sign="-")


def _nearest_month(day: date) -> date:
    """Return the beginning of a month that is nearest to the day, and never one that no date can name."""
    first = day.replace(day=1)
    if day.day <= 16 or first == date.max.replace(day=1):
        return first
    return (first + timedelta(days=31)).replace(day=1)


def _nearest_year(month: date) -> date:
    """Return the beginning of a year that is nearest to that of a month, and never one that no date can name."""
    return date(min(month.year + (month.month > 7), date.max.year), 1, 1)
