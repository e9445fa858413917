"""The faults of a file or of one of its rows, and the file of faults that the sender gets back."""

from __future__ import annotations

import csv
from types import TracebackType
from typing import NamedTuple, TextIO

from kawal.domain.msgids import Sayable
from kawal.wording.catalogues import LANGS, say

WHOLE_ROW = "*"
_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


class FileFault(ValueError):  # noqa: N818 - an ordinary answer about a file
    """The file or the mapping as a whole cannot be read: nothing is imported."""

    def __init__(self, reason: Sayable) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason))


class Fault(NamedTuple):
    """A fault of one row. `row` is the line as an editor numbers it, or the sheet's row; the header is 1."""

    row: int
    column: str
    """The column by the file's header; WHOLE_ROW for the row itself."""
    reason: Sayable


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet cannot take for a formula, without control characters."""
    cell = "".join(char if char >= " " else " " for char in cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


class FaultFile:
    """A CSV of row, column and reason, written as the faults occur; created only with the first one."""

    COLUMNS = ("baris", "kolom", "alasan", "reason")

    def __init__(self, path: str, *, append: bool = False) -> None:
        """Write to `path`; with `append` the faults of an earlier run of the same file are kept."""
        self._path, self._append = path, append
        self._file: TextIO | None = None

    def write(self, fault: Fault) -> None:
        """Add one fault; raises OSError."""
        if self._file is None:
            # utf-8-sig, so that spreadsheet programs read it correctly; kept open until the import ends.
            self._file = open(self._path, "a" if self._append else "w", encoding="utf-8-sig", newline="")  # noqa: SIM115
            if self._file.tell() == 0:
                csv.writer(self._file).writerow(self.COLUMNS)
        reasons = (say(lang, fault.reason) for lang in LANGS)
        cells = (str(fault.row), *(harmless(cell) for cell in (fault.column, *reasons)))
        csv.writer(self._file).writerow(cells)

    def __enter__(self) -> FaultFile:
        """Return itself; no file is opened before the first fault."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
