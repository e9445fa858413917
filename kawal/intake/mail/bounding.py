"""A raw letter is cut before anything reads it: each header, all of them together, and how deep and wide its parts are.

What is cut off is what no person writes. A body is not cut here: whoever decodes it takes only so much of it.
"""

from __future__ import annotations

import re
from io import BytesIO

HEADER_BYTES = 4 * 1024
"""Of one header, with its continuations."""

HEADERS = 200
BLOCK_BYTES = 64 * 1024
"""Of all headers of a letter, or of one part of it."""

MOST_PARTS = 200
MOST_CONTAINERS = 30
"""Parts that hold parts or letters: so nothing is nested deeper, either."""

_BEGINS = re.compile(rb"From |[\x21-\x39\x3b-\x7e]*:|[\t ]")
"""How a line of a head begins (RFC 5322); with any other the text has begun."""

_CONTAINER = re.compile(rb"^content-type:\s*(multipart|message)/", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"\bboundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)


class TooMuch(ValueError):  # noqa: N818 - names the condition
    """More parts, or more of them one in another, than any letter of a person's has."""

    why = "nesting"


def bounded(content: bytes) -> bytes:
    """The letter with its heads cut; in time and memory that grow with its length alone. Raises TooMuch."""
    return _Cutting().cut(content)


class _Cutting:
    """Goes through a letter line by line, knowing whether it is in a head or in a body."""

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
        """Keep the head and learn from it what parts there will be."""
        self._in_head = False
        self._kept += self._head
        container = _CONTAINER.search(self._head)
        if container is None:
            return
        self._containers += 1
        if self._containers > MOST_CONTAINERS:
            raise TooMuch("containers")
        self._boundaries |= {b"--" + (quoted or plain) for quoted, plain in _BOUNDARY.findall(self._head)}
        if container[1].lower() == b"message":
            self._begin_head()

    def _of_body(self, line: bytes) -> None:
        self._kept += line
        if line.startswith(b"--") and line.rstrip() in self._boundaries:
            self._parts += 1
            if self._parts > MOST_PARTS:
                raise TooMuch("parts")
            self._begin_head()
