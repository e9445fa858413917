"""Checks that the read model, the recap's spans and the outbox agree with the events.

The state is rebuilt from the events' unencrypted facts, so an erased complaint is compared like any other. The record
does not always tell which events one step of the workflow wrote together (events recorded at one moment may come from
one step or several). Where that matters, every possible reading is tried, and one must fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import asyncpg

from kawal.audit.proof.findings import ErasedComplaint, FindingCollector
from kawal.audit.proof.verify_queues import differs
from kawal.audit.proof.verify_rows import History, instant
from kawal.audit.proof.verify_sums import wrong_sums
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import DataKey, NotAuthentic, decrypt
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.messages import Event, Snapshot
from kawal.domain.names import EventKind, workflow_id
from kawal.domain.notices import NoticeDraft, notices_for
from kawal.domain.process.evolve import evolve, first_state
from kawal.domain.process.projection import snapshot
from kawal.domain.process.spans import OpdStanding, Span, SpanContent, carried_on
from kawal.domain.reconciliation import differences
from kawal.proof.chain import EVENT_FIELDS
from kawal.store.data_keys import DataKeyStore
from kawal.store.notices import Notice
from kawal.store.read_model import public_words, reporter_of, snapshot_of
from kawal.store.stored_events import from_stored

WORDS = ("title", "body", "place", "latitude", "longitude", "occurred_on")
_WORDED = frozenset({EventKind.STARTED, EventKind.VERIFIED, EventKind.HANDLED})
WAYS = 64
"""How many possible readings of one complaint's steps are followed at once."""

_IMPORT_DIGEST = "import_digest"
_CIPHERTEXT = EVENT_FIELDS.index("ciphertext")

Moment = list[tuple[Event, Snapshot]]
"""Events recorded at one moment, each with the complaint's state after it."""


class Fold(NamedTuple):
    """One complaint with the data derived from it."""

    tracking_id: str
    moments: list[Moment]
    folded: Snapshot
    words: dict[str, Any] | None
    """The words by column, masked; None where its key is missing."""


