"""The close map in a real browser: its tiles come from the operator's server alone, and without them it works."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.system.pages.form_steps import number_of, open_form, press_send, some_words
from tests.system.pages.served import Site
from tests.system.pages.tile_server import CREDIT
from tests.system.pages.visits import DEVICES, PHONE, Device, Visit, visiting

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
ON_EACH_DEVICE = pytest.mark.parametrize("device", DEVICES, ids=str)
PICTURE = "form[action='/lapor/peta'] input.map"
LOADED = "all => all.every(one => performance.getEntriesByName(one.href.baseVal).length === 1)"


@pytest.fixture(autouse=True)
def tiles_shown(site: Site) -> Iterator[None]:
    """Have the operator's tile server configured."""
    with site.showing_tiles():
        yield


@asynccontextmanager
async def at_the_map(
    browser: Browser, site: Site, text: str, device: Device = PHONE, *, script: bool = True
) -> AsyncIterator[Visit]:
    """Open the form, write, and open the map of the province; what the tile server was asked before is forgotten."""
    async with visiting(browser, site.url, device, script=script, hosts=[site.tiles.host]) as visit:
        await open_form(visit, text)
        await visit.page.locator("[formaction='/lapor/peta']").click()
        await expect(visit.page.locator(PICTURE)).to_be_visible()
        site.tiles.asked.clear()
        yield visit


async def tap(page: Page, x: int, y: int) -> None:
    """Tap on the map, and wait for the close map that shows another zoom."""
    shown = page.locator("input[name=zoom]")
    before = await shown.get_attribute("value") if await shown.count() else ""
    await page.locator(PICTURE).click(position={"x": x, "y": y})
    await expect(shown).not_to_have_value(before or "")


async def point_of(page: Page) -> tuple[float, float]:
    """Return the point that goes along."""
    fields = [page.locator(f"form:has(.tiles) [name={name}]") for name in ("latitude", "longitude")]
    latitude, longitude = [float(await one.get_attribute("value") or "") for one in fields]
    return latitude, longitude


@SCRIPT
@ON_EACH_DEVICE
async def test_two_taps_and_a_button_put_a_point_into_the_report(
    browser: Browser, site: Site, device: Device, script: bool
) -> None:
    text = some_words()
    async with at_the_map(browser, site, text, device, script=script) as visit:
        page = visit.page
        await tap(page, 90, 170)
        await expect(page.locator("main")).to_contain_text(CREDIT)
        await tap(page, 200, 80)
        point = await point_of(page)
        await page.get_by_role("button", name="Pakai tempat ini").click()
        await expect(page.locator("#report #text")).to_have_value(text)
        await press_send(page)
        kept = await site.office.complaints.record.inbox.find(await number_of(visit, site, text))
        assert kept is not None
        assert (kept.report.place.latitude, kept.report.place.longitude) == point
    zooms = [int(path.split("/")[1]) for path, _ in site.tiles.asked]
    assert set(zooms) == {11, 13}
    assert all(4 <= zooms.count(zoom) <= 9 for zoom in (11, 13))


async def test_the_tile_server_is_asked_for_what_is_shown_and_learns_no_page(browser: Browser, site: Site) -> None:
    async with at_the_map(browser, site, some_words()) as visit:
        await tap(visit.page, 90, 170)
        shown = await visit.page.locator("image").evaluate_all("all => all.map(one => one.href.baseVal)")
        assert await visit.page.locator("image").evaluate_all(LOADED)
        assert sorted(shown) == sorted(f"{site.tiles.url}{path}" for path, _ in site.tiles.asked)
        assert all(re.fullmatch(r"/11/\d+/\d+\.png", path) for path, _ in site.tiles.asked)
        assert not any({"referer", "cookie"} & set(headers) for _, headers in site.tiles.asked)
        box = await visit.page.locator(".tiles svg").bounding_box()
        assert box == await visit.page.locator(PICTURE).bounding_box()


@SCRIPT
async def test_without_its_tiles_the_map_still_moves_the_point(browser: Browser, site: Site, script: bool) -> None:
    site.tiles.away = True
    try:
        async with at_the_map(browser, site, some_words(), script=script) as visit:
            await tap(visit.page, 90, 170)
            latitude, longitude = await point_of(visit.page)
            await expect(visit.page.locator("main")).to_contain_text(f"lintang {latitude:.5f}, bujur {longitude:.5f}")
            await tap(visit.page, 140, 20)
            north = await point_of(visit.page)
            assert 0.07 < north[0] - latitude < 0.09
            assert north[1] == pytest.approx(longitude, abs=0.001)
    finally:
        site.tiles.away = False


@SCRIPT
@pytest.mark.parametrize("key", ["Enter", " "], ids=["enter", "space"])
async def test_by_keyboard_the_map_opens_in_the_middle_and_buttons_move_the_point(
    browser: Browser, site: Site, script: bool, key: str
) -> None:
    async with at_the_map(browser, site, some_words(), script=script) as visit:
        page, zoom = visit.page, visit.page.locator("input[name=zoom]")
        await page.locator(PICTURE).press(key)
        await expect(zoom).to_have_value("7")
        middle = await point_of(page)
        await page.locator(PICTURE).press(key)
        await expect(zoom).to_have_value("9")
        assert await point_of(page) == middle
        await page.get_by_role("button", name="Lebih jauh").press(key)
        await expect(zoom).to_have_value("7")
        await page.get_by_role("button", name="Utara").press(key)
        await expect(page.locator("main")).not_to_contain_text(f"lintang {middle[0]:.5f}")
        assert (await point_of(page))[0] > middle[0]


async def test_the_phones_position_is_shown_on_the_close_map(browser: Browser, site: Site) -> None:
    here = {"latitude": 0.91860, "longitude": 104.46650}
    known: dict[str, Any] = {"geolocation": here, "permissions": ["geolocation"]}
    async with visiting(browser, site.url, hosts=[site.tiles.host], **known) as visit:
        await open_form(visit, some_words())
        await visit.page.locator("#position [type=button]").click()
        await expect(visit.page.locator("#report [name=latitude]")).to_have_value("0.91860")
        await visit.page.locator("[formaction='/lapor/peta']").click()
        await expect(visit.page.locator("input[name=zoom]")).to_have_value("15")
        assert await point_of(visit.page) == (0.9186, 104.4665)
