"""A report's own page without what it rests on: the words erased, the engine away, the database away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.embedded.virtual_time import VirtualTime
from kawal.store.erasure_list import ErasureEntry
from kawal.store.erasures import Erasures
from kawal.system import System
from tests.audit.conftest import office
from tests.console.pages.browser import Browser
from tests.console.pages.reporting import answer, own_page
from tests.intake.http.conftest import client_of
from tests.workflows.life import Case, Office
from worker import make_worker

__all__ = ["office"]


async def test_an_erased_report_shows_its_process_without_words_and_proves_itself(
    browser: Browser, office: Office
) -> None:
    case = await office.receive()
    await case.close()
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"{page.path}/nilai")
    complaints = office.complaints

    async def listed(_entry: ErasureEntry) -> None:
        return None

    entry = ErasureEntry(
        tracking_id=case.tracking_id, at=datetime.now(UTC), role="agency_admin", account="admin0001", ground="request"
    )
    assert await Erasures(complaints.pool, complaints.record.keys).erase(entry, listed)
    page = await browser.open(page.path)
    assert page.status == 200
    assert "Pasar Bincen" not in page.text
    assert "Laporan Anda diteruskan ke" in page.text
    assert "catatannya tetap terbukti" in page.text
    assert {one.action.rsplit("/", 1)[1] for one in page.forms} == {"ganti-kode", "lupakan"}
    late = await browser.send(form, rating="5", words="Terima kasih")
    assert (late.status, "sudah dihapus" in late.text) == (410, True)
    assert late.form(form.action).fields["words"].strip() == "Terima kasih"


@asynccontextmanager
async def at_work(connected: System) -> AsyncIterator[Office]:
    """Yield the office while a worker works; without it the engine answers nobody."""
    virtual = VirtualTime(connected.client)
    moved = connected.but(client=virtual.client)
    async with make_worker(moved):
        yield Office(Complaints(moved), virtual)


@pytest.fixture
async def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reporters wait less for an answer that does not come."""
    monkeypatch.setattr("kawal.client.reporter_commands.ANSWERED_WITHIN", 0.5)


def app_of(office: Office) -> FastAPI:
    """Return the application on a system whose worker is away."""
    return create_app(office.complaints, office.complaints.settings, [])


@pytest.mark.usefixtures("quick")
async def test_with_the_worker_away_an_answer_is_kept_and_said_to_be_kept_and_hiding_acts_at_once(
    connected: System,
) -> None:
    async with at_work(connected) as open_office:
        case = await open_office.receive()
        await case.forward()
        await case.liaison("DPUPR", "ask", question="Di sisi mana?")
    async with client_of(app_of(open_office)) as client:
        browser = Browser(client)
        page = await own_page(browser, open_office, case.tracking_id)
        form = page.form(f"{page.path}/jawab")
        for _ in range(2):
            kept = await answer(browser, form, "Di sisi kiri.")
            assert "Kami simpan dan teruskan begitu sistem kembali." in kept.text
        assert kept.text.count("Di sisi kiri.") == 1
        other = await answer(browser, form, "Di sisi kanan.")
        assert (other.status, "Ini sudah dijawab" in other.text) == (409, True)
        assert "Di sisi kanan." in "".join(value for one in other.forms for value in one.fields.values())
        assert "Jalan berlubang" in await public_words(connected, case)
        hidden = await browser.send(kept.form(f"{page.path}/sembunyikan"), rahasia="1")
        assert "Mulai sekarang" in hidden.text
        assert "Seluruh laporan disembunyikan dari umum" in hidden.text
        assert await public_words(connected, case) == ""


