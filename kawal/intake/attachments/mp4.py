"""MP4: whether its boxes are intact, and the same film without data on where, when and by which device it was made.

A film's position is in boxes beside its tracks (`udta`, `meta`, `uuid`). They are overwritten in place with a `free`
box of the same length, which players skip, so no offset moves. Times in the headers are set to zero. A track that is
neither picture nor sound may log positions: such a film gets no variant.
"""

from __future__ import annotations

from kawal.intake.attachments.iso_boxes import Box, boxes
from kawal.intake.attachments.refusals import AttachmentRefused

_METADATA = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"XMP_"})
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"edts", b"minf", b"dinf", b"stbl", b"mvex"})
_HEADERS = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_TOP = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"pdin"})
"""The only boxes accepted on the top level: fragmented films and others store more elsewhere and get no variant."""

_DEEPEST = 8


def without_metadata(content: bytes) -> bytes | None:
    """Check a film's boxes and return it without metadata, None if that is not certain; refuse it if damaged."""
    top = list(boxes(content, 0, len(content), "MP4"))
    names = [box.kind for box in top]
    if not top or names[0] != b"ftyp" or names.count(b"moov") != 1 or b"mdat" not in names:
        raise AttachmentRefused("broken", kind="MP4")
    clean = bytearray(content)
    if not set(names) <= _TOP or not _cleaned(clean, 0, len(content), 0):
        return None
    return bytes(clean)


def _cleaned(content: bytearray, start: int, end: int, depth: int) -> bool:
    """Blank the metadata between two positions; return False if something unknown there might contain some."""
    for box in list(boxes(content, start, end, "MP4")):
        if box.kind in _METADATA:
            content[box.start + 4 : box.start + 8] = b"free"
            content[box.body : box.end] = bytes(box.end - box.body)
        elif box.kind in _HEADERS:
            _zero_times(content, box)
        elif box.kind == b"hdlr":
            if bytes(content[box.body + 8 : box.body + 12]) not in (b"vide", b"soun"):
                return False
            content[box.body + 12 : box.end] = bytes(box.end - box.body - 12)
        elif box.kind in _CONTAINERS and (depth >= _DEEPEST or not _cleaned(content, box.body, box.end, depth + 1)):
            return False
    return True


def _zero_times(content: bytearray, box: Box) -> None:
    width = 8 if content[box.body : box.body + 1] == b"\x01" else 4
    first = box.body + 4
    if first + 2 * width > box.end:
        raise AttachmentRefused("broken", kind="MP4")
    content[first : first + 2 * width] = bytes(2 * width)
