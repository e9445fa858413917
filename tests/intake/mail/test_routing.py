"""Where a letter goes: a verdict or a reply by its first own line, the tray where nothing proves who wrote it."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from kawal.domain.names import ClockKind, EventKind, Status
from kawal.intake.mail.listener import LetterBox, listening
from kawal.store.mail_threads import thread_tag
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import ADDRESS, Post, letter_attachments, post
from tests.workflows.life import Case, Office, eventually

__all__ = ["post"]


async def report(post: Post) -> tuple[Case, str]:
    """Return a report that came by letter, and the address at which it takes answers."""
    tracking_id = await post.send(letter())
    case = Case(post.office, tracking_id)
    await eventually(lambda: post.office.complaints.ledger.snapshot(tracking_id))
    tag = await thread_tag(post.office.complaints.system.keys, tracking_id)
    return case, f"lapor+{tag}@kepri.example.org"


def answer(text: str, number: int = 2, subject: str = "Re: laporan saya") -> EmailMessage:
    mail = letter(text)
    mail.replace_header("Message-ID", f"<jawaban-{number}@example.org>")
    mail.replace_header("Subject", subject)
    return mail


# --- The reporter's say -----------------------------------------------------------------------------------------------


async def test_terima_with_a_number_accepts_and_rates_and_further_words_are_a_reply(post: Post) -> None:
    case, there = await report(post)
    await case.finish()
    for _ in range(2):
        await post.send(answer("TERIMA 5\n\nTerima kasih, cepat sekali.\n"), there)
    assert ((await case.row()).status, (await case.row()).rating) == (Status.SELESAI, 5)
    assert (await case.event(EventKind.REPLIED)).words["text"] == "Terima kasih, cepat sekali."
    await post.send(answer("NILAI 3\n\n> Laporan Anda selesai.", 3), there)
    assert (await case.row()).rating == 3


async def test_sanggah_disputes_with_its_grounds(post: Post) -> None:
    case, there = await report(post)
    await case.finish()
    await post.send(answer("Sanggah, lampu masih padam.\nTolong dicek lagi."), there)
    assert (await case.event(EventKind.DISPUTED)).words["why"] == "lampu masih padam.\nTolong dicek lagi."
    assert (await case.row()).status is Status.PROSES


async def test_thank_you_but_is_a_reply(post: Post) -> None:
    case, there = await report(post)
    await case.finish()
    await post.send(answer("Terima kasih, tapi lampu masih padam."), there)
    assert (await case.row()).status is Status.PROSES
    assert await case.told("replied_after_final") == ["agency_admin", "liaison/DPUPR"]


@pytest.mark.parametrize(("words", "replied"), [("TERIMA", 0), ("TERIMA\nNomor 12.", 1)])
async def test_what_the_rules_refuse_is_answered_with_why_and_bare_it_answers_no_hold(
    post: Post, words: str, replied: int
) -> None:
    case, there = await report(post)
    await case.admin("hold", missing="Nomor berapa?")
    await post.send(answer(words), there)
    assert len(await case.events(EventKind.REPLIED)) == replied
    assert (await case.row()).status is (Status.BELUM_DIVERIFIKASI if replied else Status.DITUNDA)

    async def told() -> list[str]:
        return await case.told("say_refused")

    assert await eventually(told) == ["reporter"]
    assert (await case.event(EventKind.REFUSED)).facts == {"command": "accept", "code": "wrong_status"}


async def test_rahasiakan_hides_the_report_and_is_no_answer(post: Post) -> None:
    case, there = await report(post)
    await case.admin("hold", missing="Nomor berapa?")
    await post.send(answer("RAHASIAKAN"), there)
    row = await case.row()
    assert (row.anonim, row.rahasia, row.status) == (True, True, Status.DITUNDA)


async def test_each_letter_is_kept_whole_with_its_report(post: Post) -> None:
    case, there = await report(post)
    mail = answer("Nomor 12.\n\nPada Sen, 3 Jan 2022 Kawal menulis:\n> Nomor berapa?")
    await post.send(mail, there)
    raw = post.office.complaints.system.raw_letters
    assert [line.channel for line in await raw.lines(case.tracking_id)] == ["email", "email"]
    kept = await raw.raw(case.tracking_id, 2)
    assert kept is not None
    assert b"> Nomor berapa?" in kept.raw


# --- The tray ---------------------------------------------------------------------------------------------------------


async def test_a_letter_that_names_a_report_without_its_code_waits_for_a_person(post: Post) -> None:
    case, _ = await report(post)
    await case.admin("hold", missing="Nomor berapa?")
    for text, subject in (
        ("TERIMA", f"Re: Laporan {case.tracking_id} butuh keterangan"),
        (f"Laporan saya nomor {case.tracking_id}: nomor 12.", "Jawaban"),
    ):
        await post.send(answer(text, len(subject), subject))
    tray = await post.office.complaints.system.tray.lines()
    assert [(one.why, one.person, one.names) for one in tray] == [("names_report", True, [case.tracking_id])] * 2
    assert await post.accepted() == 1
    assert (await case.row()).status is Status.DITUNDA


async def test_a_letter_that_answers_one_of_ours_without_its_code_or_words_waits_for_a_person(post: Post) -> None:
    await report(post)
    mail = answer("Nomor 12.", subject="Jawaban saya")
    mail["In-Reply-To"] = "<0123456789abcdef0123456789abcdef@kepri.example.org>"
    await post.send(mail)
    (item,) = await post.office.complaints.system.tray.lines()
    assert (item.why, item.person) == ("quotes_us", True)
    # One of somebody else's is nothing of ours.
    strange = answer("Lampu padam.", 3, "Re: lampu")
    strange["In-Reply-To"] = "<0123456789abcdef0123456789abcdef@batam.example.net>"
    await post.send(strange)
    assert await post.accepted() == 2


async def test_a_number_of_no_report_is_a_word_like_another(post: Post) -> None:
    await post.send(letter("Meteran saya nomor 7654321 rusak."))
    assert await post.accepted() == 1
    assert await post.office.complaints.system.tray.lines() == []


async def test_a_letter_about_one_agencys_report_lies_in_its_tray_wherever_it_was_sent(office: Office) -> None:
    complaints = office.complaints
    await complaints.pool.execute("insert into instansi (code, name) values ('BINTAN', 'Kabupaten Bintan')")
    bintan = "lapor@bintan.example.org"
    box = LetterBox(complaints, letter_attachments(office), {"KEPRI": ADDRESS, "BINTAN": bintan})
    async with listening(box, "127.0.0.1", 0) as port:
        post = Post(office, port)
        ours, theirs = await post.send(letter("Jalan rusak.")), await post.send(letter("Lampu padam."), bintan)
        await post.send(answer(f"Tentang laporan {ours}"), bintan)
        await post.send(answer(f"Tentang laporan {ours} dan {theirs}", 3), bintan)
    tray = await complaints.system.tray.lines()
    assert [(one.instansi, set(one.names)) for one in tray] == [("KEPRI", {ours}), ("BINTAN", {ours, theirs})]


async def test_what_silence_would_end_waits_for_a_letter_in_the_tray_and_ends_when_it_is_dismissed(post: Post) -> None:
    case, _ = await report(post)
    await case.admin("hold", missing="Nomor berapa?")
    await post.send(answer(f"Laporan {case.tracking_id}: nomor 12."))
    system = post.office.complaints.system
    ending = await case.deadline(ClockKind.HOLD)
    assert ending is not None
    await case.until(date.fromordinal(ending.toordinal() + 3))
    assert (await case.row()).status is Status.DITUNDA
    assert EventKind.HOLD_EXPIRED not in await case.kinds()
    await system.pool.execute("update tray_item set state = 'dismissed', decided_at = now(), decided_by = 'dewi'")
    await post.office.complaints.ask_again(case.tracking_id)

    async def archived() -> bool:
        return (await case.row()).status is Status.DIARSIPKAN

    await eventually(archived)
    expired = await case.event(EventKind.HOLD_EXPIRED)
    assert expired.at.date() >= date.fromordinal(ending.toordinal() + 2)
