"""`/pimpinan/andai`: another policy is asked about, computed by the worker, shown, listed, sent as files, cancelled."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

from openpyxl import load_workbook

from kawal.domain.names import Role
from kawal.domain.what_if import compared
from kawal.domain.what_if_figures import WhatIfFigure
from kawal.store.what_if import KEPT_FOR, ReckonedReport, WhatIfState
from tests.console.pages.browser import Browser, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of
from tests.workflows.life import Case, Office, eventually, january

PAGE = "/pimpinan/andai"
JANUARY = {"dari": "2022-01-01", "sampai": "2022-01-31", "per": "2022-01-30"}
NUMBER = re.compile(r'<a href="(/pimpinan/andai/\d+/laporan[^"]*)">([0-9]+)</a>')


async def asked(browser: Browser, **fields: str) -> Page:
    """Send the form with January and these limits."""
    form = (await browser.open(PAGE)).form(f"{PAGE}/hitung")
    return await browser.send(form, **JANUARY, **fields)


async def computed(browser: Browser, page: Page) -> Page:
    """Return the page of a computation once it is done."""

    async def done() -> Page | None:
        shown = await browser.open(page.path)
        return None if "data-running" in shown.answer.text else shown

    found: Page = await eventually(done)
    return found


async def a_january(office: Office) -> tuple[Case, Case]:
    """Let a report be done in time, another lie with its OPDs, and a confidential one unread; return the first two."""
    done, late, hidden = await office.receive(), await office.receive(), await office.receive(rahasia=True)
    await done.finish("DISHUB")
    await done.reporter("accept", rating=4)
    await late.forward("DISHUB", "DPUPR")
    for case in (late, hidden):
        await case.until(january(31), 9)
    return done, late


async def test_another_policy_is_computed_in_the_background_and_each_number_leads_to_its_reports(
    sign_in: SigningIn, office: Office
) -> None:
    done, late = await a_january(office)
    governor = await browser_of(sign_in, Role.LEADERSHIP, "Gubernur")
    overview = await governor.open("/pimpinan")
    assert PAGE in overview.links
    page = await asked(governor, respond="60", complete_pengaduan="60", verify="60")
    assert page.status == 200
    shown = await computed(governor, page)
    assert re.search(r"Laporan yang dihitung 3 3 Terlambat", shown.text), shown.text
    assert re.search(r"Terlambat pada tahap mana pun 2 0 ▼ −2", shown.text)
    assert re.search(r"Sampai ke Sekretaris Daerah 2 0 ▼ −2", shown.text)
    found = {unescape(address): int(number) for address, number in NUMBER.findall(shown.answer.text)}
    for address, number in found.items():
        rows = await governor.open(address)
        assert len(re.findall(r'<th scope="row">', rows.answer.text)) == number, address
    assert sum(found.values()) > 10
    late_ones = await governor.open(f"{page.path}/laporan?menurut=dahulu&angka=terlambat&opd=DPUPR")
    assert [link for link in late_ones.links if link.startswith("/laporan/")] == [f"/laporan/{late.tracking_id}"]
    assert done.tracking_id not in late_ones.text

    again = await asked(governor, respond="60", complete_pengaduan="60", verify="60")
    assert again.path == page.path, "the same question has its answer already"
    inspector = await browser_of(sign_in, Role.INSPECTORATE, "Ira Puspita")
    assert page.path in (await inspector.open(PAGE)).links
    files = {kind: (await inspector.open(f"{page.path}.{kind}")).answer for kind in ("xlsx", "csv", "json")}
    rows_of_csv = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert [one["value"] for one in rows_of_csv[:6]] == ["3", "3", "0", "2", "0", "-2"]
    assert [sheet.max_row > 3 for sheet in load_workbook(io.BytesIO(files["xlsx"].content))] == [True, True]
    told = files["json"].json()
    assert told["all"][WhatIfFigure.LATE] == {"was": 2, "would": 0}
    assert told["policy"]["respond"] == 60


async def test_what_is_no_policy_or_period_comes_back_with_what_was_typed(sign_in: SigningIn, office: Office) -> None:
    admin = await browser_of(sign_in, Role.ADMIN)
    for fields in (
        {"respond": "0"},
        {"rung_two": "banyak"},
        {"verify": "367"},
        {"dari": "2022-02-01"},
        {"dari": "1999-01-01"},
        {"sampai": "2029-01-01"},
        {"per": "2999-01-01"},
        {"per": ""},
    ):
        form = (await admin.open(PAGE)).form(f"{PAGE}/hitung")
        page = await admin.send(form, **{**JANUARY, **fields, "hold": "11"})
        assert page.status == 409, fields
        assert page.form(f"{PAGE}/hitung").fields["hold"] == "11"
    assert await office.complaints.record.what_ifs.all("KEPRI") == []


async def test_one_is_computed_at_a_time_and_whoever_asked_cancels_it(sign_in: SigningIn, office: Office) -> None:
    for _ in range(2):
        await office.receive()
    governor = await browser_of(sign_in, Role.LEADERSHIP, "Gubernur")
    admin = await browser_of(sign_in, Role.ADMIN)
    what_ifs, settings = office.complaints.record.what_ifs, office.complaints.settings
    office.complaints.settings = settings.model_copy(update={"task_queue": "nobody"})  # the worker is away
    page = await asked(governor, respond="4")
    number = int(page.path.rpartition("/")[2])
    assert "Menunggu giliran" in page.text
    busy = await asked(admin, respond="3")
    assert (busy.status, page.path in busy.text) == (409, True)
    assert f"{page.path}/batal" not in [form.action for form in (await admin.open(page.path)).forms]
    token = page.form(f"{page.path}/batal").fields
    refused = await admin.client.post(f"{page.path}/batal", data=token)
    assert refused.status_code == 403, "another's form"

    begun = await what_ifs.begin(number)
    assert begun is not None
    assert begun.total == 2
    reports = [
        ReckonedReport(one.number, one.received_at, compared(one.events, begun.question.until, begun.question.policy))
        for one in await what_ifs.page(begun, 1)
    ]
    ended = await governor.send(page.form(f"{page.path}/batal"))
    assert "dibatalkan" in ended.text
    assert await what_ifs.begin(number) is None
    assert await what_ifs.add(begun, reports, begun.sums) is None, "who was still at it adds nothing"
    page = await asked(governor, respond="4")
    anew = await what_ifs.begin(int(page.path.rpartition("/")[2]))
    assert anew is not None
    assert anew.number != number
    assert await what_ifs.add(anew, reports, anew.sums) is not None
    assert await what_ifs.add(anew, reports, anew.sums) is None, "nobody counts a report twice"
    await office.complaints.client.get_workflow_handle(f"what-if-{anew.number}").terminate()
    office.complaints.settings = settings
    await asked(governor, respond="4")  # the same question, so it goes on after the first report
    assert "Semua laporan" in (await computed(governor, page)).text
    assert await office.complaints.pool.fetchval("select count(*) from what_if_report") == 2

    found = await what_ifs.all("KEPRI")
    assert [one.state for one in found] == [WhatIfState.DONE, WhatIfState.CANCELLED]
    await what_ifs.tidy(office.complaints.now() + KEPT_FOR + timedelta(days=1))
    assert await what_ifs.all("KEPRI") == []
    assert await office.complaints.pool.fetchval("select count(*) from what_if_report") == 0


async def test_others_are_shown_nothing_and_another_agencys_is_unknown(sign_in: SigningIn, office: Office) -> None:
    for role, opd in ((Role.LIAISON, "DISHUB"), (Role.DESK, None), (Role.AUDITOR, None), (Role.NATIONAL, None)):
        other = await browser_of(sign_in, role, f"Orang {role}", opd)
        for path in (PAGE, f"{PAGE}/1", f"{PAGE}/1.csv", f"{PAGE}/1/laporan?menurut=dahulu"):
            assert (await other.open(path)).status == 403
    admin = await browser_of(sign_in, Role.ADMIN)
    for number in (1, 1 << 70):
        assert (await admin.open(f"{PAGE}/{number}")).status == 404
    assert await office.complaints.record.what_ifs.find("RIAU", 1) is None
