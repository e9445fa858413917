"""What a page shows of a report's life: its steps, each with the engine's events behind it, and its runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from kawal.audit.history.chronicle import (
    Chronicle,
    ChronicleAct,
    ChronicleEntry,
    ChronicleEvent,
    Life,
    Person,
    Run,
    WorkflowEvent,
)
from kawal.audit.history.chronicle_acts import interleaved
from kawal.domain.labels import EVENTS, FACTS, ROLES, STATUSES
from kawal.domain.msgids import Message, msgid
from kawal.wording.labels import facts_in_words, label
from kawal.wording.side_acts import marked_act

_FROM_ENGINE = msgid("from Temporal, which has its history still")
_FROM_ARCHIVE = msgid("from the history archive")
_NOT_WHOLE: Mapping[str, Message] = {
    "pruned": msgid("its history is past its retention period; its hashes remain"),
    "damaged": msgid("its archived history is not what was archived: check with `kawal audit verify`"),
    "lost": msgid("its history is neither with the server nor in the history archive any more"),
}

_OF_THE_REPORT = frozenset({"reporter", "files", "attachments", "place", "rules"})
"""Parts of an event's words that the report's own page shows."""


class EngineStep(NamedTuple):
    """An event of the engine's behind a step."""

    run: int
    """The number of its run, from 1."""
    event: WorkflowEvent


class LifeStep(NamedTuple):
    """A step: an event of the report, or an act beside its process."""

    seq: int | None
    """None for an act, which has no number among the events."""
    at: datetime
    recorded_at: datetime | None
    """When it was recorded, where that is another time."""
    what: str
    status: str
    who: str
    facts: str
    words: Sequence[tuple[str, str]]
    deadlines: Sequence[str]
    behind: Sequence[EngineStep]


class LifeRun(NamedTuple):
    """A run of the report's workflow."""

    number: int
    run: Run
    whence: Message
    """Where its history comes from, or why it is not shown."""


class LifeEntry(NamedTuple):
    """An entry of the access log about the report."""

    n: int
    at: datetime
    who: str
    said: str
    words: Sequence[tuple[str, str]]


def steps_of(chronicle: Chronicle, lang: str) -> list[LifeStep]:
    """Return the steps in the order in which they came on record."""
    numbers = {run.run_id: number for number, run in enumerate(chronicle.runs, 1)}
    events = {(run.run_id, event.event_id): event for run in chronicle.runs for event in run.events}

    def behind(one: ChronicleEvent) -> list[EngineStep]:
        found = [(ref.run_id, ref.event_id) for ref in one.brought_about_by]
        return [EngineStep(numbers[ref[0]], events[ref]) for ref in found if ref in events]

    return [
        _act(one, lang) if isinstance(one, ChronicleAct) else _step(one, behind(one), lang)
        for one in interleaved(chronicle.events, chronicle.acts)
    ]


def runs_of(life: Life) -> list[LifeRun]:
    """Return the runs, the earliest first, each with where its history comes from."""
    return [LifeRun(number, run, _whence(run, life)) for number, run in enumerate(life.chronicle.runs, 1)]


def entries_of(entries: Iterable[ChronicleEntry], lang: str) -> list[LifeEntry]:
    """Return entries of the access log as a page shows them."""
    return [
        LifeEntry(one.n, one.at, who_did(one.by, lang), one.said, _written(one.words or {}, lang)) for one in entries
    ]


def who_did(by: Person, lang: str) -> str:
    """Return who did something: role, OPD, and name or account."""
    return " · ".join(part for part in (label(ROLES, by.role, lang), by.opd, by.name or by.account) if part)


def _step(one: ChronicleEvent, behind: Sequence[EngineStep], lang: str) -> LifeStep:
    return LifeStep(
        one.seq,
        one.at,
        one.recorded_at if one.recorded_at.replace(second=0, microsecond=0) > one.at else None,
        label(EVENTS, one.kind, lang),
        label(STATUSES, one.status, lang),
        who_did(one.by, lang),
        facts_in_words(one.facts, lang, one.absent),
        _written(one.words or {}, lang),
        [change.said for change in one.deadlines],
        behind,
    )


def _act(one: ChronicleAct, lang: str) -> LifeStep:
    said, who = marked_act(one.kind, one.facts, lang), who_did(one.by, lang)
    return LifeStep(None, one.at, None, said, "", who, "", _written(one.words, lang), (), ())


def _whence(run: Run, life: Life) -> Message:
    if run.history in _NOT_WHOLE:
        return _NOT_WHOLE[run.history]
    return _FROM_ARCHIVE if run.run_id in life.archived else _FROM_ENGINE


def _written(words: Mapping[str, object], lang: str) -> list[tuple[str, str]]:
    return [
        (label(FACTS, name, lang), ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in words.items()
        if name not in _OF_THE_REPORT and isinstance(value, (str, int, list)) and value not in ("", [])
    ]
