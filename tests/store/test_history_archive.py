"""The history archive: chained without gaps, each run once, nothing in it can be changed except by pruning."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256

import asyncpg
import pytest

from kawal.proof.chain import GENESIS, HISTORY_ARCHIVE_FIELDS, HISTORY_ARCHIVE_TAG, row_hash
from kawal.store.history_archive import ClosedHistory, HistoryArchive, HistoryArchiveDamaged
from tests.database_owner import is_refused, owner_does
from tests.store.lives import NOON

PRUNE = "update history_archive set body = null, pruned_at = now(), pruned_by = 'auditor' where n = 1"


@pytest.fixture
def history_archive(pool: asyncpg.Pool) -> HistoryArchive:
    return HistoryArchive(pool)


def closed(number: int = 1, workflow: str = "complaint-1234567") -> ClosedHistory:
    return ClosedHistory(
        workflow_id=workflow,
        run_id=f"run-{number}",
        close_status="completed",
        started_at=NOON + timedelta(hours=number),
        closed_at=NOON + timedelta(hours=number + 1),
        events=3,
        history=b'{"events": []}' * number,
    )


async def test_a_run_is_read_back_as_it_was_archived(history_archive: HistoryArchive) -> None:
    assert await history_archive.add(closed(2))
    assert await history_archive.add(closed(1))
    first, second = await history_archive.runs("complaint-1234567")
    assert [first.run_id, second.run_id, first.n, second.n] == ["run-1", "run-2", 2, 1]
    assert first.history == closed(1).history
    assert await history_archive.run_ids("complaint-1234567") == {"run-1", "run-2"}
    assert await history_archive.unknown([("complaint-1234567", "run-1"), ("complaint-1234567", "run-9")]) == [
        ("complaint-1234567", "run-9")
    ]
    assert await history_archive.runs("complaint-7654321") == []
    counts = await history_archive.counts()
    assert (counts.runs, counts.pruned) == (2, 0)


async def test_what_is_archived_at_once_and_again_stands_once_numbered_without_gaps_and_chained(
    pool: asyncpg.Pool, history_archive: HistoryArchive
) -> None:
    fresh = await asyncio.gather(*(history_archive.add(closed(1 + number % 6)) for number in range(18)))
    assert sum(fresh) == 6
    prev = GENESIS
    rows = await pool.fetch("select * from history_archive order by n")
    assert [row["n"] for row in rows] == list(range(1, 7))
    for row in rows:
        assert row["prev_hash"] == prev
        assert row["body_hash"] == sha256(row["body"]).digest()
        assert row["hash"] == row_hash(HISTORY_ARCHIVE_TAG, prev, [row[name] for name in HISTORY_ARCHIVE_FIELDS])
        prev = row["hash"]


ATTACKS = (
    "update history_archive set close_status = 'failed'",
    "update history_archive set body = 'x'",
    "update history_archive set body = null",
    "delete from history_archive",
    "truncate history_archive",
    PRUNE.replace("body = null", "body = null, events = 9"),
    PRUNE.replace("body = null", "body = null, n = 7"),
)


async def test_nothing_in_it_can_be_changed_or_removed(pool: asyncpg.Pool, history_archive: HistoryArchive) -> None:
    await history_archive.add(closed())
    for attack in ATTACKS:
        assert await is_refused(asyncpg.IntegrityConstraintViolationError, owner_does(pool, attack)), attack


async def test_a_row_that_does_not_follow_the_last_one_cannot_be_added(
    pool: asyncpg.Pool, history_archive: HistoryArchive
) -> None:
    await history_archive.add(closed())
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute(
            "insert into history_archive select workflow_id, 'run-2', close_status, started_at, closed_at, events,"
            " compression, body, body_hash, prev_hash, hash, archived_at, n + 1 from history_archive"
        )
    assert refused.value.sqlstate == "KW001"


async def test_a_pruned_body_leaves_its_hash_and_cannot_come_back(
    pool: asyncpg.Pool, history_archive: HistoryArchive
) -> None:
    await history_archive.add(closed())
    (before,) = await history_archive.runs("complaint-1234567")
    await pool.execute(PRUNE)
    (after,) = await history_archive.runs("complaint-1234567")
    assert (after.history, after.body_hash, after.hash) == (None, before.body_hash, before.hash)
    assert after.pruned_at is not None
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("update history_archive set body = 'x', pruned_at = null, pruned_by = null")


@pytest.mark.parametrize(
    "change",
    [
        "body = set_byte(body, 9, get_byte(body, 9) # 1)",
        "closed_at = closed_at + interval '1 second'",
        "run_id = 'run-9'",
        "body_hash = decode(repeat('ab', 32), 'hex')",
    ],
)
async def test_what_was_changed_behind_the_triggers_is_not_read_as_if_it_were_whole(
    pool: asyncpg.Pool, history_archive: HistoryArchive, change: str
) -> None:
    await history_archive.add(closed())
    await owner_does(
        pool,
        "alter table history_archive disable trigger guard",
        f"update history_archive set {change}",  # noqa: S608 - the test's own words
    )
    with pytest.raises(HistoryArchiveDamaged):
        await history_archive.runs("complaint-1234567")
