"""The public board: what is public and nothing else, in lists that an address keeps; support by anyone, once."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from kawal.api import create_app
from kawal.console.pages.app import ROUTES
from kawal.console.pages.public.board_address import BoardAddress, from_key
from kawal.domain.names import Role
from kawal.store.public_board import PAGE, BoardKey
from tests.console.pages.browser import Browser, Page
from tests.desks.test_publicity import LEFT, black_out, photo, pixels, release
from tests.intake.http.conftest import client_of
from tests.store.lives import NOON
from tests.workflows.life import Case, Office

STATIC = Path(__file__).parents[3] / "kawal" / "console" / "static"

EDGES = [
    base64.urlsafe_b64encode(f"{at} 1234567".encode()).decode()
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
]
"""Places in the list that UTC has no time for."""


def numbers(page: Page) -> list[str]:
    return [link.removeprefix("/papan/") for link in page.links if re.fullmatch("/papan/[0-9]+", link)]


@pytest.fixture
async def lamp(office: Office) -> Case:
    case = await office.receive(text="Lampu jalan padam di Batu 8.", place={"text": "Batu 8, Tanjungpinang"})
    await case.forward("DISHUB")
    return case


async def test_public_reports_are_found_by_words_place_number_and_status(browser: Browser, lamp: Case) -> None:
    for query in ("", "?cari=lampu", f"?cari={lamp.tracking_id}", "?tempat=batu+8", "?opd=DISHUB"):
        assert numbers(await browser.open(f"/papan{query}")) == [lamp.tracking_id], query
    assert numbers(await browser.open("/papan?status=belum_ditindaklanjuti")) == [lamp.tracking_id]
    for query in ("?cari=banjir", "?tempat=batam", "?opd=DPUPR", "?status=selesai"):
        page = await browser.open(f"/papan{query}")
        assert numbers(page) == [], query
        assert "Tidak ada laporan publik" in page.text


async def test_the_filters_keep_what_was_chosen_and_the_address_says_it(browser: Browser, lamp: Case) -> None:
    assert lamp
    page = await browser.open("/papan")
    found = await browser.send(page.form("/papan"), cari="lampu", opd="DISHUB")
    assert parse_qs(urlsplit(str(found.answer.url)).query)["cari"] == ["lampu"]
    assert found.form("/papan").fields["opd"] == "DISHUB"


async def test_with_several_agencies_each_report_names_its_own_and_an_opd_of_the_same_code_is_offered_once(
    browser: Browser, office: Office, lamp: Case
) -> None:
    agency = await office.complaints.pool.fetchval("select name from instansi where code = 'KEPRI'")
    for path in ("/papan", f"/papan/{lamp.tracking_id}"):
        assert f"· {agency}" not in (await browser.open(path)).text
    await office.complaints.pool.execute("insert into instansi (code, name) values ('BINTAN', 'Kabupaten Bintan')")
    await office.complaints.pool.execute(
        "insert into opd (instansi, code, name) select 'BINTAN', code, name from opd where code = 'DISHUB'"
    )
    async with client_of(create_app(office.complaints, office.complaints.settings, [])) as client:
        later = Browser(client)  # in a process that has not read the agencies yet
        page = await later.open("/papan")
        assert page.answer.text.count('<option value="DISHUB">') == 1
        for path in ("/papan", f"/papan/{lamp.tracking_id}"):
            assert f"· {agency}" in (await later.open(path)).text
        assert f"· {agency}" not in (await later.open("/papan?instansi=KEPRI")).text


async def test_nothing_hidden_is_on_the_board_nor_at_its_own_address(browser: Browser, office: Office) -> None:
    unverified = await office.receive()
    secret = await office.receive(rahasia=True)
    await secret.forward("DPUPR")
    hidden = await office.receive()
    await hidden.forward("DPUPR")
    await hidden.reporter("conceal", rahasia=True)
    assert numbers(await browser.open("/papan")) == []
    unknown = await browser.client.get("/papan/1234567")
    assert unknown.status_code == 404
    assert {(await browser.client.get(f"/papan/{what}")).status_code for what in ("x", "%00", "123456")} == {404}
    for one in (unverified, secret, hidden):
        answer = await browser.client.get(f"/papan/{one.tracking_id}")
        assert (answer.status_code, answer.text.replace(one.tracking_id, "1234567")) == (404, unknown.text)


async def test_of_a_supervised_report_only_number_status_and_date_are_shown(browser: Browser, office: Office) -> None:
    case = await office.receive(text="Pungutan liar di loket.", anonim=True)
    await case.verify(pengawasan=True)
    page = await browser.open(f"/papan/{case.tracking_id}")
    assert page.status == 200
    assert "anonim" not in page.text.lower()
    assert "hanya mengetahui nomor" in page.text
    assert "Pungutan" not in page.text
    assert numbers(await browser.open("/papan")) == []


async def test_a_report_shows_its_words_and_what_was_done_and_is_not_indexed(browser: Browser, lamp: Case) -> None:
    await lamp.follow_up("DISHUB", final=True)
    page = await browser.open(f"/papan/{lamp.tracking_id}")
    assert "Lampu jalan padam di Batu 8." in page.text
    assert "Lubang ditambal hari ini." in page.text
    assert "Siti" not in page.text
    assert page.answer.headers["x-robots-tag"] == "noindex"


async def test_a_file_opens_once_it_is_released_and_then_as_it_was_redacted(browser: Browser, lamp: Case) -> None:
    file = await photo(lamp)
    address = f"/papan/{lamp.tracking_id}/berkas/{file}"
    assert (await browser.client.get(address)).status_code == 404
    await release(lamp, Role.ADMIN, file=file)
    before = await browser.client.get(address)
    await black_out(lamp, file, LEFT)
    after = await browser.client.get(address)
    assert address in (await browser.open(f"/papan/{lamp.tracking_id}")).links
    for answer in (before, after):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["content-length"] == str(len(answer.content))
    assert pixels(before.content).getpixel((4, 10)) != (0, 0, 0) == pixels(after.content).getpixel((4, 10))


async def test_anyone_supports_once_and_takes_it_back(browser: Browser, lamp: Case, app: FastAPI) -> None:
    where = f"/papan/{lamp.tracking_id}"
    page = await browser.send((await browser.open(where)).form(f"{where}/dukung"))
    assert "1 orang mendukung" in page.text
    assert "Anda mendukung laporan ini" in page.text
    again = await browser.client.post(f"{where}/dukung", data={})
    assert again.status_code == 303
    async with client_of(app) as client:
        other = Browser(client)
        assert "2 orang mendukung" in (await other.send((await other.open(where)).form(f"{where}/dukung"))).text
    page = await browser.send((await browser.open(where)).form(f"{where}/batal-dukung"))
    assert "1 orang mendukung" in page.text
    assert page.form(f"{where}/dukung")


async def test_one_address_cannot_make_many_supporters_of_itself(lamp: Case, office: Office) -> None:
    where = f"/papan/{lamp.tracking_id}"
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "3/hour"})
    strict, codes = create_app(office.complaints, settings), []
    for _ in range(5):
        async with client_of(strict, "203.0.113.1") as new_browser:
            codes.append((await new_browser.post(f"{where}/dukung", data={})).status_code)
            assert (await new_browser.get(where)).status_code == 200
    assert codes == [303, 303, 303, 429, 429]
    async with client_of(strict, "203.0.113.2") as another:
        assert (await another.post(f"{where}/dukung", data={})).status_code == 303
        assert "4 orang mendukung" in (await another.get(where)).text


async def test_whole_lists_are_given_to_one_address_so_often_and_pages_more_often(office: Office) -> None:
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "3/hour"})
    for path in ("/papan.csv", "/angka/baris.csv?angka=masuk"):
        async with client_of(create_app(office.complaints, settings), "203.0.113.1") as client:
            assert [(await client.get(path)).status_code for _ in range(4)] == [200, 200, 200, 429], path
            assert (await client.get(path.replace(".csv", ""))).status_code == 200, path


async def test_a_wrong_address_is_named_and_nothing_is_counted(browser: Browser, lamp: Case) -> None:
    where = f"/papan/{lamp.tracking_id}"
    page = await browser.send((await browser.open(where)).form(f"{where}/dukung"), email="siti di example")
    assert page.status == 422
    assert page.form(f"{where}/dukung").fields["email"] == "siti di example"
    assert "0 orang mendukung" in (await browser.open(where)).text
    asked = await browser.send(page.form(f"{where}/dukung"), email="siti@example.org")
    assert "Surel sudah dikirim" in asked.text


async def test_with_the_database_away_the_address_of_a_supporter_is_kept_and_can_be_sent_again(
    browser: Browser, lamp: Case, office: Office
) -> None:
    where = f"/papan/{lamp.tracking_id}"
    page = await browser.open(where)
    await office.complaints.pool.close()
    refused = await browser.send(page.form(f"{where}/dukung"), email="siti@example.org")
    assert (refused.status, refused.form(f"{where}/dukung").fields["email"]) == (503, "siti@example.org")
    assert "Belum dihitung" in refused.text
    assert refused.answer.headers["retry-after"]


async def test_with_the_database_away_every_page_says_it_as_a_person_would(app: FastAPI, office: Office) -> None:
    await office.complaints.pool.close()
    routes = [one for one in ROUTES if "{digest}" not in one.path]
    for number, (route, method) in enumerate(itertools.product(routes, ("GET", "POST"))):
        asked = f"{method} {route.path}"
        path = re.sub(r"\{[a-z]+\}", "1234567", route.path)
        async with client_of(app, f"203.0.113.{number % 250}") as client:
            client.cookies.set("laporan-1234567", "x" * 22)
            client.cookies.set("pendukung", "x" * 22)
            form = {"number": "1234567", "code": "x", "contact": "a@example.org"}
            answer = await client.request(method, path, data=form)
        assert answer.status_code != 500, asked
        assert "Idempotency" not in answer.text, asked
        if answer.status_code == 503:
            assert re.search("sebentar lagi|dalam beberapa menit", answer.text), asked
            assert answer.headers["retry-after"], asked


async def test_what_is_not_public_takes_no_support_and_a_link_of_nothing_is_said_to_be_none(
    browser: Browser, office: Office
) -> None:
    case = await office.receive()
    assert (await browser.client.post(f"/papan/{case.tracking_id}/dukung", data={})).status_code == 404
    page = await browser.open("/dukungan/abc")
    assert page.status == 200
    for fields in ({}, {"end": "1"}):
        assert "tidak berlaku lagi" in (await browser.send(page.form("/dukungan/abc"), **fields)).text


async def test_pages_follow_each_other_without_gap_or_repetition_and_the_csv_holds_all(
    browser: Browser, office: Office
) -> None:
    cases = [await office.receive() for _ in range(PAGE + 2)]
    for case in cases:
        await case.verify()
    first = await browser.open("/papan?cari=jalan")
    assert len(numbers(first)) == PAGE
    following = next(link for link in first.links if "setelah=" in link)
    second = await browser.open(following)
    assert sorted(numbers(first) + numbers(second)) == sorted(case.tracking_id for case in cases)
    answer = await browser.client.get(next(link for link in first.links if link.startswith("/papan.csv")))
    assert "Paling banyak 2.000 laporan terbaru" in first.text
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sorted(row["number"] for row in rows) == sorted(case.tracking_id for case in cases)


NO_ADDRESSES = (
    *("?setelah=x", "?setelah=eA==", *(f"?setelah={edge}" for edge in EDGES)),
    *("?status=x&instansi=MARS", "?cari=%00%27%22", f"?cari={'a' * 5000}", "?opd=%"),
)


async def test_an_address_of_nothing_shows_a_list_all_the_same(browser: Browser, lamp: Case) -> None:
    assert lamp
    for query in NO_ADDRESSES:
        assert (await browser.open(f"/papan{query}")).status == 200, query


async def test_what_is_no_number_has_no_page_no_file_and_takes_no_support(browser: Browser) -> None:
    for number in ("%00", "123%004567", "1" * 4000, "١٢٣٤٥٦٧", "%27", "+"):
        for path in (f"/papan/{number}", f"/papan/{number}/berkas/{number}", f"/papan/{number}/berkas/{UUID(int=1)}"):
            assert (await browser.client.get(path)).status_code == 404, path
        assert (await browser.client.post(f"/papan/{number}/dukung", data={})).status_code == 404, number


@given(st.sampled_from(["0001-01-01T00:00:00", "9999-12-31T23:59:59"]), st.integers(-1439, 1439))
def test_where_a_page_begins_is_an_instant_of_the_database_also_at_the_ends_of_the_calendar(
    at: str, offset: int
) -> None:
    there = timezone(timedelta(minutes=offset))
    written = f"{datetime.fromisoformat(at).replace(tzinfo=there).isoformat()} 1234567"
    after = BoardAddress(setelah=base64.urlsafe_b64encode(written.encode()).decode()).after
    assert after is None or after.received_at.utcoffset() == timedelta()


@given(st.datetimes(timezones=st.just(NOON.tzinfo)), st.from_regex("[0-9]{7,9}", fullmatch=True))
def test_where_a_page_begins_is_read_as_it_was_written(at: Any, number: str) -> None:
    assert BoardAddress.of({"setelah": from_key(BoardKey(at, number))}).after == BoardKey(at, number)


@given(st.dictionaries(st.sampled_from(BoardAddress._fields), st.text(max_size=300)))
def test_any_address_is_read(given_: dict[str, str]) -> None:
    wanted = BoardAddress.of(given_)
    assert wanted.query.words == wanted.cari
    assert wanted.after is None or wanted.after.number.isdigit()


def test_what_is_not_ours_is_named_with_its_licence_and_unchanged() -> None:
    rows = re.findall(r"^\| `([^`]+)` .*\| `([0-9a-f]{64})` \|$", (STATIC / "VENDORED.md").read_text("utf-8"), re.M)
    assert {name for name, _ in rows} == {file.name for file in STATIC.glob("*.min.js")}
    for name, digest in rows:
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
