"""Opening a file by the type that its content shows, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from kawal.domain.msgids import msgid
from kawal.intake.files.csv_file import open_csv
from kawal.intake.files.faults import FileFault
from kawal.intake.files.table import Table
from kawal.intake.files.xlsx_file import open_workbook


def open_table(path: Path, *, delimiter: str | None = None, sheet: str | None = None) -> Table:
    """Open a file by the type that its content shows; raises FileFault and OSError."""
    with path.open("rb") as file:
        beginning = file.read(8)
    return open_workbook(path, sheet) if is_workbook(beginning) else open_csv(path, delimiter)


def is_workbook(beginning: bytes) -> bool:
    """Tell whether a file that begins so (8 bytes) is a workbook; raises FileFault for an old or an encrypted one."""
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileFault(
            msgid("an old (.xls) or password-protected workbook; save it as .xlsx without password, or as CSV"),
        )
    return beginning.startswith(b"PK\x03\x04")
