"""Letters as they were met, from the files in `cases`: what each becomes when it is sent to the agency's address."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from benchmarks.letters import dialogue
from kawal.domain.names import EventKind, Status
from kawal.store.mail_threads import thread_tag
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import ADDRESS, Post, post
from tests.workflows.life import Case, eventually

__all__ = ["post"]

CASES = Path(__file__).parent / "cases"
IN_TRAY = "250 2.0.0 OK, kept for a person to look at"


async def sent(post: Post, content: bytes, sender: str = "<siti@example.org>", to: str = ADDRESS) -> str:
    """Send raw bytes; return the server's answer."""
    crlf = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return await asyncio.to_thread(dialogue, post.port, crlf, sender, to)


async def report_of(post: Post, name: str) -> tuple[str, Any]:
    """Send a case that must become a report; return its number and what was accepted."""
    answer = await sent(post, (CASES / name).read_bytes())
    assert answer.startswith("250 2.0.0 OK "), answer
    tracking_id = answer.rpartition(" ")[2]
    accepted = await post.office.complaints.system.inbox.find(tracking_id)
    assert accepted is not None, answer
    return tracking_id, accepted.report


async def files_of(post: Post, tracking_id: str) -> int:
    counted = "select count(*) from attachment where tracking_id = $1"
    return int(await post.office.complaints.pool.fetchval(counted, tracking_id))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("03-google-group.eml", 0),
        ("04-auto-response-suppress.eml", 0),
        ("05-apple-alternative-related-jpg.eml", 1),
        ("06-apple-alternative-mixed-pdf.eml", 1),
        ("07-inline-photo-and-pdf.eml", 2),
        ("08-ios-three-photos.eml", 3),
        ("09-whole-letter-is-pdf.eml", 1),
        ("10-whole-letter-is-jpeg.eml", 1),
        ("11-forwarded-as-attachment.eml", 1),
        ("19-sender-without-dot.eml", 0),
        ("20-line-over-1001.eml", 0),
        ("22-text-over-10000.eml", 1),
    ],
)
async def test_a_persons_letter_is_a_report_with_all_its_files(post: Post, name: str, files: int) -> None:
    tracking_id, _ = await report_of(post, name)
    assert await files_of(post, tracking_id) == files


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("11-forwarded-as-attachment.eml", "Sampah sudah dua minggu tidak diangkut."),
        ("13-empty-plain-full-html.eml", "Air mati sejak tiga hari di Jalan Merpati."),
        ("14-html-head-not-closed.eml", "Sampah menumpuk di Jalan Merpati."),
        ("15-html-head-end-omitted.eml", "Parit tersumbat di Jalan Merpati."),
        ("16-boundary-with-equals-sign.eml", "Jalan rusak di Batu 9."),
        ("17-iso-2022-jp.eml", "道路に穴があります。"),
        ("18-one-bad-byte.eml", "Jalan “rusak” di depan Café. \ufffd"),
        ("21-subject-over-150.eml", "rombongan sekolah dan ambulans dari RSUD"),
    ],
)
async def test_the_words_of_a_letter_are_the_reports(post: Post, name: str, words: str) -> None:
    _, report = await report_of(post, name)
    assert words in report.text


async def test_a_sender_that_is_no_address_is_kept_as_it_came(post: Post) -> None:
    _, report = await report_of(post, "19-sender-without-dot.eml")
    assert report.reporter.origin == "scan@localhost"


async def test_a_text_over_the_limit_is_in_a_file_and_said(post: Post) -> None:
    tracking_id, report = await report_of(post, "22-text-over-10000.eml")
    assert len(report.text) <= 10_000
    (line,) = await post.office.complaints.system.raw_letters.lines(tracking_id)
    assert line.left_out == ["text:surat-lengkap.txt"]
    kept = await post.office.complaints.system.raw_letters.raw(tracking_id, line.number)
    assert kept is not None
    assert b"Kalimat nomor 599" in kept.raw


@pytest.mark.parametrize("name", ["03-google-group.eml", "04-auto-response-suppress.eml"])
async def test_who_asks_for_no_automatic_answers_gets_none(post: Post, name: str) -> None:
    _, report = await report_of(post, name)
    assert report.no_receipt


async def test_a_bounce_is_no_complaint(post: Post) -> None:
    assert await sent(post, (CASES / "01-bounce-null-sender.eml").read_bytes(), "<>") == IN_TRAY
    assert await post.accepted() == 0


# --- To a report ------------------------------------------------------------------------------------------------------


async def held(post: Post) -> tuple[Case, str]:
    """Return a held report and the address at which it takes answers."""
    tracking_id = await post.send(letter())
    case = Case(post.office, tracking_id)
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    await case.admin("hold", missing="Di depan nomor berapa?")
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    return case, tag


@pytest.mark.parametrize("name", ["23-read-receipt.eml", "24-out-of-office-unmarked.eml"])
async def test_what_a_machine_answers_ends_no_hold(post: Post, name: str) -> None:
    case, tag = await held(post)
    content = (CASES / name).read_bytes().replace(b"NUMBER-CODE", tag.encode())
    content = content.replace(b"NUMBER", case.tracking_id.encode())
    there = f"lapor+{tag}@kepri.example.org" if name.startswith("23") else ADDRESS
    assert await sent(post, content, to=there) == IN_TRAY
    assert (await case.row()).status is Status.DITUNDA
    assert await post.accepted() == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("26-reply-between-the-quotes.txt", ["Jawaban saya:", "Nomor 12.", "Sejak Senin."]),
        (
            "27-reply-line-begins-From.txt",
            ["Jalan yang rusak:", "From: Pasar Bincen", "To: Batu 10", "Semuanya berlubang."],
        ),
        ("28-reply-two-dashes.txt", ["Nomor rumah:", "12", "dekat masjid"]),
        ("29-reply-outlook-indonesian.txt", ["Nomor 12."]),
    ],
)
async def test_a_reply_is_the_reporters_own_words(post: Post, name: str, words: list[str]) -> None:
    case, tag = await held(post)
    said = (CASES / name).read_text(encoding="utf-8")
    mail = letter(said, To=f"lapor+{tag}@kepri.example.org")
    await post.send(mail, f"lapor+{tag}@kepri.example.org")
    text = (await case.event(EventKind.REPLIED)).words["text"]
    assert all(one in text for one in words), text
    if name.startswith("29"):
        assert text == "Nomor 12."
    assert (await case.row()).status is Status.BELUM_DIVERIFIKASI
