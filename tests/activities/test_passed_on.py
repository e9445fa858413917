"""What a reporter is told of a report that was passed on: by the first report's letter, and by the second's receipt."""

from __future__ import annotations

import asyncpg

from activities.event_writer import EventWriter
from activities.mail import MailSettings
from activities.notify import NoticeActivities
from kawal.domain.messages import Actor, Batch, Event, Reporter
from kawal.domain.names import Channel, EventKind, Role, Status
from kawal.domain.notices import DeliveryResult
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.handovers import Handovers
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.ledger import Ledger
from kawal.store.outgoing_messages import OutgoingMessages
from tests.activities.test_messages import PHONE, gateway, hand_over, messages, notices, sms
from tests.activities.test_notify import (
    AT,
    REPORTER,
    Mailbox,
    deliver,
    first_step,
    keys,
    mail,
    mailbox,
    next_step,
    pool,
    received,
    stands,
)
from tests.gateways.stand_in import StandInGateway

__all__ = ["gateway", "keys", "mail", "mailbox", "messages", "pool"]


async def record(pool: asyncpg.Pool, keys: DataKeyStore, batch: Batch) -> None:
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)


async def passed_on(pool: asyncpg.Pool, keys: DataKeyStore, before: Batch) -> Event:
    """Record that a report was passed on to Batam, and return the event."""
    batch = next_step(before, EventKind.PASSED_ON, {"agency": "BATAM"})
    batch.events[0].status = batch.after.status = Status.BUKAN_WEWENANG
    await record(pool, keys, batch)
    return batch.events[0]


async def handed_over(pool: asyncpg.Pool, keys: DataKeyStore, first: str) -> str:
    """Have a report go on at Batam, and its receipt written; return its number."""
    await pool.execute("insert into instansi (code, name) values ('BATAM', 'Pemerintah Kota Batam')")
    inbox = Inbox(pool, keys)
    waiting = await inbox.find(first)
    assert waiting is not None
    adapter = Actor(role=Role.ADAPTER, account="adapter00web")
    number = await Handovers(pool, inbox).start(first, waiting.report, "BATAM", AT, adapter, AT)
    assert number is not None
    accepted = AcceptedReport(tracking_id=number, workflow_id=f"complaint-{number}", inbox_id=0)
    batch = first_step(accepted, waiting.report)
    batch.after.instansi = "BATAM"
    await record(pool, keys, batch)
    return number


async def due_again(pool: asyncpg.Pool) -> None:
    await pool.execute("update outbox set next_try_at = now() where status = 'pending'")


async def test_the_letters_of_both_reports_name_the_other_number(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    first = await received(pool, keys)
    activities = NoticeActivities(pool, keys, mail)
    await deliver(activities)
    await passed_on(pool, keys, first)
    assert await deliver(activities) == DeliveryResult(postponed=1)
    number = await handed_over(pool, keys, first.after.tracking_id)
    await due_again(pool)
    await deliver(activities)
    told = {str(letter["Subject"]): letter.get_content() for letter in mailbox.to(REPORTER)}
    ended = told[f"Laporan {first.after.tracking_id} bukan wewenang instansi ini"]
    assert f"berlanjut di sana, di Pemerintah Kota Batam, dengan nomor {number}." in ended
    begun = told[f"Laporan {number} diterima"]
    assert f"Ini kelanjutan laporan Anda {first.after.tracking_id}, yang diteruskan oleh" in begun


async def test_the_letter_waits_for_the_number_only_once(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    first = await received(pool, keys)
    activities = NoticeActivities(pool, keys, mail)
    await passed_on(pool, keys, first)
    await deliver(activities)
    await due_again(pool)
    assert await deliver(activities) == DeliveryResult(sent=1)
    assert "berlanjut di sana" not in mailbox.to(REPORTER)[-1].get_content()


async def test_one_that_left_the_installation_is_told_at_once(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    first = await received(pool, keys)
    activities = NoticeActivities(pool, keys, mail)
    await deliver(activities)
    await passed_on(pool, keys, first)
    await Handovers(pool, Inbox(pool, keys)).leave(first.after.tracking_id, AT)
    assert await deliver(activities) == DeliveryResult(sent=1)
    assert "> BATAM" in mailbox.to(REPORTER)[-1].get_content()


async def test_whoever_came_by_message_is_told_both_numbers_by_message(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    first = await received(pool, keys, email=None, channel=Channel.SMS, reporter=Reporter(phone=PHONE))
    activities = notices(pool, keys, sms(gateway))
    await deliver(activities)
    assert (await stands(pool, keys, first.after.tracking_id))["reporter"] == ("not_sent", "answered")
    await passed_on(pool, keys, first)
    number = await handed_over(pool, keys, first.after.tracking_id)
    await deliver(activities)
    await hand_over(messages, sms(gateway))
    said = [message["text"] for message in gateway.taken.values()]
    assert len(said) == 2, said
    assert any(f"Berlanjut sebagai laporan {number}." in text for text in said), said
    assert any(f"Ini kelanjutan laporan {first.after.tracking_id}." in text for text in said), said
