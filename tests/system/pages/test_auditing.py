"""The auditor in a real browser, by keyboard alone."""

from __future__ import annotations

import re

from playwright.async_api import Browser, expect

from kawal.domain.names import Role
from kawal.store.sealing import Sealer
from tests.console.staff.reports import received
from tests.system.pages.served import Site
from tests.system.pages.test_report_pages import sign_in
from tests.system.pages.visits import DESKTOP, visiting
from tests.workflows.life import Case


async def answered(site: Site) -> Case:
    """Return a report with a final follow-up, all that happened sealed."""
    case = await received(site.office)
    await case.forward("DISHUB")
    await case.follow_up("DISHUB", final=True)
    complaints = site.office.complaints
    await Sealer(complaints.pool, complaints.record.signing_keys).seal()
    return case


async def test_by_keyboard_alone_a_life_is_opened_and_the_record_verified_whose_result_shows_by_itself(
    browser: Browser, site: Site
) -> None:
    case = await answered(site)
    async with visiting(browser, site.url, DESKTOP) as visit:
        keyboard, page = visit.page.keyboard, visit.page
        await sign_in(visit, site, Role.AUDITOR)
        await visit.open("/auditor")
        await page.locator("#nomor").focus()
        await keyboard.type(case.tracking_id)
        await keyboard.press("Enter")
        await expect(page).to_have_url(re.compile(f"/auditor/laporan/{case.tracking_id}$"))
        behind = page.locator("#langkah-1 summary").last
        await behind.focus()
        await keyboard.press("Enter")
        await expect(page.locator("#langkah-1 details[open] li").first).to_be_visible()
        await page.locator("main summary").first.focus()
        await keyboard.press("Enter")
        await keyboard.press("Tab")
        await keyboard.type("LHP 12/2026")
        await keyboard.press("Enter")
        await expect(page.locator("blockquote").first).to_be_visible()
        await visit.open("/auditor/pemeriksaan")
        await page.locator("#nomor").focus()
        await keyboard.type(case.tracking_id)
        await keyboard.press("Enter")
        await expect(page.locator("#kemajuan h2")).to_contain_text(case.tracking_id, timeout=60_000)
        await expect(page.locator(".good")).to_have_text("Semua cocok.")
