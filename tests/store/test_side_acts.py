"""Acts beside the process: numbered without gaps, chained, decrypted only with the complaint's key."""

from __future__ import annotations

import asyncio
import itertools

import asyncpg
import pytest

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Actor
from kawal.proof.chain import GENESIS, SIDE_ACT_FIELDS, SIDE_ACT_TAG, row_hash
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.ledger import Ledger
from kawal.store.side_acts import SideActKind, SideActs
from tests.database_owner import is_refused, owner_does
from tests.store.lives import ADMIN, NOON, report, started


@pytest.fixture
def acts(pool: asyncpg.Pool, keys: DataKeyStore) -> SideActs:
    return SideActs(pool, keys)


@pytest.fixture
async def accepted(inbox: Inbox, ledger: Ledger) -> AcceptedReport:
    source = report()
    accepted = await inbox.accept(source, "KEPRI", NOON)
    await ledger.record(started(accepted, source))
    return accepted


async def append(pool: asyncpg.Pool, acts: SideActs, tracking_id: str, actor: Actor | None = ADMIN) -> int:
    key = await acts.key_of(tracking_id)
    kind = SideActKind.SUPPORTED if actor is None else SideActKind.REDACTED
    async with pool.acquire() as conn, conn.transaction():
        return await acts.append(conn, key, kind, tracking_id, NOON, actor, {"what": "words"}, {"why": "nama tetangga"})


async def test_an_act_is_read_back_and_what_a_person_wrote_is_encrypted(
    pool: asyncpg.Pool, acts: SideActs, accepted: AcceptedReport
) -> None:
    number = await append(pool, acts, accepted.tracking_id)
    (act,) = await acts.of(accepted.tracking_id)
    assert (act.n, act.at, act.kind, act.tracking_id) == (number, NOON, SideActKind.REDACTED, accepted.tracking_id)
    assert act.actor is not None
    assert (act.actor.role, act.actor.account, act.actor.name) == (ADMIN.role, ADMIN.account, ADMIN.name)
    assert (act.facts, act.words) == ({"what": "words"}, {"why": "nama tetangga"})
    stored = await pool.fetchval("select a::text from side_act a")
    assert "tetangga" not in stored
    assert "Sri" not in stored


async def test_an_act_of_nobody_known_names_nobody(
    pool: asyncpg.Pool, acts: SideActs, accepted: AcceptedReport
) -> None:
    await append(pool, acts, accepted.tracking_id, None)
    (act,) = await acts.of(accepted.tracking_id)
    assert act.actor is None


async def test_acts_added_at_once_are_numbered_without_gaps_and_chained(
    pool: asyncpg.Pool, acts: SideActs, accepted: AcceptedReport
) -> None:
    numbers = await asyncio.gather(*(append(pool, acts, accepted.tracking_id) for _ in range(12)))
    assert sorted(numbers) == list(range(1, 13))
    prev = GENESIS
    for row in await pool.fetch("select * from side_act order by n"):
        assert row["prev_hash"] == prev
        assert row["hash"] == row_hash(SIDE_ACT_TAG, prev, [row[name] for name in SIDE_ACT_FIELDS])
        prev = row["hash"]


async def test_acts_can_neither_be_changed_nor_removed(
    pool: asyncpg.Pool, acts: SideActs, accepted: AcceptedReport
) -> None:
    await append(pool, acts, accepted.tracking_id)
    attacks = ("update side_act set kind = 'released'", "delete from side_act", "truncate side_act cascade")
    for session, attack in itertools.product(("origin", "replica"), attacks):
        assert await is_refused(
            asyncpg.RestrictViolationError, owner_does(pool, f"set session_replication_role = {session}", attack)
        ), f"{session}: {attack}"


async def test_an_act_that_does_not_follow_is_refused(
    pool: asyncpg.Pool, acts: SideActs, accepted: AcceptedReport
) -> None:
    await append(pool, acts, accepted.tracking_id)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.execute(
            "insert into side_act select n + 2, at, kind, tracking_id, actor_role, actor_account, facts, data_key_id,"
            " ciphertext, prev_hash, hash from side_act"
        )
    assert refused.value.sqlstate == "KW001"


async def test_of_an_erased_complaint_the_act_stays_without_its_words_and_nothing_follows(
    pool: asyncpg.Pool, keys: DataKeyStore, acts: SideActs, accepted: AcceptedReport
) -> None:
    await append(pool, acts, accepted.tracking_id)
    async with pool.acquire() as conn:
        await keys.destroy(conn, accepted.workflow_id, "Petugas", "permintaan")
    (act,) = await acts.of(accepted.tracking_id)
    assert act.words == {}
    assert act.actor is not None
    assert (act.actor.account, act.actor.name) == (ADMIN.account, None)
    with pytest.raises(KeyDestroyed):
        await append(pool, acts, accepted.tracking_id)
