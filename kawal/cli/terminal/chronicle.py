"""The whole history of a complaint, shown on a screen."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.tables import write_pairs, write_table
from kawal.cli.wording.labels import EVENTS, ROLES, label
from kawal.domain.labels import STATUSES
from kawal.wording.labels import facts_in_words, pairs_in_words
from kawal.wording.side_acts import marked_act

if TYPE_CHECKING:
    from kawal.audit.history.chronicle import Chronicle, ChronicleAct, ChronicleEntry, ChronicleEvent, Person, Run
    from kawal.store.erasure_status import ErasureStatus

_NOT_WHOLE = {"pruned": "history_pruned", "damaged": "history_damaged", "lost": "history_lost"}
"""Why a run's events are not shown."""


def tell(operator: Operator, chronicle: Chronicle, with_words: bool) -> None:
    """Show the events and acts in order, then deadlines and why, refusals, readings, and the engine's own events."""
    from kawal.audit.history.chronicle_acts import interleaved

    columns = ["seq", "at", "recorded_at", "event", "status", "actor", "facts"] + (["words"] if with_words else [])
    in_order = interleaved(chronicle.events, chronicle.acts)
    write_table(columns, (_row(operator, one, with_words) for one in in_order), operator.lang)
    note_supporters(operator, chronicle.supporters)
    note_erasure(operator, chronicle.erased)
    _deadlines(operator, chronicle)
    _entries(operator, "chronicle_refused", chronicle.refused)
    _entries(operator, "chronicle_readings", chronicle.readings)
    brought: dict[tuple[str, int], list[int]] = defaultdict(list)
    for event in chronicle.events:
        for one in event.brought_about_by:
            brought[one.run_id, one.event_id].append(event.seq)
    for run in chronicle.runs:
        _run(operator, run, brought)


def note_supporters(operator: Operator, count: int) -> None:
    """Note how many support a report, if anybody does."""
    if count:
        operator.note(operator.say("supporters", count=count))


def note_erasure(operator: Operator, erased: ErasureStatus | None) -> None:
    """Note that a complaint's content was erased, if it was."""
    if erased is not None:
        at = show_instant(erased.at, operator.lang)
        operator.note(operator.say("chronicle_erased", at=at, by=erased.by, ground=erased.ground))


def who(person: Person, operator: Operator) -> str:
    """Return who did it: role, OPD, and name or account."""
    name = label(ROLES, person.role, operator.lang) + (f" {person.opd}" if person.opd else "")
    return f"{name} ({person.name or person.account})"


def _row(operator: Operator, one: ChronicleEvent | ChronicleAct, with_words: bool) -> list[str]:
    from kawal.audit.history.chronicle import ChronicleAct

    lang = operator.lang
    said = pairs_in_words(one.words or {}, lang)
    if isinstance(one, ChronicleAct):
        at = show_instant(one.at, lang)
        cells = ["–", at, at, marked_act(one.kind, one.facts, lang), "", who(one.by, operator)]
        return [*cells, "", said] if with_words else [*cells, said]
    cells = [
        str(one.seq),
        show_instant(one.at, lang),
        show_instant(one.recorded_at, lang),
        label(EVENTS, one.kind, lang),
        label(STATUSES, one.status, lang),
        who(one.by, operator),
        facts_in_words(one.facts, lang, one.absent),
    ]
    return [*cells, said] if with_words else cells


def _deadlines(operator: Operator, chronicle: Chronicle) -> None:
    _heading(operator, operator.say("chronicle_deadlines"))
    lang = operator.lang
    for event in chronicle.events:
        told = f"{event.seq} {label(EVENTS, event.kind, lang)} ({show_instant(event.at, lang)})"
        write_pairs((told, change.said) for change in event.deadlines)


def _entries(operator: Operator, heading: str, entries: list[ChronicleEntry]) -> None:
    _heading(operator, operator.say(heading))
    if not entries:
        operator.write(operator.say("chronicle_none"))
        return
    rows = [
        [
            str(entry.n),
            show_instant(entry.at, operator.lang),
            who(entry.by, operator),
            entry.said,
            "; ".join(f"{name}: {value}" for name, value in (entry.words or {}).items()),
        ]
        for entry in entries
    ]
    write_table(["number", "at", "actor", "said", "words"], rows, operator.lang)


def _run(operator: Operator, run: Run, brought: dict[tuple[str, int], list[int]]) -> None:
    lang = operator.lang
    until = f"{show_instant(run.closed_at, lang)} ({run.closing})" if run.closing else operator.say("chronicle_running")
    _heading(
        operator, operator.say("chronicle_run", run=run.run_id, since=show_instant(run.started_at, lang), until=until)
    )
    if run.history != "whole":
        operator.write(operator.say(_NOT_WHOLE[run.history]))
        return
    rows = [
        [
            str(event.event_id),
            show_instant(event.at, lang),
            event.said,
            ", ".join(map(str, brought[run.run_id, event.event_id])),
            event.type,
        ]
        for event in run.events
    ]
    write_table(["number", "at", "said", "brought", "type"], rows, lang)


def _heading(operator: Operator, text: str) -> None:
    operator.write(f"\n{text}")
