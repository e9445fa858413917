"""DOCX and XLSX: checks that a ZIP archive is what it claims to be, is no zip bomb and contains no programs."""

from __future__ import annotations

import zipfile
from io import BytesIO

from kawal.intake.attachments.file_types import DOCX, XLSX, Kind
from kawal.intake.attachments.refusals import AttachmentRefused

MOST_ENTRIES = 2000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 200
"""The largest ratio of unpacked to packed size; office documents are far below."""

_SMALL = 1024 * 1024
"""Below this unpacked size (bytes) a high ratio is harmless."""

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_TYPES = "[Content_Types].xml"
_PROGRAMS = (".bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".jar", ".com", ".scr", ".lnk", ".msi")
_HARMLESS_BIN = "printersettings"


def office_kind(content: bytes) -> Kind:
    """Return whether an archive is a DOCX or an XLSX; refuse others, bombs, damaged archives and ones with programs."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_size(entries, len(content))
            kind = _main_part(entries)
            _check_entries(entries, content)
            if b"macroEnabled" in archive.read(_TYPES):
                raise AttachmentRefused("macros")
            if archive.testzip() is not None:
                raise AttachmentRefused("broken", kind=kind.extension.upper())
            return kind
    except AttachmentRefused:
        raise
    except Exception:  # whatever unpacking raises on hostile bytes: it is not an archive
        raise AttachmentRefused("broken", kind="DOCX/XLSX") from None


def _check_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > max(_SMALL, MOST_RATIO * packed):
        raise AttachmentRefused("bomb")


def _main_part(entries: list[zipfile.ZipInfo]) -> Kind:
    names = {entry.filename for entry in entries}
    kinds = [kind for part, kind in _PARTS.items() if part in names]
    if len(kinds) != 1 or _TYPES not in names:
        raise AttachmentRefused("type_not_allowed")
    return kinds[0]


def _check_entries(entries: list[zipfile.ZipInfo], content: bytes) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(entry.flag_bits & 1 for entry in entries):
        raise AttachmentRefused("broken", kind="DOCX/XLSX")
    if min(entry.header_offset for entry in entries) != 0 or content[-22:-18] != b"PK\x05\x06":
        # Something precedes or follows the archive: two files in one.
        raise AttachmentRefused("type_not_allowed")
    for name in names:
        lower = name.lower()
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise AttachmentRefused("broken", kind="DOCX/XLSX")
        if lower.endswith(_PROGRAMS) and _HARMLESS_BIN not in lower:
            raise AttachmentRefused("macros")
