"""The whole history of one complaint as one document: what happened, by whom, which deadlines were set and why, what
was refused, who read it, and every workflow event behind it.

The document is the same for a running complaint, a closed one, and one whose history the engine has deleted. Whether
the reader may see it is checked beforehand by client.authority.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from temporalio.api.history.v1 import HistoryEvent

from kawal.audit.history.chronicle_acts import acts_of
from kawal.audit.history.chronicle_causes import Cause, causes
from kawal.audit.history.chronicle_engine import EngineRun, EngineRuns, instant
from kawal.audit.history.chronicle_messages import said_of, said_of_deadline, said_of_entry, said_of_event, type_of
from kawal.client.complaints import Complaints
from kawal.client.reading import Readings
from kawal.crypto.codec import ComplaintCodec
from kawal.domain.labels import ROLES
from kawal.domain.messages import Actor, Event, Snapshot
from kawal.domain.names import EventKind, Role, Status, workflow_id
from kawal.domain.persons import absents_in
from kawal.domain.process.evolve import evolve, first_state
from kawal.domain.process.projection import explain_clock
from kawal.domain.process.state import State
from kawal.store.access_log import AccessEntry
from kawal.store.erasure_status import ErasureStatus, erasure_of
from kawal.store.side_acts import SideAct, SideActKind
from kawal.wording.catalogues import Lang
from kawal.wording.explanations import ExplanationText, said_explanation
from kawal.wording.labels import label
from kawal.wording.side_acts import said_of_act


class Person(BaseModel):
    """Who did something: the role and account always, the name only where it may be shown."""

    role: Role
    account: str
    """An opaque id: the same for one person in one role and OPD; a reporter's differs from complaint to complaint."""
    opd: str | None = None
    name: str | None = None


class DeadlineChange(BaseModel):
    """A deadline that an event set, moved, paused or ended."""

    clock: str
    """The clock, with its OPD where it has one, e.g. `respond:DPUPR`."""
    now: str
    """The local day at whose end it runs out, or `paused` or `ended`."""
    before: str | None = None
    why: ExplanationText | None = None
    """The rule, its source, the start, the pauses and each day that did not count; None where the deadline ended."""
    said: str


class ChronicleEvent(BaseModel):
    """One event; times are UTC."""

    seq: int
    at: datetime
    """When it happened, on the complaint's own clock."""
    recorded_at: datetime
    """When Kawal recorded it: later than `at` for imported reports, and for what fell due while Kawal was down."""
    kind: EventKind
    by: Person
    absent: str | None = None
    """The name of the one for whom a deputy acted; None where nobody did, or names are not shown."""
    status: Status
    """The status after the event."""
    said: str
    """What happened, in words; contains nothing that people wrote."""
    facts: dict[str, Any]
    words: dict[str, Any] | None = None
    """What people wrote; None where it is not shown."""
    deadlines: list[DeadlineChange] = Field(default_factory=list)
    brought_about_by: list[WorkflowEventRef] = Field(default_factory=list)
    """The workflow events behind it; empty where that run's history no longer exists."""


class WorkflowEventRef(BaseModel):
    """A reference to one workflow event of `runs`."""

    run_id: str
    event_id: int


class ChronicleAct(BaseModel):
    """What an official released to the public or redacted: an act beside the process, which is no event of it."""

    n: int
    """Its number among all acts of the installation: those of one complaint have gaps."""
    at: datetime
    kind: SideActKind
    by: Person
    said: str
    """What was done, in words; contains nothing that people wrote."""
    facts: dict[str, Any]
    words: dict[str, Any]
    """The passages, what the public read since, and why; where words are not shown only a `why` that is public."""


class ChronicleEntry(BaseModel):
    """One entry of the access log about this complaint."""

    n: int
    at: datetime
    kind: str
    by: Person
    facts: dict[str, Any]
    words: dict[str, Any] | None = None
    """The stated purpose, or the values that complete a refusal's sentence; None where words are not shown."""
    said: str


class WorkflowEvent(BaseModel):
    """One event of the engine's own history."""

    event_id: int
    type: str
    at: datetime
    said: str


