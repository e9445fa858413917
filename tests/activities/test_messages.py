"""Reporters with a telephone only are told by a gateway: a real one on loopback, from a real PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.event_writer import EventWriter
from activities.messages import MessageActivities
from activities.notify import NoticeActivities
from activities.retries import MAX_ATTEMPTS
from activities.telephone import TelephoneNotices
from kawal.domain.messages import Reporter
from kawal.domain.names import Channel, EventKind
from kawal.domain.notices import DeliveryResult
from kawal.gateways.outgoing import OutgoingGateway, Template
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.store.ledger import Ledger
from kawal.store.outbox import NoticeStatus, Outbox
from kawal.store.outgoing_messages import OutgoingMessages, OutgoingStatus
from tests.activities.test_notify import deliver, keys, next_step, pool, received, stands
from tests.gateways.stand_in import SECRET, StandInGateway, stand_in_gateway

__all__ = ["keys", "pool"]

DAY = datetime(2022, 3, 8, 3, tzinfo=UTC)
"""10.00 in Asia/Jakarta."""

NIGHT = datetime(2022, 3, 8, 15, tzinfo=UTC)
"""22.00 in Asia/Jakarta."""

PHONE = "+6281200000001"
LINK = "https://lapor.example.go.id/l/1234567/" + "a" * 22


@pytest.fixture
async def gateway() -> AsyncIterator[StandInGateway]:
    async with stand_in_gateway() as opened:
        yield opened


@pytest.fixture
def messages(pool: asyncpg.Pool, keys: DataKeyStore) -> OutgoingMessages:
    return OutgoingMessages(pool, keys)


def sms(gateway: StandInGateway, **changes: Any) -> OutgoingGateway:
    return OutgoingGateway.model_validate(
        {"name": "sms", "channel": "sms", "url": gateway.url, "secret": SECRET} | changes
    )


def whatsapp(gateway: StandInGateway, **changes: Any) -> OutgoingGateway:
    return sms(gateway, **{"name": "wa", "channel": "whatsapp"} | changes)


async def hand_over(
    messages: OutgoingMessages, *gateways: OutgoingGateway, now: datetime = DAY, seconds: float = 20
) -> DeliveryResult:
    step = MessageActivities(messages, gateways, lambda: now, seconds)
    done: DeliveryResult = await ActivityEnvironment().run(step.deliver_messages)
    return done


async def told(
    pool: asyncpg.Pool, keys: DataKeyStore, *gateways: OutgoingGateway, channel: Channel = Channel.WALK_IN, **more: Any
) -> str:
    """Let a reporter with a telephone only be told of something; return the report's number."""
    reporter = Reporter(name="Zulkarnain", phone=PHONE)
    batch = await received(pool, keys, email=None, channel=channel, reporter=reporter, **more)
    await deliver(notices(pool, keys, *gateways))
    return batch.after.tracking_id


def notices(pool: asyncpg.Pool, keys: DataKeyStore, *gateways: OutgoingGateway) -> NoticeActivities:
    async def link(_tracking_id: str) -> str:
        return LINK

    return NoticeActivities(pool, keys, None, telephones=TelephoneNotices(pool, keys, gateways, links=link))


async def state(pool: asyncpg.Pool, keys: DataKeyStore, tracking_id: str) -> tuple[str, str | None]:
    return (await stands(pool, keys, tracking_id))["reporter"]


async def due_again(pool: asyncpg.Pool) -> None:
    await pool.execute("update outgoing_message set next_try_at = now() where status = 'pending'")


async def test_a_reporter_with_a_telephone_only_is_told_and_it_counts_as_sent_when_the_provider_says_it_arrived(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway))
    assert await state(pool, keys, number) == ("underway", None)
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(underway=1)
    ((reference, message),) = gateway.taken.items()
    assert message["to"] == PHONE
    assert message["channel"] == "sms"
    assert number in message["text"]
    assert LINK in message["text"]
    assert await state(pool, keys, number) == ("underway", None)
    assert await messages.report("sms", reference, delivered=True)
    assert await state(pool, keys, number) == ("sent", None)
    assert await hand_over(messages, sms(gateway)) == DeliveryResult()


async def test_without_a_gateway_the_notice_is_not_sent_and_says_why(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    assert await state(pool, keys, await told(pool, keys)) == ("not_sent", "no_gateway")


async def test_a_gateway_of_another_agency_does_not_count(
    pool: asyncpg.Pool, keys: DataKeyStore, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway, instansi="BINTAN"))
    assert await state(pool, keys, number) == ("not_sent", "no_gateway")


