"""What others change, in a real browser: it is there at once, and whoever works is left alone."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, Route, expect

from kawal.desks.table import CommandingDesk, perform
from kawal.domain.messages import Reporter
from kawal.domain.names import Channel, Role
from kawal.store.tray import MESSAGE, TrayEntry, TrayReason
from tests.people import give_cookie, session_of
from tests.system.pages.served import Site
from tests.system.pages.visits import DESKTOP, Visit, visiting
from tests.workflows.life import Case, eventually, january, report

SEEN = (
    "window.seen = 'visible';"
    "Object.defineProperty(document, 'visibilityState', {get: () => window.seen, configurable: true})"
)
"""Lets a test say whether a page is seen; all are at first."""

HELD = "window.EventSource = class extends EventSource { constructor(...of) { super(...of); window.stream = this; } }"
"""Lets a test say something in a page's stream at the moment that it chooses."""

SECONDS = 3.0
"""Within which a change is there on a machine that is busy with other tests; `benchmarks live` measures it."""


@asynccontextmanager
async def official(
    browser: Browser, site: Site, role: Role, opd: str | None = None, name: str = "Ani Wijaya"
) -> AsyncIterator[Visit]:
    async with visiting(browser, site.url, DESKTOP) as opened:
        cookie = await session_of(site.office.complaints, role, name, opd)
        await give_cookie(opened.context, site.url, cookie)
        yield opened


async def received(site: Site, title: str) -> Case:
    complaints = site.office.complaints
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    given = report(title=title, reporter=Reporter())
    return Case(site.office, (await complaints.start(given, adapter, None, "KEPRI")).tracking_id)


async def become(page: Page, seen: str) -> None:
    """Let a page be `visible` or `hidden`, as it is when its tab is chosen or left."""
    await page.evaluate(f"window.seen = '{seen}'; document.dispatchEvent(new Event('visibilitychange'))")


async def tell(page: Page, sentence: str) -> None:
    """Say in a page's stream that a colleague changed a report."""
    told = json.dumps({"nomor": "8205092", "langkah": 3, "kalimat": sentence, "sendiri": False})
    await page.evaluate("told => stream.dispatchEvent(new MessageEvent('laporan', {data: told}))", told)


async def streams_are_open(site: Site, count: int) -> None:
    """Wait until the site has so many open streams, and fail where it never has."""

    async def so_many() -> bool:
        return site.streams.count == count

    await eventually(so_many)


async def test_what_is_typed_and_its_focus_stay_while_others_change_reports_twenty_times(
    site: Site, browser: Browser
) -> None:
    mine, other = await received(site, "Jembatan retak"), await received(site, "Talut ambruk")
    for case in (mine, other):
        await case.forward("DPUPR")
    async with official(browser, site, Role.LIAISON, "DPUPR") as visit:
        page = visit.page
        await visit.open("/kerja/opd")
        listed = page.locator(f"#laporan-{other.tracking_id}")
        await expect(listed).to_be_visible()
        own = page.locator(f"#laporan-{mine.tracking_id}")
        await own.locator("details:has(textarea) > summary").first.click()
        typed = own.locator("details[open] textarea").first
        await typed.fill("Sudah kami periksa, dan ")
        for n in range(20):
            await other.reclassify(("aspirasi", "pengaduan")[n % 2])
        new = await received(site, "Jalan berlubang")
        await new.forward("DPUPR")
        await page.keyboard.type("akan ditambal.")
        await expect(page.locator(f"#laporan-{new.tracking_id}")).to_be_visible()
        await expect(page.locator("#perubahan")).to_contain_text("meneruskan laporan ini")
        await expect(typed).to_have_value("Sudah kami periksa, dan akan ditambal.")
        await expect(typed).to_be_focused()
        began = time.monotonic()
        await other.admin("withdraw", opd="DPUPR", grounds="Salah alamat.")
        await expect(listed).to_have_count(0)
        assert time.monotonic() - began < SECONDS


async def test_the_queue_of_verification_takes_what_comes_and_lets_go_what_a_colleague_decided(
    site: Site, browser: Browser
) -> None:
    first, second = await received(site, "Pagar roboh"), await received(site, "Saluran tersumbat")
    async with official(browser, site, Role.ADMIN) as visit:
        page = visit.page
        await visit.open(f"/kerja/verifikasi/{first.tracking_id}")
        title = page.locator("[name=judul]")
        await title.fill("Pagar sekolah roboh")
        third = await received(site, "Rambu hilang")
        await expect(page.locator(f"#queue [data-number='{third.tracking_id}']")).to_be_visible()
        await second.admin("archive", reason="Bukan laporan.")
        await expect(page.locator(f"#queue [data-number='{second.tracking_id}']")).to_have_count(0)
        await expect(page.locator("#perubahan")).to_contain_text("mengarsipkan laporan ini")
        await first.admin("archive", reason="Bukan laporan.")
        await expect(page.locator("#perubahan")).to_contain_text(first.tracking_id)
        await expect(title).to_have_value("Pagar sekolah roboh")
        await expect(title).to_be_focused()
        await third.admin("archive", reason="Bukan laporan.")


