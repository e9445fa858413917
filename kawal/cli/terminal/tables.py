"""Tables for a terminal; into a file or pipe they are plain lines of tab-separated cells."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.layout import column_widths, wrapped
from kawal.cli.wording.labels import COLUMNS, EVENTS, label
from kawal.cli.wording.messages import WORDS
from kawal.wording.catalogues import LANGS, say

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


@cache
def _alarms() -> tuple[str, ...]:
    """Beginnings of cells that are highlighted; an OPD's code is upper case too."""
    named = (WORDS["late"], EVENTS["breached"], EVENTS["rung_reached"])
    return tuple(say(lang, alarm) for lang in LANGS for alarm in named)


def write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    lang: Lang,
    *,
    title: str | None = None,
    goes_on: bool = False,
) -> None:
    """Write rows under the columns' names (keys of labels.COLUMNS); one that `goes_on` has its names further up.

    Where the terminal is too narrow for the words of a row, each row is shown as a block of names and values instead.
    """
    headings = [label(COLUMNS, column, lang) for column in columns]
    if not sys.stdout.isatty():
        for row in rows if goes_on else [headings, *rows]:
            sys.stdout.write("\t".join(_one_line(cell) for cell in row).rstrip("\t") + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console, listed = Console(), [list(row) for row in rows]
    if title is not None:
        console.print(Text(title, style="italic"))
    for framed in (True, False):
        frame = _frame(len(headings)) if framed else len(headings) - 1
        widths = column_widths([headings, *listed], console.width - frame)
        if widths is not None:
            console.print(_table(headings, listed, widths, framed=framed, show_header=not goes_on))
            return
    for row in listed:
        console.print(_block(headings, row, console.width), end="\n\n")


def _frame(columns: int) -> int:
    """Return the characters that a frame takes: a line on each side of a column, and a space within each."""
    return 3 * columns + 1


def _table(
    headings: list[str], rows: list[list[str]], widths: list[int], *, framed: bool, show_header: bool
) -> RenderableType:
    from rich.box import HEAVY_HEAD, SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=HEAVY_HEAD if framed else SIMPLE_HEAD,
        padding=(0, 1) if framed else 0,
        pad_edge=framed,
        show_edge=framed,
        show_header=show_header,
    )
    for heading, width in zip(headings, widths, strict=True):
        table.add_column("\n".join(wrapped(heading, width)), width=width, no_wrap=True)
    for row in rows:
        cells = ("\n".join(wrapped(cell, width)) for cell, width in zip(row, widths, strict=True))
        table.add_row(*(Text(cell, style=_style(cell)) for cell in cells))
    return table


def _block(headings: list[str], row: list[str], room: int) -> Text:
    """Return one row as names and values, without empty ones."""
    from rich.text import Text

    told = [(name, cell) for name, cell in zip(headings, row, strict=True) if cell.strip()]
    indent = max((len(name) for name, _ in told), default=0) + 2
    block = Text()
    for n, (name, cell) in enumerate(told):
        lines = wrapped(cell, room - indent)
        block.append(f"{'' if n == 0 else chr(10)}{name:<{indent}}", style="bold")
        block.append(f"\n{' ' * indent}".join(lines), style=_style(cell))
    return block


def _style(cell: str) -> str:
    return "bold red" if cell.startswith(_alarms()) else ""


def write_pairs(pairs: Iterable[tuple[str, str]]) -> None:
    """Write names and values, one pair per line, the values aligned; in a terminal long values go on below."""
    listed = [(name, value) for name, value in pairs if value]
    indent = max((len(name) for name, _ in listed), default=0) + 2
    room = shutil.get_terminal_size().columns - indent if sys.stdout.isatty() else None
    for name, value in listed:
        lines = [value] if room is None else wrapped(value, room)
        sys.stdout.write(f"{name:<{indent}}" + f"\n{' ' * indent}".join(lines) + "\n")


def _one_line(cell: str) -> str:
    return " ".join(cell.split())
