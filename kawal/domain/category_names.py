"""Which category of the national tree somebody means: in any case, and by a part of the name that only one has."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

NEAREST = 3
"""How many names a refusal tells."""

_ALIKE = 0.5


def meant(typed: str, names: Sequence[str]) -> str | None:
    """Return the category that is meant: its name, its sub-category's, or the only one that has the typed part."""
    asked = _folded(typed)
    if not asked:
        return None
    folded = {_folded(name): name for name in names}
    if asked in folded:
        return folded[asked]
    for fits in (
        [name for key, name in folded.items() if key.rpartition(" / ")[2] == asked],
        [name for key, name in folded.items() if asked in key],
    ):
        if len(fits) == 1:
            return fits[0]
    return None


def nearest(typed: str, names: Sequence[str]) -> list[str]:
    """Return the categories that may be meant: those that have the typed part, then those alike."""
    asked = _folded(typed)
    folded = {_folded(name): name for name in names}
    having = sorted(
        (name for key, name in folded.items() if asked and asked in key), key=lambda name: (len(name), name)
    )
    ends = {key.rpartition(" / ")[2]: name for key, name in folded.items()}
    alike = [ends[key] for key in get_close_matches(asked, list(ends), NEAREST, _ALIKE)]
    return list(dict.fromkeys([*having, *alike]))[:NEAREST]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