async def test_what_is_no_number_is_not_written_to(
    pool: asyncpg.Pool, keys: DataKeyStore, gateway: StandInGateway
) -> None:
    batch = await received(pool, keys, email=None, channel=Channel.WALK_IN, reporter=Reporter(phone="1708"))
    await deliver(notices(pool, keys, sms(gateway)))
    assert await state(pool, keys, batch.after.tracking_id) == ("not_sent", "bad_number")


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
async def test_a_report_by_message_is_acknowledged_by_the_answer_to_it_alone(
    pool: asyncpg.Pool, keys: DataKeyStore, gateway: StandInGateway, channel: Channel
) -> None:
    number = await told(pool, keys, sms(gateway), channel=channel)
    assert await state(pool, keys, number) == ("not_sent", "answered")


async def test_what_is_missing_is_quoted_where_all_of_it_fits(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    batch = await received(pool, keys, email=None, channel=Channel.SMS, reporter=Reporter(phone=PHONE))
    for missing in ("Nama jalannya apa?", "panjang " * 60):
        batch = next_step(batch, EventKind.HELD, {"missing": missing})
        await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)
    await deliver(notices(pool, keys, sms(gateway)))
    await hand_over(messages, sms(gateway))
    short, long = [message["text"] for message in gateway.taken.values()]
    assert "Nama jalannya apa?" in short
    assert "panjang" not in long
    assert LINK in long


async def test_a_gateway_that_fails_is_tried_again_with_growing_waits_and_then_given_up(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway))
    gateway.status = 503
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(postponed=1)
    assert await state(pool, keys, number) == ("underway", "postponed 503")
    assert await hand_over(messages, sms(gateway)) == DeliveryResult()  # it is not due yet
    await pool.execute("update outgoing_message set attempts = $1", MAX_ATTEMPTS - 1)
    await due_again(pool)
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(failed=1)
    assert await state(pool, keys, number) == ("failed", "postponed 503")


async def test_what_failed_can_be_sent_again_by_hand(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway))
    gateway.status = 400
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(failed=1)
    assert await state(pool, keys, number) == ("failed", "refused 400")
    gateway.status = 202
    assert await Outbox(pool, keys).send_again() == 2  # the reporter's, and the office's that has no address
    await deliver(notices(pool, keys, sms(gateway)))
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(underway=1)
    assert await state(pool, keys, number) == ("underway", None)


async def test_a_gateway_that_cannot_be_reached_costs_no_message_a_try(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages
) -> None:
    async with stand_in_gateway() as gone:
        pass
    number = await told(pool, keys, sms(gone))
    assert await hand_over(messages, sms(gone)) == DeliveryResult(postponed=1)
    assert await state(pool, keys, number) == ("underway", "gateway_unreachable")
    assert [line.attempts for line in await messages.lines()] == [0]