async def test_the_inspectorates_list_the_tray_and_what_came_up_follow_and_leave_alone_who_types(
    site: Site, browser: Browser
) -> None:
    mine, other = await received(site, "Kolam keruh"), await site.office.receive()
    for case in (mine, other):
        await case.forward("DPUPR")
    await mine.admin("escalate", why="Anak terancam")
    async with (
        official(browser, site, Role.INSPECTORATE) as inspector,
        official(browser, site, Role.ADMIN, name="Dewi Anggraini") as admin,
        official(browser, site, Role.LEADERSHIP, name="Gubernur") as governor,
    ):
        await inspector.open("/inspektorat")
        own = inspector.page.locator(f"#laporan-{mine.tracking_id}")
        await own.locator("details:has([name=finding]) > summary").click()
        finding = own.locator("[name=finding]")
        await finding.fill("Sudah ")
        await admin.open("/kerja/surat")
        await governor.open("/pimpinan")
        came_up = governor.page.locator(f"#laporan-{other.tracking_id}")
        await expect(came_up).to_have_count(0)

        await other.until(january(31))
        await expect(came_up).to_be_visible()
        item = await put_letter(site)
        letter = admin.page.locator(f"#surat-{item}")
        await expect(letter).to_be_visible()
        second = await received(site, "Kolam berlumut")
        await second.forward("DPUPR")
        await second.admin("escalate", why="Licin")
        await inspector.page.keyboard.type("kami periksa.")
        listed = inspector.page.locator(f"#laporan-{second.tracking_id}")
        await expect(listed).to_be_visible()
        await second.inspectorate("resolve", finding="Sudah kering.")
        await expect(listed).to_have_count(0)
        await mine.admin("nudge", opd="DPUPR", how="Ditelepon")
        await expect(inspector.page.locator("#perubahan")).to_contain_text(mine.tracking_id)
        await expect(finding).to_have_value("Sudah kami periksa.")
        await expect(finding).to_be_focused()
        desk = CommandingDesk(site.office.complaints, await mine.person(Role.ADMIN))
        await perform(desk, "tray dismiss", {"item": item, "grounds": "Iklan"})
        await expect(letter).to_have_count(0)


async def put_letter(site: Site) -> int:
    """Let a message lie in the tray, and return its number."""
    complaints = site.office.complaints
    entry = TrayEntry(
        f"Iklan {uuid.uuid4()}".encode(),
        "KEPRI",
        Channel.SMS,
        TrayReason.QUOTES_US,
        complaints.now(),
        person=True,
        sender="+628123456789",
        media_type=MESSAGE,
    )
    item = await complaints.record.tray.put(entry)
    assert item is not None
    return item


async def test_one_reports_page_says_that_it_changed_and_a_page_that_is_not_seen_holds_no_stream(
    site: Site, browser: Browser
) -> None:
    case = await received(site, "Lampu taman padam")
    async with official(browser, site, Role.ADMIN) as visit:
        page, banner = visit.page, visit.page.locator("#perubahan")
        await visit.context.add_init_script(SEEN)
        await visit.open(f"/laporan/{case.tracking_id}")

        await streams_are_open(site, 1)
        assert await banner.inner_text() == ""
        others = page.locator("#juga-di-sini")
        async with official(browser, site, Role.INSPECTORATE, name="Dewi Anggraini") as colleague:
            await colleague.open(f"/laporan/{case.tracking_id}")
            await expect(others).to_have_text("Dewi Anggraini juga sedang membuka laporan ini.")
            await colleague.page.reload()
            await expect(others).to_be_visible()
            await colleague.open("/kerja")
            await expect(others).to_be_hidden()
        await become(page, "hidden")
        await streams_are_open(site, 0)
        await case.verify()
        await become(page, "visible")
        await expect(banner).to_contain_text("memverifikasi laporan ini")
        await banner.get_by_role("link", name="Lihat").click()
        await expect(page.locator("main")).to_contain_text("diverifikasi")
        await expect(banner).to_have_text("")


async def test_eight_tabs_of_one_browser_all_get_a_change_and_only_the_one_that_is_seen_holds_a_stream(
    site: Site, browser: Browser
) -> None:
    case = await received(site, "Halte roboh")
    async with official(browser, site, Role.ADMIN) as visit:
        await visit.context.add_init_script(SEEN)
        tabs = [visit.page]
        await visit.open(f"/laporan/{case.tracking_id}")
        for _ in range(7):
            await become(tabs[-1], "hidden")
            tabs.append(await visit.context.new_page())
            await tabs[-1].goto(visit.page.url)
            await streams_are_open(site, 1)
        await case.verify()
        for tab in reversed(tabs):
            await become(tab, "visible")
            await expect(tab.locator("#perubahan")).to_contain_text("memverifikasi laporan ini")
            await streams_are_open(site, 1)
            await become(tab, "hidden")
        await streams_are_open(site, 0)


async def test_a_sentence_that_comes_while_the_lists_are_looked_at_is_said_and_leads_to_a_part_that_is_new(
    site: Site, browser: Browser
) -> None:
    async with official(browser, site, Role.INSPECTORATE) as visit:
        page = visit.page
        await visit.context.add_init_script(HELD)

        async def answer(route: Route) -> None:
            await tell(page, "Kalimat pertama.")
            await tell(page, "Kalimat kedua.")
            await route.fulfill(content_type="text/html", body="<ol id='baru' data-live></ol>")

        # A stream begins with "look at everything again": that is the look.
        await page.route("**/inspektorat?bagian=daftar", answer, times=1)
        await visit.open("/inspektorat")
        await expect(page.locator("#perubahan")).to_have_text("Kalimat kedua. Lihat")
