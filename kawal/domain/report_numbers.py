"""Numbers of reports: their form, and those that what people write may name; a number of none names none."""

from __future__ import annotations

import re
import unicodedata

MOST_NAMED = 20
"""The most numbers that are looked up for one letter or message."""

_FORM = re.compile("[0-9]{7,9}")
_NUMBER = re.compile(rf"(?<![0-9]){_FORM.pattern}(?![0-9])")


def is_number(text: str) -> bool:
    """Tell whether a report can have this number: the database takes no other, and need not be asked for it."""
    return _FORM.fullmatch(text) is not None


def numbers_named(text: str) -> list[str]:
    """Return the numbers of seven to nine digits that a text names, wherever they stand, each once."""
    plain = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(found[0] for found in _NUMBER.finditer(plain)))[:MOST_NAMED]
