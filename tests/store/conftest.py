"""A migrated and seeded database for each test, with its keys, and a complaint's first steps."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.setup import prepare_database


@pytest.fixture
def master() -> LocalMasterKey:
    return LocalMasterKey(bytes(range(32)))


@pytest.fixture
async def pool(database_url: str, master: LocalMasterKey) -> AsyncIterator[asyncpg.Pool]:
    await prepare_database(database_url, master)
    pool = await open_pool(database_url, max_size=6)
    yield pool
    await close_pool(pool)


@pytest.fixture
def keys(pool: asyncpg.Pool, master: LocalMasterKey) -> DataKeyStore:
    return DataKeyStore(pool, master)


@pytest.fixture
def ledger(pool: asyncpg.Pool, keys: DataKeyStore) -> Ledger:
    return Ledger(pool, keys)


@pytest.fixture
def inbox(pool: asyncpg.Pool, keys: DataKeyStore) -> Inbox:
    return Inbox(pool, keys)


@pytest.fixture
def accounts(pool: asyncpg.Pool, keys: DataKeyStore) -> Accounts:
    return Accounts(pool, keys)
