"""Letters that cannot become a report automatically are kept, encrypted and once, and answered 250."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from benchmarks.letters import dialogue
from kawal.domain.names import EventKind
from kawal.intake.mail.protocol import LARGEST
from kawal.store.mail_threads import thread_tag
from kawal.store.tray import Tray, TrayLine
from tests.intake.mail.test_automatic_mail import report_mail
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import ADDRESS, Post, post
from tests.workflows.life import Case, eventually

__all__ = ["post"]

BOUNCE = (
    b"From: Postmaster <pos@mx.example.org>\r\nSubject: Tidak terkirim\r\nMessage-ID: <c01@mx.example.org>\r\n\r\n"
    b"Hi. Your letter could not be delivered.\r\n<warga@example.net>: user is over quota"
)
TOO_DEEP = (
    b"From: Siti <siti@example.org>\r\nSubject: Jalan\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 50 + b"halo"
)


async def say(post: Post, content: bytes, sender: str = "<siti@example.org>", to: str = ADDRESS) -> str:
    return await asyncio.to_thread(dialogue, post.port, content, sender, to)


def tray(post: Post) -> Tray:
    return post.office.complaints.system.tray


async def kept(post: Post) -> list[TrayLine]:
    return await tray(post).lines()


async def raw(post: Post, item: int) -> bytes:
    content = await tray(post).content(item)
    assert content is not None
    return content.raw


@pytest.mark.parametrize(
    "sender",
    ["<>", " <>", "<> SIZE=100", "<> SIZE=100 BODY=8BITMIME", " <> BODY=8BITMIME SMTPUTF8"],
)
async def test_a_letter_without_a_sender_is_no_report_and_is_kept(post: Post, sender: str) -> None:
    assert (await say(post, BOUNCE, sender)).startswith("250 ")
    assert await post.accepted() == 0
    assert [(one.why, one.detail, one.instansi) for one in await kept(post)] == [("automatic", None, "KEPRI")]
    (one,) = await kept(post)
    assert (await raw(post, one.item), one.person) == (BOUNCE + b"\r\n", False)


async def test_what_cannot_be_read_is_kept_as_it_came_encrypted_and_once(post: Post) -> None:
    for _ in range(2):
        assert await say(post, TOO_DEEP) == "250 2.0.0 OK, kept for a person to look at"
    (one,) = await kept(post)
    assert (one.why, one.detail, one.size) == ("unreadable", "nesting", len(TOO_DEEP) + 2)
    assert await tray(post).content(one.item) == (TOO_DEEP + b"\r\n", "siti@example.org")
    assert one.person
    row = await post.office.complaints.pool.fetchrow("select * from tray_item")
    assert b"siti" not in row["body"]
    assert await post.accepted() == 0


async def test_a_machines_answer_to_a_held_report_ends_no_hold_and_is_no_reply(post: Post) -> None:
    tracking_id = await post.send(letter())
    case = Case(post.office, tracking_id)
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    await case.admin("hold", missing="Di mana tepatnya?")
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    there = ADDRESS.replace("@", f"+{tag}@")
    absent = (
        f"From: Siti <siti@example.org>\r\nSubject: Automatic reply: Laporan [Kawal {tag}]\r\n\r\nSaya cuti.".encode()
    )
    receipt = report_mail("multipart/report; report-type=disposition-notification", "message/disposition-notification")
    for content in (absent, receipt):
        assert (await say(post, content, to=there)).startswith("250 ")
    assert (await say(post, BOUNCE, "<>", there)).startswith("250 ")
    assert len(await kept(post)) == 3
    assert await case.events(EventKind.REPLIED) == []
    row = await post.office.complaints.ledger.snapshot(tracking_id)
    assert row is not None
    assert row.status == "ditunda"


@pytest.mark.parametrize(
    "marks",
    [
        {"Precedence": "list", "List-ID": "<lapor.kepri.example.org>", "Mailing-list": "list lapor@kepri.example.org"},
        {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
        {"Auto-Submitted": "auto-forwarded"},
    ],
)
async def test_a_persons_letter_with_a_machines_marks_is_a_report_whose_receipt_is_not_answered(
    post: Post, marks: dict[str, str]
) -> None:
    tracking_id = await post.send(letter(**marks))
    assert await kept(post) == []
    assert (await reported(post, tracking_id)).no_receipt


async def reported(post: Post, tracking_id: str) -> Any:
    from kawal.store.inbox import Inbox

    found = await Inbox(post.office.complaints.pool, post.office.complaints.system.keys).find(tracking_id)
    assert found is not None
    return found.report


async def test_a_sender_that_is_no_address_to_the_rules_is_kept_as_it_came(post: Post) -> None:
    mail = letter()
    mail.replace_header("From", "Mesin Scan <scan@localhost>")
    report = await reported(post, await post.send(mail))
    assert (report.reporter.name, report.reporter.email, report.reporter.origin) == (
        "Mesin Scan",
        None,
        "scan@localhost",
    )
    assert not report.no_receipt


@pytest.mark.parametrize(
    "content",
    [
        b"From: \xff\xfe <a\xff@b.id>\r\nSubject: \xed\xa0\x80 \x01\r\nMessage-ID: <\xff\x01\x7f>\r\n\r\n\xff\x00 halo",
        b"Subject: x\r\nFrom: " + b"(\r\n " * 3000 + b"\r\n\r\nhalo",
        b'From: a@b.id\r\nContent-Type: text/plain; charset="utf-8\x00"\r\n\r\nhalo \xff',
        b"From: a@b.id\r\nContent-Type: text/plain; charset=undefined\r\n\r\nhalo \xff",
        b"From: a@b.id\r\nSubject: satu baris\r\n\r\n" + b"panjang " * 5000,
    ],
)
async def test_a_letter_with_a_part_that_cannot_be_read_is_a_report_all_the_same(post: Post, content: bytes) -> None:
    answer = await say(post, content)
    assert answer.startswith("250 2.0.0 OK ")
    assert await kept(post) == []
    assert await post.accepted() == 1


async def test_dots_before_lines_come_and_go_as_the_protocol_says(post: Post) -> None:
    content = b"From: a@b.id\r\nSubject: titik\r\n\r\n..satu\r\n...dua\r\nakhir.\r\n....\r\nselesai."
    tracking_id = (await say(post, content)).rpartition(" ")[2]
    assert (await reported(post, tracking_id)).text == ".satu\n..dua\nakhir.\n...\nselesai."


async def test_a_letter_over_the_limit_is_refused_and_the_connection_goes_on(post: Post) -> None:
    head = b"From: a@b.id\r\nSubject: besar\r\n\r\n"
    assert (await say(post, head + b"x" * LARGEST)).startswith("552 ")
    assert (await say(post, head + b"kecil")).startswith("250 ")
    assert await post.accepted() == 1


async def test_a_reply_that_comes_too_late_waits_for_a_person(post: Post) -> None:
    tracking_id = await post.send(letter())
    case = Case(post.office, tracking_id)
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    await case.admin("archive", reason="Bukan pengaduan.")
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    there = ADDRESS.replace("@", f"+{tag}@")
    for _ in range(2):
        answer = await say(post, b"From: a@b.id\r\nSubject: x\r\n\r\nMasih rusak.", to=there)
        assert answer == "250 2.0.0 OK, kept for a person to look at"
    (one,) = await kept(post)
    assert (one.why, one.person, one.names) == ("report_over", True, [tracking_id])
    assert await post.accepted() == 1


async def test_a_bare_command_that_comes_too_late_waits_for_a_person_and_what_is_hidden_already_does_not(
    post: Post,
) -> None:
    tracking_id = await post.send(letter())
    case = Case(post.office, tracking_id)
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    await case.admin("archive", reason="Bukan pengaduan.")
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    there = ADDRESS.replace("@", f"+{tag}@")
    for number in (1, 2):
        head = f"From: a@b.id\r\nSubject: x\r\nMessage-ID: <hide-{number}@b.id>\r\n\r\n".encode()
        assert (await say(post, head + b"RAHASIAKAN", to=there)).startswith("250 ")
    assert await kept(post) == []
    await say(post, b"From: a@b.id\r\nSubject: x\r\nMessage-ID: <no@b.id>\r\n\r\nSANGGAH", to=there)
    (one,) = await kept(post)
    assert (one.why, one.names) == ("report_over", [tracking_id])
