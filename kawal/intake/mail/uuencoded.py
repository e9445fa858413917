"""Files that stand in a text, as programs without MIME send them (uuencode)."""

from __future__ import annotations

import binascii
import re

MOST = 20
"""The most files that are taken out of one text; what is beyond stays in the text."""

_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S.{0,200})$", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"^end[ \t]*$", re.MULTILINE)


def without_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text without its files, and the files; one that cannot be decoded stays in the text."""
    if "begin " not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    for _ in range(MOST):
        begin = _BEGIN.search(text, at)
        end = None if begin is None else _END.search(text, begin.end())
        if begin is None or end is None:
            break
        content = _file(text[begin.end() : end.start()])
        kept.append(text[at : begin.end() if content is None else begin.start()])
        at = begin.end()
        if content is not None:
            files.append((begin[1].strip(), content))
            at = end.end()
    return "".join([*kept, text[at:]]), files


def _file(lines: str) -> bytes | None:
    found = []
    for line in _LINE.finditer(lines):
        try:
            found.append(binascii.a2b_uu(line[0].encode("ascii")))
        except (binascii.Error, UnicodeEncodeError):
            return None
    return b"".join(found) or None
