"""The public figures as a reader walks them: each number is its public rows and its hidden ones, on any day."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.pages.public import agencies, home_figures
from kawal.domain.messages import OpdLine
from kawal.domain.names import Publicity, Status
from kawal.domain.public_figures import RANKED_FROM, Figure, Period
from kawal.domain.recap import percentage
from kawal.store import public_board
from kawal.store.ledger import Ledger
from kawal.system import System
from kawal.wording.dates import show_number
from tests.console.pages.browser import Browser, Page
from tests.console.pages.test_site import write as write_file
from tests.intake.http.conftest import client_of
from tests.reports.conftest import CATEGORIES
from tests.reports.lives import happened, new, write
from tests.reports.test_public_figures import AREAS, DAYS, PartlyHiddenLives, parts, public_numbers

HIDDEN = re.compile(r"([\d.]+) rahasia, ([\d.]+) belum diverifikasi, ([\d.]+) berkadar pengawasan = ([\d.]+)")
NOON = datetime(2022, 3, 1, 5, tzinfo=UTC)
WALKED = {"masuk", "selesai", "proses", "belum_diverifikasi", "digabung"}


@pytest.fixture
def app(connected: System) -> FastAPI:
    """Return the application without a worker: nobody else writes or takes up what the tests write."""
    rates = {"http_public_rate": "10000/minute", "http_pages_rate": "100000/minute"}
    return create_app(Complaints(connected), connected.settings.model_copy(update=rates), [])


@pytest.fixture
def site(app: FastAPI) -> Iterator[Path]:
    """Yield the file of the operator's own texts, which ends with the test."""
    file: Path = app.state.settings.home / "site.toml"
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
async def ledger(connected: System) -> Ledger:
    """Return a ledger of KEPRI's, with an agency beside it that takes no reports."""
    pool, keys = connected.pool, connected.keys
    async with pool.acquire() as conn:
        await conn.execute("insert into instansi (code, name, active) values ('RIAU', 'Riau', false)")
        await conn.execute(
            "insert into opd (instansi, code, name) values ('KEPRI', 'PU', '=HYPERLINK(1)'), ('RIAU', 'DINKES', 'X')"
        )
        await conn.executemany(
            "insert into category (name, main, sub) values ($1, $2, $3) on conflict do nothing",
            [(main if sub is None else f"{main} / {sub}", main, sub) for main, sub in CATEGORIES],
        )
        for number in range(1, 61):
            await keys.create(conn, f"complaint-{number:07d}")
    return Ledger(pool, keys)


@pytest.fixture
async def lives(connected: System, ledger: Ledger) -> PartlyHiddenLives:
    """Return 60 partly hidden lives."""
    lives = PartlyHiddenLives(ledger, 11, connected.pool)
    for number in range(1, 61):
        await lives.live(number)
    await lives.place_some()
    await lives.hide_some()
    return lives


def numbers_of(page: Page) -> list[str]:
    """Return the numbers of the reports that a page lists."""
    return [link.removeprefix("/papan/") for link in page.links if link.startswith("/papan/")]


async def walked(browser: Browser, address: str) -> tuple[Page, list[str]]:
    """Read all pages behind a number by their links; return the first and the numbers of all."""
    first = page = await browser.open(address)
    numbers = numbers_of(page)
    while following := [link for link in page.links if link.startswith("/angka/baris?") and "setelah=" in link]:
        page = await browser.open(following[0])
        assert page.status == 200
        numbers += numbers_of(page)
    return first, numbers


def number_links(page: Page) -> dict[str, int]:
    """Return each number that leads to its reports, by the address that it leads to."""
    found = re.findall(r'<a href="(/angka/baris\?[^"]+)">([\d.]+)</a>', page.answer.text)
    return {address.replace("&amp;", "&"): int(shown.replace(".", "")) for address, shown in found}


async def test_each_number_is_its_public_reports_and_the_line_of_hidden_ones(
    browser: Browser, lives: PartlyHiddenLives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_board, "PAGE", 9)
    for day in (None, *DAYS[1:3]):
        await check_numbers(browser, lives, day)


