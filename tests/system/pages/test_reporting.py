"""From opening the form to the number, on a phone and a desktop, with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from benchmarks.pages import slow_down
from tests.system.pages.conftest import UNSAFE_HOST
from tests.system.pages.form_steps import (
    NOT_SENT,
    number_of,
    number_shown,
    open_comparison,
    open_form,
    press_send,
    sent_report,
    some_words,
)
from tests.system.pages.served import PUBLIC_TEXT, PUBLIC_TITLE, Site
from tests.system.pages.visits import DEVICES, Device, visiting

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
ON_EACH_DEVICE = pytest.mark.parametrize("device", DEVICES, ids=str)


@SCRIPT
@ON_EACH_DEVICE
async def test_a_report_gets_its_number_at_the_first_press(
    browser: Browser, site: Site, device: Device, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url, device, script=script) as visit:
        await open_form(visit, text)
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@SCRIPT
async def test_what_the_first_page_was_told_stands_in_the_form(browser: Browser, site: Site, script: bool) -> None:
    text = some_words()
    async with visiting(browser, site.url, script=script) as visit:
        await visit.open("/")
        await visit.page.locator("#text").fill(text)
        await visit.page.locator("button.main").click()
        await expect(visit.page.locator("#report #text")).to_have_value(text)
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@pytest.mark.parametrize("button", ["[formaction='/lapor/peta']", "footer button"], ids=["map", "language"])
async def test_in_an_old_browser_too_only_the_button_for_it_sends_the_report(
    browser: Browser, site: Site, button: str
) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        # As before 2020 (on iPhones 2022): the event does not say which button was pressed.
        await visit.context.add_init_script("Object.defineProperty(SubmitEvent.prototype, 'submitter', {});")
        await open_form(visit, text)
        await visit.page.locator(button).click()
        await visit.page.wait_for_url(re.compile("/lapor/(peta|isi)"))
        assert await site.reports_with(text) == []
        await visit.page.go_back()
        await visit.page.locator("#contact").press("Enter")
        assert await number_of(visit, site, text)


@SCRIPT
async def test_over_plain_http_where_browsers_say_no_more_of_a_form_than_the_origin_null_each_is_obeyed(
    browser: Browser, site: Site, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url.replace("127.0.0.1", UNSAFE_HOST), script=script) as visit:
        visit.watch.allowed.append("Cross-Origin-Opener-Policy")  # of no effect there, which Chromium says
        await visit.open("/")
        await visit.page.locator("#text").fill(text)
        await visit.page.locator("button.main").click()
        await press_send(visit.page)
        number = await number_of(visit, site, text)
        await visit.open(f"/l/{number}")
        await visit.page.locator("form[action$='/jawab'] textarea").fill("Airnya keruh.")
        await visit.page.locator("form[action$='/jawab'] button").click()
        await expect(visit.page.locator("main")).to_contain_text("Airnya keruh.")


@SCRIPT
@ON_EACH_DEVICE
async def test_a_double_tap_is_one_report(browser: Browser, site: Site, device: Device, script: bool) -> None:
    text = some_words()
    async with visiting(browser, site.url, device, script=script) as visit:
        await open_form(visit, text)
        await slow_down(visit.page)  # so that the second tap comes while the first is on its way
        await visit.page.locator("#report button.main").dblclick()
        assert await number_of(visit, site, text)


@SCRIPT
async def test_a_wrong_field_is_told_of_and_everything_typed_is_still_there(
    browser: Browser, site: Site, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url, script=script) as visit:
        await open_form(visit, text)
        await visit.page.locator("#contact").fill("bukan nomor")
        await visit.page.locator("[name=anonim]").check()
        await press_send(visit.page)
        await expect(visit.page.locator("#notice")).to_contain_text(NOT_SENT)
        await expect(visit.page.locator("#contact")).to_have_attribute("aria-invalid", "true")
        await expect(visit.page.locator("#text")).to_have_value(text)
        await expect(visit.page.locator("#contact")).to_have_value("bukan nomor")
        await expect(visit.page.locator("[name=anonim]")).to_be_checked()
        assert await site.reports_with(text) == []
        await visit.page.locator("#contact").fill("0812 3456 7890")
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@SCRIPT
@ON_EACH_DEVICE
async def test_where_something_very_like_it_is_public_that_is_asked_first_and_nothing_is_typed_twice(
    browser: Browser, site: Site, public_number: str, device: Device, script: bool
) -> None:
    async with visiting(browser, site.url, device, script=script) as visit:
        before = await site.reports_with(PUBLIC_TEXT)
        await open_comparison(visit, public_number, contact="0812 3456 7890")
        await expect(visit.page.locator("h1")).to_contain_text("BELUM terkirim")
        await expect(visit.page.locator("article")).to_contain_text(PUBLIC_TITLE)
        assert await site.reports_with(PUBLIC_TEXT) == before
        await visit.page.locator("form[action='/lapor/isi'] button").click()
        await expect(visit.page.locator("#report #text")).to_have_value(PUBLIC_TEXT)
        await expect(visit.page.locator("#contact")).to_have_value("0812 3456 7890")
        await press_send(visit.page)
        await visit.page.locator("form[action='/lapor/periksa'] button").click()
        number = await number_shown(visit.page)
        assert set(await site.reports_with(PUBLIC_TEXT)) == {*before, number}


async def test_on_the_comparison_sending_comes_first_and_largest(
    browser: Browser, site: Site, public_number: str
) -> None:
    async with visiting(browser, site.url) as visit:
        await open_comparison(visit, public_number)
        buttons = await visit.page.locator("main button").all()
        sizes = [box["width"] * box["height"] for one in buttons if (box := await one.bounding_box())]
        assert sizes[0] == max(sizes)
        assert len([size for size in sizes if size == sizes[0]]) == 1
        assert await buttons[0].inner_text() == "Kirim laporan saya"


async def test_the_receipt_is_found_again_by_going_back_and_the_report_is_not_sent_again(
    browser: Browser, site: Site
) -> None:
    async with visiting(browser, site.url, script=False) as visit:
        number = await sent_report(visit)
        text = (await site.office.complaints.record.inbox.find(number)).report.text  # type: ignore[union-attr]
        await visit.page.go_back()
        await expect(visit.page.locator("#text")).to_be_visible()
        await visit.page.go_forward()
        assert await number_shown(visit.page) == number
        assert await site.reports_with(text) == [number]


async def test_the_receipt_shows_number_code_link_and_a_picture_of_it(browser: Browser, site: Site) -> None:
    async with visiting(browser, site.url) as visit:
        number = await sent_report(visit)
        code = await site.code_of(number)
        await expect(visit.page.locator("dd.number")).to_have_text([number, code])
        await expect(visit.page.locator("dl a")).to_have_text(f"{site.url}/l/{number}/{code}")
        await visit.page.locator("summary").click()
        await expect(visit.page.locator("svg.qr")).to_be_visible()
        await expect(visit.page.locator("#print")).to_be_visible()


async def test_the_slip_is_printed_with_the_picture_of_the_link(browser: Browser, site: Site) -> None:
    async with visiting(browser, site.url) as visit:
        await sent_report(visit)
        await expect(visit.page.locator("svg.qr")).to_be_hidden()
        await visit.page.pdf()
        await expect(visit.page.locator("svg.qr")).to_be_visible()
