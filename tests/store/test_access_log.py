"""The access log: numbered without gaps, chained, decrypted only with its keys."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.domain.calendar import local_day
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.proof.chain import ACCESS_FIELDS, ACCESS_TAG, GENESIS, row_hash
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from tests.database_owner import is_refused, owner_does
from tests.store.lives import ADMIN, NOON, report


@pytest.fixture
def log(pool: asyncpg.Pool, keys: DataKeyStore) -> AccessLog:
    return AccessLog(pool, keys)


async def test_an_entry_is_read_back_and_what_a_person_typed_is_encrypted(
    pool: asyncpg.Pool, inbox: Inbox, log: AccessLog
) -> None:
    tracking = (await inbox.accept(report(), "KEPRI", NOON)).tracking_id
    number = await log.append(
        AccessKind.REFUSED,
        ADMIN,
        NOON,
        tracking_id=tracking,
        facts={"code": "wrong_role"},
        words={"why": "rahasia sekali"},
    )
    (entry,) = [one async for one in log.entries(tracking)]
    assert (entry.n, entry.at, entry.kind, entry.tracking_id) == (number, NOON, AccessKind.REFUSED, tracking)
    assert (entry.facts, entry.words, entry.actor.name) == (
        {"code": "wrong_role"},
        {"why": "rahasia sekali"},
        ADMIN.name,
    )
    assert "rahasia sekali" not in str(await pool.fetchval("select a::text from access_log a"))


async def test_what_is_no_tracking_id_is_kept_encrypted(pool: asyncpg.Pool, log: AccessLog) -> None:
    for typed in ("08123456789012", "'; drop table event", "7654321"):
        await log.append(AccessKind.REFUSED, ADMIN, NOON, tracking_id=typed)
    assert [one.tracking_id async for one in log.entries()] == ["08123456789012", "'; drop table event", "7654321"]
    assert await pool.fetchval("select count(*) from access_log where tracking_id is not null") == 1


async def test_readings_are_told_by_day_and_role_without_advice_receipts_refusals_and_the_reporters_own(
    inbox: Inbox, log: AccessLog
) -> None:
    tracking = (await inbox.accept(report(), "KEPRI", NOON)).tracking_id
    liaison = Actor(role=Role.LIAISON, account="budi", opd="DPUPR", instansi="KEPRI")
    reporter = Actor(role=Role.REPORTER, account="pelapor")
    late = datetime(2022, 3, 7, 18, tzinfo=UTC)  # the next day in Asia/Jakarta
    for kind, who, at, facts in (
        (AccessKind.READ_HISTORY, liaison, late, {"matter": "words"}),
        (AccessKind.READ_REPORT, liaison, late, {"what": "attachment"}),
        (AccessKind.READ_HISTORY, ADMIN, NOON, {"matter": "words", "identity": True}),
        (AccessKind.READ_REPORT, ADMIN, late, {"matter": "find"}),
        (AccessKind.READ_REPORT, ADMIN, late, {"matter": "advice"}),
        (AccessKind.EXPORTED, ADMIN, late, {"matter": "receipt"}),
        (AccessKind.REFUSED, liaison, NOON, {"matter": "words"}),
        (AccessKind.READ_REPORT, reporter, NOON, {"what": "attachment"}),
    ):
        await log.append(kind, who, at, tracking_id=tracking, facts=facts)
    told = [(str(one.day), one.role, one.words, one.identity) for one in await log.readings_of(tracking)]
    assert told == [
        (str(local_day(NOON)), Role.ADMIN, True, True),
        ("2022-03-08", Role.ADMIN, False, True),
        ("2022-03-08", Role.LIAISON, True, False),
    ]
    assert await log.readings_of("7654321") == []


async def test_entries_added_at_once_are_numbered_without_gaps_and_chained(pool: asyncpg.Pool, log: AccessLog) -> None:
    numbers = await asyncio.gather(*(log.append(AccessKind.READ_REPORT, ADMIN, NOON) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))
    prev = GENESIS
    for row in await pool.fetch("select * from access_log order by n"):
        assert row["prev_hash"] == prev
        assert row["hash"] == row_hash(ACCESS_TAG, prev, [row[name] for name in ACCESS_FIELDS])
        prev = row["hash"]


async def test_an_entry_that_does_not_follow_the_last_one_is_refused(pool: asyncpg.Pool, log: AccessLog) -> None:
    await log.append(AccessKind.READ_REPORT, ADMIN, NOON)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute(
            "insert into access_log select n + 1, at, kind, actor_role, actor_account, actor_opd, tracking_id, facts,"
            " data_key_id, ciphertext, prev_hash, hash from access_log"
        )
    assert refused.value.sqlstate == "KW001"


async def test_the_log_can_neither_be_changed_nor_removed(pool: asyncpg.Pool, log: AccessLog) -> None:
    await log.append(AccessKind.READ_REPORT, ADMIN, NOON)
    for attack in ("update access_log set kind = 'verified'", "delete from access_log", "truncate access_log"):
        assert await is_refused(asyncpg.RestrictViolationError, owner_does(pool, attack)), attack


async def test_of_an_erased_complaint_the_process_is_left(
    pool: asyncpg.Pool, inbox: Inbox, keys: DataKeyStore, log: AccessLog
) -> None:
    accepted = await inbox.accept(report(), "KEPRI", NOON)
    await log.append(AccessKind.REFUSED, ADMIN, NOON, tracking_id=accepted.tracking_id, words={"why": "x"})
    async with pool.acquire() as conn:
        await keys.destroy(conn, accepted.workflow_id, "Petugas", "permintaan")
    await log.append(AccessKind.ERASED, ADMIN, NOON, tracking_id=accepted.tracking_id, words={"why": "y"})
    before, after = [one async for one in log.entries(accepted.tracking_id)]
    assert (before.words, before.actor.name, before.kind) == ({}, None, AccessKind.REFUSED)
    assert after.words == {"why": "y"}
