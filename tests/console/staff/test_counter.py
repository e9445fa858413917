"""`/kerja/loket`: reports registered at the desk with a slip, and what a reporter who is present says, passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from fastapi import FastAPI

from kawal.client.reporter_access import ReporterAccess
from kawal.domain.calendar import local_day
from kawal.domain.names import EventKind, Role
from tests.console.pages.browser import Browser, Form, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of
from tests.intake.attachments.files import jpeg
from tests.workflows.life import Case, Office, eventually

PAGE = "/kerja/loket"
WORDS = "Lampu jalan di depan SD Batu 8 padam sejak seminggu."


async def _is_late(case: Case) -> bool:
    return (await case.row()).overdue


async def test_a_report_on_paper_counts_from_its_stamp_and_its_slip_is_shown_once_for_the_form(
    sign_in: SigningIn, office: Office
) -> None:
    desk = await browser_of(sign_in, Role.DESK, "Lia")
    form = (await desk.open(PAGE)).form(f"{PAGE}/catat")
    today = local_day(office.complaints.now())
    tomorrow = (today + timedelta(days=1)).isoformat()
    wrong = await desk.send(form, text="", contact="bukan kontak", stamp=tomorrow)
    again = wrong.form(f"{PAGE}/catat")
    assert (wrong.status, again.fields["contact"], again.fields["key"]) == (422, "bukan kontak", form.fields["key"])
    assert "paling lama 365 hari yang lalu" in wrong.text

    stamped = today - timedelta(days=20)
    typed = {"text": WORDS, "contact": "0812 3456 7890", "stamp": stamped.isoformat(), "anonim": "1"}
    slip = await desk.send(again, **typed)
    numbers = re.findall(r"Nomor (\d+) Kode akses (\w+)", slip.text)
    ((number, code),) = numbers
    assert (await desk.send(again, **typed)).text == slip.text
    case = Case(office, number)
    started = await case.event(EventKind.STARTED)
    assert (started.actor.role, started.actor.name, started.facts["channel"]) == (Role.DESK, "Lia", "walk_in")
    row = await case.row()
    assert (local_day(row.received_at), row.anonim) == (stamped, True)
    assert await eventually(lambda: _is_late(case))
    assert await ReporterAccess(office.complaints).has_secret(number, code)
    assert number in (await desk.open("/kerja")).text


async def test_the_desk_speaks_for_a_reporter_who_is_recognised_and_gives_a_new_code(
    sign_in: SigningIn, office: Office
) -> None:
    desk = await browser_of(sign_in, Role.DESK, "Lia")
    page = await desk.open(PAGE)
    await desk.send(page.form(f"{PAGE}/catat"), text=WORDS, contact="siti@example.org")
    (number,) = [row["id"] for row in await office.complaints.pool.fetch("select tracking_id as id from complaint")]
    case = Case(office, number)

    form = page.form(f"{PAGE}/sampaikan")
    said = {"number": number, "command": "reply", "words": "Masih padam."}
    refused = await desk.send(form, **said, contact="budi@example.org")
    assert refused.status == 409
    assert refused.form(f"{PAGE}/sampaikan").fields["words"] == "Masih padam."
    assert EventKind.REPLIED not in await case.kinds()
    done = await desk.send(refused.form(f"{PAGE}/sampaikan"), contact="SITI@example.org")
    assert "Disampaikan atas nama pelapor laporan" in done.text, done.text
    replied = await case.event(EventKind.REPLIED)
    assert (replied.facts["via"], replied.words["text"]) == ("desk", "Masih padam.")

    before = await ReporterAccess(office.complaints).secret_of(number)
    changed = await desk.send(page.form(f"{PAGE}/kode"), tracking_id=number, contact="siti@example.org")
    after = await ReporterAccess(office.complaints).secret_of(number)
    assert after != before
    assert after in changed.text
    admin = await sign_in(Role.ADMIN, "Ani Wijaya")
    assert (await admin.get(PAGE)).status_code == 403


PHOTO, PROGRAM = ("lampu.jpg", jpeg()), ("surat.pdf", b"\x7fELF\x02\x01\x00")


async def _bring(desk: Browser, form: Form, files: Sequence[tuple[str, bytes]], **typed: str) -> Page:
    sent = [("foto", file) for file in files]
    return Page(await desk.client.post(form.action, data={**form.fields, **typed}, files=sent))


async def test_what_a_person_brings_goes_along_as_the_reporters_files_and_more_are_added_by_that_desk_alone(
    sign_in: SigningIn, app: FastAPI
) -> None:
    desk, other = await browser_of(sign_in, Role.DESK, "Lia"), await browser_of(sign_in, Role.DESK, "Loket lain")
    form = (await desk.open(PAGE)).form(f"{PAGE}/catat")
    wrong = await _bring(desk, form, [PHOTO], text="")
    assert (wrong.status, "Pilih lagi berkasnya" in wrong.text) == (422, True)
    slip = await _bring(desk, wrong.form(f"{PAGE}/catat"), [PHOTO, PROGRAM], text=WORDS)
    assert slip.status == 200
    assert "1 berkas ikut tercatat." in slip.text
    assert "Berkas “surat.pdf” tidak diterima" in slip.text
    more = slip.form(f"{PAGE}/berkas")
    number = more.fields["number"]
    nothing = await _bring(desk, more, [("", b"")])
    assert (nothing.status, nothing.form(f"{PAGE}/berkas").fields["number"]) == (422, number)
    added = await _bring(desk, more, [("tiang.txt", b"Tiang nomor 17")])
    assert f"1 berkas ditambahkan pada laporan {number}." in added.text
    empty = (await other.open(PAGE)).form(f"{PAGE}/berkas")
    assert (await _bring(other, empty, [PHOTO], number=number)).status == 403
    kept = await app.state.attachments.list(number)
    assert [(one.name, one.by_office) for one in kept] == [("lampu.jpg", False), ("tiang.txt", False)]
