"""The league of an agency's OPDs: how quickly and punctually they worked on the reports of a period, from kept sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from kawal.domain.public_figures import Period
from kawal.domain.work_figures import Days, LeaguePlace, OpdWork, WorkCount, league_of
from kawal.reports.kept_sums import WORK, SumsQuery, kept_sums
from kawal.reports.recap import UnknownInstansi

_AXES = ("has", "owes", "follow_up", "final")


class LeagueLine(NamedTuple):
    """An OPD of the league, with its name as the agency has it."""

    name: str
    place: int | None
    work: OpdWork


class WorkSum(NamedTuple):
    """A line of the kept sums, added up."""

    axis: str
    opd: str
    value: int
    """Working days or, of axis `closed`, the number of the local day (`NUMBERED_FROM`)."""
    counted: WorkCount


async def league(source: Any, *, instansi: str, period: Period, day: date | None = None) -> list[LeagueLine]:
    """Return the OPDs that have reports received in a period, as of the end of a local day (None: now).

    Ranked ones come first. The agency itself, where it handles reports, and the Inspectorate, where it took some over,
    stand without a place. `source` is an asyncpg pool or connection. Raises UnknownInstansi.
    """
    own = await source.fetchval("select name from instansi where code = $1", instansi)
    if own is None:
        raise UnknownInstansi(instansi)
    sums = await work_sums(source, instansi, _AXES, period, day)
    names = {row["code"]: row["name"] for row in await source.fetch(_OPD_NAMES, instansi)}
    return [_line(one, {instansi: own} | names) for one in league_of(_works(sums), names)]


async def work_sums(
    source: Any, instansi: str, axes: Sequence[str], period: Period, day: date | None, values_from: int | None = None
) -> list[WorkSum]:
    """Return the kept sums of an agency's work that are not all zero, of values from `values_from` on."""
    before = None if day is None else day + timedelta(days=1)
    kept, arguments = kept_sums(("axis", "opd", "value"), SumsQuery(axes, *period, instansi, before, WORK))
    figures = ", ".join(f"sum({name})::bigint as {name}" for name in WORK.figures)
    rows = await source.fetch(
        f"select axis, opd, value, {figures} from ({kept}) as part"  # noqa: S608 - own words
        f" where ${len(arguments) + 1}::integer is null or value >= ${len(arguments) + 1} group by 1, 2, 3",
        *arguments,
        values_from,
    )
    found = [WorkSum(axis, opd, value, WorkCount(*counted)) for axis, opd, value, *counted in rows]
    return [one for one in found if one.counted != WorkCount()]


def _works(sums: Sequence[WorkSum]) -> list[OpdWork]:
    counts: dict[str, dict[str, WorkCount]] = defaultdict(dict)
    days: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for one in sums:
        counts[one.opd][one.axis] = counts[one.opd].get(one.axis, WorkCount()) + one.counted
        days[one.opd, one.axis][one.value] = one.counted.reports
    return [
        OpdWork(
            code=code,
            has=of.get("has", WorkCount()),
            owes=of.get("owes", WorkCount()),
            final=of.get("final", WorkCount()),
            to_follow_up=Days(times=days[code, "follow_up"]),
            to_final=Days(times=days[code, "final"]),
        )
        for code, of in counts.items()
    ]


def _line(placed: LeaguePlace, names: Mapping[str, str]) -> LeagueLine:
    return LeagueLine(names.get(placed.work.code, placed.work.code), placed.place, placed.work)


_OPD_NAMES = "select code::text as code, name from opd where instansi = $1"
