"""The boxes of which MP4 and HEIC files consist (ISO/IEC 14496-12): length, kind, content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kawal.intake.attachments.refusals import AttachmentRefused

MOST = 100_000
"""The most boxes on one level; a film of several hours in fragments of seconds has some ten thousand."""


class Box(NamedTuple):
    """One box, by its positions in the file: its first byte, its content's first byte, and the byte after its end."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(content: bytes | bytearray, start: int, end: int, kind: str) -> Iterator[Box]:
    """Yield the boxes between two positions; refuse the file as an incomplete `kind` where they do not add up."""
    found = 0
    while start < end:
        found += 1
        if end - start < 8 or found > MOST:
            raise AttachmentRefused("broken", kind=kind)
        size, body = int.from_bytes(content[start : start + 4]), start + 8
        if size == 1:
            size, body = int.from_bytes(content[start + 8 : start + 16]), start + 16
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise AttachmentRefused("broken", kind=kind)
        yield Box(bytes(content[start + 4 : start + 8]), start, body, start + size)
        start += size
