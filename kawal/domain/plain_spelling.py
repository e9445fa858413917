"""A text as a reader sees it: one spelling for what looks the same, and where each character of it stood."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_NOTHING_SEEN = frozenset({"Cf", "Cc", "Mn", "Me"})


class PlainText(NamedTuple):
    """A plainly spelled text; `places` tells for each of its characters which one of the original it is."""

    text: str
    places: range | list[int]


def plainly(text: str) -> PlainText:
    """Return a text in lower case, with ASCII digits, `-` for every dash and a space for every blank but a line's end.

    Full-width and styled letters become plain ones; accents, and characters that show nothing, are left out.
    """
    if text.isascii() and text.isprintable():
        return PlainText(text.lower(), range(len(text)))
    plain: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        for one in _spelled(char):
            plain.append(one)
            places.append(at)
    return PlainText("".join(plain), places)


def _spelled(char: str) -> str:
    if char == "\n":
        return char
    if char == "\t":
        return " "
    found = []
    for one in unicodedata.normalize("NFKD", char).casefold():
        category = unicodedata.category(one)
        if category in _NOTHING_SEEN:
            continue
        if category == "Nd":
            found.append(str(unicodedata.digit(one)))
        elif category == "Pd" or one == "−":
            found.append("-")
        else:
            found.append(" " if category == "Zs" else one)
    return "".join(found)