class Run(BaseModel):
    """One run of the complaint's workflow, with every event that the engine recorded."""

    run_id: str
    history: str
    """`whole`, `pruned` (archived, its body destroyed by retention), `damaged` (not what was archived) or `lost`."""
    started_at: datetime | None
    closed_at: datetime | None
    closing: str | None
    """`completed`, `continued_as_new`, `failed`, `terminated`, `canceled` or `timed_out`; None while it runs."""
    events: list[WorkflowEvent]


class Chronicle(BaseModel):
    """The whole history of a complaint."""

    tracking_id: str
    instansi: str
    status: Status
    anonim: bool
    rahasia: bool
    received_at: datetime
    erased: ErasureStatus | None
    with_words: bool
    with_identity: bool
    events: list[ChronicleEvent]
    acts: list[ChronicleAct]
    """What officials released or redacted, in order."""
    supporters: int
    """How many people support it ("saya juga"); who they are is nowhere told."""
    refused: list[ChronicleEntry]
    readings: list[ChronicleEntry]
    """Every other entry of the access log: readings, exports, erasures."""
    runs: list[Run]


class Life(NamedTuple):
    """A chronicle, and where the histories of its runs come from."""

    chronicle: Chronicle
    archived: frozenset[str]
    """The ids of the runs whose history is the history archive's; the others' is the engine's."""
    engine_away: bool
    """Whether the engine did not answer: then runs that it alone has are missing."""


class Chronicles:
    """Builds the documents."""

    def __init__(self, complaints: Complaints, seen: Readings) -> None:
        """Work through the client of a running system; `seen` is the record as the reader sees it."""
        self._complaints = complaints
        self._seen = seen

    async def of(self, row: Snapshot, *, words: bool = False, identity: bool = False, lang: Lang = "id") -> Chronicle:
        """Return the history of that row's complaint.

        `words` adds what people wrote and officials' names, `identity` who the reporter is. Raises SystemUnavailable,
        KeyUnavailable. Of an erased complaint it is the process record alone.
        """
        runs = await self._engine_runs(row.tracking_id).of(row.tracking_id)
        return await self._told(row, runs, _ReaderView(words, identity, lang), lang)

    async def life(self, row: Snapshot, *, words: bool = False, lang: Lang = "id") -> Life:
        """Return the same without who the reporter is, and where the runs' histories come from.

        Where the engine is away it is as much as the record and the history archive have. Raises as `of` does.
        """
        known = await self._engine_runs(row.tracking_id).known(row.tracking_id)
        told = await self._told(row, known.runs, _ReaderView(words, False, lang), lang)
        return Life(told, known.archived, known.engine_away)

    async def _told(self, row: Snapshot, runs: Sequence[EngineRun], shown: _ReaderView, lang: Lang) -> Chronicle:
        seen, tracking_id = self._seen, row.tracking_id
        events = await seen.history(tracking_id)
        entries = [entry async for entry in seen.access_log.entries(tracking_id)]
        behind = causes(events, runs)
        deadlines = await self._deadlines(events, lang)
        acts = await acts_of(seen.record, tracking_id, words=shown.words)
        absents = await self._complaints.accounts.names_of(absents_in(one.facts for one in events))
        return Chronicle(
            tracking_id=tracking_id,
            instansi=row.instansi,
            status=row.status,
            anonim=row.anonim,
            rahasia=row.rahasia,
            received_at=row.received_at,
            erased=await erasure_of(self._complaints.pool, tracking_id),
            with_words=shown.words,
            with_identity=shown.identity,
            events=[shown.event(one, absents, deadlines.get(one.seq, []), behind.get(one.seq, [])) for one in events],
            acts=[_act(one, lang) for one in acts],
            supporters=(await seen.record.supports.counts([tracking_id]))[tracking_id],
            refused=[shown.entry(one) for one in entries if one.kind == "refused"],
            readings=[shown.entry(one) for one in entries if one.kind != "refused"],
            runs=[_run(one, lang) for one in runs],
        )

    def _engine_runs(self, tracking_id: str) -> EngineRuns:
        connected = self._complaints.system
        codec = ComplaintCodec(connected.keys, workflow_id(tracking_id))
        return EngineRuns(connected.client, self._seen.record.history_archive, codec)

    async def _deadlines(self, events: Sequence[Event], lang: Lang) -> dict[int, list[DeadlineChange]]:
        """Return what each event did to the deadlines, explained by the state after it."""
        found: dict[int, list[DeadlineChange]] = {}
        state: State | None = None
        for event in events:
            state = first_state(event) if state is None else evolve(state, event)
            if event.facts.get("deadlines"):
                names = await self._complaints.rulebook.holiday_names(state.rules.calendar.version)
                found[event.seq] = list(_changes(event, state, names, lang))
        return found


