"""Tables for a terminal; into a file or pipe they are plain lines of tab-separated cells."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from cli.labels import COLUMNS, EVENTS, label
from cli.lang import Lang
from cli.words import WORDS

ALARMS = (*WORDS["late"], *EVENTS["breached"], *EVENTS["rung_reached"])
"""How a cell begins that is to catch the eye; an OPD's code is upper case too."""


def write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    lang: Lang,
    *,
    title: str | None = None,
    goes_on: bool = False,
) -> None:
    """Write rows under the columns' names (keys of labels.COLUMNS); one that `goes_on` has its names further up."""
    headings = [label(COLUMNS, column, lang) for column in columns]
    if not sys.stdout.isatty():
        for row in rows if goes_on else [headings, *rows]:
            sys.stdout.write("\t".join(_one_line(cell) for cell in row).rstrip("\t") + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=None if title is None else Text(title), title_justify="left", show_header=not goes_on)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style="bold red" if cell.startswith(ALARMS) else "") for cell in row))
    Console().print(table)


def write_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Write names and values, one pair a line, the values aligned."""
    listed = [(name, value) for name, value in pairs if value]
    width = max((len(name) for name, _ in listed), default=0)
    for name, value in listed:
        sys.stdout.write(f"{name:<{width}}  {value}\n")


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
