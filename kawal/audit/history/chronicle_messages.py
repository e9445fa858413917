"""The wording of a complaint's history, in Indonesian and English: workflow events, deadlines, refusals, readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from kawal.audit.history.chronicle_engine import EngineRun, instant, is_local_activity
from kawal.domain.calendar import end_of
from kawal.domain.labels import EVENTS, ROLES
from kawal.domain.messages import Event
from kawal.domain.msgids import Message, msgid, verbatim
from kawal.domain.process.commands import printable
from kawal.domain.record_labels import ACTS, COMMANDS, ENTRIES, READINGS, REFUSALS, WAYS
from kawal.store.access_log import AccessEntry
from kawal.wording.catalogues import say
from kawal.wording.dates import show_day, show_deadline, show_instant
from kawal.wording.explanations import ExplanationText
from kawal.wording.labels import clock, facts_in_words, label

_NAME_LIMIT = 60

ENGINE: dict[str, Message] = {
    "workflow_execution_started": msgid("the run of the workflow begins{more}"),
    "workflow_execution_completed": msgid("the run ends: the complaint is over"),
    "workflow_execution_continued_as_new": msgid("goes on as run {more}"),
    "workflow_execution_failed": msgid("the run failed"),
    "workflow_execution_terminated": msgid("the run was terminated from outside{more}"),
    "workflow_execution_canceled": msgid("the run was cancelled"),
    "workflow_execution_timed_out": msgid("the run timed out"),
    "workflow_execution_signaled": msgid("the signal “{more}” came in"),
    "workflow_execution_update_accepted": msgid("the command “{more}” was accepted"),
    "workflow_execution_update_completed": msgid("the command was answered: {more}"),
    "workflow_task_scheduled": msgid("a worker is called for"),
    "workflow_task_started": msgid("a worker begins to decide"),
    "workflow_task_completed": msgid("what the worker decided is kept"),
    "workflow_task_timed_out": msgid("the worker did not answer in time"),
    "workflow_task_failed": msgid("the worker failed and is tried again"),
    "marker_recorded": msgid("{more}"),
    "timer_started": msgid("a timer is set for {more}"),
    "timer_fired": msgid("the timer fired"),
    "timer_canceled": msgid("the timer is cancelled"),
    "activity_task_scheduled": msgid("the activity “{more}” is asked for"),
    "activity_task_started": msgid("the activity begins"),
    "activity_task_completed": msgid("the activity is done"),
    "activity_task_failed": msgid("the activity failed"),
    "activity_task_timed_out": msgid("the activity timed out"),
    "upsert_workflow_search_attributes": msgid("Temporal's lists are updated: {more}"),
}
"""The wording of each type of workflow event; a type that is missing here is shown by its name."""

_WRITTEN = msgid("the record is written (local activity {name})")
_WRITTEN_ENCRYPTED = msgid("the record is written (local activity)")
_NOT_WRITTEN = msgid("a local activity failed")
_ANSWERED = {True: msgid("done"), False: msgid("refused")}
_CONTINUES = msgid(", continued from run {run}")


def type_of(event: HistoryEvent) -> str:
    """Return the event's type in lower case with underscores, e.g. `timer_fired`."""
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()


def said_of(event: HistoryEvent, run: EngineRun, lang: str) -> str:
    """Describe a workflow event; contains nothing that people wrote."""
    kind = type_of(event)
    if kind not in ENGINE:
        return kind.replace("_", " ")
    return say(lang, ENGINE[kind], more=_more(event, run, lang))


def said_of_event(event: Event, lang: str, absent: str | None) -> str:
    """Describe an event: what happened, and its facts, as `facts_in_words` does."""
    facts = facts_in_words(event.facts, lang, absent)
    return label(EVENTS, event.kind, lang) + (f" ({facts})" if facts else "")


