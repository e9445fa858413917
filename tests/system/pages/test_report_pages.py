"""One report's page for officials in a real browser: with keys, with drafts, with rectangles on a photo."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Locator, expect

from kawal.desks.table import Desk, perform
from kawal.domain.names import EventKind, Role
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from tests.console.staff.reports import received
from tests.intake.attachments.files import jpeg, pieces
from tests.people import give_cookie, session_of
from tests.system.pages.served import Site
from tests.system.pages.visits import DESKTOP, Visit, visiting
from tests.workflows.life import Case


async def sign_in(visit: Visit, site: Site, role: Role, opd: str | None = None) -> str:
    """Let the visitor be an official; return the cookie of the session."""
    name = f"{role} {uuid.uuid4().hex[:6]}"
    cookie = await session_of(site.office.complaints, role, name, opd)
    await give_cookie(visit.context, site.url, cookie)
    return cookie


async def with_photo(site: Site) -> tuple[Case, str]:
    """Return a report with a photo."""
    case = await received(site.office)
    system = site.office.complaints.system
    attachments = Attachments(system, AttachmentSettings.from_env(system.settings.home, {}))
    added = await attachments.add(case.tracking_id, "lampu.jpg", pieces(jpeg()))
    return case, added.id


async def test_a_draft_survives_the_tab_and_ends_with_the_act_and_keys_open_the_acts(
    browser: Browser, site: Site
) -> None:
    case = await received(site.office)
    complaints = site.office.complaints
    desk = Desk(complaints, await complaints.actor(Role.ADMIN, "Ani", instansi="KEPRI"))
    for title, text in (("Lokasi lampu", "Mohon lokasi {nomor}."), ("Foto lampu", "Mohon fotonya.")):
        await perform(desk, "canned add", {"command": "hold", "title": title, "text": text})
    async with visiting(browser, site.url, DESKTOP) as visit:
        await sign_in(visit, site, Role.ADMIN)
        address = f"/laporan/{case.tracking_id}"
        await visit.open(address)
        await visit.page.keyboard.press("2")
        words = visit.page.locator("#hold-missing")
        await expect(words).to_be_focused()
        await words.fill("Satu.  Dua.")
        await words.evaluate("field => field.setSelectionRange(6, 6)")
        for title in ("Lokasi lampu", "Foto lampu"):
            await visit.page.locator("#hold-sisip").select_option(label=title)
            await visit.page.locator("#hold button[name=sisipkan]").click()
        typed = f"Satu. Mohon lokasi {case.tracking_id}.Mohon fotonya. Dua."
        await expect(words).to_have_value(typed)
        await visit.open("/kerja")
        await visit.open(address)
        await expect(words).to_have_value(typed)
        await words.press("Control+Enter")
        await expect(visit.page.locator("#sudah")).to_be_visible()
        assert (await case.event(EventKind.HELD)).words["missing"] == typed
        assert await visit.page.evaluate("() => localStorage.length") == 0


async def test_a_draft_is_its_authors_alone_for_seven_days_and_of_a_rahasia_report_of_one_tab(
    browser: Browser, site: Site
) -> None:
    open_case, secret = await received(site.office), await received(site.office, rahasia=True)
    async with visiting(browser, site.url, DESKTOP) as visit:
        own = await sign_in(visit, site, Role.ADMIN)
        now = datetime.now(UTC)
        await visit.context.clock.set_fixed_time(now - timedelta(days=8))
        await type_in(visit, open_case, "Basi")
        await visit.context.clock.set_fixed_time(now)
        await expect(await what_is_missing_on(visit, open_case)).to_have_value("")
        for case in (open_case, secret):
            await type_in(visit, case, "Tanya RT dulu")
            await expect(await what_is_missing_on(visit, case)).to_have_value("Tanya RT dulu")
        await visit.page.close()
        visit = visit._replace(page=await visit.context.new_page())
        await expect(await what_is_missing_on(visit, secret)).to_have_value("")
        await type_in(visit, secret, "Tanya RT dulu")

        await sign_in(visit, site, Role.ADMIN)
        for case in (secret, open_case):
            await expect(await what_is_missing_on(visit, case)).to_have_value("")
        await give_cookie(visit.context, site.url, own)
        for case in (secret, open_case):
            await expect(await what_is_missing_on(visit, case)).to_have_value("")


async def type_in(visit: Visit, case: Case, text: str) -> None:
    """Type in the form of a hold, and do not send it."""
    field = await what_is_missing_on(visit, case)
    await visit.page.locator("details:has(#hold-missing) > summary").click()
    await field.fill(text)


async def what_is_missing_on(visit: Visit, case: Case) -> Locator:
    """Open a report's page, and return the field of a hold that says what is missing."""
    await visit.open(f"/laporan/{case.tracking_id}")
    return visit.page.locator("#hold-missing")


async def test_parts_of_a_photo_are_blacked_out_by_drawing_on_it(browser: Browser, site: Site) -> None:
    case, photo = await with_photo(site)
    async with visiting(browser, site.url, DESKTOP) as visit:
        await sign_in(visit, site, Role.ADMIN)
        await visit.open(f"/laporan/{case.tracking_id}/berkas/{photo}/sunting")
        box = await visit.page.locator("#canvas").bounding_box()
        assert box is not None
        await visit.page.mouse.move(box["x"] + 10, box["y"] + 10)
        await visit.page.mouse.down()
        await visit.page.mouse.move(box["x"] + 50, box["y"] + 40)
        await visit.page.mouse.up()
        await expect(visit.page.locator("[name=w0]")).not_to_have_value("")
        await visit.page.locator("#why").fill("Wajah seorang anak")
        await visit.page.locator("button.main").click()
        await expect(visit.page.locator("#sudah")).to_be_visible()
    acts = await site.office.complaints.record.side_acts.of_officials(case.tracking_id)
    assert [str(one.kind) for one in acts] == ["redacted"]
