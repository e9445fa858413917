"""Names of codes in the reader's language, and an event's facts on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kawal.domain.labels import CHANNELS, CLASSES, CLOCKS, FACTS, REASONS, ROLES, RUNGS
from kawal.domain.msgids import Message, msgid
from kawal.domain.record_labels import COMMANDS, REFUSALS
from kawal.wording.catalogues import say

_YES = msgid("yes")


def label(table: Mapping[Any, Message], key: str, lang: str) -> str:
    """Return the name of a key; a key without a name is shown as it is."""
    return say(lang, table[key]) if key in table else key


def rung(number: int, lang: str) -> str:
    """Return the office at a rung of the escalation ladder, "–" for none."""
    return say(lang, RUNGS[number]) if number in RUNGS else "–"


def clock(key: str, lang: str) -> str:
    """Return the name of a clock by its key, with its OPD: "first follow-up (DISHUB)"."""
    kind, _, opd = key.partition(":")
    name = label(CLOCKS, kind, lang)
    return f"{name} ({opd})" if opd else name


def reason(why: str, lang: str) -> str:
    """Return why the Inspectorate's item was opened."""
    return label(REASONS, why, lang)


_LONG = frozenset({"rules", "deadlines", "key", "tracking_id", "instansi"})
"""Facts that are too long for one line."""


def facts_in_words(facts: Mapping[str, Any], lang: str) -> str:
    """Return an event's facts on one line, except the long ones."""
    return pairs_in_words({name: value for name, value in facts.items() if name not in _LONG}, lang)


def pairs_in_words(found: Mapping[str, Any], lang: str) -> str:
    """Return names and values on one line, leaving out empty and false ones."""
    told = ((label(FACTS, name, lang), _text(name, value, lang)) for name, value in found.items() if value is not False)
    return "; ".join(f"{name}: {text}" for name, text in told if text)


_VALUES: dict[str, Mapping[Any, Message]] = {
    "actor": ROLES,
    "channel": CHANNELS,
    "class": CLASSES,
    "code": REFUSALS,
    "command": COMMANDS,
    "owed_by": ROLES,
    "rung": RUNGS,
    "why": REASONS,
}
"""The names of the codes that are values of a fact."""


def _text(name: str, value: Any, lang: str) -> str:
    if value is True:
        return say(lang, _YES)
    if isinstance(value, dict):
        inner = pairs_in_words(value, lang)
        return f"{{{inner}}}" if inner else ""
    if isinstance(value, list):
        return ", ".join(_text(name, one, lang) for one in value)
    if name == "clock":
        return clock(str(value), lang)
    if name in _VALUES and value in _VALUES[name]:
        return say(lang, _VALUES[name][value])
    return "" if value is None else str(value)
