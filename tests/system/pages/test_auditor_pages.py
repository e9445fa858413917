"""The pages of audit and of quality in a real browser: by everybody on a phone, by keyboard alone on a desktop."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.async_api import Browser, expect

from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from kawal.store.sealing import Sealer
from tests.console.staff.reports import received
from tests.system.pages.served import Site
from tests.system.pages.test_report_pages import sign_in
from tests.system.pages.visits import DESKTOP, PHONE, Visit, visiting
from tests.system.pages.wcag import (
    CHECKS,
    FOR_THE_PUBLIC,
    WORDS_MATTER,
    Check,
    headings_are_in_order_under_one_first,
    in_the_language,
    nothing_is_said_by_colour_alone,
    prepare,
    targets_are_large_enough,
)
from tests.workflows.life import Case


async def answered(site: Site) -> Case:
    """Return a report with a final follow-up, all that happened sealed."""
    case = await received(site.office)
    await case.forward("DISHUB")
    await case.follow_up("DISHUB", final=True)
    complaints = site.office.complaints
    await Sealer(complaints.pool, complaints.record.signing_keys).seal()
    return case


IN_SHORT = (
    *WORDS_MATTER,
    headings_are_in_order_under_one_first,
    targets_are_large_enough,
    nothing_is_said_by_colour_alone,
)
"""What is checked of each page; of those with the most controls it is all."""


async def usable(visit: Visit, checks: Sequence[Check] = IN_SHORT) -> None:
    """Check the page that is open, with all that is folded on it."""
    await visit.page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    await prepare(visit.page)
    asked = [in_the_language("id"), *(one for one in checks if one not in FOR_THE_PUBLIC)]
    found = {check.__name__: await check(visit.page) for check in asked}
    assert {name: findings for name, findings in found.items() if findings} == {}, visit.page.url


async def test_everybody_can_use_the_pages_of_audit(browser: Browser, site: Site) -> None:
    case = await answered(site)
    async with visiting(browser, site.url, PHONE) as visit:
        await sign_in(visit, site, Role.AUDITOR)
        for path in (
            "",
            f"/laporan/{case.tracking_id}",
            f"/laporan/{case.tracking_id}/jalan/1",
            "/log-akses?cari=1",
            "/pemeriksaan",
            "/segel",
            "/bukti",
        ):
            await visit.open(f"/auditor{path}")
            await usable(visit, CHECKS if path == "/pemeriksaan" else IN_SHORT)


async def test_everybody_can_use_the_pages_of_quality(browser: Browser, site: Site) -> None:
    await answered(site)
    async with visiting(browser, site.url, PHONE) as visit:
        page, today = visit.page, str(local_day(site.office.complaints.now()))
        await sign_in(visit, site, Role.INSPECTORATE)
        await visit.open("/mutu/sk")
        await page.locator("#nomor").fill("SK 12/2026")
        await page.locator("#tanggal").fill(today)
        await page.locator("#catat button").click()
        await expect(page.locator(".good")).to_be_visible()
        await usable(visit)
        await visit.open("/mutu/rencana-aksi")
        await page.locator("#tahun").fill("2026")
        await page.locator("#tanggal").fill(today)
        await page.locator("#butir").fill("Melatih penghubung\nMenyusun SOP")
        await page.locator("#catat button").click()
        await expect(page.locator(".good")).to_be_visible()
        await usable(visit, CHECKS)
        await visit.open("/mutu")
        for day in ("#dari", "#sampai"):
            await page.locator(day).fill(today)
        await page.locator("#seed").fill("lotere-1")
        await page.locator("#tarik button").click()
        await expect(page).to_have_url(re.compile(r"/mutu/sampel/\d+$"))
        await usable(visit)
        await page.locator("form[action$='/baca'] button").first.click()
        await expect(page.locator("#alasan")).to_be_visible()
        await usable(visit)
        await visit.open("/mutu")
        await usable(visit)


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
