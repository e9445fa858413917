"""The order in which Indonesian readers look for a name in a list."""

from __future__ import annotations

import re

from kawal.domain.plain_spelling import plainly

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def alphabetical(name: str) -> tuple[str, str]:
    """Return by what a name is put in order: its words, without regard to capitals, accents, hyphens and points.

    It is made here and not by PostgreSQL, whose collations differ from machine to machine.
    """
    return _BETWEEN_WORDS.sub(" ", plainly(name).text).strip(), name
