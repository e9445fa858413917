"""Words for PostgreSQL's text search, from texts that people typed: no character in them is an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable

TYPED = 200
"""The maximum number of characters of a typed search that is looked at."""

_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_EXCLUDING = re.compile(r"(?<!\S)-+")


def lexeme(word: str) -> str:
    """Return a word as a tsquery of itself alone, quoted."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(words: Iterable[str]) -> str:
    """Return a tsquery that any of the words satisfies."""
    return " | ".join(lexeme(word) for word in words)


def all_of(words: Iterable[str]) -> str:
    """Return a tsquery that needs all of the words; an empty one for none."""
    return " & ".join(lexeme(word) for word in words)


def plain(text: str) -> str:
    """Return what somebody typed, or an address held, without characters that no database takes."""
    return _UNSENDABLE.sub(" ", text[:TYPED])


def typed(text: str) -> str:
    """Return what somebody typed into a search field for `websearch_to_tsquery`.

    It keeps "quoted words" and OR. Excluding a word by a minus is not offered: what has everything but a word is
    nearly all there is, which no index finds.
    """
    return _EXCLUDING.sub("", plain(text)).strip()
