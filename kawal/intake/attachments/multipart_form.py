"""Reads files out of a multipart form as it arrives: none of it is written to this machine unencrypted."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kawal.intake.attachments.refusals import AttachmentRefused

_LONGEST_BOUNDARY = 70
"""RFC 2046."""

_MOST_PARTS = 100
"""A form with a file has one part or a few; going through half a million takes seconds."""

_LONGEST_FIELD = 64 * 1024
"""Bytes of a field that is no file."""


async def form_file(content_type: str, body: AsyncIterator[bytes]) -> tuple[str, AsyncIterator[bytes]]:
    """Return the declared name and the content of the only file in a form; other fields are skipped.

    Refuse a form without a file, or, while the content is read, one with a second file or one that ends too early.
    """
    files = FormFiles(content_type, body, most=1)
    name = await files.next_name()
    if name is None:
        raise AttachmentRefused("malformed_form")
    return name, files.only_content()


class FormFiles:
    """The files of one form, one after another, in the order in which they arrive."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes], *, most: int) -> None:
        """Read `body` as a form with at most so many files; refuse one without a boundary."""
        self.fields: dict[str, str] = {}
        """The fields that are no files, of those that have arrived."""
        self.file_fields: list[str] = []
        """The names of the fields that are files, of those that have arrived."""
        self._parser = _FormParser(_boundary(content_type), most, self.fields, self.file_fields)
        self._body = body
        self._in_a_file = False

    async def next_name(self) -> str | None:
        """Return the declared name of the next file, past what is left of the one before; None after the last.

        Refuse a form that cannot be read or that ends too early.
        """
        async for _ in self.content():
            pass
        while True:
            event = await self._next()
            if not isinstance(event, bytes):
                self._in_a_file = event is not None
                return event

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the content of the file whose name was returned last."""
        while self._in_a_file:
            event = await self._next()
            if event and isinstance(event, bytes):
                yield event
            else:
                self._in_a_file = False

    async def only_content(self) -> AsyncIterator[bytes]:
        """Yield the content of the form's only file, and read the form to its end."""
        async for piece in self.content():
            yield piece
        await self.next_name()

    async def _next(self) -> str | bytes | None:
        """Return what comes next: a file's name, a piece of its content, b"" at its end; None at the last."""
        events = self._parser.events
        while not events:
            if self._parser.ended:
                return None
            async for piece in self._body:
                self._parser.feed(piece)
                break
            else:
                if not self._parser.ended:
                    raise AttachmentRefused("malformed_form")
        return events.popleft()


def _boundary(content_type: str) -> bytes:
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise AttachmentRefused("malformed_form")
    return boundary


class _FormParser:
    """Parses a form into what happens in it: a file's name (str), pieces of its content, b"" at its end."""

    def __init__(self, boundary: bytes, most_files: int, fields: dict[str, str], file_fields: list[str]) -> None:
        self.events: deque[str | bytes] = deque()
        self.ended = False
        self._most_files = most_files
        self._files = 0
        self._fields = fields
        self._file_fields = file_fields
        self._in_file = False
        self._name = ""
        self._text = b""
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
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except (FormParserError, ValueError):
            raise AttachmentRefused("malformed_form") from None

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
        self._name, self._text = options.get(b"name", b"").decode(errors="replace"), b""
        if self._in_file:
            self._files += 1
            if self._files > self._most_files:
                raise AttachmentRefused("malformed_form")
            self._file_fields.append(self._name)
            # Browsers escape these characters, and only these, in this way.
            plain = options[b"filename"].replace(b"%22", b'"').replace(b"%0D", b"").replace(b"%0A", b"")
            self.events.append(plain.decode(errors="replace"))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file and start < end:
            self.events.append(bytes(data[start:end]))
        elif not self._in_file and len(self._text) < _LONGEST_FIELD:
            self._text += data[start:end]

    def _on_part_end(self) -> None:
        if self._in_file:
            self.events.append(b"")
        else:
            self._fields[self._name] = self._text.decode(errors="replace")

    def _on_end(self) -> None:
        self.ended = True
