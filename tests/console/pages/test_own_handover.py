"""The pages of a report that was passed on within the installation, and of the one as which it goes on."""

from __future__ import annotations

import httpx
from fastapi import FastAPI

from kawal.client.reporter_access import ReporterAccess
from kawal.console.pages.form_guard import TOKEN
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.handover import HandoverRelay
from tests.console.pages.browser import Browser
from tests.console.pages.reporting import own_page
from tests.intake.http.conftest import client_of
from tests.workflows.life import Case, Office, eventually


async def handed_over(office: Office) -> tuple[Case, str]:
    """Return a report that was passed on, and the number as which it goes on."""
    complaints = office.complaints
    await complaints.pool.execute("insert into instansi (code, name) values ('BATAM', 'Pemerintah Kota Batam')")
    case = await office.receive()
    await case.admin("pass_on", agency="BATAM")
    settings = AttachmentSettings.from_env(complaints.settings.home)
    await HandoverRelay(complaints, Attachments(complaints.system, settings)).hand_over()
    handover = await complaints.record.handovers.of(case.tracking_id)
    assert handover is not None
    number = handover.started_as
    assert number is not None

    async def begun() -> bool:
        return await complaints.ledger.snapshot(number) is not None

    await complaints.starting.start_waiting()
    await eventually(begun)
    return case, number


async def test_the_first_page_names_the_second_number_and_opens_it_and_that_one_names_the_first(
    browser: Browser, office: Office
) -> None:
    case, number = await handed_over(office)
    page = await own_page(browser, office, case.tracking_id)
    assert f"Pemerintah Kota Batam kini menanganinya sebagai laporan {number}." in page.text
    assert (await browser.open(f"/l/{number}")).path == f"/l/{number}"
    assert "Kode" in (await browser.open(f"/l/{number}")).text  # not opened by its address alone
    there = await browser.send(page.form(f"/l/{case.tracking_id}/lanjutan"))
    assert (there.status, there.path) == (200, f"/l/{number}")
    assert f"kelanjutan laporan Anda {case.tracking_id}" in there.text
    assert (await browser.open(f"/l/{number}")).form(f"/l/{number}/ganti-kode")


async def test_the_second_opens_neither_to_a_stranger_nor_after_its_own_code_was_changed(
    browser: Browser, app: FastAPI, office: Office
) -> None:
    case, number = await handed_over(office)
    page = await own_page(browser, office, case.tracking_id)
    form = page.form(f"/l/{case.tracking_id}/lanjutan")
    async with client_of(app) as stranger:
        refused = await stranger.post(form.action, data=form.fields)
        assert not stranger.cookies
        assert "laporan-" not in str(refused.headers)
    assert (await browser.client.post(form.action, data=form.fields | {TOKEN: "0" * 32})).status_code == 403
    await ReporterAccess(office.complaints).change_code(number, office.complaints.now())
    late = await browser.send(form)
    assert f"laporan-{number}" not in httpx.Cookies(browser.client.cookies)
    assert late.form("/l").fields["number"] == number
    page = await browser.open(page.path)
    assert not [one for one in page.forms if one.action.endswith("/lanjutan")]
    assert f"/l?nomor={number}" in page.links


async def test_a_report_that_left_the_installation_has_no_other_number(browser: Browser, office: Office) -> None:
    case = await office.receive()
    await case.admin("pass_on", agency="Kementerian PUPR")
    page = await own_page(browser, office, case.tracking_id)
    assert "kini menanganinya" not in page.text
    assert not [one for one in page.forms if one.action.endswith("/lanjutan")]


async def test_deleting_one_of_two_numbers_from_the_phone_deletes_the_other(browser: Browser, office: Office) -> None:
    case, number = await handed_over(office)
    for forgotten in (case.tracking_id, number):
        page = await own_page(browser, office, case.tracking_id)
        await browser.send(page.form(f"/l/{case.tracking_id}/lanjutan"))
        page = await browser.open(f"/l/{forgotten}")
        await browser.send(page.form(f"/l/{forgotten}/lupakan"))
        for one in (case.tracking_id, number):
            assert (await browser.open(f"/l/{one}")).form("/l")
