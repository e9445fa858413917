"""Verification finds nothing in an unchanged record, and names every change."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from kawal.audit.proof.findings import VerificationResult
from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.store import sealing
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import Log
from kawal.store.setup import prepare_database
from tests.audit.records import Record


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(database_url)
    yield pool
    await close_pool(pool)


@pytest.fixture
async def record(pool: asyncpg.Pool) -> Record:
    record = Record(pool, DataKeyStore(pool, LocalMasterKey(bytes(32))))
    await record.prepare()
    return record


def told(verified: VerificationResult) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in verified.findings]


async def test_a_record_that_nobody_touched_verifies_whole(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "STRETCH", 40)
    monkeypatch.setattr(sealing, "RANGE", 7)
    for seed in range(12):
        tracking = await record.life(seed)
    await record.entries(5)
    await record.histories(3)
    await record.sealer.seal()
    await record.signing.rotate()
    await record.life(99)
    kept = await Log(record.pool).heads()
    verified = await Verification(record.pool, record.keys).all(kept=kept)
    assert told(verified) == []
    assert verified.kept_heads == len(kept) == verified.counted["head"]
    assert verified.counted["leaf"] == verified.log_size > 40
    assert verified.unsealed["event"] > 0
    assert verified.unsealed["access"] == 0
    await record.sealer.seal()
    verified = await Verification(record.pool, record.keys).all(kept=kept)
    assert (told(verified), verified.unsealed["event"]) == ([], 0)
    one = await Verification(record.pool, record.keys).one(tracking, kept=kept)
    assert told(one) == []
    assert one.counted["leaf"] == one.counted["event"]
