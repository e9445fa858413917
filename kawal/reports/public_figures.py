"""The figures of the public page: of an agency's reports of a year or a month, now or as of the end of a day.

Each is counted by what the public may see of the reports now (`Publicity`), from the sums that the recap reads too
(kawal.reports.recap): so the public part and the hidden ones always add up to it, and the cost does not depend on the
number of complaints. By category and by place only public reports are counted: a line with few reports would tell of a
hidden one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from kawal.domain.names import Publicity
from kawal.domain.public_figures import RANKED_FROM, Figure, FigureCount, Period, counted, median
from kawal.domain.recap import Recap, rank, total
from kawal.reports.kept_sums import FIGURES, SumsQuery, kept_sums
from kawal.reports.recap import UnknownInstansi
from kawal.store.counted_reports import FigureQuery

__all__ = [
    "AreaLine",
    "CategoryLine",
    "OpdLine",
    "PublicFigures",
    "ReportSet",
    "UnknownInstansi",
    "figure_count",
    "public_figures",
]

_AXES = ("channel", "opd", "category", "follow_up", "completion", "area")
_ONCE = "channel"
"""The axis on which every complaint occurs once."""

PUBLIC_ONLY = frozenset({"category", "area"})
"""The axes of which only public reports are counted."""

ByPublicity = Mapping[Publicity, Recap]


class ReportSet(BaseModel):
    """A set of reports: each figure by what is hidden of it, and the shares and means over all of them."""

    model_config = ConfigDict(frozen=True)

    by_publicity: dict[Publicity, Recap]

    @cached_property
    def recap(self) -> Recap:
        """The figures over all of the reports."""
        return total(self.by_publicity.values())

    def count(self, figure: Figure) -> FigureCount:
        """Return a figure with its public and its hidden parts, which add up to it."""
        return counted({kind: getattr(recap, figure) for kind, recap in self.by_publicity.items()})


class OpdLine(BaseModel):
    """An OPD; `code` '' are the reports that no OPD has, the agency's own code those that it handles itself."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    place: int | None
    """In the order of per cent done; None with fewer than RANKED_FROM reports, and for what is no OPD."""
    reports: ReportSet


class CategoryLine(BaseModel):
    """The public reports of a main category; '' are those without one."""

    model_config = ConfigDict(frozen=True)

    name: str
    recap: Recap


class AreaLine(BaseModel):
    """The public reports of a kecamatan, or of a larger area where the place names no smaller; '' are the others."""

    model_config = ConfigDict(frozen=True)

    code: str
    recap: Recap


class PublicFigures(BaseModel):
    """The figures of an agency and a period."""

    model_config = ConfigDict(frozen=True)

    instansi: str
    name: str
    period: Period
    day: date | None
    """The local day as of whose end statuses are counted; None: now. What is hidden is always as of now."""
    all: ReportSet
    median_days_to_follow_up: Decimal | None
    """Working days, over the reports in masuk that have a follow-up."""
    median_days_to_completion: Decimal | None
    opds: list[OpdLine]
    """Ranked ones first. A report with several OPDs is on the line of each, so they do not add up to the whole."""
    categories: list[CategoryLine]
    """Those with the most public reports first."""
    areas: list[AreaLine]
    """Likewise."""


