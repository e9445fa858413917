"""How long an SMS is: what of an answer fits into two segments.

Source: 3GPP TS 23.038 (the 7-bit alphabet) and 23.040 (the header of a segment, which leaves 153 of 160 characters).
"""

from __future__ import annotations

from collections.abc import Sequence

SMS_LENGTH = 2 * 153
"""Characters of two segments in the 7-bit alphabet."""

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€")
"""Characters that take two places."""


def sms_length(text: str) -> int | None:
    """Return how many places a text takes in the 7-bit alphabet; None if it has a character outside of it."""
    if not _ALPHABET.union(_ESCAPED).issuperset(text):
        return None
    return len(text) + sum(one in _ESCAPED for one in text)


def as_many_as_fit(parts: Sequence[str], places: int) -> list[str]:
    """Return the parts that fit, joined by spaces, into so many places; the first always, a later one if it still fits.

    A part outside the 7-bit alphabet is left out: it would more than halve what fits.
    """
    taken = list(parts[:1])
    for part in parts[1:]:
        length = sms_length(" ".join([*taken, part]))
        if length is not None and length <= places:
            taken.append(part)
    return taken
