"""Numbers by which what people write may name reports; a number of none names none."""

from __future__ import annotations

import re
import unicodedata

MOST_NAMED = 20
"""The most numbers that are looked up for one letter or message."""

_NUMBER = re.compile(r"(?<![0-9])[0-9]{7,9}(?![0-9])")


def numbers_named(text: str) -> list[str]:
    """Return the numbers of seven to nine digits that a text names, wherever they stand, each once."""
    plain = unicodedata.normalize("NFKC", text)
    return list(dict.fromkeys(found[0] for found in _NUMBER.finditer(plain)))[:MOST_NAMED]
