"""From opening the form to the number, on a phone and a desktop, with JavaScript and without."""

from __future__ import annotations

import uuid

import pytest
from playwright.async_api import Browser, expect

from tests.system.pages.served import Site
from tests.system.pages.visits import DEVICES, Device, visiting


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("device", DEVICES, ids=str)
async def test_a_report_gets_its_number_at_the_first_press(
    browser: Browser, site: Site, device: Device, script: bool
) -> None:
    text = f"Pipa air di depan rumah bocor sejak kemarin {uuid.uuid4().hex}"
    async with visiting(browser, site.url, device, script=script) as visit:
        await visit.open("/lapor")
        await visit.page.locator("#text").fill(text)
        await visit.page.locator("#report button.main").click()
        await expect(visit.page.locator("dd.number")).to_have_count(2)
        number = await visit.page.locator("dd.number").first.inner_text()
        assert await site.reports_with(text) == [number]
