"""`kawal recap`: the year's figures, now or as of the end of a day, on screen or as a file."""

from __future__ import annotations

import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import WIB, parse_day
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.domain.calendar import end_of

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.reports.recap import RecapTable


class GroupBy(StrEnum):
    """The grouping of a recap's lines."""

    OPD = "opd"
    CHANNEL = "channel"
    CLASS = "class"
    CATEGORY = "category"
    MONTH = "month"
    INSTANSI = "instansi"


class Format(StrEnum):
    """The form in which a recap is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def recap(
    operator: Operator,
    *,
    year: int | None,
    as_of: str | None,
    recap_by: GroupBy | None,
    format_: Format | None,
    output: str | None,
) -> None:
    """Count the reports received in a year; `as_of` is a local day, at whose end everything is counted."""
    chosen, day = asked_for(operator, as_of, format_, output)
    table = _counted(operator, year or (day or datetime.now(WIB)).year, day, recap_by)
    write_recap(operator, table, chosen, output)


SPECS = (
    Spec(
        "recap",
        recap,
        [
            Field("year", "--year", int),
            Field("as_of", "--as-of"),
            Field("recap_by", "--by", GroupBy),
            Field("format_", "--format", Format, help_key="format"),
            Field("output", "--output"),
        ],
    ),
)


def write_recap(operator: Operator, table: RecapTable, form: Format, output: str | None) -> None:
    """Write a recap to standard output or a file; sums that do not agree are reported on standard error as well."""
    from kawal.reports import render
    from kawal.reports.wording import warnings

    if output is not None:
        write_file(output, _content(table, form, operator))
        operator.note(operator.say("written_to", path=output))
    elif form is Format.TABLE and sys.stdout.isatty():
        from rich.console import Console

        Console().print(render.as_table(table, operator.lang))
    else:
        sys.stdout.write(_content(table, form, operator).decode().rstrip("\n") + "\n")
    if form is not Format.TABLE:
        for text in warnings(table, operator.lang):
            operator.note(text)


def _counted(operator: Operator, year: int, day: date | None, by: GroupBy | None) -> RecapTable:
    instant = None if day is None else end_of(day)
    check_year(year)

    async def work(complaints: Readings) -> RecapTable:
        from kawal.reports.recap import recap

        await operator.check_named(complaints)
        return await recap(
            complaints.pool,
            instansi=operator.instansi(),
            year=year,
            as_of=instant,
            by=None if by is None else by.value,
        )

    return operator.with_record(work)


def check_year(year: int) -> None:
    """Raise UsageError for a year in which there is nothing to count."""
    if not 2000 <= year <= 2100:
        raise UsageError("out_of_range", option="--year", detail="2000-2100")


def asked_for(
    operator: Operator, as_of: str | None, format_: Format | None, output: str | None
) -> tuple[Format, date | None]:
    """Return the form and the day that a report's options ask for.

    Raises UsageError, and CommandRefusal for a future day.
    """
    chosen = format_ or (Format.JSON if operator.json else form_by_name(output))
    if chosen is Format.XLSX and output is None:
        raise UsageError("xlsx_needs_output")
    day = None if as_of is None else parse_day(as_of, "--as-of")
    if day is not None and day > datetime.now(WIB).date():
        raise CommandRefusal("fault_future", option="--as-of", day=day)
    return chosen, day


def form_by_name(output: str | None) -> Format:
    """Return the form that a file's name asks for, the table where it asks for none."""
    ending = Path(output).suffix.lstrip(".").lower() if output else ""
    return Format(ending) if ending in set(Format) else Format.TABLE


def _content(table: RecapTable, form: Format, operator: Operator) -> bytes:
    from kawal.reports import render

    match form:
        case Format.XLSX:
            return render.as_xlsx(table, operator.lang)
        case Format.CSV:
            return render.as_csv(table, operator.lang).encode()
        case Format.JSON:
            return render.as_json(table, operator.lang).encode()
        case Format.TABLE:
            return render.as_text(table, operator.lang).encode()


def write_file(output: str, content: bytes) -> None:
    """Write content to a file; raises UsageError where that is not possible."""
    path = Path(output).expanduser()
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageError("cannot_write", path=path, detail=error.strerror) from None
