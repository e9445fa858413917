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

_MOST_DIGITS = 15
"""The most that E.164 allows, with the country's code; more are two numbers, or another kind of number."""

_LONGEST = 60
"""A longer text is no telephone number, however much is written around it."""

_AROUND = re.compile(
    r"^\s*(?:(?:whatsapp|signal|wa|telp?|telepon|telpon|no|hp|sms|sips?)\s*[.:]\s*){1,3}"
    r"|(?::[0-9]{1,4})?@(?:(?:s\.)?whatsapp\.net|c\.us)\s*$",
    re.IGNORECASE | re.ASCII,
)
"""What gateways and people write around a number to say what it is for, or from which of its devices it came."""


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


def phone_number(text: str) -> str | None:
    """Return the one spelling of a telephone number, E.164 (`+62812…`); None if the text is no number.

    Numbers without a country are Indonesian. `0812…`, `62812…`, `+62 812…`, `+62 (0)812…`, `0062812…`, `812…` and
    `whatsapp:+62812…` are the same number, with spaces, dots, dashes and brackets or without. Short codes (1708) and
    senders named by letters are no numbers.
    """
    # The library's metadata takes a tenth of a second to import, and most commands need no number.
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        is_valid_number,
        parse,
    )

    plain = _AROUND.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]))
    if len(text) > _LONGEST or any(char.isalpha() for char in plain):
        return None
    digits = _with_country(plain)
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return None
    try:
        number = parse(f"+{digits}")
    except NumberParseException:
        return None
    # New ranges of Indonesian numbers are in use before the library's next release knows them.
    known = is_possible_number(number) if digits.startswith(COUNTRY) else is_valid_number(number)
    return format_number(number, PhoneNumberFormat.E164) if known else None


def same_phone(text: str) -> str | None:
    """Return a telephone number in the form used for comparison: country and number, digits only; None without a digit.

    That of `phone_number`; what is no number, such as a short code, is compared by its digits.
    """
    number = phone_number(text)
    return number.removeprefix("+") if number else _with_country(unicodedata.normalize("NFKC", text)) or None


def is_one_of(contact: str, email: str | None, phone: str | None) -> bool:
    """Return whether a contact, in any spelling, is that e-mail address or that telephone number."""
    same, on_record = (same_email, email) if "@" in contact else (same_phone, phone)
    return on_record is not None and same(contact) is not None and same(contact) == same(on_record)


def _with_country(plain: str) -> str:
    """Return the digits of a number, with its country's code in front unless it is a short one."""
    digits = "".join(str(unicodedata.digit(char)) for char in plain if char.isdigit())
    if len(digits) < _LEAST_DIGITS:
        return digits
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
