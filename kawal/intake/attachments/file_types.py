"""Which types of file are accepted. The content decides, never the declared name or type."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import NamedTuple

import filetype  # type: ignore[import-untyped]

from kawal.intake.attachments.refusals import AttachmentRefused

HEAD = 8192
"""The type is determined from this many bytes."""

_MARKUP_WITHIN = 1024
"""Where browsers look when they guess a type; a text that begins like markup or a script is refused."""

_MARKUP = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?xml", b"<?php", b"<math",
    b"<object", b"<embed", b"<img", b"<style", b"<meta", b"<link", b"<hta",
)  # fmt: skip
_TAIL = 2048


class Kind(NamedTuple):
    """A type that is accepted."""

    media_type: str
    extension: str
    image: str | None = None
    """The only format in which the imaging library may try to read it."""
    whole: bool = False
    """Whether it is checked as a whole, once all of it has arrived."""


JPEG = Kind("image/jpeg", "jpg", image="JPEG", whole=True)
PNG = Kind("image/png", "png", image="PNG", whole=True)
WEBP = Kind("image/webp", "webp", image="WEBP", whole=True)
HEIC = Kind("image/heic", "heic", whole=True)
PDF = Kind("application/pdf", "pdf")
MP4 = Kind("video/mp4", "mp4", whole=True)
OGG = Kind("audio/ogg", "ogg", whole=True)
AMR = Kind("audio/amr", "amr", whole=True)
M4A = Kind("audio/mp4", "m4a", whole=True)
TEXT = Kind("text/plain", "txt")
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", whole=True)
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", whole=True)
OFFICE = Kind("application/zip", "zip", whole=True)
"""A ZIP archive; only its directory shows whether it is a DOCX or an XLSX."""

KINDS = {kind.media_type: kind for kind in (JPEG, PNG, WEBP, HEIC, PDF, MP4, OGG, AMR, M4A, TEXT, DOCX, XLSX)}
"""The types by the media type that is on record; nothing else is ever served."""


def kind_of(head: bytes) -> Kind:
    """Return the type of a file from its first HEAD bytes (all of a shorter file); refuse one that is not accepted."""
    if head.startswith(b"PK\x03\x04"):
        return OFFICE
    if head.startswith(b"%PDF-"):
        return PDF
    if not _text_like(head):
        guess = filetype.guess(head)
        found = None if guess is None else KINDS.get(guess.mime)
        if found is not None and found is not TEXT:
            return found
        raise AttachmentRefused("type_not_allowed")
    start = head[:_MARKUP_WITHIN].lower()
    if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"#!") or any(mark in start for mark in _MARKUP):
        raise AttachmentRefused("type_not_allowed")
    return TEXT


def _text_like(piece: bytes) -> bool:
    return not piece.translate(None, _PRINTABLE)


_PRINTABLE = bytes(byte for byte in range(256) if (byte >= 0x20 and byte != 0x7F) or byte in b"\t\n\r\f")


@dataclass
class StreamCheck:
    """Checks a file in transit for what its beginning cannot show."""

    kind: Kind

    def __post_init__(self) -> None:
        """Start at the beginning of a file."""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._tail = b""

    def update(self, piece: bytes) -> None:
        """Check the next piece; refuse as soon as it cannot be of its kind."""
        if self.kind is TEXT:
            self._check_text(piece, final=False)
        elif self.kind is PDF:
            self._tail = (self._tail + piece)[-_TAIL:]

    def finish(self) -> None:
        """Finish the file; refuse it if it was cut short."""
        if self.kind is TEXT:
            self._check_text(b"", final=True)
        elif self.kind is PDF and b"%%EOF" not in self._tail:
            raise AttachmentRefused("broken", kind="PDF")

    def _check_text(self, piece: bytes, *, final: bool) -> None:
        try:
            self._decoder.decode(piece, final)
        except UnicodeDecodeError:
            raise AttachmentRefused("type_not_allowed") from None
        if not _text_like(piece):
            raise AttachmentRefused("type_not_allowed")
