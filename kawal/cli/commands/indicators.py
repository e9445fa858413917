"""`kawal indicators`: the indicators by which an agency is assessed, with what each figure is made of."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

from kawal.cli.commands.recap import Format, asked_for, check_year, write_file
from kawal.cli.terminal.dates import WIB
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.reports.indicators import IndicatorTable


def indicators(
    operator: Operator, *, year: int | None, as_of: str | None, format_: Format | None, output: str | None
) -> None:
    """Count the indicators of a year; `as_of` is a local day, at whose end everything is counted."""
    chosen, day = asked_for(operator, as_of, format_, output)
    today = datetime.now(WIB).date()
    table = _counted(operator, year or (day or today).year, day, today)
    if output is not None:
        write_file(output, _content(table, chosen, operator))
        operator.note(operator.say("written_to", path=output))
    elif chosen is Format.TABLE and sys.stdout.isatty():
        from rich.console import Console

        from kawal.reports.indicator_render import as_table

        Console().print(as_table(table, operator.lang))
    else:
        sys.stdout.write(_content(table, chosen, operator).decode().rstrip("\n") + "\n")


SPECS = (
    Spec(
        "indicators",
        indicators,
        [
            Field("year", "--year", int),
            Field("as_of", "--as-of"),
            Field("format_", "--format", Format, help_key="format"),
            Field("output", "--output"),
        ],
    ),
)


def _counted(operator: Operator, year: int, day: date | None, today: date) -> IndicatorTable:
    check_year(year)

    async def work(complaints: Readings) -> IndicatorTable:
        from kawal.reports.indicators import indicators

        await operator.check_named(complaints)
        return await indicators(complaints.pool, instansi=operator.instansi(), year=year, today=today, day=day)

    return operator.with_record(work)


def _content(table: IndicatorTable, form: Format, operator: Operator) -> bytes:
    from kawal.reports import indicator_render as render

    match form:
        case Format.XLSX:
            return render.as_xlsx(table, operator.lang)
        case Format.CSV:
            return render.as_csv(table, operator.lang).encode()
        case Format.JSON:
            return render.as_json(table, operator.lang).encode()
        case Format.TABLE:
            return render.as_text(table, operator.lang).encode()
