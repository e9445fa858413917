"""Whoever watches hears of every change that is committed, of nothing else, and holds nobody up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from kawal.domain.messages import Batch
from kawal.store.changes import SOMETHING, WAITING, Change, Changes, Listener, tell_of_many
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.side_acts import SideActKind, SideActs
from kawal.store.tray import Tray
from kawal.store.tray_decisions import deciding
from tests.store.lives import ADMIN, NOON, forwarded, report, started
from tests.store.test_tray import entry as tray_entry

OURS = "select pid from pg_stat_activity where datname = current_database() and query like 'LISTEN%'"


@pytest.fixture
async def changes(database_url: str) -> Changes:
    return Changes(database_url, echo_after=timedelta(milliseconds=50))


@pytest.fixture
async def heard(pool: asyncpg.Pool, changes: Changes) -> AsyncIterator[Listener]:
    assert pool
    async with changes.listening() as listener:
        assert await following(listener) == SOMETHING
        yield listener


@pytest.fixture
async def recorded(inbox: Inbox, ledger: Ledger) -> Batch:
    """Return the first step of a complaint, on record."""
    source = report()
    first = started(await inbox.accept(source, "KEPRI", NOON), source)
    await ledger.record(first)
    return first


async def following(listener: Listener) -> Change:
    async with asyncio.timeout(30):
        return await anext(listener)


async def barrier(pool: asyncpg.Pool, listener: Listener) -> list[Change]:
    """Return what was heard by now: what is told last is heard last."""
    await pool.execute("select pg_notify('kawal_changes', 'end:0:KEPRI')")
    found = []
    while (change := await following(listener)).tracking_id != "end":
        found.append(change)
    return found


async def test_a_step_is_told_with_number_event_and_agency(recorded: Batch, ledger: Ledger, heard: Listener) -> None:
    step = forwarded(recorded, "DPUPR")
    await ledger.record(step)
    assert await following(heard) == Change(step.after.tracking_id, 2, "KEPRI")


async def test_what_is_rolled_back_or_was_recorded_before_is_not_told(
    recorded: Batch, ledger: Ledger, pool: asyncpg.Pool, heard: Listener
) -> None:
    step = forwarded(recorded, "DPUPR")
    await ledger.record(step)
    await ledger.record(step)
    async with pool.acquire() as conn:
        begun = conn.transaction()
        await begun.start()
        await tell_of_many(conn, "BINTAN")
        await begun.rollback()
    assert await barrier(pool, heard) == [Change(step.after.tracking_id, 2, "KEPRI")]


async def test_a_wave_of_starts_is_told_once_for_each_agency_and_again_when_it_is_likely_to_be_on_record(
    inbox: Inbox, ledger: Ledger, heard: Listener, pool: asyncpg.Pool
) -> None:
    source = report()
    accepted = [await inbox.accept(source, "KEPRI", NOON) for _ in range(3)]
    await inbox.mark_started(*(one.inbox_id for one in accepted))
    await inbox.mark_started(*(one.inbox_id for one in accepted))
    many = Change(None, 0, "KEPRI")
    assert await following(heard) == many
    for one in accepted:
        await ledger.record(started(one, source))
    assert await following(heard) == many
    assert await barrier(pool, heard) == []


async def test_what_comes_into_a_tray_and_what_is_decided_there_is_told_to_the_agencies_whose_tray_it_is(
    pool: asyncpg.Pool, keys: DataKeyStore, heard: Listener
) -> None:
    await pool.execute("insert into instansi (code, name) values ('RIAU', 'Provinsi Riau')")
    item = await Tray(pool, keys).put(tray_entry())
    assert item is not None
    assert await following(heard) == Change(None, 0, "KEPRI")
    assert await following(heard) == Change(None, 0, "KEPRI"), "again, when it is likely to be on record"
    async with deciding(pool, keys, item) as decision:
        assert decision is not None
        await decision.pass_to("RIAU")
    assert {await following(heard), await following(heard)} == {Change(None, 0, one) for one in ("KEPRI", "RIAU")}


async def test_an_officials_act_beside_the_process_is_told_and_a_strangers_support_is_not(
    recorded: Batch, pool: asyncpg.Pool, keys: DataKeyStore, heard: Listener
) -> None:
    acts, number = SideActs(pool, keys), recorded.after.tracking_id
    key = await acts.key_of(number)
    for kind, actor in ((SideActKind.SUPPORTED, None), (SideActKind.REDACTED, ADMIN)):
        async with pool.acquire() as conn, conn.transaction():
            await acts.append(conn, key, kind, number, NOON, actor, {}, {})
    assert await barrier(pool, heard) == [Change(number, 1, "KEPRI")]


async def test_a_killed_connection_is_made_anew_and_what_was_missed_is_known_to_be_missed(
    pool: asyncpg.Pool, heard: Listener
) -> None:
    (row,) = await pool.fetch(OURS)
    await pool.execute("select pg_terminate_backend($1)", row["pid"])
    assert await following(heard) == SOMETHING
    assert await barrier(pool, heard) == []


async def test_a_listener_that_never_looks_holds_up_nobody_and_learns_that_it_missed_something(
    pool: asyncpg.Pool, changes: Changes, heard: Listener
) -> None:
    async with changes.listening() as slow:
        assert await following(slow) == SOMETHING
        for number in range(WAITING + 10):
            await pool.execute("select pg_notify('kawal_changes', $1)", f"{number}:1:KEPRI")
            assert await following(heard) == Change(str(number), 1, "KEPRI")
        found = await barrier(pool, slow)
    assert found[0] == SOMETHING
    assert len(found) <= WAITING


async def test_the_same_change_waits_once(pool: asyncpg.Pool, heard: Listener) -> None:
    async with pool.acquire() as conn, conn.transaction():
        for _ in range(3):
            await conn.execute("select pg_notify('kawal_changes', '1234567:4:KEPRI')")
        await tell_of_many(conn, "BINTAN")
    assert (await barrier(pool, heard))[:2] == [Change("1234567", 4, "KEPRI"), Change(None, 0, "BINTAN")]


async def test_what_others_say_on_the_channel_only_makes_listeners_look_again(
    pool: asyncpg.Pool, heard: Listener
) -> None:
    for foreign in ("", "x", "1:2", "1:x:KEPRI", ":::"):
        await pool.execute("select pg_notify('kawal_changes', $1)", foreign)
        assert await following(heard) == SOMETHING


async def test_where_nobody_listens_no_connection_is_kept(pool: asyncpg.Pool, changes: Changes) -> None:
    async with changes.listening() as one, changes.listening() as other:
        assert {await following(one), await following(other)} == {SOMETHING}
        assert len(await pool.fetch(OURS)) == 1
    async with asyncio.timeout(30):
        while await pool.fetch(OURS):  # noqa: ASYNC110  # the server ends it
            await asyncio.sleep(0.01)
