"""Pictures: whether one is intact, and the same picture reduced to its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple
from uuid import UUID

from PIL import Image, ImageOps

from kawal.intake.attachments.file_types import Kind
from kawal.intake.attachments.refusals import AttachmentRefused

MOST_PIXELS = 50_000_000
"""A picture with more is refused before it is decoded: 50 million pixels take 200 MB, and phones produce fewer."""

LARGEST_SIDE = 4096
"""Pixels; the variant without metadata is scaled down to it."""

_PLAIN_MODES = frozenset({"1", "L", "LA", "RGB", "RGBA", "I;16"})


class Area(NamedTuple):
    """A rectangle of a picture, in pixels from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


class RedactedPicture(NamedTuple):
    """A picture's public form with areas blacked out, and the number under which it is to be stored."""

    attachment: UUID
    variant: int
    content: bytes


def without_metadata(content: bytes, kind: Kind) -> bytes:
    """Check a picture and return it re-encoded from its pixels alone: no position, no camera, no comment, no profile.

    The orientation in its metadata is applied to the pixels. Of an animation the first frame is kept. Refuse a picture
    that is damaged or would become too large.
    """
    try:
        picture = Image.open(BytesIO(content), formats=[str(kind.image)])
        if picture.width * picture.height > MOST_PIXELS:
            raise AttachmentRefused("bomb")
        picture.verify()
        return _saved(_pixels(Image.open(BytesIO(content), formats=[str(kind.image)])), str(kind.image))
    except AttachmentRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise AttachmentRefused("bomb") from None
    except Exception:  # whatever a decoder raises on hostile bytes: it is not a picture
        raise AttachmentRefused("broken", kind=kind.image) from None


def blacked_out(content: bytes, kind: Kind, areas: Sequence[Area]) -> bytes:
    """Return a picture without metadata with these areas black: nothing of what they showed is left in the file.

    An area may reach over the edge. Refuse one that lies outside the picture, and a picture that is damaged.
    """
    try:
        picture = _pixels(Image.open(BytesIO(content), formats=[str(kind.image)]))
        # What draws in colour: a palette, or 16 bits of grey, may have no black.
        drawn = picture.convert("RGBA" if picture.mode in ("LA", "RGBA") else "RGB")
    except Exception:
        raise AttachmentRefused("broken", kind=kind.image) from None
    for x, y, width, height in areas:
        if x >= drawn.width or y >= drawn.height:
            area = f"{x},{y},{width},{height}"
            raise AttachmentRefused("area_outside", width=drawn.width, height=drawn.height, area=area)
        drawn.paste(
            (0, 0, 0, 255)[: len(drawn.mode)], (x, y, min(x + width, drawn.width), min(y + height, drawn.height))
        )
    return _saved(drawn, str(kind.image))


def _pixels(picture: Image.Image) -> Image.Image:
    picture.draft(None, (LARGEST_SIDE, LARGEST_SIDE))  # a JPEG is decoded at a smaller size right away
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    if upright.mode not in _PLAIN_MODES or "transparency" in upright.info:
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    # Encoders take comments and profiles from here.
    upright.info.clear()
    return upright


def _saved(picture: Image.Image, image_format: str) -> bytes:
    out = BytesIO()
    if image_format == "JPEG":
        picture.convert("L" if picture.mode in ("1", "L") else "RGB").save(out, "JPEG", quality=88)
    elif image_format == "WEBP":
        picture.save(out, "WEBP", quality=88)
    else:
        picture.save(out, "PNG")
    return out.getvalue()
