"""The form of a report: sent at the first press, once; whatever is wrong, nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from kawal.api import create_app
from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.frame import CSP
from kawal.domain.names import Channel
from tests.console.pages.browser import Browser, Page
from tests.intake.conftest import live
from tests.intake.conftest import shared_office as office
from tests.intake.http.conftest import client_of
from tests.workflows.conftest import Opening
from tests.workflows.life import Office, eventually

__all__ = ["office"]

TEXT = "Lampu jalan di depan Masjid Raya padam sejak Senin.\nSudah dua motor bertabrakan."
TYPED: dict[str, Any] = {
    "text": TEXT,
    "place": "Batu 8, Tanjungpinang",
    "contact": "0812 3456 7890",
    "name": "Siti <b>Aminah</b>",
    "anonim": "1",
}


async def filled(browser: Browser, **fields: Any) -> Page:
    page = await browser.open("/lapor")
    return await browser.send(page.form("/lapor"), **{**TYPED, **fields})


def number_of(page: Page) -> str:
    assert page.status == 200, page.text
    found = re.fullmatch("/l/([0-9]{7,9})/tanda-terima", page.path)
    assert found is not None, page.path
    return found[1]


async def reports(office: Office) -> int:
    return int(await office.complaints.pool.fetchval("select count(*) from inbox"))


async def test_one_press_sends_the_report_and_shows_number_code_and_link(browser: Browser, office: Office) -> None:
    receipt = await filled(browser)
    number = number_of(receipt)
    code = await browser.client.get(f"/l/{number}/tanda-terima")
    link = next(one for one in receipt.links if f"/l/{number}/" in one)
    assert link.rsplit("/", 1)[1] in receipt.text
    assert number in receipt.text
    assert "<svg" in code.text
    waiting = await office.complaints.system.inbox.find(number)
    assert waiting is not None
    report = waiting.report
    assert (report.title, report.text, report.channel) == (TEXT.splitlines()[0], TEXT, Channel.WEB)
    assert (report.place.text, report.reporter.phone) == ("Batu 8, Tanjungpinang", "+6281234567890")
    assert (report.reporter.name, report.anonim, report.rahasia) == ("Siti <b>Aminah</b>", True, False)


async def test_a_text_alone_is_enough(browser: Browser, office: Office) -> None:
    number = number_of(await filled(browser, place="", contact="", name="", anonim=None))
    assert (await office.complaints.system.inbox.find(number)).report.text == TEXT  # type: ignore[union-attr]


async def test_the_other_language_takes_along_what_was_typed(browser: Browser) -> None:
    form = await browser.send((await browser.open("/")).form("/lapor/isi"), text=TEXT)
    english = await browser.send(form.in_other_language(), **TYPED)
    assert "What happened?" in english.text
    assert {name: english.form("/lapor").fields[name] for name in TYPED} == TYPED
    wrong = await browser.send(english.form("/lapor"), contact="nowhere")
    assert wrong.status == 422
    indonesian = await browser.send(wrong.in_other_language())
    assert "Apa yang terjadi?" in indonesian.text
    assert indonesian.form("/lapor").fields["text"] == TEXT


@pytest.mark.parametrize("address", ["/lapor/isi", "/lapor/peta", "/lapor/periksa"])
async def test_an_address_that_takes_a_form_leads_whoever_only_reads_it_to_the_form(
    browser: Browser, address: str
) -> None:
    page = await browser.open(f"{address}?bahasa=en")
    assert (page.status, page.path) == (200, "/lapor")
    assert "What happened?" in page.text


async def test_a_double_tap_is_one_report_and_both_see_its_receipt(browser: Browser, office: Office) -> None:
    before = await reports(office)
    form = (await browser.open("/lapor")).form("/lapor")
    pages = await asyncio.gather(*(browser.send(form, **TYPED) for _ in range(4)))
    assert len({number_of(page) for page in pages}) == 1
    assert await reports(office) == before + 1


async def test_a_form_sent_again_after_the_code_was_changed_opens_the_report_with_the_new_one(
    browser: Browser, office: Office
) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    number = number_of(await browser.send(form, **TYPED))
    code = await ReporterAccess(office.complaints).change_code(number, office.complaints.now())
    browser.client.cookies.clear()
    again = await browser.send(form, **TYPED)
    assert number_of(again) == number
    assert f"/l/{number}/{code}" in "".join(again.links)


async def test_other_words_from_a_page_that_was_sent_are_asked_about_and_then_another_report(
    browser: Browser, office: Office
) -> None:
    before = await reports(office)
    form = (await browser.open("/lapor")).form("/lapor")
    first = number_of(await browser.send(form, **TYPED))
    again = await browser.send(form, **TYPED | {"text": "Sampah menumpuk di Pasar Bincen."})
    assert again.status == 409
    kept = again.form("/lapor")
    assert kept.fields["text"] == "Sampah menumpuk di Pasar Bincen."
    assert kept.fields["key"] != form.fields["key"]
    assert number_of(await browser.send(kept)) != first
    assert await reports(office) == before + 2


@pytest.mark.parametrize(
    ("wrong", "at", "says"),
    [
        ({"text": "  \n "}, "text", "Tuliskan apa yang terjadi"),
        ({"text": "\u200b\u200e\ufeff"}, "text", "Tuliskan apa yang terjadi"),
        ({"text": "a" * 10_001}, "text", "kelebihan 1 karakter"),
        ({"contact": "siti di example"}, "contact", "nomor HP"),
        ({"contact": "123"}, "contact", "nomor HP"),
        ({"place": "b" * 501}, "place", "kelebihan 1 karakter"),
        ({"name": "c" * 201}, "name", "kelebihan 1 karakter"),
        ({"latitude": "0.9"}, "place", "Titik di peta"),
        ({"latitude": "x", "longitude": "y"}, "place", "Titik di peta"),
        ({"latitude": "95", "longitude": "104"}, "place", "Titik di peta"),
    ],
)
async def test_a_wrong_value_is_named_at_its_field_and_everything_typed_is_still_there(
    browser: Browser, office: Office, wrong: dict[str, str], at: str, says: str
) -> None:
    before = await reports(office)
    page = await filled(browser, **wrong)
    assert page.status == 422
    assert "BELUM TERKIRIM" in page.text
    assert says in page.text
    assert f'id="{at}-fault"' in page.answer.text
    assert re.search(rf'id="{at}"[^>]*aria-invalid="true" aria-describedby="{at}-fault', page.answer.text)
    kept = page.form("/lapor").fields
    for name, value in {**TYPED, **wrong}.items():
        assert kept[name].split() == str(value).split()
    assert await reports(office) == before


async def test_with_the_database_away_the_form_comes_and_what_is_typed_comes_back(open_office: Opening) -> None:
    async with (
        live(open_office) as office,
        client_of(create_app(office.complaints, office.complaints.settings, [])) as client,
    ):
        browser = Browser(client)
        await browser.open("/lapor")
        await office.complaints.pool.close()
        page = await browser.open("/lapor")
        assert page.status == 200
        refused = await browser.send(page.form("/lapor"), **TYPED)
    assert refused.status == 503
    assert "BELUM TERKIRIM" in refused.text
    assert refused.form("/lapor").fields["text"] == TEXT
    assert refused.form("/lapor").fields["key"] == page.form("/lapor").fields["key"]
    assert refused.answer.headers["retry-after"]


async def test_a_script_is_told_where_the_receipt_is(browser: Browser) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    answer = await browser.client.post(
        "/lapor", data={**form.fields, "text": TEXT}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 201
    assert number_of(await browser.open(answer.json()["location"]))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"origin": "http://[::1"},
        {"origin": "kawal.test"},
    ],
)
async def test_a_form_on_another_sites_page_is_refused(
    browser: Browser, office: Office, headers: dict[str, str]
) -> None:
    before = await reports(office)
    answer = await browser.client.post("/lapor", data={"text": TEXT}, headers=headers)
    assert answer.status_code == 403
    assert "kirim dari sana" in answer.text
    assert await reports(office) == before


async def test_a_form_of_our_own_without_those_headers_is_obeyed(browser: Browser) -> None:
    # Of a page that tells no referrer an older telephone says the origin null alone, and so do all over plain http.
    for headers in ({}, {"sec-fetch-site": "same-origin"}, {"origin": "http://kawal.test"}, {"origin": "null"}):
        answer = await browser.client.post("/lapor", data={"text": TEXT}, headers=headers)
        assert answer.status_code == 303


async def test_what_is_sent_once_too_often_from_an_address_of_many_comes_back_with_all_that_was_typed(
    office: Office,
) -> None:
    before = await reports(office)
    settings = office.complaints.settings.model_copy(update={"http_pages_rate": "1/hour"})
    async with client_of(create_app(office.complaints, settings, [])) as client:
        browser = Browser(client)
        form = (await browser.open("/lapor")).form("/lapor")
        assert (await client.post("/lapor", data=form.fields | {"text": TEXT})).status_code == 303
        page = await browser.send((await browser.open("/lapor")).form("/lapor"), text=TEXT, place="Batu 8")
    assert (page.status, page.answer.headers["retry-after"].isdecimal()) == (429, True)
    assert "BELUM TERKIRIM: Terlalu banyak permintaan" in page.text
    assert {name: page.form("/lapor").fields[name] for name in ("text", "place")} == {"text": TEXT, "place": "Batu 8"}
    assert await reports(office) == before + 1


async def test_what_was_begun_on_the_first_page_goes_on_in_the_form(browser: Browser, office: Office) -> None:
    before = await reports(office)
    first = await browser.open("/")
    page = await browser.send(first.form("/lapor/isi"), text=TEXT)
    assert page.form("/lapor").fields["text"] == TEXT
    assert await reports(office) == before


async def test_every_page_bears_the_same_headers_and_nothing_inline(browser: Browser) -> None:
    receipt = await filled(browser)
    for path in ("/", "/lapor", "/l", "/l/1234567", receipt.path, "/tidak-ada", "/lapor/tidak-ada"):
        answer = await browser.client.get(path, headers={"accept": "text/html"})
        assert answer.headers["content-security-policy"] == CSP, path
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not re.search(r"<style|style=|<script>|\son[a-z]+=|https?://(?!kawal\.test)", answer.text), path


async def test_the_reader_chooses_the_language_and_it_stays(browser: Browser) -> None:
    assert "Apa yang terjadi?" in (await browser.open("/lapor")).text
    assert "What happened?" in (await browser.open("/lapor?bahasa=en")).text
    assert "What happened?" in (await browser.open("/lapor")).text
    assert "Apa yang terjadi?" in (await browser.open("/lapor?bahasa=id")).text


async def test_the_form_says_who_sees_what_as_the_table_of_rights_has_it(browser: Browser) -> None:
    text = (await browser.open("/lapor")).text
    assert "Jati diri Anda dapat dilihat oleh: admin pengaduan instansi, Inspektorat, auditor." in text
    assert "Isi laporan dapat dilihat oleh: admin pengaduan instansi, OPD yang menangani, Inspektorat, auditor." in text


async def test_a_report_of_the_page_is_started_like_any_other(browser: Browser, office: Office) -> None:
    number = number_of(await filled(browser))

    async def on_record() -> bool:
        return await office.complaints.ledger.snapshot(number) is not None

    await eventually(on_record)
