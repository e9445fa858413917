"""Pictures lose everything but their pixels, and none grows beyond what a process can handle."""

from __future__ import annotations

import contextlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kawal.intake.attachments.file_types import JPEG, PNG, WEBP, Kind
from kawal.intake.attachments.images import LARGEST_SIDE, without_metadata
from kawal.intake.attachments.refusals import AttachmentRefused
from tests.intake.attachments import files

MADE = [(files.jpeg(), JPEG), (files.png(), PNG), (files.webp(), WEBP)]


@pytest.mark.parametrize(("content", "kind"), MADE)
def test_position_camera_date_comment_and_profile_are_gone(content: bytes, kind: Kind) -> None:
    before = Image.open(BytesIO(content)).getexif()
    assert before.get_ifd(0x8825)
    clean = without_metadata(content, kind)
    after = Image.open(BytesIO(clean))
    assert after.format == kind.image
    assert not dict(after.getexif())
    assert not {"exif", "comment", "icc_profile", "xmp", "Author"} & set(after.info)
    for told in (files.CAMERA.encode(), files.COMMENT, b"Exif", b"2026:01:12"):
        assert told not in clean


@pytest.mark.parametrize(("content", "kind"), MADE)
def test_a_picture_stays_upright_without_the_mark_that_turned_it(content: bytes, kind: Kind) -> None:
    # Orientation 6: the left side is meant to be on top.
    clean = Image.open(BytesIO(without_metadata(content, kind))).convert("RGB")
    assert clean.size == (32, 64)
    top, bottom = clean.getpixel((16, 8)), clean.getpixel((16, 56))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 60 > top[2]
    assert bottom[2] > 200 > 60 > bottom[0]


def test_what_was_hidden_behind_a_picture_is_gone_from_the_variant() -> None:
    clean = without_metadata(files.jpeg() + b"PK\x03\x04<script>alert(1)</script>", JPEG)
    assert b"script" not in clean


def test_transparency_stays() -> None:
    out = BytesIO()
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    palette.save(out, "PNG", transparency=0)
    clean = Image.open(BytesIO(without_metadata(out.getvalue(), PNG)))
    assert clean.convert("RGBA").getpixel((0, 0)) == (255, 0, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_usual_mode_of_a_png_is_read(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (9, 5)).save(out, "PNG")
    assert Image.open(BytesIO(without_metadata(out.getvalue(), PNG))).size == (9, 5)


def test_a_cmyk_jpeg_is_read() -> None:
    out = BytesIO()
    Image.new("CMYK", (9, 5)).save(out, "JPEG")
    assert Image.open(BytesIO(without_metadata(out.getvalue(), JPEG))).mode == "RGB"


def test_a_very_large_picture_is_scaled_down() -> None:
    out = BytesIO()
    Image.new("L", (LARGEST_SIDE * 2, 100)).save(out, "JPEG")
    assert Image.open(BytesIO(without_metadata(out.getvalue(), JPEG))).size == (LARGEST_SIDE, 50)


@pytest.mark.parametrize(("width", "height"), [(8000, 8000), (60_000, 60_000), (2_000_000_000, 1)])
def test_a_picture_that_grows_to_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with pytest.raises(AttachmentRefused) as caught:
        without_metadata(content, PNG)
    assert caught.value.code == "bomb"


def test_a_text_chunk_that_grows_to_a_bomb_is_refused() -> None:
    body = b"Comment\x00\x00" + zlib.compress(bytes(50_000_000))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    content = files.png()
    with pytest.raises(AttachmentRefused):
        without_metadata(content[:33] + chunk + content[33:], PNG)


@pytest.mark.parametrize(("content", "kind"), MADE)
def test_a_picture_cut_short_is_refused(content: bytes, kind: Kind) -> None:
    with pytest.raises(AttachmentRefused) as caught:
        without_metadata(content[: len(content) - 40], kind)
    assert caught.value.code == "broken"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MADE), st.data())
def test_a_damaged_picture_is_refused_or_read_and_never_raises_otherwise(
    made: tuple[bytes, Kind], data: st.DataObject
) -> None:
    content = bytearray(made[0])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AttachmentRefused):
        assert without_metadata(bytes(content), made[1])
