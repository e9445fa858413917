"""How a reporter comes in: by the link of the receipt, or by number and code."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.system.pages.form_steps import number_shown, sent_report
from tests.system.pages.served import Site
from tests.system.pages.visits import visiting

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


@pytest.fixture(scope="session")
async def number(browser: Browser, site: Site) -> str:
    """Return the number of a report that another browser sent."""
    async with visiting(browser, site.url) as visit:
        return await sent_report(visit)


@SCRIPT
async def test_the_link_opens_the_report_in_any_browser_and_leaves_no_code_in_the_address(
    browser: Browser, site: Site, number: str, script: bool
) -> None:
    code = await site.code_of(number)
    for _ in range(2):
        async with visiting(browser, site.url, script=script) as visit:
            await visit.open(f"/l/{number}/{code}")
            assert visit.page.url == f"{site.url}/l/{number}"
            (cookie,) = [one for one in await visit.context.cookies(visit.page.url) if number in one.get("name", "")]
            assert cookie.get("httpOnly") is True
            assert code not in cookie.get("value", "")
            await visit.open(f"/l/{number}/tanda-terima")
            assert await number_shown(visit.page) == number


@SCRIPT
async def test_number_and_code_open_the_report_however_they_are_typed(
    browser: Browser, site: Site, number: str, script: bool
) -> None:
    code = await site.code_of(number)
    async with visiting(browser, site.url, script=script) as visit:
        await visit.open("/")
        await visit.page.locator("#number").fill(number)
        await visit.page.locator("form[action='/l'] button").click()
        await expect(visit.page.locator("#number")).to_have_value(number)
        await visit.page.locator("#code").fill(f" {code[:5].lower()}-{code[5:]} ")
        await visit.page.locator("form[action='/l'] button").click()
        await expect(visit.page).to_have_url(f"{site.url}/l/{number}")


@SCRIPT
async def test_a_wrong_code_is_told_of_and_the_number_is_still_there(
    browser: Browser, site: Site, number: str, script: bool
) -> None:
    async with visiting(browser, site.url, script=script) as visit:
        await visit.open("/l")
        await visit.page.locator("#number").fill(number)
        await visit.page.locator("#code").fill("0000000000")
        await visit.page.locator("form[action='/l'] button").click()
        await expect(visit.page.locator("[role=alert]")).to_be_visible()
        await expect(visit.page.locator("#number")).to_have_value(number)
        assert not [one for one in await visit.context.cookies() if number in one.get("name", "")]


async def test_a_wrong_code_and_an_unknown_number_are_answered_in_the_same_words(
    browser: Browser, site: Site, number: str
) -> None:
    async with visiting(browser, site.url) as visit:
        told = []
        for unknown in (number, "9999999"):
            await visit.open(f"/l/{unknown}/0000000000")
            told.append((await visit.page.locator("main").inner_text()).replace(unknown, "N"))
        assert told[0] == told[1]