def said_of_entry(entry: AccessEntry, lang: str) -> str:
    """Describe an entry of the access log: what was refused or read, and by which channel, but not by whom."""
    facts = entry.facts
    what = say(
        lang,
        ENTRIES[entry.kind] if entry.kind in ENTRIES else verbatim(entry.kind),
        command=_named((COMMANDS, ACTS, READINGS), facts.get("command", ""), lang),
        code=_named((REFUSALS,), facts.get("code", ""), lang),
    )
    told = (
        _named((WAYS, ACTS, ROLES), facts[name], lang)
        for name in ("via", "by", "what", "act", "ground")
        if facts.get(name)
    )
    way = ", ".join(told)
    identity = say(lang, msgid(" with the reporter's identity")) if facts.get("identity") else ""
    return f"{what}{identity}" + (f" ({way})" if way else "")


def _named(tables: Sequence[Mapping[Any, Message]], code: object, lang: str) -> str:
    """Return the name of a code from the first table that has it; an unknown code is shown as it is."""
    return next((say(lang, table[code]) for table in tables if code in table), str(code))


def said_of_deadline(key: str, now: str, before: str | None, why: ExplanationText | None, lang: str) -> str:
    """Describe a deadline that an event set, moved or ended: its day, the day before, the rule and its source."""
    text = f"{clock(key, lang)}: {_day(now, lang)}"
    if before is not None:
        text += say(lang, msgid(" (previously {day})"), day=_day(before, lang))
    if why is None:
        return text
    if why.provisional:
        text += say(lang, msgid(" (provisional)"))
    return text + say(
        lang,
        msgid("; rule: {name}, {limit} {unit} from {day}; source: {source}"),
        name=why.rule.name,
        limit=why.rule.limit,
        unit=why.rule.unit,
        day=show_day(why.day_zero, lang),
        source=why.rule.source,
    )


def _day(written: str, lang: str) -> str:
    if written == "paused":
        return say(lang, msgid("paused"))
    if written == "ended":
        return say(lang, msgid("ended"))
    return show_deadline(end_of(date.fromisoformat(written)), lang)


def _more(event: HistoryEvent, run: EngineRun, lang: str) -> str:
    """Return the details of a workflow event: names and codes."""
    attributes: Any = getattr(event, event.WhichOneof("attributes") or "", None)
    match type_of(event):
        case "marker_recorded":
            return _marker(event, run, lang)
        case "workflow_execution_started":
            before = attributes.continued_execution_run_id
            return say(lang, _CONTINUES, run=before) if before else ""
        case "workflow_execution_continued_as_new":
            return str(attributes.new_execution_run_id)
        case "workflow_execution_terminated":
            return f": {_name(attributes.reason)}" if attributes.reason else ""
        case "workflow_execution_update_completed":
            return say(lang, _ANSWERED[attributes.outcome.HasField("success")])
        case "timer_started":
            until = instant(event) + attributes.start_to_fire_timeout.ToTimedelta() + run.offset
            return show_instant(until, lang)
        case "upsert_workflow_search_attributes":
            return _attributes(attributes.search_attributes.indexed_fields)
        case kind:
            return _NAMED[kind](attributes) if kind in _NAMED else ""


_NAMED: dict[str, Callable[[Any], str]] = {
    "workflow_execution_signaled": lambda attributes: _name(attributes.signal_name),
    "workflow_execution_update_accepted": lambda attributes: _name(attributes.accepted_request.input.name),
    "activity_task_scheduled": lambda attributes: _name(attributes.activity_type.name),
}


def _attributes(fields: Mapping[str, Payload]) -> str:
    """Return the search attributes, which are codes and dates and are not encrypted in the engine."""
    return ", ".join(f"{_name(name)}={_name(fields[name].data.decode(errors='replace'))}" for name in sorted(fields))


def _marker(event: HistoryEvent, run: EngineRun, lang: str) -> str:
    attributes = event.marker_recorded_event_attributes
    if not is_local_activity(event):
        return _name(attributes.marker_name)
    if attributes.HasField("failure"):
        return say(lang, _NOT_WRITTEN)
    name = run.activities.get(event.event_id)
    return say(lang, _WRITTEN, name=_name(name)) if name else say(lang, _WRITTEN_ENCRYPTED)


def _name(text: str) -> str:
    """Return a name that somebody else gave, shortened and on one line."""
    return printable(text[:_NAME_LIMIT])