async def check_numbers(browser: Browser, lives: PartlyHiddenLives, day: date | None) -> None:
    """Walk from the numbers of a page to their reports; compare with what is known of all lives."""
    hidden = {steps[-1][1].tracking_id for steps in lives.known if lives.publicity(steps) is not Publicity.PUBLIC}
    per = {} if day is None else {"per": str(day)}
    page = await browser.open(f"/angka?{urlencode({'instansi': 'KEPRI', 'tahun': '2022', **per})}")
    assert page.status == 200
    links = number_links(page)
    assert {parse_qs(urlsplit(one).query)["angka"][0] for one in links} == set(Figure)
    stood = lives.stood(day, Period.of_year(2022))
    some = [one for one in links.items() if parse_qs(urlsplit(one[0]).query)["angka"][0] in WALKED]
    for address, shown in some:
        query = parse_qs(urlsplit(address).query, keep_blank_values=True)
        rows, numbers = await walked(browser, address)
        assert not hidden & set(numbers)
        assert len(set(numbers)) == len(numbers)
        said = HIDDEN.search(rows.text)
        if {"kategori", "wilayah"} & set(query):
            assert said is None
            assert "Hanya laporan publik" in rows.text
            assert len(numbers) == shown
            continue
        assert said is not None, rows.text
        told = [int(one.replace(".", "")) for one in said.groups()]
        assert len(numbers) + sum(told[:3]) == shown == told[3]
        if "opd" not in query:
            count = parts(stood, Figure(query["angka"][0]))
            assert told[:3] == [count.rahasia, count.unverified, count.pengawasan]
            assert sorted(numbers) == public_numbers(stood, Figure(query["angka"][0]))


async def test_beside_the_figures_stand_period_definition_and_the_day_as_of_which(
    browser: Browser, lives: PartlyHiddenLives
) -> None:
    page = await browser.open("/angka?instansi=KEPRI&tahun=2022&bulan=6&per=2022-06-20")
    assert "1–20 Juni 2022" in page.text
    assert "20 Juni 2022 pukul 24.00 WIB" in page.text
    assert "Kantor sudah menjawab atau mulai bertindak" in page.text
    year = await browser.open("/angka?instansi=KEPRI&tahun=2022")
    assert "1 Januari–31 Desember 2022" in year.text
    recap = [one for one, _ in lives.stood(None, Period.of_year(2022))]
    done = percentage(
        sum(one.status is Status.SELESAI for one in recap),
        sum(one.status not in ("diarsipkan", "bukan_wewenang", "digabung") for one in recap),
    )
    assert done is not None
    assert f"{show_number(done, 'id')} %" in year.text
    assert "Natural Earth" in year.text
    assert " style=" not in year.answer.text
    assert {code for code in AREAS if len(code) == 8} <= {
        parse_qs(urlsplit(one).query).get("wilayah", [""])[0] for one in number_links(year)
    }


async def test_a_reader_finds_an_earlier_month_by_the_form_and_another_language_keeps_the_choice(
    browser: Browser, lives: PartlyHiddenLives
) -> None:
    assert lives.known
    page = await browser.open("/angka")
    assert page.status == 200
    sent = {**page.form("/angka").fields, "tahun": "2022", "bulan": "6", "per": "2022-06-20"}
    page = await browser.open(f"/angka?{urlencode(sent)}")
    assert "1–20 Juni 2022" in page.text
    assert page.form("/angka").fields == sent
    english = await browser.open(f"/angka{next(one for one in page.links if 'bahasa=' in one)}")
    assert "1–20 June 2022" in english.text


async def test_an_opd_has_a_rank_from_five_reports_on(browser: Browser, ledger: Ledger) -> None:
    codes = ["DINKES"] * RANKED_FROM + ["PU"] * (RANKED_FROM - 1)
    for number, code in enumerate(codes, 1):
        opds = [OpdLine(code=code, state="owes", forwarded_at=NOON)]
        await write(ledger, new(number, NOON, opds=opds), happened(NOON, 1, Status.BELUM_DIVERIFIKASI))
    page = await browser.open("/angka?tahun=2022")
    rows = re.findall(r'<tr>\n<td class="n">(.*?)</td>\n<th scope="row">(.*?)<svg', page.answer.text)
    assert rows == [("1", "Dinas Kesehatan"), ("–", "=HYPERLINK(1)")]
    assert f"mulai {RANKED_FROM} laporan" in page.text


