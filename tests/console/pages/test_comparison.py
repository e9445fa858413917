"""Only where something very like a report is public does another page come first, and it says that nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from kawal.console.pages.public import likeness
from tests.console.pages.browser import Browser, Page
from tests.console.pages.test_report_form import TEXT, number_of, reports
from tests.intake.http.conftest import client_of
from tests.workflows.life import Case, Office

PLACE = "Batu 8, Tanjungpinang"


@pytest.fixture
async def public(office: Office) -> Case:
    """Return a public report about the lamp."""
    case = await office.receive(title="Lampu jalan padam", text=TEXT, place={"text": PLACE})
    await case.forward("DISHUB")
    # Likenesses are looked for in the last sixty days, and this office's days are of another year.
    office.complaints.now = lambda: case_now
    case_now = (await case.row()).received_at
    return case


async def sent(browser: Browser, **fields: Any) -> Page:
    page = await browser.open("/lapor")
    return await browser.send(page.form("/lapor"), text=TEXT, place=PLACE, **fields)


async def test_the_like_one_is_shown_first_and_nothing_is_sent_yet(
    browser: Browser, office: Office, public: Case
) -> None:
    before = await reports(office)
    page = await sent(browser, contact="siti@example.org", anonim="1")
    assert page.status == 200
    assert "Laporan Anda BELUM terkirim" in page.text
    assert public.tracking_id in page.text
    assert "Tulisan Anda tidak disimpan" in page.text
    assert await reports(office) == before
    number = number_of(await browser.send(page.form("/lapor/periksa")))
    waiting = await office.complaints.system.inbox.find(number)
    assert waiting is not None
    assert (waiting.report.text, waiting.report.anonim) == (TEXT, True)
    assert waiting.report.reporter.email == "siti@example.org"


async def test_from_the_comparison_one_goes_back_to_the_form_with_everything(browser: Browser, public: Case) -> None:
    assert public
    page = await sent(browser, rahasia="1")
    for way in (page.form("/lapor/isi"), page.in_other_language()):
        back = (await browser.send(way)).form("/lapor").fields
        assert (back["text"], back["place"], back["rahasia"]) == (TEXT, PLACE, "1")


async def test_other_matters_and_hidden_or_ended_reports_stop_nobody(
    browser: Browser, office: Office, public: Case
) -> None:
    assert number_of(await browser.send((await browser.open("/lapor")).form("/lapor"), text="Sampah menumpuk."))
    await public.reporter("conceal", rahasia=True)
    assert number_of(await sent(browser))
    assert await reports(office) == 3


async def test_a_comparison_that_takes_too_long_is_given_up_and_the_report_is_sent(
    app: FastAPI, public: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert public
    monkeypatch.setattr(likeness, "GIVEN_UP_AFTER", 0.0)
    async with client_of(app) as client:
        assert number_of(await sent(Browser(client)))


@pytest.mark.usefixtures("public")
async def test_in_a_wave_a_few_are_compared_in_each_second_and_the_others_are_sent(
    app: FastAPI, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "A_SECOND", 2)
    async with client_of(app) as client:
        browser = Browser(client)
        # Within one second, however slow the machine is.
        monkeypatch.setattr(likeness, "monotonic", lambda: 1.5)
        pages = [await sent(browser) for _ in range(4)]
        assert ["BELUM terkirim" in page.text for page in pages] == [True, True, False, False]
        assert await reports(office) == 3
        monkeypatch.setattr(likeness, "monotonic", lambda: 2.6)
        assert "BELUM terkirim" in (await sent(browser)).text