def _changes(event: Event, state: State, names: dict[date, str], lang: Lang) -> Sequence[DeadlineChange]:
    running = {clock.key: clock for clock in state.running_clocks()}
    before = event.facts.get("deadlines_before", {})
    changes = []
    for key, now in event.facts["deadlines"].items():
        clock = running.get(key)
        why = None if clock is None else said_explanation(explain_clock(clock, state, names), lang)
        said = said_of_deadline(key, now, before.get(key), why, lang)
        changes.append(DeadlineChange(clock=key, now=now, before=before.get(key), why=why, said=said))
    return changes


class _ReaderView:
    """Which parts of the record are shown to this reader."""

    def __init__(self, words: bool, identity: bool, lang: Lang) -> None:
        self.words = words
        self.identity = identity
        self._lang = lang

    def event(
        self, event: Event, absents: Mapping[str, str], deadlines: list[DeadlineChange], behind: list[Cause]
    ) -> ChronicleEvent:
        absent = absents.get(event.facts.get("deputy_for", "")) if self.words else None
        return ChronicleEvent(
            seq=event.seq,
            at=event.at,
            recorded_at=event.recorded_at,
            kind=event.kind,
            by=self._person(event.actor),
            absent=absent,
            status=event.status,
            said=said_of_event(event, self._lang, absent or self._in_whose_role(event)),
            facts=_plain_facts(event.facts),
            words=self._written(event.words),
            deadlines=deadlines,
            brought_about_by=[WorkflowEventRef(run_id=one.run_id, event_id=one.event_id) for one in behind],
        )

    def _in_whose_role(self, event: Event) -> str:
        """Return for whom a deputy acted where no name is shown: the role, which is the absent's too."""
        return label(ROLES, event.actor.role, self._lang)

    def entry(self, entry: AccessEntry) -> ChronicleEntry:
        return ChronicleEntry(
            n=entry.n,
            at=entry.at,
            kind=entry.kind,
            by=self._person(entry.actor),
            facts=entry.facts,
            words=self._written(entry.words),
            said=said_of_entry(entry, self._lang),
        )

    def _person(self, actor: Actor) -> Person:
        named = self.identity if actor.role is Role.REPORTER else self.words
        return Person(role=actor.role, account=actor.account, opd=actor.opd, name=actor.name if named else None)

    def _written(self, words: dict[str, Any]) -> dict[str, Any] | None:
        if not self.words:
            return None
        return {name: value for name, value in words.items() if self.identity or name != "reporter"}


def _act(act: SideAct, lang: Lang) -> ChronicleAct:
    assert act.actor is not None  # noqa: S101 - an official's act names the official
    by = Person(role=act.actor.role, account=act.actor.account, name=act.actor.name)
    said = said_of_act(act.kind, act.facts, lang)
    return ChronicleAct(n=act.n, at=act.at, kind=act.kind, by=by, said=said, facts=act.facts, words=act.words)


def _plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with rule sets named by their versions: the case file's rows hold them in full."""
    rules = facts.get("rules")
    if not rules:
        return facts
    return facts | {"rules": {name: rules[name].get("version") for name in ("policy", "calendar") if name in rules}}


def _run(run: EngineRun, lang: Lang) -> Run:
    return Run(
        run_id=run.run_id,
        history=run.kept,
        started_at=run.started_at,
        closed_at=run.closed_at,
        closing=run.closing,
        events=[_workflow_event(event, run, lang) for event in run.events],
    )


def _workflow_event(event: HistoryEvent, run: EngineRun, lang: Lang) -> WorkflowEvent:
    said = said_of(event, run, lang)
    return WorkflowEvent(event_id=event.event_id, type=type_of(event), at=instant(event), said=said)
