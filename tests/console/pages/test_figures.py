"""The public figures: whom they rank, what a wrong address is told, several agencies, and the first page's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from kawal.console.pages.public import agencies, home_figures
from kawal.domain.messages import OpdLine
from kawal.domain.names import Status
from kawal.domain.public_figures import RANKED_FROM
from kawal.store.ledger import Ledger
from kawal.system import System
from tests.console.pages.browser import Browser
from tests.console.pages.figures import HIDDEN, app_of, ledger_of, number_links
from tests.console.pages.test_site import write as write_file
from tests.intake.http.conftest import client_of
from tests.reports.lives import happened, new, write

NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)


@pytest.fixture
def app(connected: System) -> FastAPI:
    """Return the application on an installation of the test's own."""
    return app_of(connected)


@pytest.fixture
def site(app: FastAPI) -> Iterator[Path]:
    """Yield the file of the operator's own texts, which ends with the test."""
    file: Path = app.state.settings.home / "site.toml"
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
async def ledger(connected: System) -> Ledger:
    """Return a ledger of the test's own."""
    return await ledger_of(connected)


async def test_an_opd_has_a_rank_from_five_reports_on(browser: Browser, ledger: Ledger) -> None:
    codes = ["DINKES"] * RANKED_FROM + ["PU"] * (RANKED_FROM - 1)
    for number, code in enumerate(codes, 1):
        opds = [OpdLine(code=code, state="owes", forwarded_at=NOON)]
        await write(ledger, new(number, NOON, opds=opds), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    page = await browser.open("/angka?tahun=2022")
    rows = re.findall(r'<tr>\n<td class="n">(.*?)</td>\n<th scope="row">(.*?)<svg', page.answer.text)
    assert rows == [("1", "Dinas Kesehatan"), ("–", "=HYPERLINK(1)")]
    assert f"mulai {RANKED_FROM} laporan" in page.text


WRONG = [
    ("tahun=2022&bulan=13", 422, "bulan dari 1 sampai 12"),
    ("tahun=2022&bulan=x", 422, "bulan dari 1 sampai 12"),
    ("tahun=2022&bulan=%C2%B2", 422, "bulan dari 1 sampai 12"),
    ("tahun=9999", 422, "Pilih tahun dari 2000"),
    ("tahun=0", 422, "Pilih tahun dari 2000"),
    ("tahun=%00", 422, "Pilih tahun dari 2000"),
    ("tahun=2022&per=9999-01-01", 422, "Hari ini belum tiba"),
    ("tahun=2022&per=2022-02-30", 422, "Hari itu tidak ada"),
    ("tahun=2022&per=kemarin", 422, "Hari itu tidak ada"),
    ("tahun=2022&bulan=6&per=2022-05-31", 422, "Pilih hari mulai 1 Juni 2022"),
    ("instansi=ATLANTIS", 404, "Tidak ada instansi dengan kode ini"),
    ("instansi=%00", 404, "Tidak ada instansi dengan kode ini"),
    ("instansi=RIAU", 404, "Tidak ada instansi dengan kode ini"),
]
"""Arguments of all pages of figures, the status, and what is said."""


@pytest.mark.usefixtures("ledger")
async def test_a_wrong_address_is_answered_with_what_to_do(browser: Browser) -> None:
    for path in ("/angka", "/angka.csv", "/angka/baris", "/angka/baris.csv"):
        for query, status, says in WRONG:
            page = await browser.open(f"{path}?{query}&angka=masuk")
            assert (page.status, "text/html" in page.answer.headers["content-type"]) == (status, True), query
            assert says in page.text


@pytest.mark.usefixtures("ledger")
async def test_with_several_agencies_the_reader_chooses_first_and_a_host_name_may_answer_it(
    browser: Browser, connected: System, site: Path
) -> None:
    await connected.pool.execute("update instansi set active = true where code = 'RIAU'")
    page = await browser.open("/angka?tahun=2022")
    assert (page.status, number_links(page)) == (200, {})
    assert "Angka instansi mana" in page.text
    page = await browser.open(f"/angka?{urlencode({**page.form('/angka').fields, 'instansi': 'RIAU'})}")
    assert "Angka: Riau" in page.text
    assert all("instansi=RIAU" in address for address in number_links(page))
    write_file(site, '[hosts]\n"kepri.test" = "KEPRI"\n')
    page = await browser.open("http://kepri.test/angka?tahun=2022")
    assert number_links(page)
    assert all("instansi=KEPRI" in address for address in number_links(page))
    assert (await browser.open("http://kepri.test/angka?instansi=RIAU")).status == 404


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first page wait for its figures, however busy the machine is."""
    monkeypatch.setattr(home_figures, "WITHIN", 60.0)


@pytest.mark.usefixtures("patient")
async def test_the_first_page_shows_the_months_figures_and_leads_to_them(browser: Browser, ledger: Ledger) -> None:
    now = datetime.now(UTC)
    for number in (1, 2, 3):
        await write(ledger, new(number, now), happened(now, 1, Status.BELUM_DIVERIFIKASI))
    page = await browser.open("/")
    (address,) = [link for link in page.links if link.startswith("/angka/baris?") and "angka=masuk" in link]
    assert number_links(page)[address] == 3
    assert f"bulan={(now + timedelta(hours=7)).month}" in address
    assert HIDDEN.search((await browser.open(address)).text).groups() == ("0", "3", "0", "3")  # type: ignore[union-attr]


async def test_a_database_that_stands_still_does_not_hold_up_the_first_page(
    browser: Browser, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await browser.open("/")).status == 200
    moved = asyncio.Event()

    async def not_even_given_up(*_: object) -> list[object]:
        while not moved.is_set():
            with suppress(asyncio.CancelledError):
                await moved.wait()
        return []

    monkeypatch.setattr(app.state.home_figures, "_month", not_even_given_up)
    monkeypatch.setattr(app.state.complaints.directory, "all_instansi", not_even_given_up)
    app.state.agencies._known_at = -agencies.REMEMBERED
    app.state.home_figures._read_at.clear()
    async with asyncio.timeout(20):
        page = await browser.open("/")
    assert (page.status, number_links(page)) == (200, {})
    moved.set()


@pytest.mark.usefixtures("patient")
async def test_without_the_database_the_first_page_comes_without_figures_and_the_others_say_so(
    connected: System, app: FastAPI
) -> None:
    async with client_of(app) as client:
        browser = Browser(client)
        assert number_links(await browser.open("/"))
        await connected.pool.close()
        app.state.home_figures._read_at.clear()
        page = await browser.open("/")
        assert (page.status, number_links(page)) == (200, {})
        assert page.form("/lapor/isi")
        for path in ("/angka", "/angka.csv", "/angka/baris?angka=masuk", "/angka/baris.csv?angka=masuk"):
            page = await browser.open(path)
            assert page.status == 503
            assert "belum dapat dibaca" in page.text
        page = await browser.open("/papan")
        assert page.status == 503
        assert "Coba lagi dalam beberapa menit" in page.text
