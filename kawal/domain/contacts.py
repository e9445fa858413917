"""Normalised contacts: equal e-mail addresses and telephone numbers compare equal, however they were typed."""

from __future__ import annotations

import re
import unicodedata

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
"""The form of a valid e-mail address."""

EMAIL_LIMIT = 254

PHONE = r"^\+?[0-9 .()-]{5,}$"
"""The form of a valid telephone number."""

COUNTRY = "62"
"""The country code of numbers written without one: Indonesia."""

_LEAST_DIGITS = 7
"""Numbers with fewer digits are short codes (1708), which get no country code."""


def is_email(text: str) -> bool:
    """Return whether the text is a valid e-mail address."""
    return len(text) <= EMAIL_LIMIT and re.fullmatch(EMAIL, text) is not None


def same_email(text: str) -> str | None:
    """Return an e-mail address in the form used for comparison: no spaces, lower case, no brackets; None if empty.

    Dots and `+tags` before the @ are kept: whether they matter depends on the other mail server.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    plain = plain.removeprefix("mailto:").strip("<>").rstrip(".")
    return plain or None


def same_phone(text: str) -> str | None:
    """Return a telephone number in the form used for comparison: country and number, digits only; None without a digit.

    `0812…`, `62812…`, `+62 812…`, `+62 (0)812…`, `0062812…` and `812…` are the same number; spaces, dots and dashes are
    ignored.
    """
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.digit(char)) for char in plain if char.isdigit())
    if len(digits) < _LEAST_DIGITS:
        return digits or None
    abroad = re.search(r"[+\d]", plain)
    if digits.startswith("00"):
        digits = digits[2:]
    elif abroad is not None and abroad[0] == "+":
        pass
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    elif digits.startswith("8"):
        digits = COUNTRY + digits
    if digits.startswith(COUNTRY + "0"):
        digits = COUNTRY + digits[3:]
    return digits
