"""The record of what happened: events, the read model and the outbox, written together and exactly once."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import asyncpg

from kawal.crypto.data_keys import KeyDestroyed, owner_of
from kawal.crypto.encryption import DataKey, encrypt
from kawal.domain.messages import Answer, Batch, Event, Snapshot
from kawal.domain.names import COMPLAINT_PREFIX, Role, workflow_id
from kawal.domain.persons import person_of
from kawal.proof.chain import GENESIS
from kawal.store.data_keys import DataKeyStore
from kawal.store.notices import Notice, NoticeRow
from kawal.store.place_areas import PlaceAreas
from kawal.store.read_model import (
    brings_words,
    clocks_json,
    decides,
    is_decided,
    opds_json,
    places_json,
    public_words,
    reporter_of,
    snapshot_from,
    snapshot_json,
    snapshots_from,
)
from kawal.store.stored_events import COLUMNS, StoredEvent, from_stored, to_stored

_RECORD = "select record_step($1, $2, $3, $4, $5, $6, $7, $8)"
_SELECT = "select " + ", ".join(COLUMNS) + " from event"  # noqa: S608 - own column names
_TAILS = 20_000
_DOES_NOT_FOLLOW = "KW001"
_UNIQUE = "23505"


class LedgerConflict(Exception):  # noqa: N818 - names the condition
    """Another event has this number, or the numbers have a gap: nothing was written. Do not retry."""


class Ledger:
    """A store that writes and reads the record of complaints."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the data keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._areas = PlaceAreas(pool)
        self._tails: OrderedDict[str, tuple[int, bytes]] = OrderedDict()

    async def record(self, batch: Batch, notices: Sequence[Notice] = ()) -> None:
        """Write one step: its events, the read model after them and its notices, all or nothing.

        Idempotent by (workflow id, event number): existing events are compared, not written again. Raises
        LedgerConflict if a different event has the number or a number is missing, KeyUnavailable or KeyDestroyed if the
        complaint's key is not available, and asyncpg's errors.
        """
        events = batch.events
        if not events:
            return
        _refuse_gaps(batch)
        tail = await self._tail(batch.workflow_id, events[0].seq)
        try:
            if tail is not None:
                await self._write(batch, events, notices, tail)
                return
        except asyncpg.PostgresError as error:
            if getattr(error, "constraint_name", None) == "event_idempotency":
                raise LedgerConflict(f"{batch.workflow_id} has another event under the same idempotency key") from error
            if error.sqlstate not in (_DOES_NOT_FOLLOW, _UNIQUE):
                raise
            self._tails.pop(batch.workflow_id, None)
        await self._compare_and_write(batch, notices)

    async def events(self, tracking_id: str) -> list[Event]:
        """Return all events of a complaint in order, decrypted; if the key was destroyed, the process record alone.

        Raises KeyUnavailable, and NotAuthentic if a ciphertext was changed.
        """
        rows = await self._pool.fetch(f"{_SELECT} where workflow_id = $1 order by seq", f"complaint-{tracking_id}")
        return [from_stored(row, await self._key_if_any(row["workflow_id"], row["ciphertext"])) for row in rows]

    async def process_record(self, tracking_id: str) -> list[Event]:
        """Return all events of a complaint in order, without anything that is encrypted in them."""
        return (await self.process_records([tracking_id])).get(tracking_id, [])

    async def process_records(self, numbers: Sequence[str]) -> dict[str, list[Event]]:
        """Return the same of those complaints that have events, by number."""
        rows = await self._pool.fetch(f"{_SELECT} where workflow_id = any ($1) order by seq", _workflows(numbers))
        found: dict[str, list[Event]] = {}
        for row in rows:
            found.setdefault(_number(row), []).append(from_stored(row, None))
        return found

    async def snapshot(self, tracking_id: str) -> Snapshot | None:
        """Return the read model's row of a complaint; None if there is none."""
        return await snapshot_from(self._pool, tracking_id)

    async def snapshots(self, numbers: Sequence[str], *, mains: bool = False) -> dict[str, Snapshot]:
        """Return the read model's rows of those complaints that there are, by number, with `mains` their mains' too."""
        return await snapshots_from(self._pool, numbers, mains=mains)

    async def last_seq(self, tracking_id: str) -> int:
        """Return the number of a complaint's last recorded event; 0 if it has none."""
        return int(
            await self._pool.fetchval(
                "select coalesce(max(seq), 0) from event where workflow_id = $1", f"complaint-{tracking_id}"
            )
        )

    async def registered_by(self, tracking_id: str, account: str) -> bool:
        """Return whether somebody registered a complaint at the front desk under this account."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from event where workflow_id = $1 and seq = 1 and actor_role = 'desk'"
                " and actor_account = $2)",
                f"complaint-{tracking_id}",
                account,
            )
        )

    async def acted(self, tracking_id: str, roles: Sequence[Role]) -> set[str]:
        """Return the persons who acted on a complaint in any of these roles, as officials."""
        return (await self.acted_on([tracking_id], roles)).get(tracking_id, set())

    async def acted_on(self, numbers: Sequence[str], roles: Sequence[Role]) -> dict[str, set[str]]:
        """Return the same of those complaints on which anybody acted, by number."""
        rows = await self._pool.fetch(
            "select distinct workflow_id, actor_account as account from event"
            " where workflow_id = any ($1) and actor_role = any ($2::text[]) and kind <> 'refused'",
            _workflows(numbers),
            [str(role) for role in roles],
        )
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(_number(row), set()).add(person_of(row["account"]))
        return found

    async def answer_for_idempotency_key(self, workflow_id: str, idempotency_key: str) -> tuple[str, Answer] | None:
        """Return the digest and answer of the command with an idempotency key; None if there was none.

        Works even long after the workflow's end. Raises KeyDestroyed for an erased complaint.
        """
        mac = await self._idempotency_mac(workflow_id, idempotency_key)
        row = await self._pool.fetchrow(f"{_SELECT} where workflow_id = $1 and idempotency_mac = $2", workflow_id, mac)
        if row is None:
            return None
        event = from_stored(row, await self._keys.key_of(workflow_id, row["ciphertext"]))
        if event.digest is None or event.answer is None:
            return None
        return event.digest, event.answer

    async def _tail(self, workflow_id: str, first_seq: int) -> bytes | None:
        """Return the hash that event `first_seq` follows; None if it is not the next one."""
        if first_seq == 1:
            return GENESIS
        known = self._tails.get(workflow_id)
        if known is None or known[0] != first_seq - 1:
            row = await self._pool.fetchrow(
                "select seq, hash from event where workflow_id = $1 order by seq desc limit 1", workflow_id
            )
            known = (0, GENESIS) if row is None else (row["seq"], row["hash"])
        return known[1] if known[0] == first_seq - 1 else None

    async def _write(self, batch: Batch, events: Sequence[Event], notices: Sequence[Notice], prev: bytes) -> None:
        key = await self._keys.key_for(owner_of(batch.workflow_id))
        stored: list[StoredEvent] = []
        for event in events:
            mac = (
                None
                if event.idempotency_key is None
                else await self._idempotency_mac(batch.workflow_id, event.idempotency_key)
            )
            stored.append(to_stored(event, batch.workflow_id, batch.after.tracking_id, key, mac, prev))
            prev = stored[-1].hash
        encrypted = [notice.row(await self._encrypted(notice)) for notice in notices]
        words = await self._words(batch, events)
        await self._execute(batch, events, _arguments(batch, words, stored, encrypted))
        self._tails[batch.workflow_id] = (events[-1].seq, prev)
        self._tails.move_to_end(batch.workflow_id)
        if len(self._tails) > _TAILS:
            self._tails.popitem(last=False)

    async def _execute(self, batch: Batch, events: Sequence[Event], arguments: Sequence[Any]) -> None:
        """Record the step, mark attachments that it names, and add what finds the report, in one transaction."""
        after, decided = batch.after, decides(events)
        indexed = decided or (after.rahasia and is_decided(after))
        named = any(event.words.get("files") for event in events)
        if not indexed and not named:
            await self._pool.execute(_RECORD, *arguments)
            return
        # What a reading does without: it waits for no more than it needs.
        from kawal.store.attachments import name_in_event
        from kawal.store.index_entries import IndexEntries

        entries = IndexEntries(self._pool, self._keys)
        due = await entries.due(after, decided, lambda: self._all_with(batch, events)) if indexed else None
        if due is None and not named:
            await self._pool.execute(_RECORD, *arguments)
            return
        async with self._pool.acquire() as conn, conn.transaction():
            await conn.execute(_RECORD, *arguments)
            await entries.write(conn, after.tracking_id, due)
            for event in events:
                await name_in_event(conn, after.tracking_id, event.words.get("files", []), event.seq)

    async def _words(self, batch: Batch, events: Sequence[Event]) -> dict[str, Any] | None:
        """Return the words that the step adds to the row, masked: the record knows whose they are."""
        if batch.after.rahasia or not brings_words(events):
            return None
        reporter = reporter_of(await self._all_with(batch, events))
        words = public_words(events, reporter, rahasia=False)
        if words and words.get("place"):
            words["area"] = await self._areas.of(batch.after.instansi, words["place"])
        return words

    async def _all_with(self, batch: Batch, events: Sequence[Event]) -> list[Event]:
        """Return the complaint's events up to and with these, which are not recorded yet."""
        first = events[0].seq
        before = await self.events(batch.after.tracking_id) if first > 1 else []
        return [*(event for event in before if event.seq < first), *events]

    async def _compare_and_write(self, batch: Batch, notices: Sequence[Notice]) -> None:
        """Handle a step that does not simply follow: compare the events that exist, and write the missing ones."""
        standing = await self.events(batch.after.tracking_id)
        known = {event.seq: event for event in standing}
        for event in batch.events:
            if event.seq in known and known[event.seq] != event:
                raise LedgerConflict(f"event {event.seq} of {batch.workflow_id} is recorded with different content")
        missing = [event for event in batch.events if event.seq not in known]
        if not missing:
            return
        if missing[0].seq != len(standing) + 1:
            raise LedgerConflict(
                f"{batch.workflow_id} has {len(standing)} events; event {missing[0].seq} cannot follow"
            )
        rows = await self._pool.fetchval(
            "select hash from event where workflow_id = $1 and seq = $2", batch.workflow_id, len(standing)
        )
        late = [notice for notice in notices if notice.seq >= missing[0].seq]
        await self._write(batch, missing, late, rows or GENESIS)

    async def _encrypted(self, notice: Notice) -> bytes | None:
        """Return the notice's body encrypted with its recipient's key; None if that key was destroyed."""
        try:
            key = await self._keys.key_for(f"complaint-{notice.tracking_id}")
        except KeyDestroyed:
            return None
        return encrypt(key, json.dumps(notice.body).encode(), notice.aad)

    async def _idempotency_mac(self, workflow_id: str, idempotency_key: str) -> bytes:
        return await self._keys.mac("command idempotency key", workflow_id, idempotency_key)

    async def _key_if_any(self, owner: str, ciphertext: bytes) -> DataKey | None:
        try:
            return await self._keys.key_of(owner, ciphertext)
        except KeyDestroyed:
            return None


def _workflows(numbers: Sequence[str]) -> list[str]:
    return [workflow_id(number) for number in numbers]


def _number(row: asyncpg.Record) -> str:
    return str(row["workflow_id"]).removeprefix(COMPLAINT_PREFIX)


def _refuse_gaps(batch: Batch) -> None:
    numbers = [event.seq for event in batch.events]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] < 1:
        raise LedgerConflict(f"the events of {batch.workflow_id} are not numbered without gaps: {numbers}")
    if batch.after.last_seq != numbers[-1] or batch.workflow_id != f"complaint-{batch.after.tracking_id}":
        raise LedgerConflict(f"the snapshot is not that of {batch.workflow_id} after event {numbers[-1]}")


def _arguments(
    batch: Batch, words: dict[str, Any] | None, stored: Sequence[StoredEvent], notices: Sequence[NoticeRow]
) -> list[Any]:
    """Return the parameters of record_step, in its order."""
    return [
        snapshot_json(batch.after),
        words,
        opds_json(batch.after),
        clocks_json(batch.after),
        places_json(batch.after),
        batch.main_of,
        stored,
        notices,
    ]
