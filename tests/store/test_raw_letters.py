"""A letter as it came is kept once, opens with its complaint's key alone, and goes with the complaint."""

from __future__ import annotations

import asyncio
import base64
import os
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable, LocalMasterKey, MasterKeys
from kawal.domain.names import Channel
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures, reapply
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.raw_letters import RawLetters
from tests.database_owner import owner_does
from tests.store.lives import NOON, report

LETTER = b"From: Siti <siti@example.org>\r\nSubject: Jalan rusak\r\n\r\nLubang di depan kios.\r\n\x00\xff"


@pytest.fixture
def letters(pool: asyncpg.Pool, keys: DataKeyStore) -> RawLetters:
    return RawLetters(pool, keys)


@pytest.fixture
async def accepted(inbox: Inbox) -> AcceptedReport:
    return await inbox.accept(report(), "KEPRI", NOON)


async def kept(letters: RawLetters, accepted: AcceptedReport, raw: bytes = LETTER, **more: Any) -> bool:
    told: dict[str, Any] = {"channel": Channel.EMAIL, "identity": "<1@example.org>", "received_at": NOON}
    return await letters.keep(accepted.tracking_id, raw, **told | more)


def erasure(accepted: AcceptedReport) -> ErasureEntry:
    return ErasureEntry(tracking_id=accepted.tracking_id, at=NOON, role="agency_admin", account="a1", ground="request")


async def listed(_entry: ErasureEntry) -> None:
    return None


async def test_it_is_given_back_byte_for_byte_with_what_was_left_out_of_the_report(
    letters: RawLetters, accepted: AcceptedReport
) -> None:
    assert await kept(letters, accepted, left_out=["text_cut", "ktp siti.exe"])
    later = NOON + timedelta(hours=1)
    assert await kept(letters, accepted, b"SANGGAH belum selesai", channel=Channel.SMS, identity="2", received_at=later)
    first, second = await letters.lines(accepted.tracking_id)
    assert (first.number, first.channel, first.received_at, first.size) == (1, "email", NOON, len(LETTER))
    assert (first.left_out, first.sha256) == (["text_cut", "ktp siti.exe"], sha256(LETTER).hexdigest())
    assert (second.number, second.channel, second.received_at, second.left_out) == (2, "sms", later, [])
    assert await letters.raw(accepted.tracking_id, 1) == (Channel.EMAIL, LETTER)
    assert await letters.raw(accepted.tracking_id, 2) == (Channel.SMS, b"SANGGAH belum selesai")
    assert await letters.raw(accepted.tracking_id, 3) is None
    assert await letters.raw("7654321", 1) is None
    assert await letters.lines("7654321") == []


async def test_delivered_again_also_at_the_same_moment_it_is_kept_once(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool
) -> None:
    assert sorted(await asyncio.gather(*(kept(letters, accepted) for _ in range(5)))) == [False] * 4 + [True]
    assert not await kept(letters, accepted)
    others = [f"<{n}@example.org>" for n in range(2, 7)]
    assert all(await asyncio.gather(*(kept(letters, accepted, identity=one) for one in others)))
    assert [one.number for one in await letters.lines(accepted.tracking_id)] == [1, 2, 3, 4, 5, 6]
    macs = await pool.fetch("select identity_mac from raw_letter")
    assert len({row["identity_mac"] for row in macs}) == 6


async def test_the_same_letter_to_two_agencies_is_kept_with_each_of_the_reports(
    letters: RawLetters, accepted: AcceptedReport, inbox: Inbox
) -> None:
    other = await inbox.accept(report(external_id="2"), "KEPRI", NOON)
    assert [await kept(letters, one) for one in (accepted, other)] == [True, True]
    assert await letters.raw(other.tracking_id, 1) == (Channel.EMAIL, LETTER)


async def test_nothing_of_it_can_be_read_in_the_table(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool
) -> None:
    await kept(letters, accepted, left_out=["ktp siti.exe"])
    row = await pool.fetchrow("select * from raw_letter")
    for value in row.values():
        if isinstance(value, bytes):
            assert not any(word in value.lower() for word in (b"siti", b"kios", b"example.org", b"exe"))


async def test_a_letter_put_into_the_place_of_another_does_not_open(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool
) -> None:
    await kept(letters, accepted)
    await kept(letters, accepted, b"Surat lain", identity="2")
    await owner_does(
        pool, "update raw_letter set body = (select body from raw_letter where number = 2) where number = 1"
    )
    with pytest.raises(NotAuthentic):
        await letters.raw(accepted.tracking_id, 1)
    await owner_does(pool, "update raw_letter set details = (select details from raw_letter where number = 2)")
    with pytest.raises(NotAuthentic):
        await letters.lines(accepted.tracking_id)


