"""Cells of a spreadsheet, written so that typed text never becomes a formula."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

_FORMULA = re.compile(r"^[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""Also behind what is not seen, and in the full width that spreadsheets read as the same sign."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_cell(cell: Cell | MergedCell, value: Any, *, bold: bool) -> None:
    """Put a value into a workbook's cell; numbers stay numbers, and a text that begins with "=" stays a text."""
    from openpyxl.styles import Font

    cell.value = _CONTROL.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    cell.font = Font(bold=bold)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet does not run when it opens the CSV: a formula gets an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) else text
