"""A person's reports are found by any of their contacts, however it is typed, and no contact is stored unencrypted."""

from __future__ import annotations

import asyncpg
import pytest

from kawal.domain.messages import Reporter
from kawal.store.backfill import Backfill
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from tests.store.lives import NOON, report

SITI = Reporter(name="Siti Aminah", email="siti@example.org", phone="0812-3456-7890")


@pytest.fixture
def contacts(pool: asyncpg.Pool, keys: DataKeyStore) -> Contacts:
    return Contacts(pool, keys)


async def accept(inbox: Inbox, reporter: Reporter) -> str:
    return (await inbox.accept(report(reporter=reporter), "KEPRI", NOON)).tracking_id


async def test_reports_are_found_by_any_contact_from_the_moment_they_are_accepted(
    inbox: Inbox, contacts: Contacts
) -> None:
    by_both = await accept(inbox, SITI)
    by_phone = await accept(inbox, Reporter(phone="+62 812 3456 7890"))
    by_mail = await accept(inbox, Reporter(email="SITI@example.org "))
    await accept(inbox, Reporter(email="budi@example.org"))
    await accept(inbox, Reporter())
    assert await contacts.reports_of(["Siti@Example.org"], []) == [by_both, by_mail]
    assert await contacts.reports_of([], ["62812.3456.7890"]) == [by_both, by_phone]
    assert await contacts.reports_of(["siti@example.org"], ["081234567890"]) == [by_both, by_phone, by_mail]
    assert await contacts.reports_of(["siti@example.org"], [], "KEPRI") == [by_both, by_mail]
    assert await contacts.reports_of(["siti@example.org"], [], "RIAU") == []
    assert await contacts.reports_of([""], ["-"]) == []


async def test_the_same_report_again_adds_nothing(inbox: Inbox, pool: asyncpg.Pool) -> None:
    for _ in range(2):
        await inbox.accept(report(reporter=SITI, external_id="A-1"), "KEPRI", NOON)
    assert await pool.fetchval("select count(*) from reporter_contact") == 2


async def test_reports_accepted_before_are_noted_once_whenever_that_was_broken_off(
    inbox: Inbox, contacts: Contacts, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    earlier = [await accept(inbox, SITI) for _ in range(3)]
    erased = await accept(inbox, SITI)
    await pool.execute("delete from reporter_contact")
    await pool.execute("update inbox set contacts_noted = false")
    async with pool.acquire() as conn:
        await keys.destroy(conn, f"complaint-{erased}", "admin000", "request")
    backfill = Backfill(pool, keys)
    assert await backfill.left() == 4
    await pool.execute("update inbox set contacts_noted = true where tracking_id::text = $1", earlier[0])
    assert await backfill.run() == 3
    assert (await backfill.left(), await backfill.run()) == (0, 0)
    assert await contacts.reports_of(["siti@example.org"], []) == earlier[1:]


async def test_a_report_whose_key_is_away_waits_for_the_next_time(
    inbox: Inbox, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await accept(inbox, SITI)
    await pool.execute("update inbox set contacts_noted = false, body = '\\x00'")
    assert await Backfill(pool, keys).run() == 0
    assert await Backfill(pool, keys).left() == 1
