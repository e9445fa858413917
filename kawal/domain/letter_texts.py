"""What an agency has its letters say in its own words: what opens a kind of letter, and how all of them are signed.

{nomor}     the report's number
{instansi}  the agency's name

An opening is the first paragraph after the salutation of a letter to a reporter. Messages to telephones have no room
for it and stay as they are. A text holds for notices that are made from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kawal.domain.canned_texts import check_places, filled
from kawal.domain.refusals import Refusal

SIGNATURE = "signature"
"""The part that signs every letter of the agency; any other part is a kind of notice."""

PLACES = ("nomor", "instansi")
"""The names that a text may hold in braces; a signature is of no report, and holds the agency's alone."""

LONGEST = 400
"""The most characters of a text."""

MOST_LINES = 6
"""The most lines of a text."""


class OwnWords(NamedTuple):
    """What an agency has its letters say besides, its places filled; empty for nothing."""

    opening: str = ""
    """The first paragraph of a letter, after the salutation."""
    signature: str = ""
    """The lines below the closing, instead of the usual ones."""


def check_text(part: str, text: str) -> None:
    """Refuse a text with a place that nothing fills, or with too many lines."""
    check_places(text, PLACES[1:] if part == SIGNATURE else PLACES)
    if len(text.splitlines()) > MOST_LINES:
        raise Refusal("letter_text_lines", most=MOST_LINES)


def made_of(text: str, values: Mapping[str, str]) -> str:
    """Return a text as letters say it."""
    return filled(text.strip(), values)
