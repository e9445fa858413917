"""The demo in a browser: one press signs in, one moves the clock, with JavaScript and without; anybody can use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.demo.year import LATER, NEW, served_demo
from tests.system.pages.visits import DESKTOP, PHONE, Device, Visit, visiting
from tests.system.pages.wcag import CHECKS, FOR_THE_PUBLIC, hold_still, in_the_language, prepare

STAFF_CHECKS = tuple(check for check in CHECKS if check not in FOR_THE_PUBLIC)


@pytest.fixture(scope="module")
async def demo_url(short_folder: Path) -> AsyncIterator[str]:
    async with served_demo(short_folder / "demo") as url:
        yield url


@pytest.mark.parametrize("path", ["/demo", "/demo/kiriman", "/masuk"])
async def test_everybody_can_use_the_demos_pages(browser: Browser, demo_url: str, path: str) -> None:
    async with visiting(browser, demo_url, PHONE) as visit:
        await visit.open(path)
        await hold_still(visit.page)
        await prepare(visit.page)
        found = {check.__name__: await check(visit.page) for check in (in_the_language("id"), *CHECKS)}
        assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize(("device", "script"), [(PHONE, False), (DESKTOP, True)])
async def test_a_visitor_becomes_the_admin_by_one_press_and_lets_days_pass(
    browser: Browser, demo_url: str, device: Device, script: bool
) -> None:
    async with visiting(browser, demo_url, device, script=script) as visit:
        await visit.open("/masuk")
        await visit.page.locator("button[value=admin]").click()
        await expect(visit.page).to_have_url(f"{demo_url}/kerja")
        await visit.open("/kerja/verifikasi")
        await expect(visit.page.locator("main")).to_contain_text(NEW)
        before = await _clock(visit)
        await visit.page.locator("section.demo button").first.click()
        await expect(visit.page.locator("section.demo p")).not_to_have_text(before)
        await expect(visit.page).to_have_url(f"{demo_url}/kerja/verifikasi")
        await visit.page.locator("section.demo button").last.click()
        await expect(visit.page.locator("main")).to_contain_text(LATER)
        if script:
            await visit.open("/kerja")
            await hold_still(visit.page)
            await prepare(visit.page)
            found = {check.__name__: await check(visit.page) for check in STAFF_CHECKS}
            assert {name: findings for name, findings in found.items() if findings} == {}


async def _clock(visit: Visit) -> str:
    return await visit.page.locator("section.demo p").inner_text()
