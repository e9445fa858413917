"""The round of the tray through a real SMTP server from a real PostgreSQL: nothing that waits there is forgotten."""

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
from activities.tray import REFUSED_FOR, TrayStep
from kawal.base.endpoints import Endpoints
from kawal.domain.names import Channel
from kawal.domain.tray import KEPT, TrayRoundResult
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.tray import Tray, TrayEntry, TrayLine, TrayReason
from tests.activities.test_notify import Mailbox, keys, mail, mail_server, mailbox, pool
from workflows.rounds import AttendTray

__all__ = ["keys", "mail", "mailbox", "pool"]

FRIDAY = datetime(2022, 3, 4, 10, 0, tzinfo=UTC)
LATE = datetime(2022, 3, 7, 17, tzinfo=UTC)
"""Monday, 24.00 WIB: the end of the first working day."""

VERY_LATE = datetime(2022, 3, 9, 17, tzinfo=UTC)
ADMINS, INSPECTORS, SITI = "admin@kepri.example", "inspektorat@kepri.example", "siti@example.org"
RAW = b"From: Siti <siti@example.org>\r\nSubject: Rahasia besar\r\n\r\nMasih rusak."


@pytest.fixture
def tray(pool: asyncpg.Pool, keys: DataKeyStore) -> Tray:
    return Tray(pool, keys)


@pytest.fixture
async def offices(pool: asyncpg.Pool) -> Directory:
    directory = Directory(pool)
    await directory.set_office_email("KEPRI", "agency_admin", ADMINS)
    await directory.set_office_email("KEPRI", "inspectorate", INSPECTORS)
    return directory


async def put(tray: Tray, raw: bytes = RAW, **more: Any) -> int:
    given: dict[str, Any] = {
        "instansi": "KEPRI",
        "channel": Channel.EMAIL,
        "why": TrayReason.QUOTES_US,
        "received_at": FRIDAY,
        "person": True,
        "sender": SITI,
    }
    item = await tray.put(TrayEntry(raw=raw, **given | more))
    assert item is not None
    return item


async def line_of(tray: Tray, item: int) -> TrayLine:
    line = await tray.find(item)
    assert line is not None
    return line


