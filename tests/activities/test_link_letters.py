"""The link is sent again to the contact on record, and to nobody else; asking tells nothing of any report."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.link_letters import Way, way_to
from activities.mail import MailSettings
from activities.notify import NoticeActivities
from kawal.base.settings import Settings
from kawal.client.reading import Readings
from kawal.client.reporter_access import ReporterAccess
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.messages import Reporter
from kawal.domain.names import workflow_id
from kawal.domain.notices import DeliveryResult
from kawal.intake.link_requests import LinkRequests
from kawal.record import open_record
from kawal.store.data_keys import DataKeyStore
from kawal.store.erasure_list import ErasureEntry
from kawal.store.link_requests import MOST_A_DAY, MOST_UNREAD
from tests.activities.test_notify import (
    AT,
    Mailbox,
    deliver,
    keys,
    mail,
    mailbox,
    pool,
    received,
)

__all__ = ["keys", "mail", "mailbox", "pool"]

URL = "https://lapor.kepri.example"
SITI = "siti@contoh.example"
PHONE = "0812 7000 4321"
MASTER = LocalMasterKey(bytes(range(32)))


@pytest.fixture
async def complaints(database_url: str, keys: DataKeyStore, tmp_path: Path) -> AsyncIterator[Readings]:
    assert keys  # whose database is prepared
    async with open_record(Settings(home=tmp_path), database_url=database_url, master=MASTER) as record:
        yield Readings(record)


@pytest.fixture
def requests(complaints: Readings) -> LinkRequests:
    return LinkRequests(complaints)


@pytest.fixture
def round_of(pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings) -> NoticeActivities:
    return NoticeActivities(pool, keys, mail, public_url=URL)


async def reported(pool: asyncpg.Pool, keys: DataKeyStore, **contacts: Any) -> str:
    """Return the number of a report of somebody with these contacts, whose notices are out of the way."""
    given_contacts = {"email": SITI, "phone": PHONE} | contacts
    batch = await received(pool, keys, reporter=Reporter(name="Siti", **given_contacts))
    await pool.execute("update outbox set status = 'not_sent'")
    return batch.after.tracking_id


async def states(pool: asyncpg.Pool) -> list[tuple[str, str | None]]:
    return [(row["status"], row["last_error"]) for row in await pool.fetch("select * from link_request order by id")]


@pytest.mark.parametrize("contact", [SITI, " SITI@Contoh.Example ", "+62 812-7000-4321"])
async def test_who_names_the_number_and_a_contact_on_record_gets_number_code_and_link(
    complaints: Readings,
    requests: LinkRequests,
    round_of: NoticeActivities,
    keys: DataKeyStore,
    mailbox: Mailbox,
    contact: str,
) -> None:
    number = await reported(complaints.pool, keys)
    await requests.ask(f" {number} ", contact)
    assert await deliver(round_of) == DeliveryResult(sent=1)
    (letter,) = mailbox.taken
    secret = await ReporterAccess(complaints).secret_of(number)
    assert letter["To"] == SITI
    assert f"{URL}/l/{number}/{secret}" in letter.get_content()
    assert secret not in letter["Subject"]
    assert await states(complaints.pool) == [("sent", None)]
    assert await deliver(round_of) == DeliveryResult()


async def test_whoever_names_another_contact_or_no_report_leaves_nothing_and_nobody_is_written_to(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    for typed in [(number, "lain@contoh.example"), (number, ""), ("7654321", SITI), ("x\x00\ud800", "\x00"), ("", "")]:
        await requests.ask(*typed)
    await requests.ask("9" * 100_000, "a" * 1_000_000)
    assert await complaints.pool.fetchval("select max(length(body)) from link_request") < 1000
    assert await deliver(round_of) == DeliveryResult()
    assert mailbox.taken == []
    assert await states(complaints.pool) == []


async def test_the_same_is_stored_whether_there_is_such_a_report_or_not(
    complaints: Readings, requests: LinkRequests, keys: DataKeyStore
) -> None:
    number = await reported(complaints.pool, keys)
    other = "7654321" if number != "7654321" else "7654322"
    for asked in (number, other):
        await requests.ask(asked, SITI)
    rows = await complaints.pool.fetch("select kind, tracking_id, status, length(body) as size from link_request")
    assert len({tuple(row.values()) for row in rows}) == 1
    stored = str(await complaints.pool.fetch("select r::text from link_request r"))
    assert number not in stored
    assert SITI not in stored


async def test_three_letters_a_day_are_sent_however_often_they_are_asked_for(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    complaints.now = lambda: AT
    for contact in (SITI, PHONE, SITI, PHONE, SITI):
        await requests.ask(number, contact)
    await asyncio.gather(deliver(round_of), deliver(round_of))
    assert len(mailbox.taken) == MOST_A_DAY
    assert sorted(await states(complaints.pool)) == [("not_sent", "enough")] * 2 + [("sent", None)] * 3
    complaints.now = lambda: AT + timedelta(days=1)
    await requests.ask(number, SITI)
    assert await deliver(round_of) == DeliveryResult(sent=1)


async def test_wrong_requests_do_not_use_up_the_reporters_own(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    for _ in range(MOST_UNREAD + 10):
        await requests.ask(number, "penyerang@contoh.example")
    assert len(await states(complaints.pool)) == MOST_UNREAD
    await deliver(round_of)
    await requests.ask(number, SITI)
    await deliver(round_of)
    assert [letter["To"] for letter in mailbox.taken] == [SITI]


async def test_a_reporter_with_a_phone_only_waits_for_a_gateway_and_the_log_names_nobody(
    complaints: Readings,
    requests: LinkRequests,
    round_of: NoticeActivities,
    keys: DataKeyStore,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = await reported(complaints.pool, keys, email=None)
    await requests.ask(number, PHONE)
    assert await deliver(round_of) == DeliveryResult(not_sent=1)
    assert await states(complaints.pool) == [("not_sent", "no_gateway")]
    logged = "".join(capsys.readouterr())
    assert "no_gateway" in logged
    for private in (number, PHONE, "Siti", "70004321"):
        assert private not in logged


async def test_a_letter_that_is_put_off_is_tried_again_and_one_refused_is_not(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    await requests.ask(number, SITI)
    mailbox.answers = {SITI: "451 later"}
    assert await deliver(round_of) == DeliveryResult(postponed=1)
    await complaints.pool.execute("update link_request set next_try_at = now()")
    mailbox.answers = {SITI: "550 nobody"}
    assert await deliver(round_of) == DeliveryResult(failed=1)
    assert await states(complaints.pool) == [("failed", "refused 550")]


async def test_without_a_mail_server_the_request_ends_unsent(
    requests: LinkRequests, pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    await requests.ask(await reported(pool, keys), SITI)
    assert await deliver(NoticeActivities(pool, keys, None)) == DeliveryResult(not_sent=1)
    assert await states(pool) == [("not_sent", "no_mail_server")]


async def test_a_changed_code_is_told_to_the_reporter_with_the_code_that_holds_when_it_is_sent(
    complaints: Readings, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number, access = await reported(complaints.pool, keys), ReporterAccess(complaints)
    first = await access.change_code(number, AT)
    last = await access.change_code(number, AT)
    assert await deliver(round_of) == DeliveryResult(sent=2)
    for letter in mailbox.taken:
        assert f"{URL}/l/{number}/{last}" in letter.get_content()
        assert first not in letter.as_string()


async def test_without_a_public_address_the_letter_says_how_number_and_code_are_used(
    complaints: Readings, requests: LinkRequests, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    await requests.ask(number, SITI)
    await deliver(NoticeActivities(complaints.pool, keys, mail))
    (letter,) = mailbox.taken
    assert await ReporterAccess(complaints).secret_of(number) in letter.get_content()
    assert "loket" in letter.get_content()
    assert "http" not in letter.get_content()


async def test_an_erased_report_leaves_no_request_and_nobody_is_written_to(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reported(complaints.pool, keys)
    await requests.ask(number, SITI)

    async def listed(_entry: ErasureEntry) -> None:
        return None

    entry = ErasureEntry(tracking_id=number, at=AT, role="agency_admin", account="a1", ground="request")
    assert await complaints.record.erasures.erase(entry, listed)
    assert await states(complaints.pool) == []
    await requests.ask(number, SITI)
    keys.forget(workflow_id(number))  # as after the seconds for which another process knows a key
    await deliver(round_of)
    assert mailbox.taken == []


async def test_ended_requests_are_forgotten_after_two_days(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore
) -> None:
    await requests.ask(await reported(complaints.pool, keys), SITI)
    await deliver(round_of)
    await complaints.pool.execute("update link_request set ended_at = now() - interval '49 hours'")
    await deliver(round_of)
    assert await states(complaints.pool) == []


async def test_a_request_that_was_answered_survives_the_death_of_the_process(
    complaints: Readings,
    round_of: NoticeActivities,
    keys: DataKeyStore,
    mailbox: Mailbox,
    database_url: str,
    tmp_path: Path,
) -> None:
    number = await reported(complaints.pool, keys)
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.activities.dying_request", str(tmp_path), database_url, number, SITI
    )
    assert await dying.wait() == -signal.SIGKILL
    assert await deliver(round_of) == DeliveryResult(sent=1)
    assert mailbox.taken[0]["To"] == SITI


async def test_a_letter_sent_again_after_a_crash_has_the_same_message_id(
    complaints: Readings, requests: LinkRequests, round_of: NoticeActivities, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    await requests.ask(await reported(complaints.pool, keys), SITI)
    await deliver(round_of)
    # As if the worker had died between sending and marking.
    await complaints.pool.execute("update link_request set status = 'pending', ended_at = null, next_try_at = now()")
    await deliver(round_of)
    assert len({letter["Message-ID"] for letter in mailbox.taken}) == 1
    assert len(mailbox.taken) == 2


@given(email=st.sampled_from([None, "", "a@b.example", "no address"]), phone=st.sampled_from([None, "", "0812 7000 1"]))
def test_a_reporter_is_reached_by_mail_before_phone_or_not_at_all(email: str | None, phone: str | None) -> None:
    expected = Way.EMAIL if email == "a@b.example" else Way.PHONE if phone else None
    assert way_to(Reporter(email=email, phone=phone)) is expected
