"""The public figures of sixty lives as a reader walks them: each number is its public rows and its hidden ones, on any
day. The tests only read, and share the lives.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi import FastAPI

from kawal.base.endpoints import Endpoints
from kawal.domain.names import Publicity, Status
from kawal.domain.public_figures import Figure, Period
from kawal.domain.recap import percentage
from kawal.store import public_board
from kawal.system import System
from kawal.wording.dates import show_number
from tests.conftest import connection_to, copied, fresh_namespace, fresh_task_queue
from tests.console.pages.browser import Browser, Page
from tests.console.pages.figures import HIDDEN, app_of, ledger_of, number_links, walked
from tests.reports.test_public_figures import AREAS, DAYS, PartlyHiddenLives, parts, public_numbers

WALKED = {"masuk", "selesai", "proses", "belum_diverifikasi", "digabung"}


@pytest.fixture(scope="module")
async def connected(
    temporal_server: Endpoints, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """Yield a connection to an installation of the file's own."""
    async with copied(temporal_server.database_url, database_template) as url:
        namespace, home = await fresh_namespace(temporal_server), tmp_path_factory.mktemp("shared")
        async with connection_to(temporal_server, namespace, fresh_task_queue(), url, home) as connected:
            yield connected


@pytest.fixture(scope="module")
def app(connected: System) -> FastAPI:
    """Return the application on it."""
    return app_of(connected)


@pytest.fixture(scope="module")
async def lives(connected: System) -> PartlyHiddenLives:
    """Return 60 partly hidden lives."""
    lives = PartlyHiddenLives(await ledger_of(connected), 11, connected.pool)
    for number in range(1, 61):
        await lives.live(number)
    await lives.place_some()
    await lives.hide_some()
    return lives


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


async def test_a_wrong_address_of_rows_is_answered_with_what_to_do(browser: Browser, lives: PartlyHiddenLives) -> None:
    assert lives.known
    for query, status, says in WRONG_ROWS:
        page = await browser.open(f"/angka/baris?instansi=KEPRI&tahun=2022&{query}")
        assert page.status == status, query
        assert says in page.text


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
