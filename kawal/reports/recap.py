"""Counts the recap of a year, now or as of a past instant; docs/recap.md says what each figure means.

Reads the sums that the database updates as complaints change (schema.sql, recap_tally), so the cost depends on the
number of lines and days, not on the number of complaints. A past instant is the sum of all earlier days, plus the
changes of its own day up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

from kawal.domain.calendar import at_local, local_day
from kawal.domain.quality import QualityCount
from kawal.domain.recap import Mismatch, Recap, check_sums, rank, total
from kawal.reports.kept_sums import FIGURES, SumsQuery, kept_sums
from kawal.reports.quality import quality_of

By = Literal["opd", "channel", "class", "category", "month", "instansi"]
WAYS: tuple[By, ...] = get_args(By)

OVERLAPPING: frozenset[str] = frozenset({"opd"})
"""Groupings whose lines share complaints, so that they add up to more than the total."""

_AXES = {"opd": "opd", "class": "class", "category": "category"}
"""The tally's axis for each grouping; the others use the channel axis, where every complaint occurs once."""

_ONCE = "channel"

_LINES = {
    None: "''",
    "channel": "value",
    "class": "value",
    "month": "to_char(month, 'YYYY-MM')",
    "instansi": "part.instansi",
    "opd": "part.instansi || '/' || value",
    "category": "value",
}


class UnknownInstansi(Exception):  # noqa: N818 - names the condition
    """No agency has this code."""


class RecapLine(BaseModel):
    """One line: `key` is its code, month (YYYY-MM) or category, '' for the complaints without one."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    """The key in words where the installation has a name for it, else the key itself."""
    place: int | None = None
    """The agency's place in the ranking; None on other lines and for an agency without reports."""
    recap: Recap


class RecapTable(BaseModel):
    """The recap of the reports received in a year (Asia/Jakarta), of one agency or of all."""

    model_config = ConfigDict(frozen=True)

    instansi: str | None
    year: int
    as_of: datetime | None
    """The instant as of which everything was counted (UTC); None: now, with all that is recorded."""
    by: By | None
    lines: list[RecapLine]
    total: Recap
    """Counts every complaint once, even where lines share complaints."""
    quality: QualityCount = QualityCount()
    """The reviewers' verdicts on the sampled follow-ups of these reports."""

    @property
    def mismatches(self) -> dict[str, Mismatch]:
        """The sums that do not agree, by line; '*' is the total, '+' the lines' own sum against the total."""
        found = {line.key: gap for line in self.lines if (gap := check_sums(line.recap))}
        if gap := check_sums(self.total):
            found["*"] = gap
        if self.by is not None and self.by not in OVERLAPPING:
            together = total(line.recap for line in self.lines)
            if together != self.total:
                found["+"] = Mismatch(masuk=self.total.masuk, counted=together.masuk)
        return found


async def recap(
    source: Any,
    *,
    instansi: str | None = None,
    year: int,
    as_of: datetime | None = None,
    by: By | None = None,
) -> RecapTable:
    """Count the complaints received in `year` (local time), of all agencies or one.

    `source` is an asyncpg pool or connection. With `as_of` (aware) every figure is as of that instant, events at that
    very instant included. Raises UnknownInstansi, and ValueError for an `as_of` without a time zone.
    """
    names = await _agencies(source, instansi)
    if as_of is not None and as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    axis = _AXES.get(by or "", _ONCE)
    day = None if as_of is None else local_day(as_of)
    statement, arguments = _statement(
        by, SumsQuery((_ONCE, axis), date(year, 1, 1), date(year, 12, 1), instansi, day), as_of
    )
    rows = await source.fetch(statement, *arguments)
    counted = {axis: {row["line"]: _recap_of(row) for row in rows if row["axis"] == axis} for axis in (_ONCE, axis)}
    if by == "opd":
        # An agency that handles a complaint itself is listed like an OPD, under its own code.
        names = {f"{code}/{code}": name for code, name in names.items()}
        names |= {f"{row['instansi']}/{row['code']}": row["name"] for row in await source.fetch(_OPD_NAMES)}
    return RecapTable(
        instansi=instansi,
        year=year,
        as_of=None if as_of is None else as_of.astimezone(UTC),
        by=by,
        lines=[] if by is None else _lines(by, counted[axis], names, alone=instansi is not None),
        total=total(counted[_ONCE].values()),
        quality=await quality_of(source, instansi=instansi, year=year, as_of=as_of),
    )


def _lines(by: By, counted: dict[str, Recap], names: dict[str, str], *, alone: bool) -> list[RecapLine]:
    """Return the lines in reading order: agencies by rank, months by time, others by the number of reports."""
    if by == "instansi":
        ranked = rank({code: counted.get(code, Recap()) for code in names})
        return [
            RecapLine(key=one.instansi, name=names[one.instansi], place=one.place, recap=one.recap) for one in ranked
        ]
    some = [(key, one) for key, one in counted.items() if one != Recap()]
    some.sort(key=lambda pair: (0 if by == "month" else -pair[1].masuk, pair[0]))
    return [_line(by, key, one, names, alone=alone) for key, one in some]


def _line(by: By, key: str, one: Recap, names: dict[str, str], *, alone: bool) -> RecapLine:
    shown = key.partition("/")[2] if by == "opd" and alone else key
    return RecapLine(key=shown, name=names.get(key, shown) if by == "opd" else shown, recap=one)


async def _agencies(source: Any, instansi: str | None) -> dict[str, str]:
    rows = await source.fetch("select code, name from instansi where $1::text is null or code = $1", instansi)
    if instansi is not None and not rows:
        raise UnknownInstansi(instansi)
    return {row["code"]: row["name"] for row in rows}


_OPD_NAMES = "select instansi, code, name from opd"


def _recap_of(row: Any) -> Recap:
    return Recap(**{name: row[name] for name in FIGURES})


def _statement(by: By | None, query: SumsQuery, as_of: datetime | None) -> tuple[str, list[Any]]:
    """Return one statement, so that all its parts see the same state of the database, and its arguments."""
    columns = ("axis", "instansi", "value", *(("month",) if by == "month" else ()))
    parts, arguments = kept_sums(columns, query)
    if as_of is not None:
        parts += f" union all {_own_day(columns, len(arguments) + 1)}"
        arguments += [at_local(local_day(as_of), 0), as_of]
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in FIGURES)
    return f"select axis, {_LINES[by]} as line, {sums} from ({parts}) as part group by 1, 2", arguments  # noqa: S608 - only the program's words


def _own_day(columns: Sequence[str], n: int) -> str:
    """Return the changes of the instant's own day (from $n to $n+1): spans that began by then count, ended ones not."""
    named = ", ".join(f"line.{name}" for name in (*columns, *FIGURES))
    return (
        f"select {named} from ("  # noqa: S608 - only the program's words
        f"  select 1 as sign, span, from_at as at from status_span as span where from_at between ${n} and ${n + 1}"
        "  union all"
        f"  select -1, span, to_at from status_span as span where to_at between ${n} and ${n + 1}"
        ") as change cross join lateral recap_count(sign, span, at) as line"
        " where line.axis = any($1) and line.month between $2 and $3 and ($4::text is null or line.instansi = $4)"
    )
