"""Delivery of the outbox through a real SMTP server from a real PostgreSQL, with possible failures in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.event_writer import EventWriter
from activities.mail import MailSettings, is_address
from activities.notify import NoticeActivities
from activities.retries import FIRST_WAIT, LONGEST_WAIT, MAX_ATTEMPTS, wait_after
from kawal.base.endpoints import Endpoints
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.letter_texts import SIGNATURE
from kawal.domain.messages import Actor, Batch, Event, Report, Reporter, Snapshot
from kawal.domain.names import Channel, EventKind, Role, Status
from kawal.domain.notices import DeliveryResult
from kawal.store.access_codes import AccessCodes
from kawal.store.data_keys import DataKeyStore
from kawal.store.directory import Directory
from kawal.store.inbox import AcceptedReport, Inbox
from kawal.store.last_tries import MAIL_SERVER, LastTries
from kawal.store.ledger import Ledger
from kawal.store.letter_texts import LetterTexts
from kawal.store.outbox import Outbox
from kawal.store.setup import prepare_database
from tests.workflows.life import eventually
from workflows.rounds import ROUNDS, SEAL, DeliverNotices, ensure_rounds

AT = datetime(2022, 3, 7, 5, 0, tzinfo=UTC)
REPORTER = "warga@contoh.example"
ADMIN_OFFICE = "admin@kepri.example"
HELD = """
    select exists (select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from link_request%')
"""


class Mailbox:
    """A mail server's handler, which keeps what it receives, and answers recipients as told."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.hang_up_after_taking = False

    async def handle_RCPT(  # noqa: N802 - the name that the server looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)
        if self.hang_up_after_taking:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.taken if mail["To"] == address]


@asynccontextmanager
async def mail_server(mailbox: Mailbox, **options: Any) -> AsyncIterator[MailSettings]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="127.0.0.1", **options), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield MailSettings(host="127.0.0.1", port=port, tls="none", sender="Kawal <kawal@kepri.example>")
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mail(mailbox: Mailbox) -> AsyncIterator[MailSettings]:
    async with mail_server(mailbox) as settings:
        yield settings


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    await prepare_database(database_url, LocalMasterKey(bytes(range(32))))
    pool = await open_pool(database_url, max_size=6)
    yield pool
    await close_pool(pool)


@pytest.fixture
def keys(pool: asyncpg.Pool) -> DataKeyStore:
    return DataKeyStore(pool, LocalMasterKey(bytes(range(32))))


async def received(pool: asyncpg.Pool, keys: DataKeyStore, *, email: str | None = REPORTER, **changes: Any) -> Batch:
    """Return a report that was accepted and whose first step, with its notices, is in the ledger."""
    report = Report.model_validate(
        {
            "title": "Jalan rusak",
            "text": "Lubang besar di depan pasar",
            "channel": Channel.WEB,
            "reporter": Reporter(name="Zulkarnain", email=email),
        }
        | changes
    )
    accepted = await Inbox(pool, keys).accept(report, "KEPRI", AT)
    batch = first_step(accepted, report)
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)
    return batch


def first_step(accepted: AcceptedReport, report: Report) -> Batch:
    event = Event(
        seq=1,
        at=AT,
        recorded_at=AT,
        kind=EventKind.STARTED,
        actor=Actor(role=Role.ADAPTER, account="adapter00web"),
        status=Status.BELUM_DIVERIFIKASI,
        words=report.model_dump(mode="json", include={"title", "text", "reporter"}),
    )
    after = Snapshot(
        tracking_id=accepted.tracking_id,
        instansi="KEPRI",
        status=Status.BELUM_DIVERIFIKASI,
        channel=report.channel,
        report_class=None,
        pengawasan=False,
        category=None,
        anonim=report.anonim,
        rahasia=report.rahasia,
        received_at=AT,
        policy_version="p",
        calendar_version="c",
        last_seq=1,
    )
    return Batch(workflow_id=accepted.workflow_id, events=[event], after=after)


def next_step(before: Batch, kind: EventKind, words: dict[str, Any], **changes: Any) -> Batch:
    last = before.events[-1]
    event = last.model_copy(update={"seq": last.seq + 1, "kind": kind, "words": words})
    after = before.after.model_copy(update={"last_seq": last.seq + 1})
    return Batch.model_validate({"workflow_id": before.workflow_id, "events": [event], "after": after} | changes)


