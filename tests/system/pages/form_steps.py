"""What people do at the form of a report."""

from __future__ import annotations

import uuid

from playwright.async_api import Page, expect

from tests.system.pages.served import PUBLIC_PLACE, PUBLIC_TEXT, Site
from tests.system.pages.visits import Visit

NOT_SENT = "BELUM TERKIRIM"


def some_words() -> str:
    """Return the text of a report that nobody has sent before, and that is like no other."""
    return f"Pipa {uuid.uuid4().hex} bocor sejak kemarin di gang {uuid.uuid4().hex[:6]}."


async def open_form(visit: Visit, text: str) -> None:
    """Open the form and write."""
    await visit.open("/lapor")
    await visit.page.locator("#text").fill(text)


async def press_send(page: Page) -> None:
    """Press the button of the form."""
    await page.locator("#report button.main").click()


async def open_comparison(visit: Visit, public_number: str, contact: str = "") -> None:
    """Send what is very like the public report, and wait until that is shown instead of a receipt."""
    await open_form(visit, PUBLIC_TEXT)
    await visit.page.locator("#place").fill(PUBLIC_PLACE)
    if contact:
        await visit.page.locator("#contact").fill(contact)
    await press_send(visit.page)
    await expect(visit.page.locator("article")).to_contain_text(public_number)


async def number_shown(page: Page) -> str:
    """Wait for the receipt, and return the number on it."""
    await expect(page.locator("dd.number")).to_have_count(2)
    return await page.locator("dd.number").first.inner_text()


async def sent_report(visit: Visit) -> str:
    """Send a report, and return its number; the receipt is open then."""
    await open_form(visit, some_words())
    await press_send(visit.page)
    return await number_shown(visit.page)


async def number_of(visit: Visit, site: Site, text: str) -> str:
    """Wait for the receipt of the one report with these words, and return its number."""
    number = await number_shown(visit.page)
    assert await site.reports_with(text) == [number]
    return number
