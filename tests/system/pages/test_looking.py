"""The map and the public board, on a phone and a desktop, with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.system.pages.form_steps import number_of, open_form, press_send, some_words
from tests.system.pages.served import PUBLIC_TITLE, Site
from tests.system.pages.visits import DEVICES, Device, visiting

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
ON_EACH_DEVICE = pytest.mark.parametrize("device", DEVICES, ids=str)


@SCRIPT
@ON_EACH_DEVICE
async def test_a_tap_on_the_map_is_the_reports_point(
    browser: Browser, site: Site, device: Device, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url, device, script=script) as visit:
        await open_form(visit, text)
        await visit.page.locator("[formaction='/lapor/peta']").click()
        await visit.page.get_by_role("button", name="Kota Batam").click()
        await expect(visit.page.locator("input.map[src*='21.71']")).to_be_visible()
        await visit.page.locator("input.map").click(position={"x": 100, "y": 100})
        await expect(visit.page.locator("#report #text")).to_have_value(text)
        await press_send(visit.page)
        number = await number_of(visit, site, text)
    kept = await site.office.complaints.record.inbox.find(number)
    assert kept is not None
    latitude, longitude = kept.report.place.latitude, kept.report.place.longitude
    assert latitude is not None
    assert longitude is not None
    assert 0.3 < latitude < 1.4
    assert 103.3 < longitude < 104.6


@SCRIPT
@ON_EACH_DEVICE
async def test_the_board_is_searched_and_a_report_is_supported_and_no_longer(
    browser: Browser, site: Site, public_number: str, device: Device, script: bool
) -> None:
    async with visiting(browser, site.url, device, script=script) as visit:
        page = visit.page
        await visit.open("/papan")
        await page.locator("#cari").fill("gajah terbang")
        await page.get_by_role("button", name="Cari").click()
        await expect(page.locator("#hasil")).to_contain_text("Tidak ada laporan publik")
        await expect(page).to_have_url(re.compile("cari=gajah"))
        await page.locator("#cari").fill(public_number)
        await page.get_by_role("button", name="Cari").click()
        await page.get_by_role("link", name=PUBLIC_TITLE).click()
        await expect(page.locator("h1")).to_have_text(PUBLIC_TITLE)
        await page.get_by_role("button", name="Saya juga").click()
        await expect(page.locator(".good")).to_have_text("Anda mendukung laporan ini.")
        await page.get_by_role("button", name="Tarik dukungan saya").click()
        await expect(page.get_by_role("button", name="Saya juga")).to_be_visible()


async def test_a_search_that_fails_is_told_by_a_page_and_empties_no_list(browser: Browser, site: Site) -> None:
    async with visiting(browser, site.url) as visit:
        visit.watch.allowed.append("htmx:error")
        page = visit.page
        away = "<!doctype html><title>x</title><main><h1>Ini tidak berhasil</h1></main>"
        await visit.open("/papan")
        await page.route("**/papan?*", lambda route: route.fulfill(status=503, content_type="text/html", body=away))
        await page.get_by_role("button", name="Cari").click()
        await expect(page.locator("h1")).to_have_text("Ini tidak berhasil")
        await page.unroute_all()
        await visit.open("/papan")
        await visit.context.set_offline(True)
        await page.get_by_role("button", name="Cari").click()
        await expect(page).to_have_url(re.compile("^chrome-error"))
