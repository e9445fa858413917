"""A report's life as its officials read it: each step with who did it, its facts, what was written and which files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kawal.domain.labels import EVENTS, FACTS, ROLES
from kawal.domain.messages import Actor, Event
from kawal.domain.names import EventKind, Role
from kawal.wording.labels import facts_in_words, label
from kawal.wording.report_standing import Names
from kawal.wording.side_acts import said_of_act

_NO_WORDS = frozenset({"reporter", "files", "attachments", "external_id", "title", "place", "rules"})
"""Parts of an event's words that are shown elsewhere on the page, or to nobody without a purpose."""


class StaffStep(NamedTuple):
    """One step."""

    seq: int | None
    """The number of its event; None for an act beside the process."""
    at: datetime
    what: str
    who: str
    """Role and OPD, with the name where it may be shown."""
    facts: str
    words: list[tuple[str, str]]
    """What was written, each with the name of its part."""
    files: list[str]


def staff_step(
    event: Event, names: Names, lang: str, *, words: bool, absents: Mapping[str, str], identity: bool = False
) -> StaffStep:
    """Return an event as a step; without `words` nothing that people wrote and nobody's name.

    `absents` are the names of those for whom deputies acted, by account; without words the role is shown, which is the
    deputy's as well.
    """
    absent = absents.get(event.facts.get("deputy_for", "")) if words else None
    return StaffStep(
        event.seq,
        event.at,
        label(EVENTS, event.kind, lang),
        who_in_words(event.actor, names, lang, named=identity if event.actor.role is Role.REPORTER else words),
        facts_in_words(event.facts, lang, absent or who_in_words(event.actor, names, lang, named=False)),
        _written(event.words, lang) if words and event.kind is not EventKind.STARTED else [],
        [str(one) for one in event.words.get("files") or event.words.get("attachments") or ()] if words else [],
    )


def side_step(
    kind: str, at: datetime, actor: Actor | None, facts: Mapping[str, Any], why: str | None, names: Names, lang: str
) -> StaffStep:
    """Return what an official released or redacted as a step among the events; it is none of them."""
    who = "" if actor is None else who_in_words(actor, names, lang, named=True)
    words = [(label(FACTS, "why", lang), why)] if why else []
    return StaffStep(None, at, said_of_act(kind, facts, lang), who, "", words, [])


def who_in_words(actor: Actor, names: Names, lang: str, *, named: bool) -> str:
    """Return who acted: the name where it may be shown, the role, and the OPD by its name."""
    name = actor.name if named else None
    opd = names.get(actor.opd, actor.opd) if actor.opd else None
    return " · ".join(part for part in (name, label(ROLES, actor.role, lang), opd) if part)


def _written(words: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    return [
        (label(FACTS, name, lang), str(value))
        for name, value in words.items()
        if name not in _NO_WORDS and isinstance(value, (str, int)) and value != ""
    ]


def in_order(steps: Sequence[StaffStep], acts: Sequence[StaffStep]) -> list[StaffStep]:
    """Return both in the order in which they happened, the newest first; at one instant the event comes first."""
    return sorted([*steps, *acts], key=lambda one: (one.at, one.seq is None, one.seq or 0), reverse=True)
