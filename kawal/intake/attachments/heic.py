"""HEIC: the same picture with its Exif and XMP overwritten in place, located by the boxes that point to them.

The picture itself is not decoded. Its orientation is a separate property (`irot`, `imir`) and stays. Files with a
structure that is not understood here get no variant. Source: ISO/IEC 14496-12 (`meta`, `iinf`, `iloc`) and 23008-12.
"""

from __future__ import annotations

from typing import NamedTuple

from kawal.intake.attachments.iso_boxes import Box, boxes
from kawal.intake.attachments.refusals import AttachmentRefused

_PICTURES = frozenset({b"hvc1", b"grid", b"iden", b"iovl"})
"""Items that are pictures, or combine pictures; their thumbnails are of these types, too."""

_TOP = frozenset({b"ftyp", b"meta", b"mdat", b"free", b"skip"})
_META = frozenset({b"hdlr", b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat", b"dinf", b"free", b"grpl"})


_EMPTY_EXIF = bytes(4) + b"MM\x00*" + (8).to_bytes(4) + bytes(6)
"""Offset of the TIFF header, the header, a directory without entries, and no further directory."""


class _Extent(NamedTuple):
    offset: int
    length: int


class _Fields:
    """Reads consecutive big-endian numbers; raises ValueError where the data end too early."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, width: int) -> int:
        if self._at + width > len(self._content):
            raise ValueError("a field lies beyond its box")
        self._at += width
        return int.from_bytes(self._content[self._at - width : self._at])

    def rest(self) -> bytes:
        return self._content[self._at :]


def without_metadata(content: bytes) -> bytes | None:
    """Return the picture without data on where, when and by which device it was made; None if that is not certain.

    Refuse it if its boxes are damaged.
    """
    top = list(boxes(content, 0, len(content), "HEIC"))
    metas = [box for box in top if box.kind == b"meta"]
    if not top or top[0].kind != b"ftyp" or len(metas) != 1:
        raise AttachmentRefused("broken", kind="HEIC")
    told = list(boxes(content, metas[0].body + 4, metas[0].end, "HEIC"))
    inside = {box.kind: box for box in told}
    if not {box.kind for box in top} <= _TOP or not inside.keys() <= _META or len(inside) != len(told):
        return None
    if not {b"iinf", b"iloc"} <= inside.keys():
        raise AttachmentRefused("broken", kind="HEIC")
    try:
        kinds = _item_kinds(content, inside[b"iinf"])
        extents = _extents(content[inside[b"iloc"].body : inside[b"iloc"].end])
    except ValueError:
        raise AttachmentRefused("broken", kind="HEIC") from None
    return None if kinds is None or extents is None else _blanked(content, top, kinds, extents)


def _blanked(
    content: bytes, top: list[Box], kinds: dict[int, bytes], extents: dict[int, list[_Extent]]
) -> bytes | None:
    clean = bytearray(content)
    data = [box for box in top if box.kind == b"mdat"]
    for item, kind in kinds.items():
        if kind in _PICTURES:
            continue
        for extent in extents.get(item, []):
            end = extent.offset + extent.length
            if not extent.length or not any(box.body <= extent.offset and end <= box.end for box in data):
                return None
            clean[extent.offset : end] = _said_nothing(kind, extent.length)
    for box in top:
        if box.kind in (b"free", b"skip"):
            clean[box.body : box.end] = bytes(box.end - box.body)
    return bytes(clean)


def _said_nothing(kind: bytes, length: int) -> bytes:
    """Return the replacement of an item: well-formed and empty."""
    return b" " * length if kind == b"mime" else _EMPTY_EXIF[:length].ljust(length, b"\x00")


def _item_kinds(content: bytes, iinf: Box) -> dict[int, bytes] | None:
    """Return the type of each item; None if there is one that is neither a picture nor Exif nor XMP."""
    wide = content[iinf.body] != 0
    kinds: dict[int, bytes] = {}
    for box in boxes(content, iinf.body + (8 if wide else 6), iinf.end, "HEIC"):
        fields = _Fields(content[box.body : box.end])
        version = fields.number(1)
        fields.number(3)
        if box.kind != b"infe" or version not in (2, 3):
            return None
        item = fields.number(2 if version == 2 else 4)
        fields.number(2)
        kind = fields.number(4).to_bytes(4)
        if kind not in _PICTURES | {b"Exif", b"mime"} or (kind in _PICTURES and fields.rest().strip(b"\x00")):
            return None
        if item in kinds:
            return None
        kinds[item] = kind
    return kinds


def _extents(iloc: bytes) -> dict[int, list[_Extent]] | None:
    """Return where each item lies in the file; None for an unknown format version."""
    fields = _Fields(iloc)
    version = fields.number(1)
    fields.number(3)
    sizes = fields.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    if version > 2:
        return None
    found: dict[int, list[_Extent]] = {}
    for _ in range(fields.number(2 if version < 2 else 4)):
        item = fields.number(2 if version < 2 else 4)
        if item in found:
            return None
        method = fields.number(2) & 15 if version else 0
        fields.number(2)
        base = fields.number(base_size)
        extents = []
        for _ in range(fields.number(2)):
            if version:
                fields.number(index_size)
            extents.append(_Extent(base + fields.number(offset_size), fields.number(length_size)))
        # Method 1 counts within `idat`, where derived pictures keep their few numbers: an extent to be blanked there
        # would be searched for in `mdat` and not found, so the file gets no variant.
        found[item] = [_Extent(-1, extent.length) for extent in extents] if method else extents
    return found
