"""What the public sees is compared with the acts that say what was released and redacted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from kawal.audit.proof.verify import Verification
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.store.data_keys import DataKeyStore
from kawal.store.public_versions import PublicVersions
from kawal.store.setup import prepare_database
from kawal.store.supports import SupportRows
from tests.audit.records import Record
from tests.store.lives import ADMIN, NOON


@pytest.fixture
async def record(database_url: str) -> AsyncIterator[Record]:
    master = LocalMasterKey(bytes(32))
    await prepare_database(database_url, master)
    pool = await open_pool(database_url, max_size=4)
    written = Record(pool, DataKeyStore(pool, master))
    await written.prepare()
    yield written
    await close_pool(pool)


@pytest.fixture
async def number(record: Record) -> str:
    """Return a public report with something of everything."""
    pool, keys, file = record.pool, record.keys, uuid4()
    tracking_id = await _public(record)
    await pool.execute(
        "insert into attachment (id, tracking_id, name_mac, data_key_id, ciphertext, size, public_size, media_type)"
        " select $1, $2, decode(repeat('00', 32), 'hex'), data_key_id, '', 9, 9, 'image/png'"
        " from data_key where owner = $3",
        file,
        tracking_id,
        f"complaint-{tracking_id}",
    )
    for replaced in ({"body": "Lubang"}, {"title": "Jalan", "body": "Lubang."}):
        async with PublicVersions(pool, keys).changing(tracking_id) as change:
            await change.redact_words(ADMIN, NOON, replaced, ["besar"], "nama")
            await change.redact_follow_up(ADMIN, NOON, 2, "Sudah", ["oleh Wati"], "nama")
            await change.release_file(ADMIN, NOON, file)
            await change.redact_file(ADMIN, NOON, file, 1, size=9, file_id="ab", areas=["0,0,1,1"], why="wajah")
    await SupportRows(pool, keys).put(tracking_id, "browser", None, "id", NOON)
    return tracking_id


async def _public(record: Record) -> str:
    for seed in range(40):
        tracking_id = await record.life(seed, steps=3)
        if await record.pool.fetchval(
            "select exists (select from public_report where tracking_id = $1 and status = 'belum_ditindaklanjuti')",
            tracking_id,
        ):
            return tracking_id
    raise AssertionError("no life of these is public")


async def found(record: Record, number: str) -> set[str]:
    """Return the codes of what verification finds, the same for the complaint alone as in the whole."""
    verification = Verification(record.pool, record.keys)
    whole = {one.code for one in (await verification.all()).findings}
    alone = {one.code for one in (await verification.one(number)).findings}
    assert whole <= alone
    return whole


async def test_what_stands_by_its_acts_agrees(record: Record, number: str) -> None:
    assert await found(record, number) == set()


@pytest.mark.parametrize(
    "change",
    [
        "update public_version set body = 'Semua baik'",
        "update public_version set place = 'Di tempat lain'",
        "update public_version set why = 'tidak ada'",
        "update public_version set released_seq = 2",
        "update public_version set redacted = '{title}'",
        "update complaint set public_search = to_tsvector('lain')",
        "delete from public_version",
        "update public_follow_up set body = 'Belum'",
        "delete from public_follow_up",
        "update public_file_version set released_seq = 1",
        "update public_file_version set released_seq = null, released_at = null",
        "update public_file_version set variant = 2",
        "delete from public_file_version",
    ],
)
async def test_what_was_changed_by_hand_is_found(record: Record, number: str, change: str) -> None:
    await record.pool.execute(change)
    # The board's index, which follows what is public, may no longer follow it either.
    assert await found(record, number) - {"publicity_differs"} == {"public_differs"}


async def test_a_number_of_supporters_that_was_made_up_is_found(record: Record, number: str) -> None:
    await record.pool.execute("update supporter_count set n = 1000")
    assert await found(record, number) == {"supporters_differ"}