class ModelCheck:
    """Compares a page of complaints at a time."""

    def __init__(self, conn: asyncpg.Connection, keys: DataKeyStore, report: FindingCollector) -> None:
        """Read through a connection whose transaction sees one state."""
        self._conn = conn
        self._keys = keys
        self._report = report

    async def page(self, histories: Sequence[History]) -> None:
        """Compare these complaints; those whose chain has a fault are compared as far as they can be read."""
        ids = [history.tracking_id for history in histories]
        rows = {row["tracking_id"]: row for row in await self._conn.fetch(_COMPLAINTS, ids)}
        spans = _by(await self._conn.fetch(_SPANS, ids))
        notices = _by(await self._conn.fetch(_NOTICES, ids, [workflow_id(one) for one in ids]))
        await self.published(ids)
        erased = {row["tracking_id"]: row for row in await self._conn.fetch(_ERASED, [workflow_id(one) for one in ids])}
        for history in histories:
            row = rows.get(history.tracking_id)
            gone = erased.get(history.tracking_id)
            if gone is not None:
                self._erased(gone)
            if row is None:
                self._report.found("model_missing", workflow_id(history.tracking_id))
                continue
            self._erased_as_told(row, gone)
            await self._one(
                history, row, spans.get(history.tracking_id, []), notices.get(history.tracking_id, []), gone is not None
            )

    def _erased(self, row: Any) -> None:
        self._report.result.erased.append(
            ErasedComplaint(tracking_id=row["tracking_id"], on=row["on"], by=row["by"], ground=row["ground"])
        )
        if not row["recorded"]:
            self._report.found("erasure_unrecorded", workflow_id(row["tracking_id"]))

    def _erased_as_told(self, row: Any, gone: Any) -> None:
        """Check that the read model says that a complaint is erased, and when, exactly where its keys are destroyed."""
        if row["erased_at"] != (None if gone is None else gone["on"]):
            self._report.found("erasure_differs", workflow_id(row["tracking_id"]))

    async def _one(
        self, history: History, row: Any, spans: Sequence[Any], notices: Sequence[Any], erased: bool
    ) -> None:
        where = workflow_id(history.tracking_id)
        for missing in range(len(history.rows) + 1, row["last_seq"] + 1):
            self._report.found("row_missing", f"{where} {missing}")
        hidden = erased or row["rahasia"]
        keys = [None if hidden else await self._key(where, stored[_CIPHERTEXT]) for stored in history.rows]
        try:
            fold = _fold(history, keys, rahasia=row["rahasia"])
        except NotAuthentic:
            self._report.found("unreadable", where)
            return
        except Exception:  # whatever a tampered record raises, it yields no state
            if history.sound or history.rows:
                self._report.found("unreadable", where)
            return
        await self._read_model(fold, row)
        if differs(row, fold.folded, erased=erased):
            self._report.found("model_differs", where, fields="queues")
        self._words(fold, row, erased=erased)
        _spans(fold, spans, self._report)
        await self._outbox(fold, notices, erased=erased)

    async def _read_model(self, fold: Fold, row: Any) -> None:
        stored = snapshot_of(row)
        fields = differences(stored, fold.folded)
        if fields == ["main_report"] and await self._moved_along(fold.folded.main_report, stored.main_report):
            fields = []
        places = [f"{place} {line.code}" for place, line in enumerate(fold.folded.opds)]
        if list(row["places"]) != places and "opds" not in fields:
            fields = [*fields, "opds"]
        if fields:
            self._report.found("model_differs", workflow_id(fold.tracking_id), fields=", ".join(fields))

    async def _moved_along(self, first: str | None, stands: str | None) -> bool:
        """Tell whether a main report was itself merged, into the one that its follower now has as its main report."""
        seen = set()
        while first is not None and first not in seen:
            seen.add(first)
            first = await self._conn.fetchval("select main_report from complaint where tracking_id = $1", first)
            if first == stands:
                return True
        return False

    def _words(self, fold: Fold, row: Any, *, erased: bool) -> None:
        if erased or row["rahasia"]:
            expected: dict[str, Any] = {}
        elif fold.words is None:
            self._report.not_compared(fold.tracking_id)
            return
        else:
            expected = fold.words
        fields = [name for name in WORDS if _plain(row[name]) != _plain(expected.get(name))]
        if fields:
            self._report.found("words_differ", workflow_id(fold.tracking_id), fields=", ".join(fields))

    async def _outbox(self, fold: Fold, rows: Sequence[Any], *, erased: bool) -> None:
        own: dict[int, list[Any]] = {}
        for row in rows:
            if row["kind"] == _IMPORT_DIGEST:
                continue  # one notice for a whole file, written by its importer
            if row["tracking_id"] != fold.tracking_id:
                self._follower(fold, row)
            elif row["workflow_id"] == workflow_id(fold.tracking_id):
                own.setdefault(row["seq"], []).append(row)
        for event, afters in _readings(fold):
            self._told(event, afters, own.pop(event.seq, []))
        for seq, extra in sorted(own.items()):
            for row in extra:
                self._report.found("notice_unexpected", f"{workflow_id(fold.tracking_id)} {seq}", kind=row["kind"])
        self._report.count("notice", len(rows))
        if not erased:
            await self._bodies(fold, rows)

    def _told(self, event: Event, afters: Sequence[Snapshot], rows: Sequence[Any]) -> None:
        stand = [
            (row["kind"], row["to_role"], row["to_opd"], row["channel"])
            for row in sorted(rows, key=lambda row: row["n"])
        ]
        ways = [[_shape(draft) for draft in notices_for(event, after)] for after in afters]
        if stand in ways:
            return
        expected = min(ways, key=lambda way: len(set(way) ^ set(stand)))
        where = f"{workflow_id(afters[0].tracking_id)} {event.seq}"
        for shape in expected:
            if shape not in stand:
                self._report.found("notice_missing", where, kind=shape[0])
        for shape in stand:
            if shape not in expected:
                self._report.found("notice_unexpected", where, kind=shape[0])
        if sorted(map(str, expected)) == sorted(map(str, stand)):
            self._report.found("notice_unexpected", where, kind=stand[0][0])

    def _follower(self, fold: Fold, row: Any) -> None:
        """Check that a follower's reporter was told the same of an event as the reporter of its main report."""
        told = {
            (event.seq, draft.kind, str(draft.to))
            for event, afters in _readings(fold)
            if event.seq == row["seq"]
            for after in afters
            for draft in notices_for(event, after)
        }
        if (row["seq"], row["kind"], row["to_role"]) not in told:
            self._report.found("notice_unexpected", f"{row['workflow_id']} {row['seq']}", kind=row["kind"])

    async def _bodies(self, fold: Fold, rows: Sequence[Any]) -> None:
        """Check that each notice's body belongs to it: encrypted for its place, one that was changed or taken from
        another notice cannot be decrypted.
        """
        for row in rows:
            if row["tracking_id"] != fold.tracking_id:
                continue
            where = f"{row['workflow_id']} {row['seq']}"
            if row["body"] is None:
                self._report.found("notice_changed", where, notice=row["id"])
                continue
            key = await self._key(workflow_id(fold.tracking_id), row["body"])
            if key is None:
                return
            try:
                decrypt(key, row["body"], Notice(**{name: row[name] for name in _PLACE}).aad)
            except NotAuthentic:
                self._report.found("notice_changed", where, notice=row["id"])

    async def _key(self, owner: str, encrypted: bytes) -> DataKey | None:
        try:
            return await self._keys.key_of(owner, encrypted)
        except (KeyUnavailable, KeyDestroyed):
            return None

    async def published(self, numbers: Sequence[str]) -> None:
        """Check that complaints are counted and listed as what the public may see of them."""
        for row in await self._conn.fetch(_MISPUBLISHED, numbers):
            self._report.found("publicity_differs", workflow_id(row["tracking_id"]))

    async def sums(self) -> None:
        """Check that the recap's figures are the sums over its spans."""
        self._report.show("recap")
        for row in await wrong_sums(self._conn):
            line = f"{row['instansi']} {row['month']:%Y-%m} {row['axis']} {row['value']}".strip()
            self._report.found("sums_differ", f"recap {line}", line=line)


