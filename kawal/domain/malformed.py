"""What is wrong with a field, in plain words: no check's own form, no name of our code, nothing of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kawal.domain.contacts import EMAIL, PHONE

TRACKING = r"^[0-9]{7,9}$"

_FORMS = {
    EMAIL: "should be an e-mail address, for example siti@example.org",
    PHONE: "should be a telephone number: at least 5 digits, spaces, dots, brackets or dashes, with a + before or not",
    TRACKING: "should be a number of 7 to 9 digits",
}
_OTHER_FORM = "is not written in the form that is asked for"
_WORDS = {
    "json_invalid": "should be JSON",
    "string_unicode": "holds half a character",
    "model_type": "should be an object",
    "model_attributes_type": "should be an object",
    "dataclass_type": "should be an object",
    "is_instance_of": _OTHER_FORM,
    "is_subclass_of": _OTHER_FORM,
    "get_attribute_error": _OTHER_FORM,
}


def in_words(fault: Mapping[str, Any]) -> str:
    """One of pydantic's faults as a sentence's end, after the name of the field."""
    kind, context = str(fault["type"]), fault.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _FORMS.get(str(context.get("pattern")), _OTHER_FORM)
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error") or _OTHER_FORM)
    return _WORDS.get(kind, str(fault["msg"]))
