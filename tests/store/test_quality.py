"""Draws and reviews in the database: repeatable by anyone, added to, never changed."""

from __future__ import annotations

import asyncio
import itertools
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Actor, Batch
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.quality import Candidate, Verdict, draw, population_digest
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.quality import Draw, DuplicateDraw, Item, Population, QualityRecord, WriteInProgress
from kawal.store.signing_keys import SigningKeys
from tests.database_owner import is_refused, owner_does
from tests.store.lives import ADMIN, NOON, forwarded, report, started, step, verified

EKA = Actor(role=Role.INSPECTORATE, account="inspektorat0001", name="Eka", instansi="KEPRI")
MARCH = Population(instansi="KEPRI", from_day=date(2022, 3, 1), to_day=date(2022, 3, 31))
LATER = NOON + timedelta(days=60)


@pytest.fixture
def record(pool: asyncpg.Pool, keys: DataKeyStore) -> QualityRecord:
    return QualityRecord(pool, keys)


async def answered(inbox: Inbox, ledger: Ledger, opd: str, at: Any = NOON, *, final: bool = True) -> Batch:
    """Return a complaint that an OPD has followed up, as the ledger records it."""
    source = report()
    batch = started(await inbox.accept(source, "KEPRI", at), source, at)
    for following in (verified, lambda before: forwarded(before, opd)):
        await ledger.record(batch)
        batch = following(batch)
    await ledger.record(batch)
    at = batch.events[-1].at + timedelta(hours=1)
    followed = step(
        batch,
        EventKind.FOLLOWED_UP,
        Status.PROSES,
        after={"first_follow_up_at": at},
        event={"facts": {"opd": opd, "final": final, "first": True}, "words": {"text": "Sudah diperbaiki."}},
    )
    await ledger.record(followed)
    return followed


async def drawn(record: QualityRecord, size: int = 3, wanted: Population = MARCH, seed: str = "lot-1") -> Draw:
    made = await record.draw(wanted, seed, "given", size, EKA, LATER)
    assert made is not None
    return made


async def test_a_draw_takes_what_the_lot_gives_of_the_final_follow_ups_of_its_days(
    inbox: Inbox, ledger: Ledger, record: QualityRecord
) -> None:
    meant = [await answered(inbox, ledger, opd) for opd in ("DISHUB", "DPUPR", "DISHUB", "DINKES")]
    await answered(inbox, ledger, "DISHUB", final=False)
    await answered(inbox, ledger, "DISHUB", NOON + timedelta(days=40))
    candidates = [Candidate(one.after.tracking_id, one.after.last_seq) for one in meant]
    made = await drawn(record)
    assert (made.candidates, made.size, made.population_digest) == (4, 3, population_digest(candidates).hex())
    items = await record.items(made.id)
    assert [Candidate(one.tracking_id, one.seq) for one in items] == draw("lot-1", candidates, 3)
    opds = {one.after.tracking_id: one.after.opds[0].code for one in meant}
    assert all(one.opd == opds[one.tracking_id] for one in items)
    assert [one.place for one in items] == [1, 2, 3]


async def test_a_draw_of_one_opd_has_only_its_follow_ups(inbox: Inbox, ledger: Ledger, record: QualityRecord) -> None:
    for opd in ("DISHUB", "DPUPR", "DISHUB"):
        await answered(inbox, ledger, opd)
    made = await drawn(record, 10, MARCH.model_copy(update={"opd": "DISHUB"}))
    assert made.candidates == 2
    assert {one.opd for one in await record.items(made.id)} == {"DISHUB"}
    assert await record.draw(MARCH.model_copy(update={"opd": "BPKAD"}), "x", "given", 3, EKA, LATER) is None


async def test_what_is_recorded_after_the_draw_does_not_change_what_it_was_drawn_from(
    inbox: Inbox, ledger: Ledger, record: QualityRecord
) -> None:
    await answered(inbox, ledger, "DISHUB")
    made = await drawn(record)
    await answered(inbox, ledger, "DISHUB", NOON + timedelta(hours=9))
    again = await record.candidates(made, made.last_position)
    assert population_digest(again).hex() == made.population_digest
    assert len(await record.candidates(made, await record.newest_position())) == 2


async def test_the_same_follow_ups_are_drawn_from_once_even_by_two_at_the_same_moment(
    inbox: Inbox, ledger: Ledger, record: QualityRecord
) -> None:
    await answered(inbox, ledger, "DISHUB")
    outcomes = await asyncio.gather(
        *(record.draw(MARCH, f"lot-{n}", "given", 1, EKA, LATER) for n in range(3)), return_exceptions=True
    )
    made = [one for one in outcomes if isinstance(one, Draw)]
    assert len(made) == 1
    assert [one.number for one in outcomes if isinstance(one, DuplicateDraw)] == [made[0].id] * 2
    assert await record.draws("KEPRI") == made
    assert await record.draws("BATAM") == []


async def test_a_draw_does_not_keep_the_record_waiting_for_a_step_that_hangs(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, keys: DataKeyStore
) -> None:
    await answered(inbox, ledger, "DISHUB")
    hasty = QualityRecord(pool, keys, patience=timedelta(milliseconds=50))
    async with pool.acquire() as other, other.transaction():
        await other.execute("lock table event in row exclusive mode")
        with pytest.raises(WriteInProgress):
            await hasty.draw(MARCH, "lot-1", "given", 1, EKA, LATER)
        await answered(inbox, ledger, "DPUPR")
    assert (await drawn(hasty)).candidates == 2


