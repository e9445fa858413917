"""Data keys: created once, cached, destroyed permanently."""

from __future__ import annotations

import asyncpg
import pytest

from kawal.base.postgres import open_pool
from kawal.crypto.data_keys import LOOKUP, SYSTEM, AnothersKey, KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable, LocalMasterKey
from kawal.store.data_keys import DataKeyStore, make_installation_keys
from tests.database_owner import owner_does

OWNER = "complaint-1234567"


async def test_the_installations_own_keys_are_made_once(
    pool: asyncpg.Pool, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    before = await keys.key_for(SYSTEM), await keys.key_for(LOOKUP)
    async with pool.acquire() as conn:
        await make_installation_keys(conn, master)
        with pytest.raises(KeyUnavailable, match="put the master key that wrapped them back"):
            await make_installation_keys(conn, LocalMasterKey(bytes(32)))
    fresh = DataKeyStore(pool, master)
    assert (await fresh.key_for(SYSTEM), await fresh.key_for(LOOKUP)) == before


async def test_an_owner_has_one_key(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    async with pool.acquire() as conn:
        made = await keys.create(conn, OWNER)
        with pytest.raises(asyncpg.UniqueViolationError):
            await keys.create(conn, OWNER)
    assert await keys.key_for(OWNER) == made
    assert await keys.key_by_id(made.key_id) == made


async def test_a_key_asked_for_an_owner_is_that_owners_and_anothers_is_not_even_opened(
    pool: asyncpg.Pool, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    async with pool.acquire() as conn:
        before = await keys.create(conn, OWNER)
        other = await keys.create(conn, "complaint-7654321")
        now = await keys.rotate(conn, OWNER)
    for cached in (False, True):
        for key in (before, now):
            assert await keys.key_by_id(key.key_id, OWNER) == key, cached
        with pytest.raises(AnothersKey):
            await keys.key_by_id(other.key_id, OWNER)
        assert await keys.key_by_id(other.key_id) == other
    await pool.execute("update data_key set wrapped_key = $2 where data_key_id = $1", other.key_id, bytes(60))
    fresh = DataKeyStore(pool, master)
    with pytest.raises(AnothersKey):
        await fresh.key_by_id(other.key_id, OWNER)
    with pytest.raises(KeyUnavailable):
        await fresh.key_by_id(other.key_id)


async def test_a_key_made_in_a_transaction_that_failed_does_not_exist(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        made = await keys.create(conn, OWNER)
        await transaction.rollback()
    assert await keys.key_by_id(made.key_id) is None
    with pytest.raises(KeyUnavailable):
        await keys.key_for(OWNER)


async def test_a_destroyed_key_is_gone_for_good(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    async with pool.acquire() as conn:
        made = await keys.create(conn, OWNER)
        await keys.key_for(OWNER)
        await keys.destroy(conn, OWNER, "Petugas", "permintaan pelapor")
    with pytest.raises(KeyDestroyed):
        await keys.key_for(OWNER)
    with pytest.raises(KeyDestroyed):
        await keys.key_by_id(made.key_id)
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("update data_key set wrapped_key = '', destroyed_at = null where owner = $1", OWNER)
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner_does(pool, "delete from data_key where owner = 'complaint-1234567'")


async def test_with_the_database_away_a_known_key_still_works_and_an_unknown_one_is_unavailable(
    pool: asyncpg.Pool, database_url: str, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    async with pool.acquire() as conn:
        made = await keys.create(conn, OWNER)
        await keys.create(conn, "complaint-7654321")
    short_lived = await open_pool(database_url)
    store = DataKeyStore(short_lived, master)
    await store.key_for(OWNER)
    await short_lived.close()
    assert await store.key_for(OWNER) == made
    with pytest.raises(KeyUnavailable):
        await store.key_for("complaint-7654321")


async def test_keyed_hashes_differ_by_use_and_by_where_the_parts_end(keys: DataKeyStore) -> None:
    macs = [await keys.mac(*parts) for parts in (("a", "bc"), ("ab", "c"), ("a", "b", "c"), ("abc",))]
    assert len(set(macs)) == 4
    assert await keys.mac("a", "bc") == macs[0]


async def test_keys_read_ahead_are_those_that_each_owner_would_get(
    pool: asyncpg.Pool, database_url: str, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    owners = [f"complaint-700000{number}" for number in range(3)]
    async with pool.acquire() as conn:
        made = [await keys.create(conn, owner) for owner in owners]
        await keys.destroy(conn, owners[2], "Petugas", "permintaan pelapor")
    short_lived = await open_pool(database_url)
    store = DataKeyStore(short_lived, master)
    await store.read_ahead([*owners, "complaint-7000009"])
    with pytest.raises(KeyDestroyed):
        await store.key_for(owners[2])
    with pytest.raises(KeyUnavailable):
        await store.key_for("complaint-7000009")
    await short_lived.close()
    assert [await store.key_for(owner) for owner in owners[:2]] == made[:2]
    await store.read_ahead(["complaint-7000009"])
