"""Names of codes in the reader's language, and an event's facts on one line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from kawal.domain.labels import (
    AUTO_CLOSED_WHY,
    CHANNELS,
    CLASSES,
    CLOCKS,
    DUE_BY,
    FACTS,
    INBOX_REASONS,
    LEFT_OUT,
    MATTERS,
    REASONS,
    REMINDERS,
    ROLES,
    RUNGS,
)
from kawal.domain.msgids import Message, msgid
from kawal.domain.record_labels import ACTS, COMMANDS, READINGS, REFUSALS, WAYS
from kawal.wording.catalogues import say
from kawal.wording.dates import show_day, show_deadline

_YES = msgid("yes")


def label(table: Mapping[Any, Message], key: str, lang: str) -> str:
    """Return the name of a key; a key without a name is shown as it is."""
    return say(lang, table[key]) if key in table else key


def role_in_words(role: str, opd: str | None, instansi: str | None, lang: str) -> str:
    """Return a role as people read it, with where it is held: "penghubung · DISHUB · KEPRI"."""
    return " · ".join(part for part in (label(ROLES, role, lang), opd, instansi) if part)


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


def inbox_reason(code: str, lang: str) -> str:
    """Return why a report has not started or is not on record, in words (CODE or CODE:DETAIL)."""
    name, _, detail = code.partition(":")
    return f"{label(INBOX_REASONS, name, lang)}{f' ({detail})' if detail else ''}"


def left_out_in_words(one: str, lang: str) -> str:
    """Return what of a letter was left out (CODE or CODE:NAME) as "NAME (why)"; what has another form as it is."""
    code, _, name = one.partition(":")
    if code not in LEFT_OUT:
        return one
    why = say(lang, LEFT_OUT[code])
    return f"{name} ({why})" if name else why


_LONG = frozenset({"rules", "deadlines", "key", "tracking_id", "instansi", "mark", "day0"})
"""Facts that a line has no room for, or that another one says."""


def facts_in_words(facts: Mapping[str, Any], lang: str, absent: str | None = None) -> str:
    """Return an event's facts on one line, except the long ones.

    `absent` is how the reader is shown for whom a deputy acted; None: by the account.
    """
    told = {name: value for name, value in facts.items() if name not in _LONG}
    return pairs_in_words(told | ({"deputy_for": absent} if absent and "deputy_for" in told else {}), lang)


def pairs_in_words(found: Mapping[str, Any], lang: str) -> str:
    """Name what is there; what is empty or not so is left out."""
    told = ((_name(name, value, lang), _text(name, value, lang)) for name, value in found.items() if value is not False)
    return "; ".join(f"{name}: {text}" for name, text in told if text)


def _name(name: str, value: Any, lang: str) -> str:
    if name == "by" and _day(value) is not None:
        return say(lang, DUE_BY)
    return label(FACTS, name, lang)


_DAYS = frozenset({"by", "day", "deadline", "nominal", "occurred_on"})
"""Facts that are days, or the instant at the end of one."""

_VALUES: dict[str, Mapping[Any, Message]] = {
    "act": ACTS,
    "actor": ROLES,
    "channel": CHANNELS,
    "class": CLASSES,
    "code": REFUSALS,
    "command": COMMANDS | ACTS | READINGS,
    "matter": MATTERS,
    "owed_by": ROLES,
    "rung": RUNGS,
    "which": REMINDERS,
    "via": WAYS,
    "why": REASONS | AUTO_CLOSED_WHY,
}
"""The names of the codes that are values of a fact."""


def _text(name: str, value: Any, lang: str) -> str:
    if value is True:
        return say(lang, _YES)
    if name == "deadlines_before":
        return ", ".join(f"{clock(key, lang)} {_when(day, lang)}" for key, day in value.items())
    if isinstance(value, dict):
        inner = pairs_in_words(value, lang)
        return f"{{{inner}}}" if inner else ""
    if isinstance(value, list):
        return ", ".join(_text(name, one, lang) for one in value)
    if name in _DAYS:
        return _when(value, lang)
    if name in ("clock", "late", "silent"):
        return clock(str(value), lang)
    if name in _VALUES and value in _VALUES[name]:
        return say(lang, _VALUES[name][value])
    return "" if value is None else str(value)


def _when(value: Any, lang: str) -> str:
    """Return a day, or a deadline by its instant, as people read it; that a clock is paused is a word."""
    day = _day(value)
    if day is not None:
        return show_day(day, lang)
    with suppress(TypeError, ValueError):
        return show_deadline(datetime.fromisoformat(value), lang)
    return "" if value is None else label(_STILL, str(value), lang)


_STILL = {"paused": msgid("paused")}


def _day(value: Any) -> date | None:
    with suppress(TypeError, ValueError):
        return date.fromisoformat(value)
    return None
