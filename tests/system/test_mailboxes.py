"""Letters in a mailbox of a real dovecot become reports and replies, each once, and are marked only then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from kawal.base.endpoints import Endpoints
from kawal.domain.names import EventKind
from kawal.intake.mail import mailbox_connection
from kawal.intake.mail.listener import LetterBox
from kawal.intake.mail.mailbox_reader import fetching
from kawal.intake.mail.mailboxes import Mailbox, Tls
from kawal.intake.mail.protocol import LARGEST
from kawal.store.mail_threads import thread_tag
from tests.database_owner import owner_url
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import letter_attachments
from tests.system.mail_servers import PASSWORD, Dovecot, open_folder
from tests.workflows.life import Case, Office, eventually

ADDRESS = "lapor@kepri.example.org"
TAKEN = r"$Kawal \Seen"
REFUSED = r"$Kawal \Flagged \Seen"
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)

WITHOUT_IDLE_AND_MOVE = "protocol imap {\n  imap_capability = IMAP4rev1 UIDPLUS\n}\n"
WITHOUT_KEYWORDS = """
mail_plugins = acl
plugin {{
  acl = vfile:{folder}/acl
}}
"""
"""With a file that gives the owner every right but that of flags other than \\Seen and \\Deleted."""


@contextmanager
def dovecot_with(more: str = "", rights: str = "") -> Iterator[Dovecot]:
    with open_folder() as folder:
        if rights:
            (folder / "acl").write_text(f"* owner {rights}\n")
        server = Dovecot(folder, ADDRESS, more=more.format(folder=folder) if rights else more)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with dovecot_with() as server:
        yield server


def mailbox(server: Dovecot, **fields: Any) -> Mailbox:
    return Mailbox(
        **{
            "name": "kepri",
            "address": ADDRESS,
            "instansi": "KEPRI",
            "host": "127.0.0.1",
            "port": server.imaps,
            "ca": server.certificate,
            "user": ADDRESS,
            "password": PASSWORD,
            "since": YESTERDAY,
            **fields,
        }
    )


@asynccontextmanager
async def box_of(office: Office) -> AsyncIterator[LetterBox]:
    box = LetterBox(office.complaints, letter_attachments(office), None, {ADDRESS: "KEPRI"})
    try:
        yield box
    finally:
        box.close()


@asynccontextmanager
async def reading(office: Office, *mailboxes: Mailbox) -> AsyncIterator[None]:
    """Fetch the letters of these mailboxes into the office."""
    async with box_of(office) as box, fetching(box.receive, mailboxes, office.complaints.record.last_tries.note):
        yield


async def not_noted(_what: str, _reason: str | None) -> None:
    """Keep nothing of how a look into a mailbox went."""


async def reports(office: Office) -> list[str]:
    rows = await office.complaints.pool.fetch("select tracking_id, instansi from inbox order by received_at")
    assert {row["instansi"] for row in rows} <= {"KEPRI"}
    return [str(row["tracking_id"]) for row in rows]


async def flagged(server: Dovecot, *flags: str, folder: str = "INBOX") -> None:
    """Wait until the letters of a folder bear these flags."""

    async def found() -> bool:
        return await asyncio.to_thread(server.flags, ADDRESS, folder) == list(flags)

    await eventually(found, 30)


async def logged(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """Wait until one line of the log has all these words; return all that was written."""
    seen: list[str] = []

    async def found() -> bool:
        seen.append("".join(capfd.readouterr()))
        return any(all(word in line for word in words) for line in "".join(seen).splitlines())

    await eventually(found, 30)
    return "".join(seen)


def numbered(number: int, text: str = "Jalan berlubang.") -> EmailMessage:
    mail = letter(text)
    mail.replace_header("Message-ID", f"<{number}@example.org>")
    return mail


async def test_a_letter_in_the_mailbox_is_a_report_to_its_agency_and_is_marked(
    office: Office, dovecot: Dovecot
) -> None:
    dovecot.deliver(letter(), ADDRESS)
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, TAKEN)
    (tracking_id,) = await reports(office)
    row = await eventually(lambda: office.complaints.ledger.snapshot(tracking_id))
    assert (row.channel, row.instansi) == ("email", "KEPRI")


async def test_a_letter_that_arrives_meanwhile_is_told_by_the_server_and_taken_within_seconds(
    office: Office, dovecot: Dovecot, capfd: pytest.CaptureFixture[str]
) -> None:
    async with reading(office, mailbox(dovecot)):
        assert "idle=True" in await logged(capfd, "mailbox_opened", "kepri")
        # In the second round nothing waits any more, and the connection is idle.
        for number in (1, 2, 3):
            dovecot.deliver(numbered(number), ADDRESS)
            began = time.monotonic()
            await flagged(dovecot, *[TAKEN] * number)
            assert time.monotonic() - began < mailbox_connection.IDLE_SECONDS / 4
    assert len(await reports(office)) == 3


@pytest.mark.parametrize("named", ["Delivered-To", "To"])
async def test_an_answer_to_a_reports_own_address_is_a_reply(office: Office, dovecot: Dovecot, named: str) -> None:
    case = await office.receive()
    tag = await thread_tag(office.complaints.system.keys, case.tracking_id)
    own = f"lapor+{tag.lower()}@kepri.example.org"
    answer = letter("Tambahan satu.")
    if named == "To":
        # As where the server strips what stands behind the plus.
        answer["To"] = f"Kawal <{own}>"
    dovecot.deliver(answer, ADDRESS if named == "To" else own)
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, TAKEN)

    async def told() -> bool:
        events = await Case(office, case.tracking_id).events(EventKind.REPLIED)
        return [event.words["text"] for event in events] == ["Tambahan satu."]

    assert await eventually(told)
    assert await reports(office) == [case.tracking_id]


async def test_a_letter_that_a_person_has_read_or_flagged_is_taken_all_the_same(
    office: Office, dovecot: Dovecot
) -> None:
    dovecot.deliver(letter(), ADDRESS)
    with dovecot.opened(ADDRESS) as client:
        client.store("1", "+FLAGS", r"(\Seen \Flagged \Answered)")
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, r"$Kawal \Answered \Flagged \Seen")
    assert len(await reports(office)) == 1


async def test_letters_from_before_the_day_since_which_are_taken_stay_as_they_are(
    office: Office, dovecot: Dovecot
) -> None:
    with dovecot.opened(ADDRESS) as client:
        old = datetime.now(UTC) - timedelta(days=40)
        client.append("INBOX", "", old, bytes(numbered(1)))
    dovecot.deliver(numbered(2), ADDRESS)
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, "", TAKEN)
    assert len(await reports(office)) == 1


async def test_while_postgresql_is_away_nothing_is_marked_and_afterwards_every_letter_is_taken(
    office: Office, dovecot: Dovecot, temporal_server: Endpoints, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    name = urlsplit(database_url).path.removeprefix("/")
    server = await asyncpg.connect(owner_url(temporal_server.database_url))
    for number in (1, 2):
        dovecot.deliver(numbered(number), ADDRESS)
    try:
        await server.execute(f'alter database "{name}" with allow_connections false')
        await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        async with reading(office, mailbox(dovecot)):
            await logged(capfd, "letter_put_off")
            assert await asyncio.to_thread(dovecot.flags, ADDRESS) == ["", ""]
            await server.execute(f'alter database "{name}" with allow_connections true')
            await flagged(dovecot, TAKEN, TAKEN)
    finally:
        await server.execute(f'alter database "{name}" with allow_connections true')
        await server.close()
    assert len(await reports(office)) == 2


async def test_a_mailbox_lost_between_taking_and_marking_gives_one_report_and_its_outage_is_told(
    office: Office, dovecot: Dovecot, capfd: pytest.CaptureFixture[str]
) -> None:
    dovecot.deliver(letter(), ADDRESS)
    answers: list[str] = []
    async with box_of(office) as box:

        async def receive(content: bytes, sender: str, recipients: list[str]) -> str:
            answers.append(await box.receive(content, sender, recipients))
            if len(answers) == 1:
                await asyncio.to_thread(dovecot.stop)
            return answers[-1]

        async with fetching(receive, [mailbox(dovecot)], not_noted):
            await logged(capfd, "mailbox_away", "kepri", "tries=1")
            await asyncio.to_thread(dovecot.start)
            await flagged(dovecot, TAKEN)
            await logged(capfd, "mailbox_back", "kepri")
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert len(await reports(office)) == 1


async def test_a_letter_that_is_always_put_off_holds_up_no_other(office: Office, dovecot: Dovecot) -> None:
    for number, text in ((1, "macet"), (2, "macet"), (3, "baik"), (4, "baik")):
        dovecot.deliver(numbered(number, text), ADDRESS)
    async with box_of(office) as box:

        async def receive(content: bytes, sender: str, recipients: list[str]) -> str:
            return "451 4.3.0" if b"macet" in content else await box.receive(content, sender, recipients)

        async with fetching(receive, [mailbox(dovecot)], not_noted):
            await flagged(dovecot, "", "", TAKEN, TAKEN)
    assert len(await reports(office)) == 2


async def test_a_wrong_password_is_told_without_the_password_and_holds_up_no_other_mailbox(
    office: Office, dovecot: Dovecot, capfd: pytest.CaptureFixture[str]
) -> None:
    dovecot.deliver(letter(), ADDRESS)
    wrong = mailbox(dovecot, name="salah", address="salah@kepri.example.org", password="sandi-yang-salah é")
    nowhere = mailbox(dovecot, name="mati", address="mati@kepri.example.org", port=1)
    assert "sandi" not in repr(wrong)
    async with reading(office, wrong, nowhere, mailbox(dovecot)):
        told = await logged(capfd, "mailbox_away", "salah", "LoginRefused")
        told += await logged(capfd, "mailbox_away", "mati", "ConnectionRefusedError") if "mati" not in told else ""
        await flagged(dovecot, TAKEN)
        tries = await office.complaints.record.last_tries.all()
    assert [tries[f"mailbox/{one}"].reason for one in ("salah", "mati", "kepri")] == [
        *("LoginRefused", "ConnectionRefusedError", None)
    ]
    assert tries["mailbox/salah"].reached_at is None
    assert tries["mailbox/kepri"].reached_at is not None
    told += "".join(capfd.readouterr())
    assert "sandi-yang-salah" not in told
    assert PASSWORD not in told


async def test_a_server_whose_certificate_nobody_vouches_for_is_told_no_password(
    office: Office, dovecot: Dovecot, capfd: pytest.CaptureFixture[str]
) -> None:
    async with reading(office, mailbox(dovecot, ca=None)):
        await logged(capfd, "mailbox_away", "SSLCertVerificationError")
    assert "Login" not in dovecot.log()


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.NONE])
async def test_the_other_ways_to_connect(office: Office, dovecot: Dovecot, tls: Tls) -> None:
    dovecot.deliver(letter(), ADDRESS)
    async with reading(office, mailbox(dovecot, tls=tls, port=dovecot.imap)):
        await flagged(dovecot, TAKEN)
    assert len(await reports(office)) == 1


async def test_an_oversized_letter_is_not_fetched_but_flagged_and_told_and_the_next_is_taken(
    office: Office, dovecot: Dovecot, capfd: pytest.CaptureFixture[str]
) -> None:
    dovecot.deliver(numbered(1, "a" * 70 + "\n" + ("b" * 70 + "\n") * (LARGEST // 71)), ADDRESS)
    dovecot.deliver(numbered(2), ADDRESS)
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, REFUSED, TAKEN)
        assert "kepri" in await logged(capfd, "letter_refused", "552 5.3.4")
    assert len(await reports(office)) == 1


@pytest.mark.parametrize("more", ["", WITHOUT_IDLE_AND_MOVE], ids=["", "without IDLE and MOVE"])
async def test_letters_are_moved_where_the_configuration_says_and_what_others_deleted_stays(
    more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_connection, "POLL_SECONDS", 0.2)
    folders = {"taken_folder": "Sudah masuk", "refused_folder": "Ditolak"}
    answers = {b"tolak": "550 5.6.0 no", b"masuk": "250 2.0.0 OK"}

    async def receive(content: bytes, _sender: str, _recipients: list[str]) -> str:
        return next(answer for word, answer in answers.items() if word in content)

    with dovecot_with(more) as server:
        for number, text in ((1, "terhapus"), (2, "tolak"), (3, "masuk")):
            server.deliver(numbered(number, text), ADDRESS)
        with server.opened(ADDRESS) as client:
            client.store("1", "+FLAGS", r"(\Deleted)")
        async with fetching(receive, [mailbox(server, **folders)], not_noted):
            await flagged(server, r"\Deleted")
            await flagged(server, TAKEN, folder='"Sudah masuk"')
            await flagged(server, REFUSED, folder="Ditolak")
            server.deliver(numbered(4, "masuk"), ADDRESS)
            await flagged(server, TAKEN, TAKEN, folder='"Sudah masuk"')


async def test_where_the_server_keeps_no_keywords_a_letter_is_taken_by_seen_or_by_its_folder(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    with dovecot_with(WITHOUT_KEYWORDS, "lrstiekxp") as server:
        server.deliver(numbered(1), ADDRESS)
        async with reading(office, mailbox(server)):
            await logged(capfd, "mailbox_opened", "marking=seen")
            await flagged(server, r"\Seen")
        folders = {"taken_folder": "Masuk", "refused_folder": "Ditolak"}
        async with reading(office, mailbox(server, **folders)):
            await logged(capfd, "mailbox_opened", "marking=folders")
            # It was taken before, and is recognised.
            await flagged(server, r"\Seen", folder="Masuk")
    assert len(await reports(office)) == 1


async def test_a_letter_without_a_return_address_is_kept_and_starts_nothing(office: Office, dovecot: Dovecot) -> None:
    dovecot.deliver(letter(), ADDRESS, sender="")
    async with reading(office, mailbox(dovecot)):
        await flagged(dovecot, TAKEN)
    assert await reports(office) == []
