"""The network, or the database, goes away in the middle: nothing that was typed is lost, and nothing is sent twice."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from kawal.console.pages.public.app import FORM_BYTES
from tests.system.pages.form_steps import NOT_SENT, number_of, open_form, press_send, some_words
from tests.system.pages.served import Site
from tests.system.pages.visits import DEVICES, PHONE, Device, Visit, visiting


@pytest.mark.parametrize("device", DEVICES, ids=str)
async def test_without_a_network_the_text_is_kept_and_sent_by_itself_once_it_is_back(
    browser: Browser, site: Site, device: Device
) -> None:
    text = some_words()
    async with visiting(browser, site.url, device) as visit:
        await open_form(visit, text)
        await visit.context.set_offline(True)
        await press_send(visit.page)
        await expect(visit.page.locator("#progress")).to_contain_text(NOT_SENT)
        await expect(visit.page.locator("#text")).to_have_value(text)
        assert await site.reports_with(text) == []
        await visit.context.set_offline(False)
        assert await number_of(visit, site, text)


async def lose_one_answer(page: Page, where: str) -> None:
    """Let the server take one form of that address, and lose its answer on the way back."""

    answers = 0

    async def lost(route: Route) -> None:
        nonlocal answers
        answers += route.request.method == "POST"
        if route.request.method != "POST" or answers > 1:
            await route.continue_()
            return
        await route.fetch(max_redirects=0)
        await route.abort("internetdisconnected")

    await page.route(where, lost)


async def test_where_only_the_answer_was_lost_the_report_is_sent_again_and_is_the_same_one(
    browser: Browser, site: Site
) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        await open_form(visit, text)
        await lose_one_answer(visit.page, "**/lapor?kirim")
        await press_send(visit.page)
        await expect(visit.page.locator("#progress")).to_contain_text(NOT_SENT)
        accepted = await site.reports_with(text)
        assert len(accepted) == 1
        await visit.context.set_offline(True)
        await visit.context.set_offline(False)
        assert await number_of(visit, site, text) == accepted[0]


async def found_by_going_back(visit: Visit, button: str, text: str) -> None:
    """Press the button without a network, go back from the browser's own page of errors, and find the words again."""
    await visit.context.set_offline(True)
    await visit.page.locator(button).click(no_wait_after=True)
    await expect(visit.page.locator("#text")).to_have_count(0)
    await visit.page.go_back()
    await expect(visit.page.locator("#text")).to_have_value(text)


async def test_without_a_script_the_form_is_found_again_with_all_that_was_typed_by_going_back(
    browser: Browser, site: Site
) -> None:
    text = some_words()
    async with visiting(browser, site.url, script=False) as visit:
        await open_form(visit, text)
        await found_by_going_back(visit, "#report button.main", text)
        await visit.context.set_offline(False)
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_what_the_first_page_was_told_is_found_again_by_going_back(
    browser: Browser, site: Site, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url, script=script) as visit:
        await visit.open("/")
        await visit.page.locator("#text").fill(text)
        await found_by_going_back(visit, "button.main", text)


async def test_a_network_that_never_answers_is_given_up_and_the_report_may_be_sent_again(
    browser: Browser, site: Site
) -> None:
    text = some_words()
    async with visiting(browser, site.url) as visit:
        await visit.page.clock.install()
        await open_form(visit, text)
        asked = asyncio.Event()
        await visit.page.route("**/lapor?kirim", lambda _: asked.set())
        await press_send(visit.page)
        await asked.wait()
        await visit.page.clock.fast_forward(61_000)
        await expect(visit.page.locator("#progress")).to_contain_text(NOT_SENT)
        await visit.page.unroute("**/lapor?kirim")
        await press_send(visit.page)
        assert await number_of(visit, site, text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_where_the_form_is_refused_as_a_whole_its_words_are_not_lost(
    browser: Browser, site: Site, script: bool
) -> None:
    text = "kata " * (FORM_BYTES // 5)
    async with visiting(browser, site.url, script=script) as visit:
        await open_form(visit, text)
        await press_send(visit.page)
        if script:
            await expect(visit.page.locator("#progress")).to_contain_text("terlalu besar")
        else:
            await expect(visit.page.locator("main")).to_contain_text("terlalu besar")
            await visit.page.go_back()
        await expect(visit.page.locator("#text")).to_have_value(text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_with_the_database_away_the_page_says_that_nothing_was_sent_and_keeps_the_text(
    browser: Browser, site: Site, script: bool
) -> None:
    text = some_words()
    async with visiting(browser, site.url, PHONE, script=script) as visit:
        async with site.database_away():
            await open_form(visit, text)  # the form itself needs no database
            await visit.page.locator("#contact").fill("siti@example.org")
            await press_send(visit.page)
            await expect(visit.page.locator("#notice")).to_contain_text(NOT_SENT)
            await expect(visit.page.locator("#text")).to_have_value(text)
            await expect(visit.page.locator("#contact")).to_have_value("siti@example.org")
        assert await site.reports_with(text) == []
        await press_send(visit.page)
        assert await number_of(visit, site, text)
