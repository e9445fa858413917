"""Verification of erasures: each recorded erasure was carried out, each missing key has one, with the right date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.store.setup import prepare_database
from tests.audit.records import Record
from tests.database_owner import owner_url


@pytest.fixture
async def record(database_url: str) -> AsyncIterator[Record]:
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(owner_url(database_url))
    record = Record(pool, DataKeyStore(pool, LocalMasterKey(bytes(32))))
    await record.prepare()
    yield record
    await close_pool(pool)


async def public_life(record: Record) -> str:
    for seed in range(20):
        tracking = await record.life(seed, 3)
        if await record.pool.fetchval("select title is not null from complaint where tracking_id = $1", tracking):
            await record.pool.execute("alter table complaint disable trigger all")
            await record.pool.execute("alter table complaint enable trigger published")
            return tracking
    raise AssertionError("every life was rahasia")


async def codes(record: Record, tracking: str) -> set[str]:
    verified = await Verification(record.pool, record.keys).one(tracking)
    assert {one.where for one in verified.findings} <= {f"complaint-{tracking}"}
    return {one.code for one in verified.findings}


async def erase(record: Record, tracking: str) -> None:
    """Erase as after a restore: the keys are destroyed later than the erasure's own date."""

    async def listed(_entry: ErasureEntry) -> None:
        return None

    at = datetime.now(UTC) - timedelta(days=2)
    entry = ErasureEntry(tracking_id=tracking, at=at, role="agency_admin", account="admin0001", ground="request")
    assert await Erasures(record.pool, record.keys).erase(entry, listed)


_HIDDEN = (
    "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
    " occurred_on = null, area = null, erased_at = now() where tracking_id = $1"
)


async def test_a_public_report_that_is_hidden_as_if_erased_is_found(record: Record) -> None:
    tracking = await public_life(record)
    assert await codes(record, tracking) == set()
    await record.pool.execute(_HIDDEN, tracking)
    assert await codes(record, tracking) == {"erasure_differs", "words_differ"}
    await record.pool.execute(
        "insert into data_key (data_key_id, owner, master_key_id, created_at, retired_at, destroyed_at, destroyed_by,"
        " destroy_ground) select gen_random_uuid(), owner, master_key_id, created_at, now(), now(), 'x', 'request'"
        " from data_key where owner = $1",
        f"complaint-{tracking}",
    )
    assert await codes(record, tracking) == {"erasure_differs", "words_differ"}, "one of its keys is there"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ("erased_at = null", "erasure_differs"),
        ("erased_at = erased_at + interval '1 day'", "erasure_differs"),
        ("title = 'Lubang'", "words_differ"),
    ],
)
async def test_an_erasure_that_is_not_told_as_it_was_is_found(record: Record, changed: str, code: str) -> None:
    tracking = await public_life(record)
    await erase(record, tracking)
    assert await codes(record, tracking) == set()
    await record.pool.execute(
        "do $$ declare one text; begin for one in select conname from pg_constraint"
        " where conrelid = 'complaint'::regclass and contype = 'c'"
        " loop execute format('alter table complaint drop constraint %I', one); end loop; end $$"
    )
    await record.pool.execute(f"update complaint set {changed} where tracking_id = $1", tracking)  # noqa: S608
    assert await codes(record, tracking) == {code}


async def test_an_erasure_whose_row_is_gone_is_found(record: Record) -> None:
    tracking = await public_life(record)
    await erase(record, tracking)
    await record.pool.execute("alter table erasure disable trigger all")
    await record.pool.execute("delete from erasure")
    assert await codes(record, tracking) == {"erasure_differs"}
