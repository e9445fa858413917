"""Letters over SMTP: accepted means committed, the same letter is one report, an answer finds its report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import NamedTuple

import aiosmtplib
import pytest
from pydantic import ValidationError

from activities.mail import MailSettings, message
from kawal.base.errors import SystemUnavailable
from kawal.base.settings import Settings
from kawal.crypto.data_keys import SYSTEM
from kawal.domain.names import EventKind
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.mail.listener import LetterBox, listening
from kawal.store.mail_threads import report_named_in, thread_tag
from kawal.wording.letters import Letter
from tests.intake.mail.test_letter import letter
from tests.workflows.life import Case, Office, eventually

ADDRESS = "lapor@kepri.example.org"


class Post(NamedTuple):
    office: Office
    port: int

    async def send(self, mail: EmailMessage, to: str = ADDRESS) -> str:
        """Deliver a letter; return the tracking id that the answer names."""
        _, answer = await aiosmtplib.send(
            mail, sender="siti@example.org", recipients=[to], hostname="127.0.0.1", port=self.port, start_tls=False
        )
        return answer.rpartition(" ")[2]

    async def accepted(self) -> int:
        return int(await self.office.complaints.pool.fetchval("select count(*) from inbox"))


def letter_attachments(office: Office) -> Attachments:
    connection = office.complaints.system
    return Attachments(connection, AttachmentSettings.from_env(connection.settings.home, {}))


@pytest.fixture
async def post(office: Office) -> AsyncIterator[Post]:
    complaints = office.complaints
    async with listening(LetterBox(complaints, letter_attachments(office), {"": ADDRESS}), "127.0.0.1", 0) as port:
        yield Post(office, port)


async def test_a_letter_is_a_report_and_the_same_letter_again_is_the_same(post: Post) -> None:
    first = await post.send(letter())
    assert await post.send(letter()) == first
    assert await post.accepted() == 1
    row = await eventually(lambda: post.office.complaints.ledger.snapshot(first))
    assert row.channel == "email"


async def test_an_answer_to_the_reports_address_or_subject_is_a_reply(post: Post) -> None:
    tracking_id = await post.send(letter())
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    by_address = letter("Tambahan satu.", References="<x@example.org>")
    by_address.replace_header("Message-ID", "<2@example.org>")
    assert await post.send(by_address, f"lapor+{tag.lower()}@kepri.example.org") == tracking_id
    by_subject = letter("Tambahan dua.")
    by_subject.replace_header("Subject", f"Re: Laporan Anda [Kawal {tag}]")
    by_subject.replace_header("Message-ID", "<3@example.org>")
    assert await post.send(by_subject) == tracking_id
    case = Case(post.office, tracking_id)

    async def both() -> bool:
        return [event.words["text"] for event in await case.events(EventKind.REPLIED)] == [
            "Tambahan satu.",
            "Tambahan dua.",
        ]

    assert await eventually(both)
    assert await post.accepted() == 1


async def test_each_agency_has_its_mailbox_and_a_letter_to_both_is_a_report_to_each(office: Office) -> None:
    complaints = office.complaints
    await complaints.pool.execute("insert into instansi (code, name) values ('BINTAN', 'Kabupaten Bintan')")
    bintan, attachments = "lapor@bintan.example.org", letter_attachments(office)
    alone = LetterBox(complaints, attachments, {"": ADDRESS})
    unknown = LetterBox(complaints, attachments, {"KEPRI": ADDRESS, "BATAM": bintan})
    for wrong in (alone, unknown):
        with pytest.raises(SystemUnavailable, match="BINTAN, KEPRI"):
            await wrong.check_agencies()
    box = LetterBox(complaints, attachments, {"KEPRI": ADDRESS, "BINTAN": bintan})
    await box.check_agencies()
    async with listening(box, "127.0.0.1", 0) as port:
        post = Post(office, port)
        for _ in range(2):
            await post.send(letter(), bintan.upper())
            await aiosmtplib.send(
                letter(),
                sender="siti@example.org",
                recipients=[ADDRESS, bintan],
                hostname="127.0.0.1",
                port=port,
                start_tls=False,
            )
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
            await post.send(letter(), "lapor@batam.example.org")
    rows = await complaints.pool.fetch("select instansi from inbox order by instansi")
    assert [row["instansi"] for row in rows] == ["BINTAN", "KEPRI"]


def test_an_answer_goes_to_the_mailbox_of_the_reports_agency() -> None:
    settings = Settings(mail_address="kepri=lapor@kepri.example.org, BINTAN=lapor@bintan.example.org")
    mail = MailSettings(host="localhost", answers=settings.mailboxes)
    said = Letter(subject="x", text="y")
    for agency, mailbox in (("KEPRI", "kepri"), ("BINTAN", "bintan")):
        ours = message(said, "a@example.org", mail, "m", "id", "1234567-AAAAAAAAAA", agency)
        assert ours["Reply-To"] == f"lapor+1234567-AAAAAAAAAA@{mailbox}.example.org"
    assert message(said, "a@example.org", mail, "m", "id", "1234567-AAAAAAAAAA", "LAIN")["Reply-To"] is None
    for wrong in ("KEPRI=", "KEPRI=lapor", "lapor@a.example,lapor@b.example", "K P=lapor@a.example", "lapor"):
        with pytest.raises(ValidationError):
            Settings(mail_address=wrong)


async def test_a_forged_number_is_a_new_report_and_never_a_reply(post: Post) -> None:
    tracking_id = await post.send(letter())
    forged = letter()
    forged.replace_header("Subject", f"[Kawal {tracking_id}-AAAAAAAAAA]")
    forged.replace_header("Message-ID", "<2@example.org>")
    assert await post.send(forged) != tracking_id


async def test_what_our_own_letters_carry_leads_back_to_the_report(office: Office) -> None:
    keys = office.complaints.system.keys
    assert await keys.key_for(SYSTEM)
    tag = await thread_tag(keys, "1234567")
    settings = MailSettings(host="localhost", answers={"": ADDRESS})
    ours = message(Letter(subject="Laporan 1234567 diverifikasi", text="x"), "a@example.org", settings, "m", "id", tag)
    assert await report_named_in(keys, ours["Subject"]) == "1234567"
    assert await report_named_in(keys, ours["Reply-To"]) == "1234567"


async def test_letters_to_other_mailboxes_are_refused(post: Post) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await post.send(letter(), "lain@kepri.example.org")


async def test_an_attached_file_is_kept_and_one_that_may_not_be_does_not_hold_the_letter_up(post: Post) -> None:
    mail = letter()
    mail.add_attachment(b"catatan kecil\n", maintype="text", subtype="plain", filename="catatan.txt")
    mail.add_attachment(b"MZ\x90\x00" + bytes(200), maintype="application", subtype="octet-stream", filename="a.exe")
    tracking_id = await post.send(mail)
    held = await post.office.complaints.pool.fetchval(
        "select count(*) from attachment where tracking_id::text = $1", tracking_id
    )
    assert held == 1


async def test_with_the_attachments_store_away_the_senders_next_try_adds_the_file(post: Post) -> None:
    folder = post.office.complaints.settings.home / "attachments"
    aside = folder.with_name("aside")
    if folder.exists():
        folder.rename(aside)
    folder.write_bytes(b"in the way")
    mail = letter()
    mail.add_attachment(b"catatan kecil\n", maintype="text", subtype="plain", filename="catatan.txt")
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await post.send(mail)
    assert refused.value.code == 451
    folder.unlink()
    tracking_id = await post.send(mail)
    assert await post.accepted() == 1
    pool = post.office.complaints.pool
    kept = "select count(*) from attachment where tracking_id::text = $1"
    assert await pool.fetchval(kept, tracking_id) == 1


async def test_another_letter_under_the_same_message_id_is_another_report(post: Post) -> None:
    first = await post.send(letter())
    assert await post.send(letter("Bukan surat yang sama.")) != first


async def test_with_the_database_away_the_sender_is_asked_to_try_again(post: Post) -> None:
    await post.office.complaints.pool.close()
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await post.send(letter())
    assert refused.value.code == 451
