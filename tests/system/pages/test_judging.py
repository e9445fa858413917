"""A report's own page from a question to the last word, on a phone and a desktop, with JavaScript and without."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.intake.attachments.files import jpeg
from tests.system.pages.form_steps import sent_report
from tests.system.pages.served import Site
from tests.system.pages.visits import DEVICES, Device, Visit, visiting
from tests.workflows.life import Case, eventually

OPD = "DPUPR"


async def started(site: Site, number: str) -> Case:
    """Return the complaint of a report, once its workflow has begun."""

    async def on_record() -> bool:
        return await site.office.complaints.ledger.snapshot(number) is not None

    await eventually(on_record)
    return Case(site.office, number)


async def press(visit: Visit, name: str) -> None:
    """Press the button of that name, and wait for the page that answers."""
    await visit.page.get_by_role("button", name=name, exact=True).click()
    await expect(visit.page.locator("[role=status].good, .notice")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("device", DEVICES, ids=str)
async def test_the_reporter_answers_disputes_and_accepts(
    browser: Browser, site: Site, device: Device, script: bool
) -> None:
    async with visiting(browser, site.url, device, script=script) as visit:
        page, number = visit.page, await sent_report(visit)
        case = await started(site, number)
        await case.forward(OPD)
        await case.liaison(OPD, "ask", question="Di depan rumah nomor berapa?")
        await visit.open(f"/l/{number}")
        await expect(page.locator("#langkah")).to_contain_text("Di depan rumah nomor berapa?")
        await page.locator("#answer").fill("Nomor 12.")
        photo = {"name": "rumah.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        await page.locator("#answer-files").set_input_files(photo)  # type: ignore[arg-type]
        await press(visit, "Kirim jawaban")
        assert await site.attachments_of(number) == ["image/jpeg"]
        await case.follow_up(OPD, final=True)
        await visit.open(f"/l/{number}")
        accept, dispute = page.locator("#putusan .two > *").first, page.locator("#putusan .two > *").last
        sizes = [await one.bounding_box() for one in (accept.locator("button"), dispute)]
        assert len({(round(box["width"]), round(box["height"])) for box in sizes if box is not None}) == 1
        await page.locator("#why").fill("Pipanya masih bocor.")
        await press(visit, "Kirim sanggahan")
        await case.follow_up(OPD, final=True)
        await visit.open(f"/l/{number}")
        await press(visit, "Terima: sudah selesai")
        await page.get_by_label("5", exact=False).first.check()
        await press(visit, "Kirim nilai")
        if script:  # what was just done is told once
            await page.reload()
            await expect(page.locator("h1")).to_contain_text(number)
            await expect(page.locator("[role=status].good")).to_have_count(0)
    row = await case.row()
    assert (row.status, row.closed_by, row.rating) == ("selesai", "accept", 5)
    said = [event.kind for event in await site.office.complaints.history(number) if event.actor.role == "reporter"]
    assert said == ["replied", "disputed", "accepted", "rated"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_the_reporter_hides_the_report_changes_the_code_and_leaves_the_phone(
    browser: Browser, site: Site, script: bool
) -> None:
    async with visiting(browser, site.url, script=script) as visit:
        page, number = visit.page, await sent_report(visit)
        case = await started(site, number)
        old = await site.code_of(number)
        await visit.open(f"/l/{number}")
        await page.locator("#privasi summary").last.click()
        await page.locator("[name=rahasia]").check()
        await press(visit, "Sembunyikan")
        assert (await site.office.complaints.ledger.snapshot(number)) is not None
        await page.get_by_role("button", name="Ganti kode").click()
        await expect(page.locator("dd.number")).to_have_count(2)
        assert await page.locator("dd.number").last.inner_text() == await site.code_of(number) != old
        await visit.open(f"/l/{number}/{old}")
        await expect(page.locator("#code")).to_be_visible()
        await visit.open(f"/l/{number}")
        await page.get_by_role("button", name="Hapus dari HP ini").click()
        await page.wait_for_url("**/l/terhapus")
        await visit.open(f"/l/{number}")
        await expect(page.locator("#code")).to_be_visible()

    async def hidden() -> bool:
        return (await case.row()).rahasia

    await eventually(hidden)
