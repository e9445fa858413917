"""Fitting a table into a terminal: columns as wide as possible, broken between words and never within one.

A word may also be broken after `_`, `/`, `-` or `,` ("belum_" / "ditindaklanjuti"); a piece that is still longer than
LONGEST_PIECE, e.g. a hash, is no word and may be cut anywhere.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Sequence
from typing import TextIO

LONGEST_PIECE = 20

_PIECE = re.compile(r"[^_/,\-]*[_/,\-]+|[^_/,\-]+")


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` characters, at least 1; its own line ends stay."""
    return [line for part in text.splitlines() or [""] for line in _lines(part, max(width, 1))]


def fitted(text: str, stream: TextIO) -> str:
    """Return a text in lines that fit the terminal which `stream` writes to; unchanged for a file or pipe.

    A line's continuation is indented two characters more than the line. No word is cut: it may be an address or a path.
    """
    if not stream.isatty():
        return text
    room = shutil.get_terminal_size().columns
    return "\n".join(_filled(line, room) for line in text.split("\n"))


def _filled(line: str, room: int) -> str:
    if len(line) <= room:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def least_width(text: str) -> int:
    """Return the width below which a text's words would be cut."""
    pieces = [piece for word in text.split() for piece in _PIECE.findall(word)]
    return min(max(map(len, pieces), default=0), LONGEST_PIECE)


def column_widths(rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return a width for each column, `room` characters together at most; None if words would have to be cut.

    A narrow column gets what it needs; the wide ones share the rest equally.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(map(least_width, column)) for column in columns]
    if sum(least) > room:
        return None
    wanted = [max(len(line) for cell in column for line in cell.splitlines() or [""]) for column in columns]
    widths = list(least)
    left = room - sum(least)
    while left and (short := [n for n, width in enumerate(widths) if width < wanted[n]]):
        # The narrowest first, so that no column grows while another one is still further behind.
        smallest = min(short, key=lambda n: widths[n])
        widths[smallest] += 1
        left -= 1
    return widths


def _lines(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        for n, piece in enumerate(_cut(word, width)):
            glue = " " if line and n == 0 else ""
            if line and len(line) + len(glue) + len(piece) > width:
                lines.append(line)
                line, glue = "", ""
            line += glue + piece
    return [*lines, line]


def _cut(word: str, width: int) -> list[str]:
    return [piece[start : start + width] for piece in _PIECE.findall(word) for start in range(0, len(piece), width)]
