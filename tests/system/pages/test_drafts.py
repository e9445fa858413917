"""What is typed survives a closed tab and a killed browser for seven days, and ends with sending."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, expect

from tests.system.pages.conftest import ARGUMENTS
from tests.system.pages.form_steps import number_of, number_shown, open_comparison, open_form, press_send, some_words
from tests.system.pages.served import Site
from tests.system.pages.visits import PHONE, Visit, visiting
from tests.workflows.life import eventually

KEPT_WITHIN = 2.0
"""How soon after the last key everything typed is kept (seconds), on a busy machine."""

NO_MARK = re.compile("^[^#]+$")
"""An address in which no key of a draft stands any more."""


async def reopen(visit: Visit) -> Visit:
    """Close the tab once its words are kept, and open the form in another."""
    text = await visit.page.locator("#text").input_value()
    if text:
        await eventually(lambda: kept(visit.page, text=text), KEPT_WITHIN)
    await visit.page.close()
    again = visit._replace(page=await visit.context.new_page())
    await again.open("/lapor")
    return again


async def test_a_closed_tab_loses_nothing(browser: Browser, site: Site) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        await open_form(visit, text)
        await visit.page.locator("#place").fill("Batu 9")
        await visit.page.locator("[name=rahasia]").check()
        assert await eventually(lambda: kept(visit.page, text=text, place="Batu 9", rahasia=True), KEPT_WITHIN)
        again = await reopen(visit)
        await expect(again.page.locator("#text")).to_have_value(text)
        await expect(again.page.locator("#place")).to_have_value("Batu 9")
        await expect(again.page.locator("[name=rahasia]")).to_be_checked()
        await expect(again.page.locator("#progress")).to_contain_text("belum terkirim")


async def test_a_draft_is_thrown_away_where_its_writer_says_so(browser: Browser, site: Site) -> None:
    async with visiting(browser, site.url) as visit:
        await open_form(visit, some_words())
        again = await reopen(visit)
        await again.page.locator("#progress button").click()
        await expect(again.page.locator("#text")).to_have_value("")
        again = await reopen(again)
        await expect(again.page.locator("#position")).to_be_visible()  # the script has run
        await expect(again.page.locator("#text")).to_have_value("")


@pytest.mark.parametrize(("days", "lives"), [(6, True), (8, False)])
async def test_a_draft_lives_for_seven_days(browser: Browser, site: Site, days: int, lives: bool) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        now = datetime.now(UTC)
        await visit.context.clock.set_fixed_time(now - timedelta(days=days))
        await open_form(visit, text)
        await visit.context.clock.set_fixed_time(now)
        again = await reopen(visit)
        if lives:
            await expect(again.page.locator("#text")).to_have_value(text)
        else:
            assert await eventually(lambda: nothing_kept(again))
            await expect(again.page.locator("#text")).to_have_value("")


async def nothing_kept(visit: Visit) -> bool:
    """Tell whether the browser holds no draft."""
    return await draft_of(visit.page) is None


async def kept(page: Page, **fields: str | bool) -> bool:
    """Tell whether the browser holds a draft with these fields."""
    draft = await draft_of(page)
    return draft is not None and fields.items() <= draft.items()


async def draft_of(page: Page) -> dict[str, Any] | None:
    """Return the fields of the draft that the browser holds; None if it holds none."""
    draft: dict[str, Any] | None = await page.evaluate(
        """() => new Promise(done => {
          const asked = indexedDB.open('kawal', 1);
          asked.onsuccess = () => {
            const found = asked.result.transaction('draft').objectStore('draft').get('report');
            found.onsuccess = () => { asked.result.close(); done(found.result || null); };
          };
        })"""
    )
    return draft


async def test_a_draft_ends_with_sending(browser: Browser, site: Site) -> None:
    async with visiting(browser, site.url) as visit:
        await open_form(visit, some_words())
        await press_send(visit.page)
        await number_shown(visit.page)
        assert await nothing_kept(visit)


async def test_a_draft_ends_also_where_the_comparison_sent_the_report(
    browser: Browser, site: Site, public_number: str
) -> None:
    async with visiting(browser, site.url) as visit:
        await open_comparison(visit, public_number)
        assert not await nothing_kept(visit)  # it is not sent yet
        await visit.page.locator("form[action='/lapor/periksa'] button").click()
        await number_shown(visit.page)
        await expect(visit.page).to_have_url(NO_MARK)
        assert await eventually(lambda: nothing_kept(visit))


async def test_a_draft_ends_where_its_writer_supports_another_report_instead(
    browser: Browser, site: Site, public_number: str
) -> None:
    async with visiting(browser, site.url) as visit:
        await open_comparison(visit, public_number)
        await visit.page.locator(f"form[action='/papan/{public_number}/dukung'] button").click()
        await visit.page.wait_for_url(f"**/papan/{public_number}#dukung")
        assert await nothing_kept(visit)


async def test_a_store_that_never_opens_keeps_nobody_from_the_number(browser: Browser, site: Site) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        await visit.context.add_init_script("indexedDB.open = function () { return {}; };")
        await open_form(visit, text)
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_sending_one_report_leaves_the_draft_of_another_alone(browser: Browser, site: Site, script: bool) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        await visit.open("/lapor")
        other = visit._replace(page=await visit.context.new_page())
        await other.open("/lapor")
        await visit.page.locator("#text").fill(some_words())
        await other.page.locator("#text").fill(text)
        sending = "submit()" if not script else "requestSubmit()"
        await visit.page.evaluate(f"() => document.getElementById('report').{sending}")
        await number_shown(visit.page)
        if not script:
            await expect(visit.page).to_have_url(NO_MARK)
        again = await reopen(other)
        await expect(again.page.locator("#text")).to_have_value(text)


@asynccontextmanager
async def browser_of_ones_own(playwright: Playwright, chromium: str, profile: Path) -> AsyncIterator[BrowserContext]:
    """Run a browser that keeps what it holds in a folder."""
    context = await playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=ARGUMENTS, viewport=PHONE.size, has_touch=True, locale="id-ID"
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it may have been killed meanwhile
            await context.close()


def processes_of(profile: Path) -> list[int]:
    """Return the processes of the browser that runs on that folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(profile).encode() in one.read_bytes():
                found.append(int(one.parent.name))
        except OSError:  # it has just ended
            continue
    return found


async def test_a_killed_browser_loses_nothing(
    playwright: Playwright, chromium: str, site: Site, tmp_path: Path
) -> None:
    text = some_words()
    profile = tmp_path / "profile"
    async with browser_of_ones_own(playwright, chromium, profile) as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/lapor")
        await page.locator("#text").press_sequentially(text)
        await eventually(lambda: kept(page, text=text), KEPT_WITHIN)
        for process in processes_of(profile):
            os.kill(process, signal.SIGKILL)
    async with browser_of_ones_own(playwright, chromium, profile) as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/lapor")
        await expect(page.locator("#text")).to_have_value(text)
