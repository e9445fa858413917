"""`kawal history`: everything that happened to a complaint, and for those who may, what people wrote.

Without `--words` only the process record is shown. With it the reading itself goes on record (store.access_log), as
the rules ask for protected reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cli.dates import show_instant
from cli.labels import EVENTS, FACTS, ROLES, label
from cli.lang import Lang
from cli.operator import Operator
from cli.options import TRACKING_ID, Field, Spec
from cli.tables import write_table
from cli.words import say

if TYPE_CHECKING:
    from client.complaints import Complaints
    from domain.messages import Actor, Event

_LONG = frozenset({"rules", "deadlines", "key", "tracking_id", "instansi"})
"""Facts that a line of the table has no room for; --json has them."""


def history(operator: Operator, *, tracking_id: str, with_words: bool, purpose: str | None) -> None:
    """Tell a complaint's events in order; raises Refusal for an unknown one, and for who may not read words."""

    async def work(complaints: Complaints) -> list[Event]:
        events = await complaints.history(tracking_id)
        if not with_words:
            return [event.model_copy(update={"words": {}, "actor": _nameless(event.actor)}) for event in events]
        return await _read(operator, complaints, tracking_id, events, purpose)

    events = operator.with_system(work)
    if operator.json:
        # A sender's key and what was answered are between the two of them.
        operator.write_json([one.model_dump(mode="json", exclude={"key", "digest", "answer"}) for one in events])
        return
    columns = ["seq", "at", "event", "status", "actor", "facts"] + (["words"] if with_words else [])
    write_table(columns, (_row(operator, event, with_words) for event in events), operator.lang)
    if not with_words:
        operator.note(operator.say("public_only"))


SPEC = Spec(
    "history",
    history,
    [TRACKING_ID, Field("with_words", "--words", bool, default=False), Field("purpose", "--purpose")],
    "reading",
)


async def _read(
    operator: Operator, complaints: Complaints, tracking_id: str, events: list[Event], purpose: str | None
) -> list[Event]:
    """Return the events with what this reader may see of their words, the reading put on record first.

    Who the reporter is is shown only for a stated purpose, and to who may know it.
    """
    from client.readings import Readings
    from domain.seeing import may_know_reporter
    from store.access_log import AccessKind

    actor = await operator.actor_on(complaints, tracking_id)
    row = await complaints.snapshot(tracking_id)
    may_know = may_know_reporter(actor.role, row)
    known = may_know and bool(purpose)
    await Readings(complaints).allow(
        tracking_id, actor, what=AccessKind.READ_HISTORY, via="cli", purpose=purpose, identity=known
    )
    if may_know and not known:
        operator.note(operator.say("no_identity"))
    return events if known else [_without_reporter(event) for event in events]


def _nameless(actor: Actor) -> Actor:
    return actor.model_copy(update={"name": None})


def _without_reporter(event: Event) -> Event:
    words = {name: value for name, value in event.words.items() if name != "reporter"}
    actor = _nameless(event.actor) if event.actor.role == "reporter" else event.actor
    return event.model_copy(update={"words": words, "actor": actor})


def _row(operator: Operator, event: Event, with_words: bool) -> list[str]:
    lang = operator.lang
    who = label(ROLES, event.actor.role, lang)
    who += f" {event.actor.opd}" if event.actor.opd else ""
    who += f" ({event.actor.name})" if event.actor.name else ""
    cells = [
        str(event.seq),
        show_instant(event.at, lang),
        label(EVENTS, event.kind, lang),
        str(event.status),
        who,
        _pairs({name: value for name, value in event.facts.items() if name not in _LONG}, lang),
    ]
    return [*cells, _pairs(event.words, lang)] if with_words else cells


def _pairs(found: Mapping[str, Any], lang: Lang) -> str:
    """Name what is there; what is empty or not so is left out."""
    told = ((label(FACTS, name, lang), _text(value, lang)) for name, value in found.items() if value is not False)
    return "; ".join(f"{name}: {text}" for name, text in told if text)


def _text(value: Any, lang: Lang) -> str:
    if value is True:
        return say(lang, "yes")
    if isinstance(value, dict):
        inner = _pairs(value, lang)
        return f"{{{inner}}}" if inner else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
