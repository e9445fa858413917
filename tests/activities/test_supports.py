"""The round of the supports through a real SMTP server from a real PostgreSQL: status and dates, one letter a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.mail import MailServerUnavailable, MailSettings
from activities.supports import SupportStep
from kawal.base.endpoints import Endpoints
from kawal.domain.messages import Batch
from kawal.domain.names import EventKind, Status
from kawal.domain.supports import CONFIRMED_WITHIN, SupportRoundResult
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import Inbox
from kawal.store.ledger import Ledger
from kawal.store.supports import SupportRows
from tests.activities.test_notify import Mailbox, keys, mail, mail_server, mailbox, pool
from tests.store.lives import report, started, step, verified
from workflows.rounds import AttendSupports

__all__ = ["keys", "mail", "mailbox", "pool"]

NOW = datetime(2022, 3, 8, 3, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
SITE = "https://lapor.example.org"
WATI = "wati@contoh.example"


@pytest.fixture
def supports(pool: asyncpg.Pool, keys: DataKeyStore) -> SupportRows:
    return SupportRows(pool, keys)


@pytest.fixture
def rounds(pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings) -> SupportStep:
    return SupportStep(pool, keys, mail, SITE)


class Reports:
    """Public reports, each with the step that it was brought to last."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        self.inbox, self.ledger = Inbox(pool, keys), Ledger(pool, keys)
        self.last: dict[str, Batch] = {}

    async def public(self) -> str:
        accepted = await self.inbox.accept(report(), "KEPRI", datetime(2022, 3, 7, 5, tzinfo=UTC))
        first = started(accepted, report())
        await self.ledger.record(first)
        await self._step(verified(first))
        return accepted.tracking_id

    async def becomes(self, tracking_id: str, status: Status, **after: Any) -> None:
        batch = self.last[tracking_id]
        kind = EventKind.MERGED if status is Status.DIGABUNG else EventKind.ARCHIVED
        await self._step(step(batch, kind, status, after=after))

    async def hide(self, tracking_id: str) -> None:
        batch = self.last[tracking_id]
        await self._step(step(batch, EventKind.CONCEALED, batch.after.status, after={"rahasia": True}))

    async def _step(self, batch: Batch) -> None:
        await self.ledger.record(batch)
        self.last[batch.after.tracking_id] = batch


@pytest.fixture
def reports(pool: asyncpg.Pool, keys: DataKeyStore) -> Reports:
    return Reports(pool, keys)


def token_in(mailbox: Mailbox, number: int = -1) -> str:
    text = mailbox.to(WATI)[number].get_content()
    link: str = next(line for line in text.split() if line.startswith(SITE))
    return link.removeprefix(f"{SITE}/dukungan/")


async def supported(reports: Reports, supports: SupportRows, browser: str = "a") -> str:
    number = await reports.public()
    await supports.put(number, browser, WATI, "id", NOW)
    return number


async def confirmed(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox, browser: str = "a"
) -> str:
    number = await supported(reports, supports, browser)
    assert await rounds.attend(NOW) == SupportRoundResult(invited=1)
    assert await supports.confirm(token_in(mailbox), NOW) == number
    return number


