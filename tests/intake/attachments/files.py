"""Files as people send them, and as attackers do."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

CAMERA = "Kamera Rahasia X9"
COMMENT = b"dibuat oleh Siti"


async def pieces(content: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def joined(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in stream])


def exif(orientation: int = 6) -> Image.Exif:
    data = Image.Exif()
    data[ExifTags.Base.Model] = CAMERA
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.DateTime] = "2026:01:12 08:00:00"
    data.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (0.0, 55.0, 6.96), 3: "E", 4: (104.0, 27.0, 59.4)})
    return data


def picture(width: int = 64, height: int = 32) -> Image.Image:
    """Return a picture, red on the left and blue on the right, which shows its orientation."""
    drawn = Image.new("RGB", (width, height), "blue")
    drawn.paste("red", (0, 0, width // 2, height))
    return drawn


def jpeg(orientation: int = 6) -> bytes:
    out = BytesIO()
    picture().save(out, "JPEG", exif=exif(orientation), comment=COMMENT, icc_profile=b"profil " + CAMERA.encode())
    return out.getvalue()


def png() -> bytes:
    out, text = BytesIO(), PngInfo()
    text.add_text("Author", CAMERA)
    picture().save(out, "PNG", exif=exif(), pnginfo=text)
    return out.getvalue()


def webp() -> bytes:
    out = BytesIO()
    picture().save(out, "WEBP", exif=exif(), xmp=CAMERA.encode())
    return out.getvalue()


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body + b"\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"


def heic() -> bytes:
    """Return the same picture with the same Exif and the camera in XMP, written by libheif."""
    return Path(__file__).with_name("small.heic").read_bytes()


def office(extra: dict[str, bytes] | None = None, part: str = "word/document.xml", types: bytes = b"<Types/>") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, b"<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4) + kind + body


PLACE = b"+0.9186+104.4665/"
FRAMES = b"bingkai" * 20


def mp4(handler: bytes = b"vide", extra: bytes = b"") -> bytes:
    header = bytes(4) + b"\xaa\xaa\xaa\xaa\xbb\xbb\xbb\xbb" + bytes(80)
    name = box(b"hdlr", bytes(8) + handler + bytes(12) + CAMERA.encode() + b"\x00")
    track = box(b"trak", box(b"tkhd", header) + box(b"mdia", box(b"mdhd", header) + name) + box(b"udta", PLACE))
    films = box(b"moov", box(b"mvhd", header) + track + box(b"udta", box(b"\xa9xyz", PLACE)) + box(b"meta", PLACE))
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp41") + films + box(b"uuid", PLACE) + box(b"mdat", FRAMES) + extra


def ogg(begin: bytes = b"OpusHead\x01\x01" + bytes(9), pages: int = 3) -> bytes:
    """Return a voice note as WhatsApp sends it: pages whose checksums nobody computes."""
    bodies = [begin, b"OpusTags" + bytes(8), *(bytes([7]) * 600 for _ in range(pages))]
    return b"".join(_ogg_page(place, body) for place, body in enumerate(bodies))


def _ogg_page(number: int, body: bytes) -> bytes:
    lengths = bytes([255] * (len(body) // 255) + [len(body) % 255])
    kind = b"\x02" if number == 0 else b"\x00"
    return (
        b"OggS\x00"
        + kind
        + bytes(12)
        + number.to_bytes(4, "little")
        + bytes(4)
        + bytes([len(lengths)])
        + lengths
        + body
    )


def amr(frames: int = 20) -> bytes:
    """Return speech of 12.2 kbit/s, some silence, and a frame in which nothing was sent."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * frames + b"\x44" + bytes(5) + b"\x7c"


def m4a() -> bytes:
    return (
        box(b"ftyp", b"M4A \x00\x00\x00\x00M4A mp42isom")
        + box(b"moov", box(b"mvhd", bytes(100)))
        + box(b"mdat", FRAMES)
    )
