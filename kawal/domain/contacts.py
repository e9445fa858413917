"""A person's contacts in one form, however they were typed: what is the same address or number compares equal."""

from __future__ import annotations

import re
import unicodedata

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
"""What the rules take for an e-mail address."""

EMAIL_LIMIT = 254

PHONE = r"^\+?[0-9 .()-]{5,}$"
"""What the rules take for a telephone number."""

COUNTRY = "62"
"""Numbers written without a country are Indonesian."""

_LEAST_DIGITS = 7
"""Fewer digits are a short code (1708): no country is put before it."""


def is_email(text: str) -> bool:
    """Whether the rules take this for an e-mail address."""
    return len(text) <= EMAIL_LIMIT and re.fullmatch(EMAIL, text) is not None


def same_email(text: str) -> str | None:
    """The form in which e-mail addresses are compared: no spaces, no case, no brackets; None for nothing.

    Dots and `+tags` before the @ stay: whether they matter is the other mail server's affair.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    plain = plain.removeprefix("mailto:").strip("<>").rstrip(".")
    return plain or None


def same_phone(text: str) -> str | None:
    """The form in which telephone numbers are compared: country and number, digits alone; None without a digit.

    `0812…`, `62812…`, `+62 812…`, `+62 (0)812…`, `0062812…` and `812…` are one number; spaces, dots and dashes do not
    count.
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
