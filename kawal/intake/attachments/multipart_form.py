"""Reads a file out of a multipart form as it arrives: none of it is written to this machine unencrypted."""

from __future__ import annotations

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kawal.intake.attachments.refusals import AttachmentRefused

_LONGEST_BOUNDARY = 70
"""RFC 2046."""

_MOST_PARTS = 100
"""A form with a file has one part or a few; going through half a million takes seconds."""


async def form_file(content_type: str, body: AsyncIterator[bytes]) -> tuple[str, AsyncIterator[bytes]]:
    """Return the declared name and the content of the only file in a form; other fields are skipped.

    Refuse a form without a file, or, while the content is read, one with a second file or one that ends too early.
    """
    part = _FilePart(_boundary(content_type))
    async for piece in body:
        part.feed(piece)
        if part.name is not None:
            return part.name, _content(part, body)
    raise AttachmentRefused("malformed_form")


async def _content(part: _FilePart, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield part.taken()
    async for piece in body:
        part.feed(piece)
        yield part.taken()
    if not part.ended:
        raise AttachmentRefused("malformed_form")


def _boundary(content_type: str) -> bytes:
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise AttachmentRefused("malformed_form")
    return boundary


class _FilePart:
    """Parses a form and keeps what belongs to its file."""

    def __init__(self, boundary: bytes) -> None:
        self.name: str | None = None
        self.ended = False
        self._content = bytearray()
        self._in_file = False
        self._field = b""
        self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._parts = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part,
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_end": self._on_end,
            },
        )

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except (FormParserError, ValueError):
            raise AttachmentRefused("malformed_form") from None

    def taken(self) -> bytes:
        """Return the bytes of the file that arrived since the last call."""
        content = bytes(self._content)
        self._content.clear()
        return content

    def _on_part(self) -> None:
        self._headers.clear()
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise AttachmentRefused("malformed_form")

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _on_headers(self) -> None:
        options = parse_options_header(self._headers.get(b"content-disposition", b""))[1]
        self._in_file = b"filename" in options
        if self._in_file:
            if self.name is not None:
                raise AttachmentRefused("malformed_form")
            # Browsers escape these characters, and only these, in this way.
            plain = options[b"filename"].replace(b"%22", b'"').replace(b"%0D", b"").replace(b"%0A", b"")
            self.name = plain.decode(errors="replace")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self._content += data[start:end]

    def _on_end(self) -> None:
        self.ended = True
