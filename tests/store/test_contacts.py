"""A person's reports are found by any of their contacts, however it is typed, and no contact is stored unencrypted."""

from __future__ import annotations

import asyncpg
import pytest

from kawal.domain.messages import Batch, Report, Reporter
from kawal.domain.names import EventKind, Status
from kawal.store.backfill import Backfill
from kawal.store.contacts import Contacts
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from tests.store.lives import NOON, report, started, step, verified

SITI = Reporter(name="Siti Aminah", email="siti@example.org", phone="0812-3456-7890")


@pytest.fixture
def contacts(pool: asyncpg.Pool, keys: DataKeyStore) -> Contacts:
    return Contacts(pool, keys)


async def accept(inbox: Inbox, reporter: Reporter) -> str:
    return (await inbox.accept(report(reporter=reporter), "KEPRI", NOON)).tracking_id


async def on_record(inbox: Inbox, ledger: Ledger, source: Report) -> Batch:
    batch = started(await inbox.accept(source, "KEPRI", NOON), source)
    await ledger.record(batch)
    return batch


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


async def test_no_contact_is_hashed_before_an_official_has_decided(
    inbox: Inbox, ledger: Ledger, contacts: Contacts, pool: asyncpg.Pool
) -> None:
    first = await on_record(inbox, ledger, report(reporter=SITI))
    assert await pool.fetchval("select count(*) from reporter_contact") == 0
    assert await contacts.reports_of(["siti@example.org"], []) == [first.after.tracking_id]
    await ledger.record(verified(first))
    assert await pool.fetchval("select count(*) from reporter_contact") == 2
    assert await pool.fetchval("select contacts_noted from inbox")
    assert await contacts.reports_of(["siti@example.org"], []) == [first.after.tracking_id]
    assert await contacts.reports_of([], ["62812 3456 7890"]) == [first.after.tracking_id]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (EventKind.ARCHIVED, Status.DIARSIPKAN),
        (EventKind.PASSED_ON, Status.BUKAN_WEWENANG),
        (EventKind.HOLD_EXPIRED, Status.DIARSIPKAN),
    ],
)
async def test_every_first_decision_has_the_contacts_hashed_and_a_hold_alone_has_not(
    inbox: Inbox, ledger: Ledger, pool: asyncpg.Pool, kind: EventKind, status: Status
) -> None:
    held = step(await on_record(inbox, ledger, report(reporter=SITI)), EventKind.HELD, Status.DITUNDA)
    await ledger.record(held)
    assert await pool.fetchval("select count(*) from reporter_contact") == 0
    await ledger.record(step(held, kind, status))
    assert await pool.fetchval("select count(*) from reporter_contact") == 2


async def test_a_rahasia_reports_words_are_hashed_with_the_first_decision(
    inbox: Inbox, ledger: Ledger, pool: asyncpg.Pool
) -> None:
    first = await on_record(inbox, ledger, report(rahasia=True))
    assert await pool.fetchval("select count(*) from rahasia_word") == 0
    await ledger.record(verified(first))
    assert await pool.fetchval("select count(*) from rahasia_word") > 8


@pytest.mark.parametrize("decided", [True, False])
async def test_a_report_that_becomes_rahasia_later_is_hashed_then_if_it_was_decided(
    inbox: Inbox, ledger: Ledger, pool: asyncpg.Pool, keys: DataKeyStore, decided: bool
) -> None:
    before = await on_record(inbox, ledger, report())
    if decided:
        before = verified(before)
        await ledger.record(before)
    # Whatever the event is called that makes it so.
    await ledger.record(step(before, EventKind.REPLIED, before.after.status, after={"rahasia": True}))
    words = await pool.fetchval("select count(*) from rahasia_word")
    assert (words > 8) is decided
    assert await pool.fetchval("select title from complaint") is None
    assert await Backfill(pool, keys).run() == 0


async def test_what_was_not_written_is_written_later_for_decided_reports_alone_whenever_that_was_broken_off(
    inbox: Inbox, ledger: Ledger, contacts: Contacts, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    numbers = []
    for _ in range(3):
        first = await on_record(inbox, ledger, report(reporter=SITI, rahasia=True))
        await ledger.record(verified(first))
        numbers.append(first.after.tracking_id)
    waiting = await on_record(inbox, ledger, report(reporter=SITI, rahasia=True))
    before = await pool.fetchval("select count(*) from rahasia_word")
    await pool.execute("delete from reporter_contact")
    await pool.execute("delete from rahasia_word")
    await pool.execute("update inbox set contacts_noted = false")
    backfill = Backfill(pool, keys)
    assert await backfill.run() == 3
    assert await backfill.run() == 0
    assert await pool.fetchval("select count(*) from rahasia_word") == before
    assert await pool.fetchval("select count(*) from reporter_contact") == 6
    assert await contacts.reports_of(["siti@example.org"], []) == [*numbers, waiting.after.tracking_id]


async def test_an_erased_or_unreadable_report_does_not_keep_others_from_being_found(
    inbox: Inbox, contacts: Contacts, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    erased, spoilt, whole = [await accept(inbox, SITI) for _ in range(3)]
    async with pool.acquire() as conn:
        await keys.destroy(conn, f"complaint-{erased}", "admin000", "request")
    keys.forget(f"complaint-{erased}")
    await pool.execute("update inbox set body = '\\x00' where tracking_id::text = $1", spoilt)
    assert await contacts.reports_of(["siti@example.org"], []) == [whole]