async def test_the_csv_of_figures_and_of_rows_hold_what_the_pages_show_and_no_formula(
    browser: Browser, lives: PartlyHiddenLives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_board, "PAGE", 4)
    page = await browser.open("/angka?instansi=KEPRI&tahun=2022&per=2022-10-05")
    answer = await browser.client.get(next(link for link in page.links if link.startswith("/angka.csv")))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="angka-KEPRI-2022-per-2022-10-05.csv"'
    assert answer.text.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    shown = number_links(page)
    for address, number in shown.items():
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}
        of, code = next(
            ((name, query[key]) for key, name in (("opd", "opd"), ("kategori", "category"), ("wilayah", "area"))
             if key in query),
            ("all", ""),
        )  # fmt: skip
        (line,) = [one for one in lines if (one["of"], one["code"], one["figure"]) == (of, code, query["angka"])]
        assert line["value"] == str(number)
    assert not [one for one in lines if one["name"].startswith(("=", "+", "@", "-"))]
    address = next(one for one in shown if "angka=masuk" in one and "opd=" not in one)
    rows, numbers = await walked(browser, address)
    told = await browser.client.get(next(link for link in rows.links if link.startswith("/angka/baris.csv")))
    listed = list(csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff"))))
    assert [one["number"] for one in listed] == numbers
    assert lives.known


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

WRONG_ROWS = [
    ("", 404, "Angka itu tidak ada"),
    ("angka=semua", 404, "Angka itu tidak ada"),
    ("angka=masuk&opd=PU&wilayah=21.71", 422, "Pilih OPD, kategori, atau tempat"),
    ("angka=masuk&opd=%00", 200, "0 publik"),
    ("angka=masuk&kategori=%00", 200, "Tidak ada laporan publik"),
    ("angka=masuk&wilayah=99", 200, "Tidak ada laporan publik"),
    ("angka=masuk&setelah=2022-02-30.1234567", 200, "publik"),
    ("angka=masuk&setelah=x", 200, "publik"),
]
"""The same of the pages behind a number."""


@pytest.mark.usefixtures("ledger")
async def test_a_wrong_address_is_answered_with_what_to_do(browser: Browser) -> None:
    for path in ("/angka", "/angka.csv", "/angka/baris", "/angka/baris.csv"):
        for query, status, says in WRONG:
            page = await browser.open(f"{path}?{query}&angka=masuk")
            assert (page.status, "text/html" in page.answer.headers["content-type"]) == (status, True), query
            assert says in page.text


async def test_a_wrong_address_of_rows_is_answered_with_what_to_do(browser: Browser, lives: PartlyHiddenLives) -> None:
    assert lives.known
    for query, status, says in WRONG_ROWS:
        page = await browser.open(f"/angka/baris?instansi=KEPRI&tahun=2022&{query}")
        assert page.status == status, query
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


def sentences_of(page: Page) -> list[str]:
    """Return the sentences of a page's paragraphs, items and explanations."""
    parts = re.findall(r'<(p|li|span class="meaning")[^>]*>(.*?)</(?:p|li|span)>', page.answer.text, re.S)
    texts = [re.sub(r"<[^>]+>", " ", text) for _, text in parts]
    return [one for text in texts for one in re.split(r"[.!?:](?:\s|$)", text) if one.strip()]


async def test_the_pages_speak_in_short_sentences(browser: Browser, lives: PartlyHiddenLives) -> None:
    assert lives.known
    for path in ("/angka?tahun=2022", "/angka/baris?tahun=2022&angka=masuk", "/segel", "/segel/periksa", "/"):
        sentences = sentences_of(await browser.open(path))
        assert sentences
        assert sum(len(one.split()) for one in sentences) / len(sentences) <= 15, path
        assert max(len(one.split()) for one in sentences) <= 25, path


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