async def test_a_message_whose_taking_is_not_known_is_sent_again_under_the_same_id(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    await told(pool, keys, sms(gateway))
    gateway.wait = asyncio.Event()
    assert await hand_over(messages, sms(gateway), seconds=2) == DeliveryResult(postponed=1)
    gateway.wait.set()
    gateway.wait = None
    await due_again(pool)
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(underway=1)
    assert len(gateway.posts) == 2
    assert len(gateway.taken) == 1


async def test_a_gateway_that_does_not_answer_holds_up_no_other(
    messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    gateway.wait = asyncio.Event()
    for place in range(5):
        await messages.put(None, to=PHONE, kind="link", words=f"pesan {place}", gateway="slow")
    await messages.put(None, to=PHONE, kind="link", words="lain", gateway="sms")
    async with stand_in_gateway() as other:
        slow = sms(gateway, name="slow")
        assert await hand_over(messages, slow, sms(other), seconds=2) == DeliveryResult(underway=1, postponed=5)
    assert len(gateway.posts) == 1
    assert sorted(line.attempts for line in await messages.lines()) == [0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("status", "answer", "became"),
    [
        (202, b"x" * 10_000_000, DeliveryResult(underway=1)),
        (200, b"[" * 100_000, DeliveryResult(underway=1)),
        (307, b"{}", DeliveryResult(postponed=1)),
        (401, b"{}", DeliveryResult(postponed=1)),
        (429, b"{}", DeliveryResult(postponed=1)),
        (422, b'{"code": "bad number +6281200000001"}', DeliveryResult(failed=1)),
    ],
)
async def test_whatever_a_gateway_answers_is_bounded_and_says_nothing_of_a_person(
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    messages: OutgoingMessages,
    gateway: StandInGateway,
    status: int,
    answer: bytes,
    became: DeliveryResult,
) -> None:
    await told(pool, keys, sms(gateway))
    gateway.status, gateway.answer = status, answer
    assert await hand_over(messages, sms(gateway)) == became
    (line,) = await messages.lines()
    assert PHONE not in (line.last_error or "")
    assert len(gateway.posts) == 1


async def test_at_night_nothing_goes_but_an_answer_to_what_was_just_sent(
    pool: asyncpg.Pool, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    for kind, answers in (("news", False), ("answer", True), ("late_answer", True)):
        await messages.put(None, to=PHONE, kind=kind, words=kind, answers=answers)
    await pool.execute("update outgoing_message set created_at = $1", NIGHT - timedelta(minutes=1))
    await pool.execute(
        "update outgoing_message set created_at = $1 where kind = 'late_answer'", NIGHT - timedelta(hours=1)
    )
    assert await hand_over(messages, sms(gateway), now=NIGHT) == DeliveryResult(underway=1, postponed=2)
    assert [message["text"] for message in gateway.taken.values()] == ["answer"]
    waits = await pool.fetch(
        "select next_try_at - now() as wait, attempts from outgoing_message where status = 'pending'"
    )
    assert all(timedelta(hours=8, minutes=59) < row["wait"] <= timedelta(hours=9) for row in waits)
    assert all(row["attempts"] == 0 for row in waits)
    await due_again(pool)
    morning = NIGHT + timedelta(hours=9)
    assert await hand_over(messages, sms(gateway), now=morning) == DeliveryResult(underway=2)


async def test_within_a_day_of_a_message_whatsapp_is_answered_in_words(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    await messages.wrote("wa", f"whatsapp:{PHONE}")
    await pool.execute("update message_window set last_at = $1", DAY - timedelta(hours=23))
    await told(pool, keys, whatsapp(gateway))
    assert await hand_over(messages, whatsapp(gateway)) == DeliveryResult(underway=1)
    ((_, message),) = gateway.taken.items()
    assert "text" in message
    assert "template" not in message


async def test_the_window_opens_with_the_last_message_whatever_comes_in_afterwards_and_never_in_the_future(
    messages: OutgoingMessages,
) -> None:
    last = datetime.now(UTC) - timedelta(hours=2)
    for at in (last - timedelta(days=2), last, last - timedelta(hours=1)):
        await messages.wrote("wa", PHONE, at)
    assert await messages.last_written("wa", PHONE) == last
    await messages.wrote("wa", PHONE, datetime.now(UTC) + timedelta(days=3))
    now = await messages.last_written("wa", PHONE)
    assert now is not None
    assert last < now <= datetime.now(UTC) + timedelta(minutes=1)


@pytest.mark.parametrize("ago", [None, timedelta(hours=25)])
async def test_later_only_a_template_goes_by_whatsapp(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway, ago: timedelta | None
) -> None:
    if ago is not None:
        await messages.wrote("wa", PHONE)
        await pool.execute("update message_window set last_at = $1", DAY - ago)
    approved = Template(name="kabar_laporan", parameters=["number", "words", "link"])
    number = await told(pool, keys, whatsapp(gateway, template=[approved.model_dump()]))
    await hand_over(messages, whatsapp(gateway, template=[approved.model_dump()]))
    ((_, message),) = gateway.taken.items()
    assert message["template"]["name"] == "kabar_laporan"
    first, words, link = message["template"]["parameters"]
    assert (first, link) == (number, LINK)
    assert number in words
    assert "text" not in message


@pytest.mark.parametrize(
    ("templates", "why"),
    [([], "no_template"), ([{"name": "t", "parameters": ["number", "by"]}], "template_needs_more")],
)
async def test_outside_of_the_window_and_without_a_template_nothing_goes_and_nothing_counts_as_sent(
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    messages: OutgoingMessages,
    gateway: StandInGateway,
    templates: list[dict[str, Any]],
    why: str,
) -> None:
    number = await told(pool, keys, whatsapp(gateway, template=templates))
    assert await hand_over(messages, whatsapp(gateway, template=templates)) == DeliveryResult(not_sent=1)
    assert await state(pool, keys, number) == ("not_sent", why)
    assert gateway.posts == []


async def test_where_whatsapp_may_not_be_used_an_sms_goes(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    both = (whatsapp(gateway), sms(gateway))
    batch = await received(pool, keys, email=None, channel=Channel.WHATSAPP, reporter=Reporter(phone=PHONE))
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(
        next_step(batch, EventKind.HELD, {"missing": "?"})
    )
    await deliver(notices(pool, keys, *both))
    assert await hand_over(messages, *both) == DeliveryResult(underway=1)
    ((_, message),) = gateway.taken.items()
    assert message["channel"] == "sms"


async def test_delivery_reports_may_repeat_come_early_and_in_any_order(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway))
    reference = (await pool.fetchval("select reference from outgoing_message")).hex
    assert not await messages.report("sms", "no reference", delivered=True)
    assert not await messages.report("sms", "0" * 32, delivered=True)
    await messages.report("sms", reference, delivered=False, code="30003")
    assert await state(pool, keys, number) == ("failed", "undelivered 30003")
    for delivered in (True, True, False):
        assert await messages.report("sms", reference, delivered=delivered)
        assert await state(pool, keys, number) == ("sent", None)
    assert not await messages.report("other", reference, delivered=False)
    assert await hand_over(messages, sms(gateway)) == DeliveryResult()


async def test_a_message_put_again_for_the_same_thing_is_one_message(
    messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    first = await messages.put(None, to=PHONE, kind="answer", words="Diterima", answers=True, once="m-1")
    assert first is not None
    assert await messages.put(None, to=PHONE, kind="answer", words="Diterima", answers=True, once="m-1") is None
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(underway=1)


async def test_words_and_number_are_stored_as_ciphertext_and_go_with_an_erasure(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    number = await told(pool, keys, sms(gateway))
    body = await pool.fetchval("select body from outgoing_message")
    assert b"81200000001" not in body
    assert number.encode() not in body

    async def listed(_entry: ErasureEntry) -> None:
        return None

    entry = ErasureEntry(
        tracking_id=number, instansi="KEPRI", at=DAY, role="agency_admin", account="admin00kepri", ground="request"
    )
    assert await Erasures(pool, keys).erase(entry, listed)
    assert await messages.lines() == []
    assert await hand_over(messages, sms(gateway)) == DeliveryResult()
    assert await state(pool, keys, number) == ("not_sent", "erased")
    assert gateway.posts == []


async def test_two_workers_at_once_hand_each_message_over_once(
    messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    for place in range(12):
        await messages.put(None, to=PHONE, kind="link", words=f"pesan {place}")
    done = await asyncio.gather(hand_over(messages, sms(gateway)), hand_over(messages, sms(gateway)))
    assert sum(one.underway for one in done) == 12
    assert sorted(post["text"] for post in gateway.posts) == sorted(f"pesan {place}" for place in range(12))


async def test_a_message_that_cannot_be_opened_holds_no_other_up(
    pool: asyncpg.Pool, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    spoilt = await messages.put(None, to=PHONE, kind="link", words="rusak")
    await messages.put(None, to=PHONE, kind="link", words="baik")
    await pool.execute(
        "update outgoing_message set body = set_byte(body, 60, 255 - get_byte(body, 60)) where id = $1", spoilt
    )
    assert await hand_over(messages, sms(gateway)) == DeliveryResult(underway=1, unreadable=1)


async def test_what_is_over_is_tidied_away(
    pool: asyncpg.Pool, keys: DataKeyStore, messages: OutgoingMessages, gateway: StandInGateway
) -> None:
    await told(pool, keys, sms(gateway))
    await messages.put(None, to=PHONE, kind="link", words="tautan")
    await messages.wrote("sms", PHONE)
    await hand_over(messages, sms(gateway))
    await pool.execute("update outgoing_message set created_at = now() - interval '31 days'")
    await pool.execute("update message_window set last_at = now() - interval '3 days'")
    await hand_over(messages, sms(gateway))
    assert [line.status for line in await messages.lines()] == [OutgoingStatus.ACCEPTED]
    assert await pool.fetchval("select body from outgoing_message") is None
    assert await pool.fetchval("select count(*) from message_window") == 0


async def test_the_log_names_neither_number_nor_words(
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    messages: OutgoingMessages,
    gateway: StandInGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        number = await told(pool, keys, sms(gateway))
        await hand_over(messages, sms(gateway))
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("temporalio"))
    assert "message 1 (received): accepted" in logged
    for private in (number, PHONE, "Zulkarnain", LINK, SECRET):
        assert private not in logged


async def test_underway_is_a_status_of_its_own(pool: asyncpg.Pool, keys: DataKeyStore, gateway: StandInGateway) -> None:
    number = await told(pool, keys, sms(gateway))
    (line,) = await Outbox(pool, keys).lines(status=NoticeStatus.UNDERWAY)
    assert (line.tracking_id, line.sent_at) == (number, None)
