"""Verification of one complaint: sealed rows count as sealed, and another complaint's fault is not reported."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kawal.audit.proof.receipt import NotAsSealed, receipt
from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.proof.heads import Head, head_text, row_leaf
from kawal.proof.merkle import IncrementalRoot
from kawal.store import sealing
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import TILE, Log, split_hashes
from kawal.store.setup import prepare_database
from tests.audit.forging import recomputed
from tests.audit.records import Record
from tests.database_owner import owner_url


@pytest.fixture
async def record(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Record]:
    monkeypatch.setattr(sealing, "RANGE", 4)
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(owner_url(database_url))
    record = Record(pool, DataKeyStore(pool, LocalMasterKey(bytes(32))))
    await record.prepare()
    yield record
    await close_pool(pool)


@pytest.fixture
async def tracking(record: Record) -> str:
    """Return the number of a sealed life that follows another one, with nothing else in the log."""
    await record.life(3, 7)
    tracking = await record.life(5, 7)
    await record.sealer.seal()
    for table in ("event", "log_range", "log_tile", "log_head"):
        await record.pool.execute(f"alter table {table} disable trigger all")
    return tracking


async def found(record: Record, tracking: str, kept: list[Head]) -> set[tuple[str, str]]:
    verified = await Verification(record.pool, record.keys).one(tracking, kept=kept)
    log = ("leaf_", "sealed_", "range_", "head_", "kept_")
    return {(one.code, one.where) for one in verified.findings if one.code.startswith(log)}


@pytest.mark.parametrize("names", ["names stay", "names gone"])
async def test_a_sealed_row_is_not_taken_for_unsealed_where_its_stretch_is_deleted(
    record: Record, tracking: str, names: str
) -> None:
    kept = await Log(record.pool).heads()
    assert await found(record, tracking, kept) == set()
    chain = f"complaint-{tracking}"
    await recomputed(record.pool, chain, 2)
    await record.pool.execute(
        "delete from log_range where last_position >= (select position from event where workflow_id = $1 and seq = 2)",
        chain,
    )
    if names == "names gone":
        await record.pool.execute("update log_tile set names = replace(names, $1, 'complaint-7777777')", chain)
    codes = {code for code, _ in await found(record, tracking, kept)}
    assert "range_broken" in codes
    if names == "names stay":
        assert ("leaf_lost", f"{chain} 2") in await found(record, tracking, kept)
        with pytest.raises(NotAsSealed, match="log 0"):
            await receipt(record.pool, record.keys, tracking)


async def test_a_sealed_row_moved_behind_the_last_stretch_is_not_taken_for_unsealed(
    record: Record, tracking: str
) -> None:
    kept = await Log(record.pool).heads()
    await recomputed(record.pool, f"complaint-{tracking}", 2)
    await record.pool.execute("alter table event alter column position drop identity")
    await record.pool.execute(
        "update event set position = position + 100000 where workflow_id = $1 and seq >= 2", f"complaint-{tracking}"
    )
    assert ("leaf_lost", f"complaint-{tracking} 2") in await found(record, tracking, kept)


@pytest.mark.parametrize("signed", [True, False])
async def test_a_row_replaced_in_its_tile_alone_is_found_also_under_a_head_signed_anew(
    record: Record, tracking: str, signed: bool
) -> None:
    await record.entries(TILE)
    await record.sealer.seal()
    kept = await Log(record.pool).heads()
    chain = f"complaint-{tracking}"
    assert await found(record, tracking, kept) == set()
    await recomputed(record.pool, chain, 2)
    first = split_hashes(await record.pool.fetchval("select hashes from log_tile where level = 0 and n = 0"))
    names = (await record.pool.fetchval("select names from log_tile where level = 0 and n = 0")).split("\n")
    for row in await record.pool.fetch("select seq, hash from event where workflow_id = $1", chain):
        first[names.index(f"{chain} {row['seq']}")] = row_leaf(chain, row["seq"], row["hash"])
    await record.pool.execute("update log_tile set hashes = $1 where level = 0 and n = 0", b"".join(first))
    if signed:
        await _signed_anew(record, kept[-1])
    findings = await found(record, tracking, kept)
    if signed:
        assert ("kept_differs", f"head {kept[-1].size}") in findings
    else:
        assert ("sealed_changed", f"{chain} 2") in findings


async def _signed_anew(record: Record, head: Head) -> None:
    """Sign the head over the current leaves with the installation's own key."""
    tree = IncrementalRoot()
    for row in await record.pool.fetch("select hashes from log_tile where level = 0 order by n"):
        tree.add(split_hashes(row["hashes"]))
    key_id, signature = await record.signing.sign(head_text(head.log_id, head.size, tree.root, head.at, head.key_id))
    await record.pool.execute(
        "update log_head set root = $2, signing_key_id = $3, signature = $4 where size = $1",
        head.size,
        tree.root,
        key_id,
        signature,
    )


async def test_a_row_removed_from_a_neighbour_in_the_same_stretch_accuses_nobody_else(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "RANGE", 100)
    neighbour, tracking = await record.life(3, 7), await record.life(5, 7)
    await record.sealer.seal()
    await record.pool.execute("alter table event disable trigger all")
    await record.pool.execute("delete from event where workflow_id = $1 and seq = 2", f"complaint-{neighbour}")
    assert await found(record, tracking, await Log(record.pool).heads()) == set()
    assert len((await receipt(record.pool, record.keys, tracking))["rows"]) > 2
    guilty = await Verification(record.pool, record.keys).one(neighbour)
    assert ("row_missing", f"complaint-{neighbour} 2") in {(one.code, one.where) for one in guilty.findings}
