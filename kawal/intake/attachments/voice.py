"""Voice notes: whether an OGG, M4A or AMR file is whole, and begins as a sound does. Nothing of them is decoded.

OGG: RFC 3533 with Opus (RFC 7845) or Vorbis; AMR: RFC 4867, section 5, narrow band; M4A: ISO/IEC 14496-12.
"""

from __future__ import annotations

from kawal.intake.attachments.file_types import AMR, M4A, OGG, Kind
from kawal.intake.attachments.iso_boxes import boxes
from kawal.intake.attachments.refusals import AttachmentRefused

_PAGE = 27
"""Bytes of an OGG page's header before the lengths of its segments."""

_CODECS = (b"OpusHead", b"\x01vorbis")

_AMR_HEAD = b"#!AMR\n"
_AMR_FRAMES = (12, 13, 15, 17, 19, 20, 26, 31, 5)
"""Bytes of speech by the type of a frame, the last of silence."""

_AMR_EMPTY = frozenset({14, 15})
"""Types without speech: a frame that was lost, one in which nothing was sent."""


def check(kind: Kind, content: bytes) -> None:
    """Refuse a voice note that is damaged, incomplete or no sound."""
    good = {OGG: _is_ogg, AMR: _is_amr, M4A: _is_m4a}[kind](content)
    if not good:
        raise AttachmentRefused("broken", kind=kind.extension.upper())


def _is_ogg(content: bytes) -> bool:
    """Return whether the pages add up to the file's end and the first one begins a sound."""
    place, first = 0, True
    while place < len(content):
        header = content[place : place + _PAGE]
        if len(header) < _PAGE or header[:5] != b"OggS\x00":
            return False
        body = place + _PAGE + header[26]
        if first and not content[body : body + 8].startswith(_CODECS):
            return False
        place, first = body + sum(content[place + _PAGE : body]), False
        if body > len(content):
            return False
    return not first and place == len(content)


def _is_amr(content: bytes) -> bool:
    """Return whether the frames add up to the file's end."""
    place = len(_AMR_HEAD)
    if not content.startswith(_AMR_HEAD) or place == len(content):
        return False
    while place < len(content):
        kind = content[place] >> 3 & 0x0F
        if content[place] & 0x83 or (kind >= len(_AMR_FRAMES) and kind not in _AMR_EMPTY):
            return False
        place += 1 + (_AMR_FRAMES[kind] if kind < len(_AMR_FRAMES) else 0)
    return place == len(content)


def _is_m4a(content: bytes) -> bool:
    """Return whether the boxes add up, with one description of what is in the file and at least some content."""
    names = [box.kind for box in boxes(content, 0, len(content), "M4A")]
    return bool(names) and names[0] == b"ftyp" and names.count(b"moov") == 1 and b"mdat" in names
