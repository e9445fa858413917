"""What is wrong with a field or a file, in plain words, without technical terms and without the submitted value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kawal.domain.contacts import EMAIL, PHONE
from kawal.domain.msgids import Message, Sayable, Sentence, msgid, msgids, sentence, verbatim

TRACKING = r"^[0-9]{7,9}$"

_FORMS = {
    EMAIL: msgid("should be an e-mail address, for example siti@example.org"),
    PHONE: msgid(
        "should be a telephone number: at least 5 digits, spaces, dots, brackets or dashes, with a + before or not"
    ),
    TRACKING: msgid("should be a number of 7 to 9 digits"),
}
_OTHER_FORM = msgid("is not written in the form that is asked for")
_NOT_A_DATE = msgid("should be a date YYYY-MM-DD")
_NOT_AN_INSTANT = msgid("should be a date and time in ISO 8601")
_WORDS = {
    "json_invalid": msgid("should be JSON"),
    "string_unicode": msgid("contains half a character"),
    "model_type": msgid("should be an object"),
    "model_attributes_type": msgid("should be an object"),
    "dataclass_type": msgid("should be an object"),
    "dict_type": msgid("should be an object"),
    "list_type": msgid("should be a list"),
    "string_type": msgid("should be text"),
    "int_type": msgid("should be a whole number"),
    "int_parsing": msgid("should be a whole number"),
    "int_from_float": msgid("should be a whole number"),
    "float_type": msgid("should be a number"),
    "float_parsing": msgid("should be a number"),
    "finite_number": msgid("should be a number"),
    "bool_type": msgid("should be true or false"),
    "bool_parsing": msgid("should be true or false"),
    "date_type": _NOT_A_DATE,
    "date_parsing": _NOT_A_DATE,
    "date_from_datetime_parsing": _NOT_A_DATE,
    "date_from_datetime_inexact": _NOT_A_DATE,
    "datetime_type": _NOT_AN_INSTANT,
    "datetime_parsing": _NOT_AN_INSTANT,
    "datetime_from_date_parsing": _NOT_AN_INSTANT,
    "timezone_aware": msgid("needs a time zone, for example +07:00"),
    "missing": msgid("is required"),
    "extra_forbidden": msgid("is not known here"),
}
_WITH_PLACES: dict[str, tuple[Message, str, str]] = {
    "string_too_long": (
        msgids("should have at most {count} character", "should have at most {count} characters"),
        "count",
        "max_length",
    ),
    "string_too_short": (
        msgids("should have at least {count} character", "should have at least {count} characters"),
        "count",
        "min_length",
    ),
    "too_long": (
        msgids("should have at most {count} entry", "should have at most {count} entries"),
        "count",
        "max_length",
    ),
    "too_short": (
        msgids("should have at least {count} entry", "should have at least {count} entries"),
        "count",
        "min_length",
    ),
    "greater_than_equal": (msgid("should be at least {limit}"), "limit", "ge"),
    "greater_than": (msgid("should be more than {limit}"), "limit", "gt"),
    "less_than_equal": (msgid("should be at most {limit}"), "limit", "le"),
    "less_than": (msgid("should be less than {limit}"), "limit", "lt"),
    "enum": (msgid("should be one of {expected}"), "expected", "expected"),
    "literal_error": (msgid("should be one of {expected}"), "expected", "expected"),
}
"""For each kind of fault: its message, the message's placeholder, and pydantic's name for the value."""

_ASSERTED = {
    "contains control characters": msgid("contains control characters"),
    "should be a date YYYY-MM-DD": _NOT_A_DATE,
}
"""Messages of our own validators."""


class UnreadableFile(ValueError):  # noqa: N818 - an ordinary answer about a file
    """A file of rules, days or agencies that cannot be accepted as it is; nothing of it is used."""

    def __init__(self, reason: Sayable) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason))


def in_words(fault: Mapping[str, Any]) -> Sayable:
    """Return one of pydantic's errors as the end of a sentence that begins with the name of the field."""
    kind, context = str(fault["type"]), fault.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _FORMS.get(str(context.get("pattern")), _OTHER_FORM)
    if kind in ("value_error", "assertion_error"):
        said = str(context.get("error") or _OTHER_FORM)
        return _ASSERTED.get(said) or verbatim(said)
    if kind in _WITH_PLACES:
        words, place, name = _WITH_PLACES[kind]
        return Sentence(words, {place: context[name]})
    return _WORDS.get(kind, _OTHER_FORM)


def first_fault(error: ValidationError) -> Sentence:
    """Return the first invalid field and why it is invalid, in one line, without repeating what was sent."""
    fault = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "arguments"
    return sentence(msgid("{field}: {fault}"), field=where, fault=in_words(fault))
