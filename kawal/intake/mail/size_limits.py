"""Cuts a raw letter before anything parses it: each header, all headers together, and the depth and number of parts.

What is cut off is more than any person writes. A body is not cut here: whoever decodes it reads only a limited amount.
"""

from __future__ import annotations

import re
from io import BytesIO

HEADER_BYTES = 4 * 1024
"""The most bytes of one header, with its continuation lines."""

HEADERS = 200
BLOCK_BYTES = 64 * 1024
"""The most bytes of all headers of a letter, or of one part of it."""

MOST_PARTS = 200
MOST_CONTAINERS = 30
"""The most parts that contain parts or letters: this also limits the depth of nesting."""

_BEGINS = re.compile(rb"From |[\x21-\x39\x3b-\x7e]*:|[\t ]")
"""How a header line begins (RFC 5322); with any other line the text has begun."""

_CONTAINER = re.compile(rb"^content-type:\s*(multipart|message)/", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"\bboundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)


class SizeExceeded(ValueError):  # noqa: N818 - names the condition
    """More parts, or parts nested more deeply, than in any letter that a person writes."""

    why = "nesting"


def bounded(content: bytes) -> bytes:
    """Return the letter with its headers cut, in time and memory linear in its length. Raises SizeExceeded."""
    return _Cutter().cut(content)


class _Cutter:
    """Goes through a letter line by line, tracking whether it is in a header or in a body."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._boundaries: set[bytes] = set()
        self._parts = 0
        self._containers = 0
        self._begin_head()

    def cut(self, content: bytes) -> bytes:
        for line in BytesIO(content):
            if self._in_head:
                self._of_head(line)
            else:
                self._of_body(line)
        if self._in_head:
            self._end_head()
        return bytes(self._kept)

    def _begin_head(self) -> None:
        self._in_head = True
        self._head = bytearray()
        self._fields = 0
        self._field_bytes = 0

    def _of_head(self, line: bytes) -> None:
        if not line.strip(b"\r\n") or not _BEGINS.match(line):
            self._end_head()
            self._kept += line
            return
        if line[:1] not in b" \t":
            self._fields += 1
            self._field_bytes = 0
        room = min(HEADER_BYTES - self._field_bytes, BLOCK_BYTES - len(self._head))
        self._field_bytes += len(line)
        if self._fields <= HEADERS and room > 0:
            self._head += line if len(line) <= room else line[:room].rstrip(b"\r\n") + b"\r\n"

    def _end_head(self) -> None:
        """Keep the header and learn from it which parts follow."""
        self._in_head = False
        self._kept += self._head
        container = _CONTAINER.search(self._head)
        if container is None:
            return
        self._containers += 1
        if self._containers > MOST_CONTAINERS:
            raise SizeExceeded("containers")
        self._boundaries |= {b"--" + (quoted or plain) for quoted, plain in _BOUNDARY.findall(self._head)}
        if container[1].lower() == b"message":
            self._begin_head()

    def _of_body(self, line: bytes) -> None:
        self._kept += line
        if line.startswith(b"--") and line.rstrip() in self._boundaries:
            self._parts += 1
            if self._parts > MOST_PARTS:
                raise SizeExceeded("parts")
            self._begin_head()