@pytest.mark.usefixtures("quick")
async def test_with_the_worker_away_one_word_on_the_follow_up_is_kept_and_the_other_tab_is_told(
    connected: System,
) -> None:
    async with at_work(connected) as open_office:
        case = await open_office.receive()
        await case.finish()
    async with client_of(app_of(open_office)) as client:
        browser = Browser(client)
        page, tab = [await own_page(browser, open_office, case.tracking_id) for _ in range(2)]
        for _ in range(2):
            kept = await browser.send(page.form(f"{page.path}/terima"))
            assert "Kami simpan dan teruskan begitu sistem kembali." in kept.text
            assert "setujui tindak lanjut" in kept.text, "who accepted reads that this is what is kept"
        late = await browser.send(tab.form(f"{tab.path}/sanggah"), words="Belum selesai.")
        assert (late.status, "mungkin di tab lain" in late.text) == (409, True)
        assert late.form(f"{tab.path}/sanggah").fields["words"].strip() == "Belum selesai."
    waiting = await connected.kept_replies.waiting_of(case.tracking_id)
    assert [one.command for one in waiting] == ["accept"]


async def public_words(connected: System, case: Case) -> str:
    """Return the title that the public reads, "" for none."""
    found: str | None = await connected.pool.fetchval(
        "select title from public_report where tracking_id::text = $1", case.tracking_id
    )
    return found or ""


async def test_a_report_that_waits_in_the_inbox_has_its_page_and_takes_a_message(
    connected: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kawal.client.reporter_commands.ANSWERED_WITHIN", 0.5)
    waiting = Office(Complaints(connected), VirtualTime(connected.client))
    async with client_of(app_of(waiting)) as client:
        browser = Browser(client)
        form = (await browser.open("/lapor")).form("/lapor")
        sent = await browser.send(form, text="Lampu jalan padam di Batu 8.")
        page = await browser.open(sent.path.removesuffix("/tanda-terima"))
        assert "Laporan Anda ada pada admin pengaduan" in page.text
        assert "Lampu jalan padam di Batu 8." in page.text
        kept = await answer(browser, page.form(f"{page.path}/jawab"), "Sudah seminggu.")
        assert "Kami simpan" in kept.text
        assert "Sudah seminggu." in kept.text


async def test_with_the_database_away_what_was_typed_comes_back_and_can_be_sent_again(
    browser: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await office.receive()
    await case.finish()
    page = await own_page(browser, office, case.tracking_id)

    async def away(*_given: Any) -> str:
        raise ConnectionRefusedError(111, "pool")

    with monkeypatch.context() as patch:
        patch.setattr("kawal.client.reporter_access.ReporterAccess.cookie_of", away)
        message = await answer(browser, page.form(f"{page.path}/jawab"), "Masih berlubang.")
        dispute = await browser.send(page.form(f"{page.path}/sanggah"), words="Belum selesai.")
        asked = await browser.send((await browser.open("/l/kirim-ulang")).form("/l/kirim-ulang"), number="", contact="")
        assert asked.answer.text.count('aria-invalid="true"') == 2
    assert (message.status, dispute.status, asked.status) == (503, 503, 422)
    assert "BELUM TERKIRIM" in message.text
    assert dispute.form(f"{page.path}/sanggah").fields["words"].strip() == "Belum selesai."
    again = message.form(f"{page.path}/jawab")
    done = await answer(browser, again, again.fields["words"].strip())
    assert "Tulisan Anda sudah terkirim." in done.text


async def test_a_request_for_the_link_is_answered_alike_whether_or_not_number_and_contact_belong_together(
    browser: Browser, office: Office
) -> None:
    case = await office.receive()
    answers = []
    for number, contact in (
        (case.tracking_id, "siti@example.org"),
        (case.tracking_id, "orang@example.org"),
        ("1234567", "siti@example.org"),
    ):
        form = (await browser.open(f"/l/kirim-ulang?nomor={number}")).form("/l/kirim-ulang")
        assert form.fields["number"] == number
        page = await browser.send(form, contact=contact)
        answers.append((page.status, page.text))
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert await office.complaints.pool.fetchval("select count(*) from link_request") == len(answers)
