"""`kawal calendar …`: computing a deadline, listing days off, importing a calendar, and recomputing open deadlines."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import WIB, parse_day, show_day
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.files import read_file
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table

if TYPE_CHECKING:
    from kawal.desks.rules import ImportedCalendar
    from kawal.domain.calendar import Calendar, Holiday
    from kawal.domain.messages import Answer


def deadline(operator: Operator, *, start_day: str, working_days: int) -> None:
    """Print the last day of a limit, by the running system's calendar or else by the shipped one."""
    from kawal.domain.calendar import deadline_day

    start = parse_day(start_day, "--start")
    if working_days < 1:
        raise UsageError("working_days")
    calendar, _ = in_force(operator)
    try:
        day = deadline_day(calendar, start, working_days)
    except ValueError as error:
        raise UsageError("out_of_range", option="--start, --working-days", detail=error) from None
    provisional = calendar.provisional(start, day)
    if operator.json:
        operator.write_json(
            {"deadline": day.isoformat(), "provisional": provisional, "calendar_version": calendar.version}
        )
        return
    operator.write(day.isoformat())
    if provisional:
        operator.note(operator.say("provisional_note"))


def show(operator: Operator, *, year: int | None) -> None:
    """Tell which days are off in a year, or how many working days each known year has."""
    calendar, names = in_force(operator)
    if operator.json:
        years = sorted(calendar.off) if year is None else [year]
        operator.write_json({"version": calendar.version, "years": [_year_json(calendar, names, one) for one in years]})
        return
    operator.write(operator.say("calendar_title", version=calendar.version))
    if year is None:
        upcoming = datetime.now(WIB).year + 1
        for one in sorted({*calendar.off, upcoming}):
            operator.write(_year_line(operator, calendar, one))
        return
    operator.write(_year_line(operator, calendar, year))
    days = [day for day in sorted(names) if day.year == year]
    write_table(("day", "name"), ([show_day(day, operator.lang), names[day]] for day in days), operator.lang)


def in_force(operator: Operator) -> tuple[Calendar, dict[date, str]]:
    """Return the running system's calendar with its days' names, or the shipped one where no system runs."""
    from kawal.base.endpoints import database_address
    from kawal.base.errors import SystemUnavailable

    try:
        url = database_address(operator.settings())
    except SystemUnavailable:
        return shipped()

    return interrupts.run(_recorded(url, operator.instansi()))


def shipped() -> tuple[Calendar, dict[date, str]]:
    """Return the calendar that comes with this release, and the names of its days."""
    from kawal.data import CALENDAR_VERSION, HOLIDAYS, read_text
    from kawal.domain.calendar import Calendar, parse_holidays

    holidays = parse_holidays(read_text(HOLIDAYS))
    return Calendar.from_holidays(CALENDAR_VERSION, holidays), {one.day: one.name for one in holidays}


async def _recorded(url: str, instansi: str | None) -> tuple[Calendar, dict[date, str]]:
    """Read the calendar over one connection: it needs neither the engine nor a key."""
    from kawal.base.postgres import connect
    from kawal.store.rules import NoRules, Rulebook

    conn = await connect(url)
    try:
        rulebook = Rulebook(conn)
        calendar = await rulebook.calendar_for(instansi or await _only_agency(conn))
        return calendar, await rulebook.holiday_names(calendar.version)
    except NoRules as error:
        raise CommandRefusal("no_rules", detail=error) from None
    finally:
        await conn.close()


async def _only_agency(conn: Any) -> str:
    """Return the only agency's code; None where there are several: then only the national calendar applies."""
    from kawal.store.directory import Directory

    active = [one.code for one in await Directory(conn).all_instansi() if one.active]
    return active[0] if len(active) == 1 else ""


def _year_line(operator: Operator, calendar: Calendar, year: int) -> str:
    if not calendar.knows(year):
        return operator.say("year_unknown", year=year)
    days = _working_days(calendar, year)
    return operator.say("calendar_year", year=year, working_days=days, days_off=len(calendar.off[year]))


def _year_json(calendar: Calendar, names: dict[date, str], year: int) -> dict[str, Any]:
    return {
        "year": year,
        "known": calendar.knows(year),
        "working_days": _working_days(calendar, year),
        "days_off": {str(day): names[day] for day in sorted(names) if day.year == year},
    }


def _working_days(calendar: Calendar, year: int) -> int:
    return calendar.between(date(year - 1, 12, 31), date(year, 12, 31))


def _days_off(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    """Return the calendar of a file, under the name of its version; raises UsageError."""
    from kawal.domain.calendar import Calendar, parse_holidays

    path = given["calendar_file"]
    version = given["version"] or Path(path).stem

    def whole(text: str) -> list[Holiday]:
        holidays = parse_holidays(text)
        if not given["own"]:
            Calendar.from_holidays(version, holidays)  # raises ValueError for an incomplete year
        return holidays

    return {"holidays": read_file(path, whole), "version": version, "source": Path(path).name}


def _tell_imported(operator: Operator, made: ImportedCalendar) -> None:
    years = ", ".join(map(str, made.years))
    operator.write(operator.say("calendar_imported", version=made.version, days_off=made.days, years=years))


def _why(operator: Operator, given: dict[str, Any]) -> dict[str, Any]:
    return {"why": given["recompute_why"] or operator.say("recompute_default_why")}


def _tell_recomputed(operator: Operator, moved: list[Answer]) -> None:
    operator.write(operator.say("recomputed", count=len(moved)))


SPECS = (
    Spec(
        "deadline",
        deadline,
        [
            Field("start_day", "--start", default=REQUIRED),
            Field("working_days", "--working-days", int, REQUIRED),
        ],
    ),
    Spec("show", show, [Field("year", "--year", int)]),
    *desk_specs(
        "calendar",
        {
            "import": Form(
                _tell_imported,
                typed=OptionLayout(apart={"version", "holidays", "source", "years", "after"}),
                instead=(Field("calendar_file", default=REQUIRED), Field("version", "--version")),
                read=_days_off,
            ),
            "recompute": Form(
                _tell_recomputed,
                typed=OptionLayout(apart={"why"}),
                instead=(Field("recompute_why", "--why"),),
                read=_why,
            ),
        },
    ),
)