async def test_a_seed_from_the_log_is_the_first_head_after_the_period(
    pool: asyncpg.Pool, keys: DataKeyStore, record: QualityRecord
) -> None:
    assert await record.seed_after(MARCH.to_day) is None
    signer = (await SigningKeys(pool, keys).current()).key_id
    for size, day in ((10, 30), (20, 32), (30, 33)):
        await pool.execute(
            "insert into log_head (size, root, at, signing_key_id, signature) values"
            " ($1, $2, timestamptz '2022-03-01 00:00+07' + make_interval(days => $3), $4, $5)",
            size,
            size.to_bytes(32),
            day,
            signer,
            bytes(64),
        )
    assert await record.seed_after(MARCH.to_day) == ((20).to_bytes(32).hex(), 20)


async def test_a_review_is_added_to_and_its_grounds_are_encrypted(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, record: QualityRecord
) -> None:
    await answered(inbox, ledger, "DISHUB")
    made = await drawn(record)
    assert await record.add_review(await _item(record, made), EKA, Verdict.PARTLY, "Lubang kedua tersisa", LATER) == 1
    first = await _item(record, made)
    assert [one.verdict for one in first.reviews] == [Verdict.PARTLY]
    assert await record.add_review(first, EKA, Verdict.ANSWERS, "Sudah dilihat sendiri", LATER) == 2
    assert await record.add_review(first, EKA, Verdict.DOES_NOT, "pada saat yang sama", LATER) is None
    after = await _item(record, made)
    assert [(one.verdict, one.revision) for one in after.reviews] == [(Verdict.ANSWERS, 2)]
    told = await record.grounds(after)
    assert [(one.grounds, one.name) for one in told] == [
        ("Lubang kedua tersisa", "Eka"),
        ("Sudah dilihat sendiri", "Eka"),
    ]
    assert "Lubang kedua" not in str(await pool.fetch("select r::text from quality_review r"))


async def test_an_erased_complaint_keeps_its_verdict_and_loses_its_grounds(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, keys: DataKeyStore, record: QualityRecord
) -> None:
    batch = await answered(inbox, ledger, "DISHUB")
    made = await drawn(record)
    item = await _item(record, made)
    await record.add_review(item, EKA, Verdict.ANSWERS, "Sudah diperbaiki", LATER)
    async with pool.acquire() as conn, conn.transaction():
        await keys.destroy(conn, batch.workflow_id, "Petugas", "permintaan")
        await conn.execute(
            "update complaint set erased_at = now(), title = null, body = null, place = null, latitude = null,"
            " longitude = null, occurred_on = null, area = null"
        )
    after = await _item(record, made)
    assert after.erased
    assert [(one.verdict, one.grounds, one.name) for one in await record.grounds(after)] == [
        (Verdict.ANSWERS, None, None)
    ]
    with pytest.raises(KeyDestroyed):
        await record.add_review(after, ADMIN, Verdict.ANSWERS, "x", LATER)
    again = await record.candidates(made, made.last_position)
    assert population_digest(again).hex() == made.population_digest


async def test_who_acted_on_a_complaint_has_handled_it(inbox: Inbox, ledger: Ledger, record: QualityRecord) -> None:
    batch = await answered(inbox, ledger, "DISHUB")
    assert await record.has_handled(ADMIN.account, batch.after.tracking_id)
    assert not await record.has_handled(EKA.account, batch.after.tracking_id)


@pytest.mark.parametrize(
    ("change", "recorded", "places"),
    [
        ("update quality_review set verdict = 'answers' where place = 2", True, [2]),
        ("delete from quality_review where place = 1", True, [1]),
        ("update quality_review set reviewer = 'inspektorat0002' where place = 2", True, [2]),
        ("update quality_review set place = place + 2", True, [1, 2, 3, 4]),
        ("update quality_draw set seed = 'lot-2'", False, []),
        ("delete from quality_item where place = 3", False, []),
        ("update quality_draw set candidates = candidates", True, []),
    ],
)
async def test_what_was_changed_past_the_triggers_does_not_agree_with_the_access_log(
    pool: asyncpg.Pool,
    inbox: Inbox,
    ledger: Ledger,
    record: QualityRecord,
    change: str,
    recorded: bool,
    places: list[int],
) -> None:
    for _ in range(3):
        await answered(inbox, ledger, "DISHUB")
    made = await drawn(record)
    for place, verdict in ((1, Verdict.ANSWERS), (2, Verdict.PARTLY)):
        item = await record.item(made.id, place)
        assert item is not None
        await record.add_review(item, EKA, verdict, "x", LATER)
    assert await record.is_recorded(made)
    assert await record.unrecorded(made.id) == []
    await owner_does(pool, "set session_replication_role = replica", change)
    after = await record.find(made.id)
    assert after is not None
    assert await record.is_recorded(after) is recorded
    assert await record.unrecorded(made.id) == places


async def test_draws_and_reviews_can_neither_be_changed_nor_removed(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, record: QualityRecord
) -> None:
    await answered(inbox, ledger, "DISHUB")
    made = await drawn(record)
    await record.add_review(await _item(record, made), EKA, Verdict.ANSWERS, "x", LATER)
    tables = ("quality_draw", "quality_item", "quality_review")
    for table, attack in itertools.product(tables, ("delete from {}", "truncate {} cascade")):
        assert await is_refused(asyncpg.RestrictViolationError, owner_does(pool, attack.format(table))), attack.format(
            table
        )


async def _item(record: QualityRecord, made: Draw) -> Item:
    item = await record.item(made.id, 1)
    assert item is not None
    return item
