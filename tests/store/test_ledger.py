"""The ledger: written once, completely, in order, and never changed."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import asyncpg
import pytest

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.domain.masking import HIDDEN
from kawal.domain.messages import Actor, Batch, Event, Place, Snapshot
from kawal.domain.names import EventKind, Role, Status
from kawal.proof.chain import EVENT_FIELDS, GENESIS, event_hash
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger, LedgerConflict
from kawal.store.notices import Notice
from tests.database_owner import as_owner, is_refused, owner_does
from tests.store.lives import NOON, forwarded, report, started, step, verified


@pytest.fixture
async def first(inbox: Inbox, ledger: Ledger) -> Batch:
    batch = started(await inbox.accept(report(), "KEPRI", NOON), report())
    await ledger.record(batch)
    return batch


async def count(pool: asyncpg.Pool, table: str) -> int:
    return int(await pool.fetchval(f"select count(*) from {table}"))  # noqa: S608


async def test_what_was_recorded_is_read_back_as_it_was(ledger: Ledger, first: Batch) -> None:
    second = verified(first)
    third = forwarded(second, "DISHUB", "KEPRI", "INSPEKTORAT")
    for batch in (second, third):
        await ledger.record(batch)
    tracking = first.after.tracking_id
    assert await ledger.events(tracking) == [b.events[0] for b in (first, second, third)]
    found = await ledger.snapshot(tracking)
    assert found is not None
    assert sorted(found.clocks, key=str) == sorted(third.after.clocks, key=str)
    assert found.model_copy(update={"clocks": []}) == third.after.model_copy(update={"clocks": []})


async def test_an_unknown_complaint_has_neither_events_nor_a_snapshot(ledger: Ledger) -> None:
    assert await ledger.events("9999999") == []
    assert await ledger.snapshot("9999999") is None


async def test_the_same_step_again_changes_nothing(pool: asyncpg.Pool, ledger: Ledger, first: Batch) -> None:
    notice = Notice(
        tracking_id=first.after.tracking_id,
        workflow_id=first.workflow_id,
        seq=2,
        n=0,
        kind="verified",
        to_role="reporter",
        body={"text": "ya"},
    )
    second = verified(first)
    for _ in range(3):
        await ledger.record(second, [notice])
    await ledger.record(first)
    assert await count(pool, "event") == 2
    assert await count(pool, "outbox") == 1
    assert await ledger.snapshot(first.after.tracking_id) == second.after


async def test_another_process_recording_the_same_step_changes_nothing(
    pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger, first: Batch
) -> None:
    second = verified(first)
    others = [Ledger(pool, keys) for _ in range(5)]
    await asyncio.gather(ledger.record(second), *(other.record(second) for other in others))
    assert await count(pool, "event") == 2


async def test_of_a_step_that_stands_in_part_the_rest_is_added(ledger: Ledger, first: Batch) -> None:
    second = verified(first)
    third = forwarded(second, "DISHUB")
    await ledger.record(second)
    both = Batch(workflow_id=first.workflow_id, events=[*second.events, *third.events], after=third.after)
    await ledger.record(both)
    assert await ledger.events(first.after.tracking_id) == [*first.events, *both.events]


@pytest.mark.parametrize(
    "changed",
    [
        {"words": {"title": "Lain"}},
        {"facts": {"by": 1}},
        {"status": Status.DITUNDA},
        {"at": NOON, "recorded_at": NOON},
        {"actor": Actor(role=Role.ADMIN, account="fedcba9876543210")},
        {"idempotency_key": "another"},
    ],
)
async def test_another_event_under_the_same_number_is_a_conflict(
    ledger: Ledger, first: Batch, changed: dict[str, object]
) -> None:
    second = verified(first)
    await ledger.record(second)
    other = second.model_copy(update={"events": [second.events[0].model_copy(update=changed)]})
    with pytest.raises(LedgerConflict):
        await ledger.record(other)
    assert await ledger.events(first.after.tracking_id) == [*first.events, *second.events]


async def test_a_gap_is_a_conflict_and_writes_nothing(pool: asyncpg.Pool, ledger: Ledger, first: Batch) -> None:
    third = forwarded(verified(first), "DISHUB")
    with pytest.raises(LedgerConflict):
        await ledger.record(third)
    assert await count(pool, "event") == 1
    assert await ledger.snapshot(first.after.tracking_id) == first.after


async def test_events_out_of_order_or_a_snapshot_of_another_moment_are_conflicts(ledger: Ledger, first: Batch) -> None:
    second = verified(first)
    third = forwarded(second, "DISHUB")
    swapped = Batch(workflow_id=first.workflow_id, events=[*third.events, *second.events], after=third.after)
    stale = Batch(workflow_id=first.workflow_id, events=[*second.events], after=third.after)
    stranger = Batch(workflow_id="complaint-7654321", events=second.events, after=second.after)
    for wrong in (swapped, stale, stranger):
        with pytest.raises(LedgerConflict):
            await ledger.record(wrong)


async def test_another_event_under_the_same_idempotency_key_is_a_conflict(ledger: Ledger, first: Batch) -> None:
    again = step(first, EventKind.REPLIED, Status.BELUM_DIVERIFIKASI, event={"idempotency_key": "start-1"})
    with pytest.raises(LedgerConflict):
        await ledger.record(again)


async def test_a_step_that_the_schema_refuses_leaves_nothing_behind(
    pool: asyncpg.Pool, ledger: Ledger, first: Batch
) -> None:
    nowhere = forwarded(verified(first), "TIDAK-ADA")
    await ledger.record(verified(first))
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await ledger.record(nowhere)
    closed_by_nobody = step(verified(first), EventKind.CLOSED, Status.SELESAI)
    with pytest.raises(asyncpg.CheckViolationError):
        await ledger.record(closed_by_nobody)
    assert await count(pool, "event") == 2
    # The refused writes must not have damaged the ledger's cache.
    await ledger.record(forwarded(verified(first), "DISHUB"))


async def test_the_first_answer_is_found_by_its_key(ledger: Ledger, first: Batch) -> None:
    assert await ledger.answer_for_idempotency_key(first.workflow_id, "start-1") == ("d1", first.events[0].answer)
    assert await ledger.answer_for_idempotency_key(first.workflow_id, "start-2") is None
    assert await ledger.answer_for_idempotency_key("complaint-7654321", "start-1") is None


ATTACKS = (
    "update event set status = 'selesai'",
    "update event set facts = facts",
    "delete from event",
    "delete from event where false",
    "truncate event, outbox, outgoing_message, quality_item, quality_review",
    "truncate event cascade",
    "truncate complaint cascade",
)


async def test_what_happened_can_neither_be_changed_nor_removed(pool: asyncpg.Pool, first: Batch) -> None:
    for session, attack in itertools.product(("origin", "replica"), ATTACKS):
        async with as_owner(pool) as conn:
            await conn.execute(f"set session_replication_role = {session}")
            assert await is_refused(asyncpg.RestrictViolationError, conn.execute(attack)), f"{session}: {attack}"
        assert await count(pool, "event") == len(first.events), attack


async def test_the_database_itself_refuses_an_event_that_breaks_the_chain(pool: asyncpg.Pool, first: Batch) -> None:
    assert first.events
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute(
            "insert into event (workflow_id, seq, tracking_id, at, recorded_at, kind, actor_role, actor_account,"
            " status, facts, ciphertext, prev_hash, hash) select workflow_id, 2, tracking_id, at, recorded_at, kind,"
            " actor_role, actor_account, status, facts, ciphertext, prev_hash, hash from event"
        )
    assert refused.value.sqlstate == "KW001"


async def test_the_chain_can_be_computed_again_from_what_is_stored(
    pool: asyncpg.Pool, ledger: Ledger, first: Batch
) -> None:
    await ledger.record(verified(first))
    await ledger.record(forwarded(verified(first), "DISHUB"))
    prev = GENESIS
    for row in await pool.fetch("select * from event order by seq"):
        assert row["prev_hash"] == prev
        assert row["hash"] == event_hash(prev, [row[name] for name in EVENT_FIELDS])
        prev = row["hash"]


async def test_a_changed_ciphertext_is_noticed(pool: asyncpg.Pool, ledger: Ledger, first: Batch) -> None:
    await owner_does(
        pool,
        "alter table event disable trigger no_change",
        "update event set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)",
    )
    with pytest.raises(NotAuthentic):
        await ledger.events(first.after.tracking_id)


async def test_with_its_key_destroyed_the_process_record_is_left(
    pool: asyncpg.Pool, keys: DataKeyStore, ledger: Ledger, first: Batch
) -> None:
    async with pool.acquire() as conn:
        assert await keys.destroy(conn, first.workflow_id, "Auditor", "UU 27/2022") == 1
        assert await keys.destroy(conn, first.workflow_id, "Auditor", "UU 27/2022") == 0
    (left,) = await ledger.events(first.after.tracking_id)
    assert left.words == {}
    assert left.actor.name is None
    assert left.facts == first.events[0].facts
    with pytest.raises(KeyDestroyed):
        await ledger.answer_for_idempotency_key(first.workflow_id, "start-1")
    with pytest.raises(KeyDestroyed):
        await ledger.record(verified(first))


async def test_the_words_of_a_public_report_are_found_by_indonesian_search(
    pool: asyncpg.Pool, ledger: Ledger, first: Batch
) -> None:
    await ledger.record(verified(first))
    row = await pool.fetchrow(
        "select title, body, place, occurred_on from complaint"
        " where search @@ websearch_to_tsquery('indonesian', 'berlubang pasar')"
    )
    assert row["title"] == "Jalan berlubang di depan Pasar Batu Aji"
    assert row["body"] == report().text
    assert row["place"] == "Pasar Batu Aji"


async def test_the_words_of_the_read_model_are_masked_whichever_step_brings_them(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger
) -> None:
    told = report(
        title="Zulkarnain Harahap mengeluh",
        text="Hubungi saya di 0812-0000-0001 atau 0813.9876.5432, ZULKARNAIN.\nLampiran: https://a.example/1.jpg",
        place=Place(text="Rumah Pak Harahap"),
    )
    first = started(await inbox.accept(told, "KEPRI", NOON), told)
    await ledger.record(first)
    row = await pool.fetchrow("select title, body, place from complaint")
    assert tuple(row) == (
        f"{HIDDEN} mengeluh", f"Hubungi saya di {HIDDEN} atau {HIDDEN}, {HIDDEN}.", f"Rumah Pak {HIDDEN}",
    )  # fmt: skip
    retitled = verified(first)
    retitled.events[0].words["title"] = "Keluhan Zulkarnain (081200000001)"
    await ledger.record(retitled)
    row = await pool.fetchrow("select title, body from complaint")
    assert row["title"] == f"Keluhan {HIDDEN} ({HIDDEN})"
    for words in ("zulkarnain", "harahap", "081200000001", "disembunyikan", "lampiran"):
        assert not await pool.fetchval(
            "select exists (select from complaint where search @@ plainto_tsquery('indonesian', $1))", words
        )
    # What was written is kept, in the events alone.
    assert (await ledger.events(first.after.tracking_id))[0].words["text"] == told.text


async def test_no_word_of_a_rahasia_report_nor_any_identity_stands_in_the_clear(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, first: Batch
) -> None:
    secret = report(title="Pungli kepala dinas", text="Kepala dinas meminta uang sebesar xylofon", rahasia=True)
    batch = started(await inbox.accept(secret, "KEPRI", NOON, idempotency_key="kunci-rahasia"), secret)
    notice = Notice(
        tracking_id=batch.after.tracking_id,
        workflow_id=batch.workflow_id,
        seq=1,
        n=0,
        kind="received",
        to_role="reporter",
        body={"text": "xylofon"},
    )
    await ledger.record(batch, [notice])
    await ledger.record(verified(batch))
    assert first.after.rahasia is False
    everything = await whole_database(pool)
    for planted in ("xylofon", "Pungli", "kunci-rahasia", "start-1"):
        assert planted.lower() not in everything, planted
    for person in ("Zulkarnain", "zul@contoh", "081200000001", "Sri Wahyuni"):
        assert person.lower() not in everything, person
    row = await pool.fetchrow("select * from complaint where rahasia")
    assert row["title"] is row["body"] is row["place"] is row["latitude"] is row["occurred_on"] is None
    assert row["search"] == ""


async def whole_database(pool: asyncpg.Pool) -> str:
    """Return every column of every table as text, bytes as PostgreSQL escapes them."""
    tables = await pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    async with pool.acquire() as conn:
        await conn.execute("set bytea_output = 'escape'")
        texts = [
            str(await conn.fetchval(f"select string_agg(t::text, ' ') from {row['tablename']} t"))  # noqa: S608
            for row in tables
        ]
    return " ".join(texts).lower()


async def test_status_spans_tell_the_status_at_any_instant(pool: asyncpg.Pool, ledger: Ledger, first: Batch) -> None:
    second = verified(first)
    third = forwarded(second, "DISHUB")
    fourth = step(third, EventKind.FOLLOWED_UP, Status.PROSES)
    fifth = step(fourth, EventKind.REPLIED, Status.PROSES)
    for batch in (second, third, fourth, fifth):
        await ledger.record(batch)

    async def at(hours: float) -> tuple[str, list[str]] | None:
        row = await pool.fetchrow(
            "select status, opds from status_span where from_at <= $1 and (to_at is null or to_at > $1)",
            NOON + timedelta(hours=hours),
        )
        return None if row is None else (row["status"], row["opds"])

    assert await at(-1) is None
    assert await at(0) == ("belum_diverifikasi", [])
    assert await at(1.5) == ("belum_ditindaklanjuti", [])
    assert await at(2) == ("belum_ditindaklanjuti", ["DISHUB"])
    assert await at(3) == ("proses", ["DISHUB"])
    assert await at(9000) == ("proses", ["DISHUB"])
    assert await count(pool, "status_span") == 4


async def test_several_statuses_in_one_step_leave_no_gap(pool: asyncpg.Pool, ledger: Ledger, first: Batch) -> None:
    second = verified(first)
    third = forwarded(second, "DISHUB")
    fourth = step(third, EventKind.FOLLOWED_UP, Status.PROSES)
    one = Batch(
        workflow_id=first.workflow_id,
        events=[*second.events, *third.events, *fourth.events],
        after=fourth.after,
    )
    await ledger.record(one)
    spans = await pool.fetch("select seq, from_at, to_at, status from status_span order by seq")
    assert [row["seq"] for row in spans] == [1, 2, 4]
    assert [row["to_at"] for row in spans[:-1]] == [row["from_at"] for row in spans[1:]]
    assert spans[-1]["to_at"] is None


async def test_merging_a_main_report_moves_its_followers_along(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, first: Batch
) -> None:
    middle = started(await inbox.accept(report(text="kedua"), "KEPRI", NOON), report())
    last = started(await inbox.accept(report(text="ketiga"), "KEPRI", NOON), report())
    await ledger.record(middle)
    await ledger.record(last)
    merged = step(last, EventKind.MERGED, Status.DIGABUNG, after={"main_report": middle.after.tracking_id})
    await ledger.record(merged)
    attached = step(first, EventKind.FOLLOWER_ATTACHED, Status.BELUM_DIVERIFIKASI)
    await ledger.record(attached.model_copy(update={"main_of": [middle.after.tracking_id, last.after.tracking_id]}))
    await ledger.record(step(middle, EventKind.MERGED, Status.DIGABUNG, after={"main_report": first.after.tracking_id}))
    # A later event of the follower, whose own workflow still knows the old main report.
    await ledger.record(step(merged, EventKind.RESOLVED, Status.DIGABUNG))
    rows = await pool.fetch("select main_report from complaint where main_report is not null")
    assert [row["main_report"] for row in rows] == [first.after.tracking_id] * 2


async def test_a_whole_life_can_be_written_by_many_complaints_at_once(
    pool: asyncpg.Pool, inbox: Inbox, keys: DataKeyStore
) -> None:
    async def life(number: int) -> Snapshot | None:
        ledger = Ledger(pool, keys)
        batch = started(await inbox.accept(report(text=f"laporan {number}"), "KEPRI", NOON), report())
        for following in (batch, verified(batch), forwarded(verified(batch), "DISHUB", "DINKES")):
            await ledger.record(following)
        return await ledger.snapshot(batch.after.tracking_id)

    found = await asyncio.gather(*(life(number) for number in range(20)))
    assert all(one is not None and one.last_seq == 3 for one in found)
    assert await count(pool, "event") == 60


def test_an_event_of_another_complaint_has_another_hash() -> None:
    event = Event(
        seq=1,
        at=NOON,
        recorded_at=NOON,
        kind=EventKind.STARTED,
        actor=Actor(role=Role.ADAPTER, account="adapter00web"),
        status=Status.BELUM_DIVERIFIKASI,
    )
    fields = ["complaint-1234567", event.seq, "1234567", event.at, {}, b""]
    assert event_hash(GENESIS, fields) != event_hash(GENESIS, ["complaint-1234568", *fields[1:]])
