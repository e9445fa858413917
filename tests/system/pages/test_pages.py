"""Every page, in both languages: what axe sees, and what it does not (wcag.py); nothing that the policy forbids."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from playwright.async_api import Browser

from tests.people import give_cookie, session_of
from tests.system.pages.page_table import PAGES, PageCase
from tests.system.pages.served import Site
from tests.system.pages.visits import DESKTOP, PHONE, visiting
from tests.system.pages.wcag import CHECKS, FOR_THE_PUBLIC, ON_PAPER, WORDS_MATTER, hold_still, in_the_language, prepare

VISITS = {"id": (PHONE, CHECKS), "en": (DESKTOP, WORDS_MATTER)}
"""In each language, on which device, and what is checked."""


@pytest.fixture(scope="session")
def titles() -> dict[str, str]:
    """Return the titles seen so far, each with its page."""
    return {}


@pytest.mark.usefixtures("public_number")
@pytest.mark.parametrize("lang", VISITS)
@pytest.mark.parametrize("case", PAGES, ids=str)
async def test_everybody_can_use_the_page(
    browser: Browser, site: Site, titles: dict[str, str], case: PageCase, lang: str
) -> None:
    device, checks = VISITS[lang]
    if case.role is not None:
        checks = tuple(check for check in checks if check not in FOR_THE_PUBLIC)
    if case.printed:
        checks = ON_PAPER
    hosts, shown_with = ([site.tiles.host], site.showing_tiles()) if case.tiles else ([], nullcontext())
    with shown_with:
        async with visiting(browser, site.url, device, lang=lang, hosts=hosts) as visit:
            if case.role is not None:
                await site.work_for_everybody()
                text = await session_of(site.office.complaints, case.role, f"Ani {case.role}", case.opd)
                await give_cookie(visit.context, site.url, text)
            await case.go(visit, site)
            await visit.page.emulate_media(media="print" if case.printed else "screen")
            await hold_still(visit.page)
            await prepare(visit.page)
            found = {check.__name__: await check(visit.page) for check in (in_the_language(lang), *checks)}
            assert {name: findings for name, findings in found.items() if findings} == {}
            shown = re.split(" with |, ", case.name)[0]
            title = await visit.page.title()
            assert titles.setdefault(title, shown) == shown, "two pages have one title"
            assert title.endswith(" · Kawal")