def _fold(history: History, keys: Sequence[DataKey | None], *, rahasia: bool) -> Fold:
    events = [_event(row, key) for row, key in zip(history.rows, keys, strict=True)]
    state = first_state(events[0])
    moments: list[Moment] = []
    for _, recorded in groupby(events, key=lambda event: event.recorded_at):
        moment: Moment = []
        for event in recorded:
            if event.seq > 1:
                evolve(state, event)
            moment.append((event, snapshot(state)))
        moments.append(moment)
    words = None if None in keys else public_words(events, reporter_of(events), rahasia=rahasia) or {}
    return Fold(history.tracking_id, moments, moments[-1][-1][1], words)


def _event(stored: tuple[Any, ...], key: DataKey | None) -> Event:
    row = dict(zip(EVENT_FIELDS, stored, strict=False))
    row |= {"at": instant(row["at"]), "recorded_at": instant(row["recorded_at"]), "facts": json.loads(row["facts"])}
    return from_stored(row, key if row["kind"] in _WORDED else None)


def _spans(fold: Fold, rows: Sequence[Any], report: FindingCollector) -> None:
    stand = [Span(row["seq"], row["from_at"], row["to_at"], _told(row)) for row in rows]
    fixed = {(row["instansi"], row["received_at"], row["channel"]) for row in rows}
    right = fixed == {(fold.folded.instansi, fold.folded.received_at, str(fold.folded.channel))}
    if not right or stand not in _possible_spans(fold, stand):
        report.found("spans_differ", workflow_id(fold.tracking_id))


def _told(row: Any) -> SpanContent:
    told = {name: row[name] for name in SpanContent._fields}
    return SpanContent(**told | {"standings": [OpdStanding(*one) for one in row["standings"]]})


def _possible_spans(fold: Fold, stand: Sequence[Span]) -> list[list[Span]]:
    """Return the spans by every possible reading of one moment's events, as far as they agree with the stored ones."""
    ways: list[list[Span]] = [[]]
    for moment in fold.moments:
        found: list[list[Span]] = []
        for before in ways:
            for steps in _as_steps(moment):
                spans = before
                for part in steps:
                    spans = carried_on(spans, [event for event, _ in part], part[-1][1])
                if spans not in found and spans[:-1] == list(stand[: len(spans) - 1]):
                    found.append(spans)
        ways = found[:WAYS]
    return ways