@pytest.mark.usefixtures("offices")
async def test_admins_are_reminded_after_a_working_day_and_the_inspectorate_told_after_three_each_once(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    items = [await put(tray, b"%d" % number, answer=False) for number in range(2)]
    step = TrayStep(pool, keys, mail)
    assert await step.attend(LATE - timedelta(seconds=1)) == TrayRoundResult()
    assert await step.attend(LATE) == TrayRoundResult(reminded=2)
    assert await step.attend(VERY_LATE - timedelta(seconds=1)) == TrayRoundResult()
    assert await step.attend(VERY_LATE) == TrayRoundResult(escalated=2)
    assert await step.attend(VERY_LATE + timedelta(days=99)) == TrayRoundResult()
    (reminder,), (escalation,) = mailbox.to(ADMINS), mailbox.to(INSPECTORS)
    assert reminder["Subject"] == "2 surat menunggu di baki surat"
    for letter in (reminder, escalation):
        text = letter.get_content()
        assert all(f"surat nomor {item}, diterima 4 Maret 2022" in text for item in items)
        assert "siti" not in letter.as_string().lower()
    assert "Yth. Inspektur" in escalation.get_content()
    line = await line_of(tray, items[0])
    assert (line.reminded_at, line.escalated_at) == (LATE, VERY_LATE)


@pytest.mark.usefixtures("offices")
async def test_what_fell_due_while_the_system_was_down_is_told_in_the_next_round(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings
) -> None:
    await put(tray, answer=False)
    month_later = FRIDAY + timedelta(days=31)
    assert await TrayStep(pool, keys, mail).attend(month_later) == TrayRoundResult(reminded=1, escalated=1)


@pytest.mark.usefixtures("offices")
async def test_a_crash_after_sending_sends_the_same_letter_again_and_loses_nothing(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    item = await put(tray, answer=False)
    step = TrayStep(pool, keys, mail)
    mailbox.hang_up_after_taking = True
    with pytest.raises(MailServerUnavailable):
        await step.attend(LATE)
    assert (await line_of(tray, item)).reminded_at is None
    mailbox.hang_up_after_taking = False
    assert await step.attend(LATE + timedelta(minutes=15)) == TrayRoundResult(reminded=1)
    first, second = mailbox.to(ADMINS)
    assert first["Message-ID"] == second["Message-ID"]


async def test_without_an_address_or_a_server_it_stays_due_and_is_told_once_there_is_one(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await put(tray, answer=False)
    assert await TrayStep(pool, keys, None).attend(LATE) == TrayRoundResult(unaddressed=1)
    assert await TrayStep(pool, keys, mail).attend(LATE) == TrayRoundResult(unaddressed=1)
    assert await tray.late(LATE) == 1
    await Directory(pool).set_office_email("KEPRI", "agency_admin", ADMINS)
    assert await TrayStep(pool, keys, mail).attend(LATE) == TrayRoundResult(reminded=1)
    assert len(mailbox.to(ADMINS)) == 1


@pytest.mark.usefixtures("offices")
async def test_an_office_whose_server_refuses_is_tried_again_a_day_later_and_holds_up_nobody_else(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await put(tray)
    mailbox.answers[ADMINS] = "550 no such mailbox"
    step = TrayStep(pool, keys, mail)
    assert await step.attend(LATE) == TrayRoundResult(postponed=1, answered=1)
    assert await step.attend(LATE + timedelta(minutes=15)) == TrayRoundResult()
    mailbox.answers[ADMINS] = "450 later"
    assert await step.attend(LATE + REFUSED_FOR) == TrayRoundResult(postponed=1)
    del mailbox.answers[ADMINS]
    assert await step.attend(LATE + REFUSED_FOR) == TrayRoundResult(reminded=1)


async def test_who_wrote_is_answered_once_and_nothing_is_said_of_any_report(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await put(tray, why=TrayReason.NAMES_REPORT)
    await put(tray, b"machine", person=False, why=TrayReason.AUTOMATIC, sender="mesin@example.org")
    step = TrayStep(pool, keys, mail)
    assert await step.attend(FRIDAY) == TrayRoundResult(answered=1)
    assert await step.attend(FRIDAY) == TrayRoundResult()
    (answer,) = mailbox.taken
    assert (answer["To"], answer["Subject"], answer["Auto-Submitted"]) == (
        SITI,
        "Surat Anda telah diterima",
        "auto-generated",
    )
    text = " ".join(answer.get_content().split())
    assert "Surat Anda tanggal 4 Maret 2022 telah diterima." in text
    assert "seorang petugas akan melihatnya" in text
    assert "Rahasia besar" not in answer.as_string()


async def test_one_address_gets_at_most_three_answers_a_day(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    for number in range(5):
        await put(tray, b"%d" % number)
    await put(tray, b"another's", sender="budi@example.org")
    assert await TrayStep(pool, keys, mail).attend(FRIDAY) == TrayRoundResult(answered=4)
    assert len(mailbox.to(SITI)) == 3


async def test_an_answer_that_is_refused_is_not_tried_again_and_one_put_off_is(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await put(tray)
    await put(tray, b"another's", sender="budi@example.org")
    mailbox.answers = {SITI: "550 no", "budi@example.org": "450 later"}
    step = TrayStep(pool, keys, mail)
    assert await step.attend(FRIDAY) == TrayRoundResult(postponed=1)
    mailbox.answers = {}
    assert await step.attend(FRIDAY) == TrayRoundResult(answered=1)
    assert [letter["To"] for letter in mailbox.taken] == ["budi@example.org"]


async def test_a_sender_that_cannot_be_decrypted_holds_up_nobody_else(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings
) -> None:
    broken = await put(tray)
    await put(tray, b"another's", sender="budi@example.org")
    await pool.execute(
        "update tray_item set sender = set_byte(sender, 40, get_byte(sender, 40) # 1) where id = $1", broken
    )
    assert await TrayStep(pool, keys, mail).attend(FRIDAY) == TrayRoundResult(answered=1)


async def test_machines_letters_remind_nobody_and_are_deleted_after_thirty_days(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await put(tray, person=False, why=TrayReason.AUTOMATIC)
    step = TrayStep(pool, keys, mail)
    assert await step.attend(VERY_LATE) == TrayRoundResult()
    assert await step.attend(FRIDAY + KEPT + timedelta(seconds=1)) == TrayRoundResult(emptied=1)
    assert mailbox.taken == []


async def test_a_mail_server_that_is_away_is_told_as_what_can_be_tried_again(
    tray: Tray, pool: asyncpg.Pool, keys: DataKeyStore, mailbox: Mailbox
) -> None:
    await put(tray)
    async with mail_server(mailbox) as settings:
        pass
    with pytest.raises(ApplicationError) as away:
        await ActivityEnvironment().run(TrayStep(pool, keys, settings).attend_tray)
    assert (away.value.type, away.value.non_retryable) == ("MailServerUnavailable", False)


async def test_the_workflow_attends_to_the_tray(
    tray: Tray,
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    mail: MailSettings,
    temporal_server: Endpoints,
    namespace: str,
    task_queue: str,
) -> None:
    await put(tray, received_at=datetime.now(UTC))
    client = await Client.connect(
        temporal_server.temporal_address, namespace=namespace, data_converter=pydantic_data_converter
    )
    handed = [TrayStep(pool, keys, mail, "en").attend_tray]
    async with Worker(client, task_queue=task_queue, workflows=[AttendTray], activities=handed):
        done = await client.execute_workflow(AttendTray.run, id="round", task_queue=task_queue)
    assert done == TrayRoundResult(answered=1)