async def test_it_opens_after_its_complaint_was_given_a_new_data_key_and_the_installation_a_new_master_key(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    await kept(letters, accepted)
    async with pool.acquire() as conn, conn.transaction():
        await keys.rotate(conn, accepted.workflow_id)
    keys.forget(accepted.workflow_id)
    await kept(letters, accepted, b"Surat kedua", identity="2")
    used = await pool.fetch("select data_key_id from raw_letter")
    assert len({row["data_key_id"] for row in used}) == 2
    new = LocalMasterKey(bytes(range(32, 64)))
    async for batch in DataKeyStore(pool, MasterKeys(lambda: [new, master], lambda: None)).rewrap():
        assert batch.closed == 0
    read = RawLetters(pool, DataKeyStore(pool, new))
    assert [one.number for one in await read.lines(accepted.tracking_id)] == [1, 2]
    found = [await read.raw(accepted.tracking_id, number) for number in (1, 2)]
    assert [one.raw for one in found if one] == [LETTER, b"Surat kedua"]


async def test_it_is_erased_with_its_complaint_and_nothing_is_kept_with_an_erased_one(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore, master: LocalMasterKey
) -> None:
    await kept(letters, accepted)
    # Another process that still holds the key.
    elsewhere = DataKeyStore(pool, master)
    await elsewhere.key_for(accepted.workflow_id)
    assert await Erasures(pool, keys).erase(erasure(accepted), listed)
    assert await pool.fetchval("select count(*) from raw_letter") == 0
    for store in (keys, elsewhere):
        with pytest.raises(KeyDestroyed):
            await kept(RawLetters(pool, store), accepted, identity="2")
    assert await pool.fetchval("select count(*) from raw_letter") == 0
    assert await letters.lines(accepted.tracking_id) == []


async def test_what_a_restore_brings_back_does_not_open_and_goes_again(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await kept(letters, accepted)
    async with pool.acquire() as conn, conn.transaction():
        await keys.destroy(conn, accepted.workflow_id, "a1", "request")
    assert await letters.lines(accepted.tracking_id) == []
    with pytest.raises(KeyDestroyed):
        await letters.raw(accepted.tracking_id, 1)
    assert await reapply(Erasures(pool, keys), [erasure(accepted)]) == [accepted.tracking_id]
    assert await pool.fetchval("select count(*) from raw_letter") == 0


async def test_a_complaint_that_does_not_exist_has_no_key_for_a_letter(letters: RawLetters) -> None:
    unknown = AcceptedReport(tracking_id="7654321", workflow_id="complaint-7654321", inbox_id=0)
    with pytest.raises(KeyUnavailable):
        await kept(letters, unknown)


async def test_the_largest_letter_with_photographs_takes_less_room_than_it_came_with_and_holds_up_nobody(
    letters: RawLetters, accepted: AcceptedReport, pool: asyncpg.Pool
) -> None:
    photographs = base64.encodebytes(os.urandom(18 * 1024 * 1024)).replace(b"\n", b"\r\n")
    assert len(LETTER + photographs) > 25_000_000
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    beside = asyncio.create_task(others())
    assert await kept(letters, accepted, LETTER + photographs)
    beside.cancel()
    assert turns > 20
    assert await pool.fetchval("select octet_length(body) < 0.8 * size from raw_letter")
    found = await letters.raw(accepted.tracking_id, 1)
    assert found is not None
    assert found.raw == LETTER + photographs


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=2_000), left_out=st.lists(st.text(max_size=50), max_size=3))
async def test_any_bytes_come_back_as_they_were_and_no_name_of_a_file_can_move_a_terminal(
    letters: RawLetters, accepted: AcceptedReport, raw: bytes, left_out: list[str]
) -> None:
    await kept(letters, accepted, raw, identity=str(uuid4()), left_out=left_out)
    line = (await letters.lines(accepted.tracking_id))[-1]
    assert await letters.raw(accepted.tracking_id, line.number) == (Channel.EMAIL, raw)
    assert line.sha256 == sha256(raw).hexdigest()
    assert [len(name) for name in line.left_out] == [len(name) for name in left_out]
    assert all(name.isprintable() for name in line.left_out)
