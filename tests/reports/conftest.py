"""A database with agencies, OPDs and categories, and the ledger that writes complaints into it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import asyncpg
import pytest

from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.store.data_keys import DataKeyStore, make_installation_keys
from kawal.store.ledger import Ledger

CATEGORIES = [("KESEHATAN", None), ("KESEHATAN", "VAKSIN"), ("JALAN", "LUBANG"), ("=SUM(A1)", None)]


@pytest.fixture
async def pool(bare_database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Yield a pool on a database that knows two agencies; the second has no complaints until a test files some."""
    pool = await open_pool(bare_database_url)
    async with pool.acquire() as conn:
        await conn.execute("insert into instansi (code, name) values ('KEPRI', 'Pemprov Kepri'), ('RIAU', 'Riau')")
        await conn.execute(
            "insert into opd (instansi, code, name) values"
            " ('KEPRI', 'DINKES', 'Dinas Kesehatan'), ('KEPRI', 'PU', '=HYPERLINK(1)'), ('RIAU', 'DINKES', 'Dinkes')"
        )
        await conn.executemany(
            "insert into category (name, main, sub) values ($1, $2, $3)",
            [(main if sub is None else f"{main} / {sub}", main, sub) for main, sub in CATEGORIES],
        )
    yield pool
    await close_pool(pool)


@pytest.fixture
async def keys(pool: asyncpg.Pool) -> DataKeyStore:
    """Return keys for complaints 0000001 to 0000080."""
    master = LocalMasterKey(os.urandom(32))
    keys = DataKeyStore(pool, master)
    async with pool.acquire() as conn:
        await make_installation_keys(conn, master)
        for number in range(1, 81):
            await keys.create(conn, f"complaint-{number:07d}")
    return keys


@pytest.fixture
def ledger(pool: asyncpg.Pool, keys: DataKeyStore) -> Ledger:
    """Return the ledger of those complaints."""
    return Ledger(pool, keys)