async def public_figures(source: Any, *, instansi: str, period: Period, day: date | None = None) -> PublicFigures:
    """Count an agency's figures; `source` is an asyncpg pool or connection. Raises UnknownInstansi."""
    name = await source.fetchval("select name from instansi where code = $1", instansi)
    if name is None:
        raise UnknownInstansi(instansi)
    statement, arguments = _by_line(_sums_query(_AXES, instansi, period, day))
    rows = await source.fetch(statement, *arguments)
    lines: dict[str, dict[str, dict[Publicity, Recap]]] = {axis: defaultdict(dict) for axis in _AXES}
    for row in rows:
        figures = {one: row[one] for one in FIGURES}
        if any(figures.values()):
            lines[row["axis"]][row["line"]][Publicity(row["publicity"])] = Recap(**figures)
    names = {row["code"]: row["name"] for row in await source.fetch(_OPD_NAMES, instansi)}
    return PublicFigures(
        instansi=instansi,
        name=name,
        period=period,
        day=day,
        all=ReportSet(by_publicity=lines[_ONCE].get("", {})),
        median_days_to_follow_up=median(_times(lines["follow_up"], "follow_ups")),
        median_days_to_completion=median(_times(lines["completion"], "completions")),
        opds=_opds(lines["opd"], {instansi: name} | names, names.keys()),
        categories=[CategoryLine(name=name, recap=recap) for name, recap in _public(lines["category"])],
        areas=[AreaLine(code=code, recap=recap) for code, recap in _public(lines["area"])],
    )


async def figure_count(source: Any, query: FigureQuery) -> FigureCount:
    """Count one figure with its public and its hidden parts, as it stands among `public_figures`.

    `source` is an asyncpg pool or connection. Of a category or an area only public reports are counted.
    """
    axis, *line = next(iter(query.lines.items()), (_ONCE,))
    statement, arguments = _count(query.figure, _sums_query([axis], query.instansi, query.period, query.day), line)
    rows = await source.fetch(statement, *arguments)
    counts = {Publicity(row["publicity"]): row["count"] for row in rows}
    return counted({Publicity.PUBLIC: counts.get(Publicity.PUBLIC, 0)} if axis in PUBLIC_ONLY else counts)


def _times(lines: Mapping[str, ByPublicity], figure: str) -> dict[int, int]:
    """Return how many reports took each number of days."""
    return {int(days): sum(getattr(recap, figure) for recap in of.values()) for days, of in lines.items()}


def _opds(lines: Mapping[str, ByPublicity], names: Mapping[str, str], ranked: Any) -> list[OpdLine]:
    sets = {code: ReportSet(by_publicity=dict(of)) for code, of in lines.items()}
    recaps = {code: one.recap for code, one in sets.items()}
    places = {
        one.instansi: one.place
        for one in rank(
            {code: recap for code, recap in recaps.items() if code in ranked and recap.masuk >= RANKED_FROM}
        )
    }
    found = [
        OpdLine(code=code, name=names.get(code, code), place=places.get(code), reports=sets[code]) for code in recaps
    ]
    return sorted(found, key=lambda line: (line.place is None, line.place, -recaps[line.code].masuk, line.code))


def _public(lines: Mapping[str, ByPublicity]) -> list[tuple[str, Recap]]:
    """Return the public reports of each line that has some, the line with the most first."""
    some = [(key, of[Publicity.PUBLIC]) for key, of in lines.items() if Publicity.PUBLIC in of]
    return sorted(some, key=lambda pair: (-pair[1].masuk, pair[0]))


def _sums_query(axes: Sequence[str], instansi: str, period: Period, day: date | None) -> SumsQuery:
    return SumsQuery(axes, *period, instansi, before=None if day is None else day + timedelta(days=1))


def _by_line(query: SumsQuery) -> tuple[str, list[Any]]:
    kept, arguments = kept_sums(("axis", "value", "publicity"), query)
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in FIGURES)
    line = f"case axis when '{_ONCE}' then '' else value end as line"
    grouped = f"select axis, {line}, publicity::text as publicity, {sums} from ({kept}) as part group by 1, 2, 3"  # noqa: S608 - own words
    return grouped, arguments


def _count(figure: Figure, query: SumsQuery, line: Sequence[str]) -> tuple[str, list[Any]]:
    kept, arguments = kept_sums(("publicity", "value"), query)
    of_line = f" where value = ${len(arguments) + 1}" if line else ""
    grouped = f"select publicity::text as publicity, sum({figure})::bigint as count from ({kept}) as part"  # noqa: S608 - own words
    return f"{grouped}{of_line} group by 1", [*arguments, *line]


_OPD_NAMES = "select code::text as code, name from opd where instansi = $1"
