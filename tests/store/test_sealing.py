"""Sealing: everything recorded is in the tree once, in order, whoever seals and whenever it is interrupted."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from kawal.domain.access_kinds import AccessKind
from kawal.proof.heads import row_leaf
from kawal.proof.merkle import IncrementalRoot, is_consistent, is_included
from kawal.store import sealing
from kawal.store.access_log import AccessLog
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.log import Log, Source
from kawal.store.sealing import Sealer, SealingWaits
from kawal.store.signing_keys import SigningKeys
from tests.database_owner import owner_does
from tests.store.lives import ADMIN, NOON, report, started, verified


@pytest.fixture
def signing(pool: asyncpg.Pool, keys: DataKeyStore) -> SigningKeys:
    return SigningKeys(pool, keys)


@pytest.fixture
def sealer(pool: asyncpg.Pool, signing: SigningKeys) -> Sealer:
    return Sealer(pool, signing)


@pytest.fixture
def log(pool: asyncpg.Pool) -> Log:
    return Log(pool)


async def lives(inbox: Inbox, ledger: Ledger, count: int) -> None:
    for _ in range(count):
        source = report()
        batch = started(await inbox.accept(source, "KEPRI", NOON), source)
        await ledger.record(batch)
        await ledger.record(verified(batch))


async def entries(pool: asyncpg.Pool, keys: DataKeyStore, count: int) -> None:
    for _ in range(count):
        await AccessLog(pool, keys).append(AccessKind.REFUSED, ADMIN, NOON)


async def expected(pool: asyncpg.Pool) -> set[bytes]:
    """Return the leaves of everything that is recorded."""
    rows = await pool.fetch(
        "select workflow_id as chain, seq as number, hash from event"
        " union all select 'access', n, hash from access_log union all select 'history_archive', n, hash from"
        " history_archive union all select 'side_act', n, hash from side_act"
    )
    return {row_leaf(*row) for row in rows}


async def leaves(pool: asyncpg.Pool) -> list[bytes]:
    rows = await pool.fetch("select hashes from log_tile where level = 0 order by n")
    joined = b"".join(row["hashes"] for row in rows)
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]


async def is_whole(pool: asyncpg.Pool, signing: SigningKeys) -> None:
    """Check that the tree contains each row once, and that each head is its root at that size, signed."""
    found, keys, log = await leaves(pool), await signing.public_keys(), Log(pool)
    assert len(found) == len(set(found))
    assert set(found) == await expected(pool)
    growing = IncrementalRoot()
    for head in await log.heads():
        growing.add(found[growing.size : head.size])
        assert head.root == growing.root == await log.root(head.size)
        assert head.is_signed_by(keys)
    assert growing.size == len(found)


async def test_what_is_new_is_sealed_and_sealing_again_adds_nothing(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, keys: DataKeyStore, sealer: Sealer, signing: SigningKeys
) -> None:
    assert await sealer.seal() == []
    await lives(inbox, ledger, 3)
    await entries(pool, keys, 2)
    (head,) = await sealer.seal()
    assert head.size == 8
    assert await sealer.seal() == []
    await lives(inbox, ledger, 1)
    (grown,) = await sealer.seal()
    assert grown.size == 10
    await is_whole(pool, signing)


async def test_every_row_has_its_leaf_and_a_proof_and_every_head_grew_from_the_one_before(
    pool: asyncpg.Pool,
    inbox: Inbox,
    ledger: Ledger,
    keys: DataKeyStore,
    sealer: Sealer,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "STRETCH", 5)
    monkeypatch.setattr(sealing, "RANGE", 2)
    await lives(inbox, ledger, 6)
    await entries(pool, keys, 7)
    heads = await sealer.seal()
    assert [head.size for head in heads] == [10, 17, 19]
    for row in await pool.fetch("select workflow_id, seq, hash, position from event"):
        hash_ = row_leaf(row["workflow_id"], row["seq"], row["hash"])
        leaf = await log.leaf_of(Source.EVENT, row["position"], f"{row['workflow_id']} {row['seq']}", hash_)
        assert leaf is not None
        proof = await log.inclusion(leaf, 19)
        assert is_included(hash_, leaf, 19, proof, heads[-1].root)
    for older in heads:
        proof = await log.consistency(older.size, 19)
        assert is_consistent(older.size, older.root, 19, heads[-1].root, proof)


async def test_rows_by_the_hundred_grow_the_levels_above(
    pool: asyncpg.Pool, keys: DataKeyStore, sealer: Sealer, signing: SigningKeys
) -> None:
    for count in (1, 254, 2, 300):
        await entries(pool, keys, count)
        await sealer.seal()
        await is_whole(pool, signing)
    assert await pool.fetchval("select octet_length(hashes) from log_tile where level = 1") == 64


async def test_two_sealers_at_once_do_not_fork(
    pool: asyncpg.Pool,
    inbox: Inbox,
    ledger: Ledger,
    keys: DataKeyStore,
    signing: SigningKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "STRETCH", 3)
    await lives(inbox, ledger, 8)
    await asyncio.gather(*(Sealer(pool, SigningKeys(pool, keys)).seal() for _ in range(3)))
    await is_whole(pool, signing)


async def test_an_event_that_is_committed_late_under_a_lower_position_is_not_missed(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, sealer: Sealer, signing: SigningKeys
) -> None:
    source = report()
    late = started(await inbox.accept(source, "KEPRI", NOON), source)
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        await Ledger(_OneConnection(conn), inbox._keys).record(late)
        await lives(inbox, ledger, 1)
        sealing_now = asyncio.create_task(sealer.seal())
        assert not (await asyncio.wait({sealing_now}, timeout=0.3))[0]
        await transaction.commit()
        (head,) = await sealing_now
    assert head.size == 3
    await is_whole(pool, signing)


async def test_a_writer_that_never_ends_stops_the_seal_and_nothing_is_sealed(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "WAIT_SECONDS", 0.1)
    await lives(inbox, ledger, 1)
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        await conn.execute("lock table event in row exclusive mode")
        with pytest.raises(SealingWaits):
            await sealer.seal()
        await transaction.rollback()
    assert await leaves(pool) == []
    assert len(await sealer.seal()) == 1


@pytest.mark.parametrize("table", ["log_tile", "log_head", "log_range", None])
async def test_cut_off_anywhere_it_is_as_if_it_had_run_once(
    pool: asyncpg.Pool,
    inbox: Inbox,
    ledger: Ledger,
    sealer: Sealer,
    signing: SigningKeys,
    table: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await lives(inbox, ledger, 2)
    await sealer.seal()
    await lives(inbox, ledger, 2)
    if table is None:

        async def dies(message: bytes) -> Any:
            raise ConnectionResetError(message)

        with monkeypatch.context() as patch:
            patch.setattr(signing, "sign", dies)
            with pytest.raises(ConnectionResetError):
                await sealer.seal()
    else:
        await owner_does(
            pool,
            "create function die() returns trigger language plpgsql as"
            " $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$",
            "grant execute on function die() to kawal_app",
            f"create trigger die after insert or update on {table} execute function die()",
        )
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await sealer.seal()
        await owner_does(pool, f"drop trigger die on {table}")
    assert len(await leaves(pool)) == 4
    await sealer.seal()
    await is_whole(pool, signing)


async def test_a_rotated_key_signs_the_next_head_and_the_old_heads_still_verify(
    pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, sealer: Sealer, signing: SigningKeys
) -> None:
    await lives(inbox, ledger, 1)
    (before,) = await sealer.seal()
    new = await signing.rotate()
    await lives(inbox, ledger, 1)
    (after,) = await sealer.seal()
    assert before.key_id != after.key_id == new.key_id
    assert before.log_id == after.log_id
    await is_whole(pool, signing)


async def test_the_log_can_only_grow(pool: asyncpg.Pool, inbox: Inbox, ledger: Ledger, sealer: Sealer) -> None:
    await lives(inbox, ledger, 1)
    await sealer.seal()
    for attack in (
        "update log_head set at = now()",
        "delete from log_head",
        "update log_range set leaves = leaves + 1",
        "delete from log_range",
        "update log_tile set hashes = decode(repeat('00', 32), 'hex')",
        "update log_tile set n = n + 1",
        "delete from log_tile",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner_does(pool, attack)


class _OneConnection:
    """A pool of one connection, so that the ledger's writes wait for that connection's commit."""

    def __init__(self, conn: Any) -> None:
        self.fetchrow, self.fetchval, self.fetch, self.execute = conn.fetchrow, conn.fetchval, conn.fetch, conn.execute
