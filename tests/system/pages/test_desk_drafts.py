"""What is typed at the front desk outlives its tab, for its author alone, and ends with sending."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, expect

from kawal.domain.names import Role
from tests.people import give_cookie
from tests.system.pages.served import Site
from tests.system.pages.test_report_pages import sign_in
from tests.system.pages.visits import DESKTOP, Visit, visiting

PAGE = "/kerja/loket"
TYPED = "Lampu jalan di depan SD Batu 8 padam sejak seminggu."


async def in_another_tab(visit: Visit) -> Visit:
    """Close the tab, and open the desk in another."""
    await visit.page.close()
    again = visit._replace(page=await visit.context.new_page())
    await again.open(PAGE)
    return again


async def kept(visit: Visit) -> list[Any]:
    """Return how many drafts the browser keeps, and how many the tab alone."""
    return list(await visit.page.evaluate("() => [localStorage.length, sessionStorage.length]"))


async def test_what_was_typed_at_the_desk_is_there_after_the_tab_was_closed_and_ends_with_the_slip(
    browser: Browser, site: Site
) -> None:
    async with visiting(browser, site.url, DESKTOP) as visit:
        await sign_in(visit, site, Role.DESK)
        await visit.open(PAGE)
        await visit.page.locator("#text").fill(TYPED)
        await visit.page.locator("[name=anonim]").first.check()
        visit = await in_another_tab(visit)
        await expect(visit.page.locator("#text")).to_have_value(TYPED)
        await expect(visit.page.locator("[name=anonim]").first).to_be_checked()
        await visit.page.locator("main form button").first.click()
        await expect(visit.page.locator(".qr")).to_be_visible()
        await visit.open(PAGE)
        await expect(visit.page.locator("#text")).to_have_value("")
        assert await kept(visit) == [0, 0]


async def test_nobody_else_at_that_browser_finds_what_was_typed_and_a_rahasia_report_is_kept_in_its_tab_alone(
    browser: Browser, site: Site
) -> None:
    async with visiting(browser, site.url, DESKTOP) as visit:
        own = await sign_in(visit, site, Role.DESK)
        await visit.open(PAGE)
        await visit.page.locator("#text").fill(TYPED)
        assert await kept(visit) == [1, 0]
        await visit.page.locator("[name=rahasia]").first.check()
        assert await kept(visit) == [0, 1]
        await visit.open(PAGE)
        await expect(visit.page.locator("#text")).to_have_value(TYPED)
        visit = await in_another_tab(visit)
        await expect(visit.page.locator("#text")).to_have_value("")

        await visit.page.locator("#text").fill(TYPED)
        await sign_in(visit, site, Role.DESK)
        for _ in range(2):  # neither the other person nor, afterwards, the first
            await visit.open(PAGE)
            await expect(visit.page.locator("#text")).to_have_value("")
            assert await kept(visit) == [0, 0]
            await give_cookie(visit.context, site.url, own)