async def deliver(activities: NoticeActivities) -> DeliveryResult:
    delivered: DeliveryResult = await ActivityEnvironment().run(activities.deliver_notices)
    return delivered


async def stands(pool: asyncpg.Pool, keys: DataKeyStore, tracking_id: str) -> dict[str, tuple[str, str | None]]:
    """Return for each recipient's notice its status and the reason."""
    lines = await Outbox(pool, keys).lines(tracking_id=tracking_id)
    return {line.to_role: (str(line.status), line.last_error) for line in lines}


async def test_the_reporter_and_the_office_each_get_their_letter_once(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await Directory(pool).set_office_email("KEPRI", "agency_admin", ADMIN_OFFICE)
    tracking_id = (await received(pool, keys)).after.tracking_id
    activities = NoticeActivities(pool, keys, mail)
    assert await deliver(activities) == DeliveryResult(sent=2)
    assert await deliver(activities) == DeliveryResult()
    (letter,) = mailbox.to(REPORTER)
    assert letter["Subject"] == f"Laporan {tracking_id} diterima"
    assert f"Laporan Anda nomor {tracking_id} (“Jalan rusak”) telah diterima." in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    (office,) = mailbox.to(ADMIN_OFFICE)
    assert "Zulkarnain" not in office.as_string()
    assert await stands(pool, keys, tracking_id) == {"reporter": ("sent", None), "agency_admin": ("sent", None)}


async def test_letters_about_what_happens_later_say_what_the_agency_says_in_its_own_words(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    texts, steps = LetterTexts(pool), NoticeActivities(pool, keys, mail)
    await pool.execute("update instansi set kind = 'kota', name = 'Pemerintah Kota Batam'")
    before = await received(pool, keys)
    await texts.set("KEPRI", "received", "id", "Terima kasih dari {instansi}. Nomornya {nomor}.")
    await texts.set("KEPRI", SIGNATURE, "id", "Dinas Kominfo\n{instansi}")
    after = await received(pool, keys)
    await Directory(pool).set_office_email("KEPRI", "agency_admin", ADMIN_OFFICE)
    await deliver(steps)
    first, second = (one.get_content().replace("\r\n", "\n") for one in mailbox.to(REPORTER))
    number = after.after.tracking_id
    assert before.after.tracking_id in first
    assert "Terima kasih" not in first
    assert f"Pelapor,\n\nTerima kasih dari Pemerintah Kota Batam. Nomornya {number}.\n\nLaporan Anda" in second
    assert second.endswith("Hormat kami,\nDinas Kominfo\nPemerintah Kota Batam\n")
    for office in mailbox.to(ADMIN_OFFICE):
        assert "Terima kasih" not in office.get_content()


async def test_without_a_mail_server_notices_stay_encrypted_and_are_marked_not_sent(
    pool: asyncpg.Pool, keys: DataKeyStore
) -> None:
    tracking_id = (await received(pool, keys)).after.tracking_id
    assert await deliver(NoticeActivities(pool, keys, None)) == DeliveryResult(not_sent=2)
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("not_sent", "no_mail_server")
    for body in await pool.fetch("select body from outbox"):
        assert tracking_id.encode() not in body["body"]


async def test_a_recipient_without_an_address_is_marked_so(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    tracking_id = (await received(pool, keys, email=None)).after.tracking_id
    assert await deliver(NoticeActivities(pool, keys, mail)) == DeliveryResult(not_sent=2)
    assert await stands(pool, keys, tracking_id) == {
        "reporter": ("not_sent", "no_address"),
        "agency_admin": ("not_sent", "no_address"),
    }
    assert mailbox.taken == []


async def test_who_asks_for_no_automatic_answers_gets_no_receipt_and_later_news_all_the_same(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    first = await received(pool, keys, no_receipt=True)
    tracking_id = first.after.tracking_id
    await deliver(NoticeActivities(pool, keys, mail))
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("not_sent", "no_receipt")
    assert mailbox.taken == []
    held = next_step(first, EventKind.HELD, {"missing": "Di mana tepatnya?"})
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(held)
    await deliver(NoticeActivities(pool, keys, mail))
    assert [letter["To"] for letter in mailbox.taken] == [REPORTER]


async def test_an_address_that_smuggles_a_header_is_not_written_to(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    tracking_id = (await received(pool, keys, email="a@b.example\nBcc: c@d.example")).after.tracking_id
    await deliver(NoticeActivities(pool, keys, mail))
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("not_sent", "bad_address")
    assert mailbox.taken == []


async def test_the_reporter_of_an_erased_report_is_not_written_to(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    batch = await received(pool, keys)
    async with pool.acquire() as conn:
        await keys.destroy(conn, batch.workflow_id, "test", "erasure")
    assert await deliver(NoticeActivities(pool, keys, mail)) == DeliveryResult()
    assert (await stands(pool, keys, batch.after.tracking_id))["reporter"] == ("not_sent", "erased")
    assert mailbox.taken == []


async def test_a_refused_letter_fails_at_once_and_a_postponed_one_is_tried_again(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    mailbox.answers = {"tidak-ada@contoh.example": "550 no such user", "penuh@contoh.example": "452 mailbox full"}
    gone = (await received(pool, keys, email="tidak-ada@contoh.example")).after.tracking_id
    full = (await received(pool, keys, email="penuh@contoh.example")).after.tracking_id
    activities = NoticeActivities(pool, keys, mail)
    assert await deliver(activities) == DeliveryResult(failed=1, postponed=1, not_sent=2)
    assert (await stands(pool, keys, gone))["reporter"] == ("failed", "refused 550")
    assert (await stands(pool, keys, full))["reporter"] == ("pending", "postponed 452")
    assert await deliver(activities) == DeliveryResult()  # it is not due yet
    mailbox.answers = {}
    await pool.execute("update outbox set next_try_at = now() where status = 'pending'")
    assert await deliver(activities) == DeliveryResult(sent=1)


async def test_a_notice_that_is_put_off_too_often_fails(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    mailbox.answers = {REPORTER: "451 try later"}
    tracking_id = (await received(pool, keys)).after.tracking_id
    activities = NoticeActivities(pool, keys, mail)
    await pool.execute("update outbox set attempts = $1", MAX_ATTEMPTS - 1)
    assert (await deliver(activities)).failed == 1
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("failed", "postponed 451")


async def test_a_notice_that_arrives_after_nothing_was_pending_waits_for_the_next_round_and_loses_no_try(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings
) -> None:
    activities = NoticeActivities(pool, keys, mail)
    async with pool.acquire() as conn:
        async with conn.transaction():
            # The round has found nothing to send, and is held before it looks at the notices.
            await conn.execute("lock table link_request in exclusive mode")
            round_of = asyncio.create_task(deliver(activities))
            await eventually(lambda: pool.fetchval(HELD))
            tracking_id = (await received(pool, keys)).after.tracking_id
        assert await round_of == DeliveryResult()
    assert await pool.fetchval("select max(attempts) from outbox") == 0
    assert await deliver(activities) == DeliveryResult(sent=1, not_sent=1)
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("sent", None)


async def test_a_server_that_cannot_be_reached_costs_no_notice_a_try(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    tracking_id = (await received(pool, keys)).after.tracking_id
    async with mail_server(Mailbox()) as settings:
        pass  # its port is closed again
    with pytest.raises(ApplicationError) as raised:
        await deliver(NoticeActivities(pool, keys, settings))
    assert raised.value.type == "MailServerUnavailable"
    assert not raised.value.non_retryable
    assert (await stands(pool, keys, tracking_id))["reporter"] == ("pending", None)
    assert await pool.fetchval("select max(attempts) from outbox") == 0
    away = (await LastTries(pool).all())[MAIL_SERVER]
    assert (away.reason, away.reached_at) == ("SMTPConnectError", None)
    async with mail_server(Mailbox()) as settings:
        await deliver(NoticeActivities(pool, keys, settings))
    back = (await LastTries(pool).all())[MAIL_SERVER]
    assert (back.reason, back.failing_since, back.reached_at) == (None, None, back.tried_at)


async def test_a_server_that_refuses_the_log_in_asks_for_an_operator(pool: asyncpg.Pool, keys: DataKeyStore) -> None:
    def refuse(*_given: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    await received(pool, keys)
    async with mail_server(Mailbox(), authenticator=refuse, auth_require_tls=False) as settings:
        wrong = settings.model_copy(update={"user": "kawal", "password": "salah"})
        with pytest.raises(ApplicationError) as raised:
            await deliver(NoticeActivities(pool, keys, wrong))
    assert raised.value.type == "MailServerRefusesUs"
    assert raised.value.non_retryable
    assert "salah" not in str(raised.value)
    assert (await LastTries(pool).all())[MAIL_SERVER].reason == "SMTPAuthenticationError (535)"


async def test_a_letter_whose_taking_is_not_known_is_sent_again_under_the_same_message_id(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await received(pool, keys)
    mailbox.hang_up_after_taking = True
    activities = NoticeActivities(pool, keys, mail)
    with pytest.raises(ApplicationError):
        await deliver(activities)
    mailbox.hang_up_after_taking = False
    await pool.execute("update outbox set next_try_at = now() where status = 'pending'")
    await deliver(activities)
    first, second = mailbox.to(REPORTER)
    assert first["Message-ID"] == second["Message-ID"]


async def test_two_workers_at_once_send_each_letter_once(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    numbers = {(await received(pool, keys)).after.tracking_id for _ in range(8)}
    one, other = NoticeActivities(pool, keys, mail), NoticeActivities(pool, keys, mail)
    done = await asyncio.gather(deliver(one), deliver(other))
    assert sum(delivered.sent for delivered in done) == 8
    assert sorted(letter["Subject"] for letter in mailbox.taken) == sorted(f"Laporan {n} diterima" for n in numbers)


@pytest.mark.parametrize(
    "spoil",
    [
        "update outbox set body = set_byte(body, 40, 255 - get_byte(body, 40)) where tracking_id = $1",
        "update data_key set wrapped_key = '\\x00' where owner = 'complaint-' || $1",
    ],
)
async def test_a_notice_that_cannot_be_opened_does_not_hold_the_others_up(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox, spoil: str
) -> None:
    spoilt, whole = [(await received(pool, keys)).after.tracking_id for _ in range(2)]
    await pool.execute(spoil, spoilt)
    keys.forget(f"complaint-{spoilt}")
    assert await deliver(NoticeActivities(pool, keys, mail)) == DeliveryResult(sent=1, not_sent=1, unreadable=2)
    assert mailbox.taken[0]["Subject"] == f"Laporan {whole} diterima"


async def test_the_log_names_only_number_and_kind(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, caplog: pytest.LogCaptureFixture
) -> None:
    await Directory(pool).set_office_email("KEPRI", "agency_admin", ADMIN_OFFICE)
    tracking_id = (await received(pool, keys)).after.tracking_id
    with caplog.at_level(logging.INFO):
        await deliver(NoticeActivities(pool, keys, mail))
    logged = " ".join(record.getMessage() for record in caplog.records if "notice" in record.getMessage())
    assert "(received): sent" in logged
    for private in (tracking_id, REPORTER, ADMIN_OFFICE, "Zulkarnain", "Lubang"):
        assert private not in logged


async def merge(pool: asyncpg.Pool, follower: str, main: str) -> None:
    """Let the read model say that a report has been merged into another since."""
    await pool.execute(
        "update complaint set status = 'digabung', main_report = $2, closed_at = now() where tracking_id::text = $1",
        follower,
        main,
    )


async def test_a_follower_is_told_at_its_own_address_under_its_own_key(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    main = await received(pool, keys)
    follower = (await received(pool, keys, email="kedua@contoh.example")).after.tracking_id
    secret = (await received(pool, keys, email="ketiga@contoh.example", rahasia=True)).after.tracking_id
    activities = NoticeActivities(pool, keys, mail)
    await deliver(activities)
    mailbox.taken.clear()
    for merged in (follower, secret):
        await merge(pool, merged, main.after.tracking_id)
    batch = next_step(main, EventKind.HELD, {"missing": "Nama jalan."}, followers=[follower, secret])
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)
    assert await deliver(activities) == DeliveryResult(sent=3)
    assert "Nama jalan." in mailbox.to(REPORTER)[0].get_content()
    second, third = mailbox.to("kedua@contoh.example")[0], mailbox.to("ketiga@contoh.example")[0]
    assert f"{follower} telah digabungkan dan mengikuti" in second.get_content()
    assert "Nama jalan." in second.get_content()
    assert "Nama jalan." not in third.get_content()


async def test_each_reporter_gets_the_link_to_their_own_report_and_no_office_gets_any(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox
) -> None:
    await Directory(pool).set_office_email("KEPRI", "agency_admin", ADMIN_OFFICE)
    main = await received(pool, keys)
    follower = (await received(pool, keys, email="kedua@contoh.example")).after.tracking_id
    await merge(pool, follower, main.after.tracking_id)
    batch = next_step(main, EventKind.HELD, {"missing": "Nama jalan."}, followers=[follower])
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)
    codes = AccessCodes(pool, keys)
    # Changed after the letters were written, before they are sent.
    await codes.change(follower, Actor(role=Role.REPORTER, account="pelapor"), AT)
    await deliver(NoticeActivities(pool, keys, mail, public_url="https://lapor.example"))
    for number, address in ((main.after.tracking_id, REPORTER), (follower, "kedua@contoh.example")):
        link = f"https://lapor.example/l/{number}/{await codes.secret(number)}"
        letters = [letter.get_content() for letter in mailbox.to(address)]
        assert len(letters) >= 2
        assert all(link in text and text.count("/l/") == 1 for text in letters)
        assert not any(link.rpartition("/")[2] in letter["Subject"] for letter in mailbox.to(address))
    offices = [letter.as_string() for letter in mailbox.to(ADMIN_OFFICE)]
    assert offices
    for secret in (await codes.secret(main.after.tracking_id), await codes.secret(follower)):
        assert not any(secret in text or "/l/" in text for text in offices)
    bodies = await Outbox(pool, keys).told_to_the_reporter(follower)
    assert await codes.secret(follower) not in str(bodies)


@pytest.mark.parametrize("concealed", ["main", "follower"])
async def test_a_follower_gets_no_text_that_was_hidden_after_its_letter_was_written(
    pool: asyncpg.Pool, keys: DataKeyStore, mail: MailSettings, mailbox: Mailbox, concealed: str
) -> None:
    main = await received(pool, keys)
    follower = (await received(pool, keys, email="kedua@contoh.example")).after.tracking_id
    await merge(pool, follower, main.after.tracking_id)
    batch = next_step(main, EventKind.HELD, {"missing": "Nama jalan."}, followers=[follower])
    await EventWriter(pool, Ledger(pool, keys), Directory(pool)).write(batch)
    hidden = main.after.tracking_id if concealed == "main" else follower
    await pool.execute("insert into concealment (tracking_id, anonim, rahasia) values ($1, false, true)", hidden)
    await deliver(NoticeActivities(pool, keys, mail))
    assert any("Nama jalan." in letter.get_content() for letter in mailbox.to(REPORTER))
    to_follower = [letter.get_content() for letter in mailbox.to("kedua@contoh.example")]
    assert any(follower in text and main.after.tracking_id in text for text in to_follower)
    assert not any("Nama jalan." in text for text in to_follower)


@pytest.mark.schedules
async def test_the_workflow_delivers_in_english_where_asked_and_its_schedule_can_be_made_twice(
    pool: asyncpg.Pool,
    keys: DataKeyStore,
    mail: MailSettings,
    mailbox: Mailbox,
    temporal_server: Endpoints,
    namespace: str,
    task_queue: str,
) -> None:
    await received(pool, keys)
    client = await Client.connect(
        temporal_server.temporal_address, namespace=namespace, data_converter=pydantic_data_converter
    )
    activities = NoticeActivities(pool, keys, mail, "en")
    handed = [activities.deliver_notices]
    async with Worker(client, task_queue=task_queue, workflows=[DeliverNotices], activities=handed):
        delivered = await client.execute_workflow(DeliverNotices.run, id="round", task_queue=task_queue)
        for minutes in (1, 2):
            await ensure_rounds(client, task_queue, seal_every=timedelta(minutes=minutes))
        known = {kind.schedule: await client.get_schedule_handle(kind.schedule).describe() for kind, _run in ROUNDS}
    assert delivered == DeliveryResult(sent=1, not_sent=1)
    every = {name: one.schedule.spec.intervals[0].every for name, one in known.items()}
    assert every == {kind.schedule: kind.every for kind, _run in ROUNDS} | {SEAL.schedule: timedelta(minutes=2)}
    (letter,) = mailbox.taken
    assert "has been received." in letter.get_content()


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_waits_grow_and_stay_within_their_bounds(attempts: int, chance: float) -> None:
    wait = wait_after(attempts, chance)
    assert FIRST_WAIT / 2 <= wait <= LONGEST_WAIT  # half of it: a wait is rounded to microseconds
    assert wait <= wait_after(attempts + 1, 0)


@given(st.text(max_size=40))
def test_what_counts_as_an_address_can_carry_no_second_recipient_or_header(text: str) -> None:
    if is_address(text):
        assert not set(text) & set(' \r\n\t,;<>"')
        assert text.count("@") == 1
