"""`kawal history`: everything that happened to a complaint, and for those who may, what people wrote.

Without `--words` only the process record is shown. With it the reading itself goes on record (store.access_log), as
the rules ask for protected reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kawal.cli.terminal.chronicle import note_erasure, note_supporters
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.cli.wording.labels import EVENTS, ROLES, label
from kawal.domain.labels import STATUSES
from kawal.domain.persons import absents_in
from kawal.wording.labels import facts_in_words, pairs_in_words
from kawal.wording.side_acts import marked_act

if TYPE_CHECKING:
    from kawal.audit.history.chronicle import Chronicle
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor, Event
    from kawal.store.erasure_status import ErasureStatus
    from kawal.store.side_acts import SideAct


class History(NamedTuple):
    """What is told of a complaint without asking the engine."""

    in_order: list[Event | SideAct]
    absents: dict[str, str]
    """The names of those for whom deputies acted, by account; none where words are not shown."""
    supporters: int
    erased: ErasureStatus | None


def history(
    operator: Operator, *, tracking_id: str, with_words: bool, whole_chronicle: bool, purpose: str | None
) -> None:
    """Show a complaint's events and the acts beside its process in order.

    Raises Refusal for an unknown one, and for who may not read what was asked.
    With `whole_chronicle` also why each deadline is what it is, what was refused, who read it, and the engine's own
    events.
    """
    if whole_chronicle:
        _whole(operator, tracking_id, with_words, purpose)
        return

    async def work(complaints: Readings) -> History:
        return await _told(operator, complaints, tracking_id, with_words, purpose)

    told = operator.with_record(work)
    if operator.json:
        operator.write_json([_json(one) for one in told.in_order])
        return
    columns = ["seq", "at", "event", "status", "actor", "facts"] + (["words"] if with_words else [])
    write_table(columns, (_row(operator, one, told.absents, with_words) for one in told.in_order), operator.lang)
    note_supporters(operator, told.supporters)
    note_erasure(operator, told.erased)
    if not with_words and told.erased is None:
        operator.note(operator.say("public_only"))


SPECS = (
    Spec(
        "history",
        history,
        [
            TRACKING_ID,
            Field("with_words", "--words", bool, default=False),
            Field("whole_chronicle", "--workflow", bool, default=False),
            Field("purpose", "--purpose"),
        ],
    ),
)


def _whole(operator: Operator, tracking_id: str, with_words: bool, purpose: str | None) -> None:
    async def work(complaints: Complaints) -> Chronicle:
        from kawal.audit.history.chronicle import Chronicles
        from kawal.domain.access import Act

        actor = await operator.actor_on(complaints, tracking_id)
        known = with_words and bool(purpose)
        row = await complaints.authority.reading(
            actor, Act.READ_CHRONICLE, tracking_id, via="cli", purpose=purpose, identity=known
        )
        return await Chronicles(complaints, complaints.seen_by(actor)).of(
            row, words=with_words, identity=known, lang=operator.lang
        )

    chronicle = operator.with_system(work)
    if operator.json:
        operator.write(chronicle.model_dump_json(indent=2))
        return
    from kawal.cli.terminal.chronicle import tell

    tell(operator, chronicle, with_words)


async def _told(
    operator: Operator, complaints: Readings, tracking_id: str, with_words: bool, purpose: str | None
) -> History:
    from kawal.audit.history.chronicle_acts import acts_of, interleaved
    from kawal.store.erasure_status import erasure_of

    events = await complaints.history(tracking_id)
    erased = await erasure_of(complaints.pool, tracking_id)
    if with_words:
        events = await _read(operator, complaints, tracking_id, events, purpose)
    else:
        events = [event.model_copy(update={"words": {}, "actor": _nameless(event.actor)}) for event in events]
    acts = await acts_of(complaints.record, tracking_id, words=with_words)
    supporters = (await complaints.record.supports.counts([tracking_id]))[tracking_id]
    absents = await complaints.accounts.names_of(absents_in(one.facts for one in events)) if with_words else {}
    return History(list(interleaved(events, acts)), absents, supporters, erased)


def _json(one: Event | SideAct) -> dict[str, Any]:
    """Return an event, or an act beside the process: that has a number `act` and no `seq`."""
    # The sender's key and the answer concern only the sender and the system.
    told = one.model_dump(mode="json", exclude={"idempotency_key", "digest", "answer"})
    return {"seq": None, "act": told.pop("n"), **told} if "n" in told else told


async def _read(
    operator: Operator, complaints: Readings, tracking_id: str, events: list[Event], purpose: str | None
) -> list[Event]:
    """Return the events with what this reader may see of their words, the reading put on record first.

    The reporter's identity is shown only for a stated purpose, and to those who may know it. A liaison to whom it is
    not shown reads the words masked: people name themselves in what they write.
    """
    from kawal.domain.access import Act, may_know_reporter

    actor = await operator.actor_on(complaints, tracking_id)
    row = await complaints.snapshot(tracking_id)
    may_know = may_know_reporter(actor.role, anonim=row.anonim)
    known = may_know and bool(purpose)
    await complaints.authority.reading(actor, Act.READ_EVENTS, tracking_id, via="cli", purpose=purpose, identity=known)
    if may_know and not known:
        operator.note(operator.say("no_identity"))
    if known:
        return events
    if actor.role == "liaison":
        from kawal.domain.masking import masked_words
        from kawal.store.read_model import reporter_of

        reporter = reporter_of(events)
        events = [one.model_copy(update={"words": masked_words(one.words, reporter)}) for one in events]
    return [_without_reporter(event) for event in events]


def _nameless(actor: Actor) -> Actor:
    return actor.model_copy(update={"name": None})


def _without_reporter(event: Event) -> Event:
    words = {name: value for name, value in event.words.items() if name != "reporter"}
    actor = _nameless(event.actor) if event.actor.role == "reporter" else event.actor
    return event.model_copy(update={"words": words, "actor": actor})


def _row(operator: Operator, one: Event | SideAct, absents: Mapping[str, str], with_words: bool) -> list[str]:
    from kawal.store.side_acts import SideAct

    lang = operator.lang
    if isinstance(one, SideAct):
        cells = ["–", show_instant(one.at, lang), marked_act(one.kind, one.facts, lang), "", _who(one.actor, lang)]
        said = pairs_in_words(one.words, lang)
        return [*cells, "", said] if with_words else [*cells, said]
    absent = absents.get(one.facts.get("deputy_for", ""), _who(_nameless(one.actor), lang))
    cells = [
        str(one.seq),
        show_instant(one.at, lang),
        label(EVENTS, one.kind, lang),
        label(STATUSES, one.status, lang),
        _who(one.actor, lang),
        facts_in_words(one.facts, lang, absent),
    ]
    return [*cells, pairs_in_words(one.words, lang)] if with_words else cells


def _who(actor: Actor | None, lang: str) -> str:
    if actor is None:
        return ""
    who = label(ROLES, actor.role, lang)
    who += f" {actor.opd}" if actor.opd else ""
    return who + (f" ({actor.name})" if actor.name else "")