def _as_steps(moment: Moment) -> Iterator[list[Moment]]:
    """Yield the possible readings: one step, two (what time caused, then a command), a step an instant or an event."""
    yield [moment]
    for at in range(1, len(moment)):
        yield [moment[:at], moment[at:]]
    instants = [list(same) for _, same in groupby(moment, key=lambda one: one[0].at)]
    if len(instants) > 2:
        yield instants
    if len(moment) > 2:
        yield [[one] for one in moment]


def _readings(fold: Fold) -> Iterator[tuple[Event, list[Snapshot]]]:
    """Yield each event with the states in which the complaint may have been after the step that wrote it."""
    for moment in fold.moments:
        afters = [after for _, after in moment]
        for place, (event, _) in enumerate(moment):
            yield event, afters[place:]


def _shape(draft: NoticeDraft) -> tuple[str, str, str | None, str]:
    return draft.kind, str(draft.to), draft.opd, Notice.model_fields["channel"].default


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _by(rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["of"], []).append(row)
    return found


_PLACE = ("tracking_id", "workflow_id", "seq", "n", "kind", "to_role")

_COMPLAINTS = """
select c.*,
    (select coalesce(jsonb_agg(to_jsonb(o) order by o.place), '[]') from complaint_opd o
        where o.tracking_id = c.tracking_id) as opds,
    (select coalesce(array_agg(o.place || ' ' || o.code order by o.place), '{}') from complaint_opd o
        where o.tracking_id = c.tracking_id) as places,
    (select coalesce(jsonb_agg(to_jsonb(k) order by k.started_at, k.kind, k.opd), '[]')
        from complaint_clock k where k.tracking_id = c.tracking_id) as clocks,
    (select coalesce(jsonb_agg(to_jsonb(q)), '[]') from queue_place q where q.tracking_id = c.tracking_id) as queued,
    (select r.seq from reply_read r where r.tracking_id = c.tracking_id) as read_seq
from complaint c where c.tracking_id::text = any ($1)
"""
_SPANS = (
    "select *, tracking_id::text as of from status_span where tracking_id::text = any ($1) order by of, from_at, seq"
)
# What counts and searches among public reports follows the view that says what is public.
_MISPUBLISHED = """
select p.tracking_id::text as tracking_id from report_publicity p
left join board_entry b on b.tracking_id = p.tracking_id left join board_listing l on l.tracking_id = p.tracking_id
where p.tracking_id::text = any ($1) and (
    (b.instansi, b.shown_at, b.status, b.found_by) is distinct from (l.instansi, l.shown_at, l.status, l.found_by)
    or exists (select from status_span s where s.tracking_id = p.tracking_id
        and (s.publicity, s.area) is distinct from (p.publicity, p.area)))
order by 1
"""
# A follower's notices are stored with the main report whose event they are about.
_NOTICES = """
select o.*, replace(o.workflow_id, 'complaint-', '') as of from outbox o where o.workflow_id = any ($2)
union all
select o.*, o.tracking_id::text from outbox o
    where o.tracking_id::text = any ($1) and o.workflow_id <> 'complaint-' || o.tracking_id::text
"""
# After a restore the key was destroyed again; the erasure keeps its own date. As long as any key exists, nothing is
# erased.
_ERASED = """
select replace(k.owner, 'complaint-', '') as tracking_id, coalesce((select e.at from erasure e
        where e.tracking_id::text = replace(k.owner, 'complaint-', '')), k.destroyed_at) as on, k.destroyed_by as by,
    k.destroy_ground as ground, exists (select from access_log a
        where a.tracking_id = replace(k.owner, 'complaint-', '') and a.kind = 'erased') as recorded
from (select distinct on (owner) * from data_key where owner = any ($1)
    order by owner, wrapped_key is null, destroyed_at desc) as k where k.wrapped_key is null
"""