async def test_an_address_is_asked_once_and_told_nothing_before_it_is_confirmed(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    number = await supported(reports, supports)
    assert await rounds.attend(NOW) == SupportRoundResult(invited=1)
    await reports.becomes(number, Status.DIARSIPKAN)
    assert await rounds.attend(TOMORROW) == SupportRoundResult()
    (asked,) = mailbox.to(WATI)
    assert asked["Subject"] == f"Mohon konfirmasi alamat Anda: laporan {number}"
    assert f"{SITE}/dukungan/" in asked.get_content()
    assert "Lubang" not in asked.get_content()


async def test_what_nobody_confirms_is_forgotten(
    reports: Reports, supports: SupportRows, rounds: SupportStep, pool: asyncpg.Pool
) -> None:
    await supported(reports, supports)
    await rounds.attend(NOW)
    assert await rounds.attend(NOW + CONFIRMED_WITHIN + timedelta(hours=1)) == SupportRoundResult(forgotten=1)
    assert await pool.fetchval("select count(email) from support") == 0
    assert await pool.fetchval("select count(*) from support where ended_at is null") == 1


async def test_supporters_are_told_of_status_and_date_of_all_their_reports_in_one_letter_a_day(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    first = await confirmed(reports, supports, rounds, mailbox)
    second = await confirmed(reports, supports, rounds, mailbox, "b")
    assert await rounds.attend(NOW) == SupportRoundResult()
    for number in (first, second):
        await reports.becomes(number, Status.DIARSIPKAN)
    assert await rounds.attend(NOW) == SupportRoundResult(told=1)
    assert await rounds.attend(NOW) == SupportRoundResult()
    news = mailbox.to(WATI)[-1]
    assert news["Subject"] == "Kabar tentang 2 laporan yang Anda dukung"
    text = news.get_content()
    for number in (first, second):
        assert f"- laporan {number}: Diarsipkan, sejak 7 Maret 2022" in text
    assert "Pasar" not in text
    await reports.becomes(first, Status.BELUM_DITINDAKLANJUTI)
    assert await rounds.attend(NOW + timedelta(hours=2)) == SupportRoundResult()
    assert await rounds.attend(TOMORROW) == SupportRoundResult(told=1)


async def test_the_end_is_told_once_and_the_address_is_gone_then(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox, pool: asyncpg.Pool
) -> None:
    number = await confirmed(reports, supports, rounds, mailbox)
    await reports.hide(number)
    assert await rounds.attend(NOW) == SupportRoundResult(ended=1, told=1)
    assert f"- laporan {number} tidak lagi terbuka untuk umum" in mailbox.to(WATI)[-1].get_content()
    assert await pool.fetchval("select count(email) + count(email_mac) from support") == 0
    assert await rounds.attend(TOMORROW) == SupportRoundResult()


async def test_after_a_merge_supporters_are_told_of_the_main_report(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    main, number = await reports.public(), await confirmed(reports, supports, rounds, mailbox)
    await reports.becomes(number, Status.DIGABUNG, main_report=main)
    await reports.becomes(main, Status.DIARSIPKAN)
    assert await rounds.attend(NOW) == SupportRoundResult(told=1)
    assert f"- laporan {number}, digabungkan ke laporan {main}: Diarsipkan" in mailbox.to(WATI)[-1].get_content()


async def test_a_letters_link_ends_the_support(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    number = await confirmed(reports, supports, rounds, mailbox)
    await reports.becomes(number, Status.DIARSIPKAN)
    await rounds.attend(NOW)
    assert await supports.end_by(token_in(mailbox), NOW) == number
    await reports.becomes(number, Status.BELUM_DITINDAKLANJUTI)
    assert await rounds.attend(TOMORROW) == SupportRoundResult()


async def test_a_crash_after_sending_sends_the_same_letter_again(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    await supported(reports, supports)
    mailbox.hang_up_after_taking = True
    with pytest.raises(MailServerUnavailable):
        await rounds.attend(NOW)
    mailbox.hang_up_after_taking = False
    assert await rounds.attend(NOW + timedelta(minutes=2)) == SupportRoundResult(invited=1)
    first, again = mailbox.to(WATI)
    assert first["Message-ID"] == again["Message-ID"]


async def test_an_address_gets_three_automatic_letters_a_day_at_most_and_the_rest_later(
    reports: Reports, supports: SupportRows, rounds: SupportStep
) -> None:
    for _ in range(4):
        await supported(reports, supports)
    assert await rounds.attend(NOW) == SupportRoundResult(invited=3)
    assert await rounds.attend(NOW) == SupportRoundResult()
    assert await rounds.attend(TOMORROW) == SupportRoundResult(invited=1)


async def test_a_letter_that_is_put_off_is_due_again_and_an_address_that_takes_none_is_left_in_peace(
    reports: Reports, supports: SupportRows, rounds: SupportStep, mailbox: Mailbox
) -> None:
    await supported(reports, supports)
    mailbox.answers[WATI] = "451 later"
    assert await rounds.attend(NOW) == SupportRoundResult(postponed=1)
    mailbox.answers[WATI] = "550 no such mailbox"
    assert await rounds.attend(NOW) == SupportRoundResult()
    mailbox.answers[WATI] = "250 OK"
    assert await rounds.attend(TOMORROW) == SupportRoundResult()


async def test_without_a_mail_server_or_an_address_for_links_nobody_is_written_to_and_nothing_is_lost(
    reports: Reports, supports: SupportRows, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings
) -> None:
    await supported(reports, supports)
    assert await SupportStep(pool, keys, None, SITE).attend(NOW) == SupportRoundResult()
    assert await SupportStep(pool, keys, mail, None).attend(NOW) == SupportRoundResult()
    assert await SupportStep(pool, keys, mail, SITE).attend(NOW) == SupportRoundResult(invited=1)


async def test_a_mail_server_that_is_away_is_told_as_what_can_be_tried_again(
    reports: Reports, supports: SupportRows, pool: asyncpg.Pool, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    number = await reports.public()
    await supports.put(number, "a", WATI, "id", datetime.now(UTC))
    async with mail_server(mailbox) as settings:
        pass
    with pytest.raises(ApplicationError) as away:
        await ActivityEnvironment().run(SupportStep(pool, keys, settings, SITE).attend_supports)
    assert (away.value.type, away.value.non_retryable) == ("MailServerUnavailable", False)


async def test_the_workflow_attends_to_the_supports(
    reports: Reports,
    supports: SupportRows,
    rounds: SupportStep,
    temporal_server: Endpoints,
    namespace: str,
    task_queue: str,
) -> None:
    number = await reports.public()
    await supports.put(number, "a", WATI, "id", datetime.now(UTC))
    client = await Client.connect(
        temporal_server.temporal_address, namespace=namespace, data_converter=pydantic_data_converter
    )
    handed = [rounds.attend_supports]
    async with Worker(client, task_queue=task_queue, workflows=[AttendSupports], activities=handed):
        done = await client.execute_workflow(AttendSupports.run, id="round", task_queue=task_queue)
    assert done == SupportRoundResult(invited=1)
