"""The installation's signing keys: created once, succeeded by endorsed ones, their private halves encrypted."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from kawal.crypto.master_keys import KeyUnavailable, LocalMasterKey
from kawal.proof.signing import is_signed
from kawal.store.data_keys import DataKeyStore
from kawal.store.signing_keys import SigningKeys
from tests.database_owner import is_refused, owner_does


@pytest.fixture
def signing(pool: asyncpg.Pool, keys: DataKeyStore) -> SigningKeys:
    return SigningKeys(pool, keys)


async def test_of_several_processes_that_sign_first_at_once_one_makes_the_key(
    pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    signed = await asyncio.gather(*(SigningKeys(pool, keys).sign(b"message") for _ in range(5)))
    assert len({key_id for key_id, _ in signed}) == 1


async def test_a_rotated_key_is_endorsed_and_the_old_one_still_verifies(
    signing: SigningKeys, pool: asyncpg.Pool
) -> None:
    old_id, signature = await signing.sign(b"message")
    new = await signing.rotate()
    assert (await signing.sign(b"message"))[0] == new.key_id != old_id
    known = await signing.public_keys()
    assert known.fault() is None
    assert [key.key_id for key in known.keys] == [old_id, new.key_id]
    assert known.log_id == old_id == await signing.log_id()
    assert is_signed(known.keys[0].public, b"message", signature)
    assert await pool.fetchval("select encrypted_private is null from signing_key where signing_key_id = $1", old_id)


async def test_rotating_at_once_makes_a_chain_and_no_fork(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    await asyncio.gather(*(SigningKeys(pool, keys).rotate() for _ in range(4)))
    known = await SigningKeys(pool, keys).public_keys()
    assert len(known.keys) == 5
    assert known.fault() is None


async def test_without_the_master_key_nothing_is_signed(signing: SigningKeys, pool: asyncpg.Pool) -> None:
    await signing.sign(b"message")
    with pytest.raises(KeyUnavailable):
        await SigningKeys(pool, DataKeyStore(pool, LocalMasterKey(b"x" * 32))).sign(b"message")


ATTACKS = (
    "delete from signing_key",
    "truncate signing_key cascade",
    "update signing_key set public_key = decode(repeat('00', 32), 'hex')",
    "update signing_key set endorsement = decode(repeat('00', 64), 'hex')",
)


async def test_keys_can_only_be_retired(signing: SigningKeys, pool: asyncpg.Pool) -> None:
    await signing.sign(b"message")
    for attack in ATTACKS:
        assert await is_refused(asyncpg.RestrictViolationError, owner_does(pool, attack)), attack
