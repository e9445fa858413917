"""`/pimpinan` and `/inspektorat/opd`: each number leads to as many reports, and what came up can be commented on."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from openpyxl import load_workbook

from kawal.domain.messages import Place
from kawal.domain.names import Role
from kawal.domain.notes import Audience
from tests.console.pages.browser import Browser, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of
from tests.console.staff.test_work import numbers_on
from tests.workflows.life import Case, Office, january

PAGE, LEAGUE = "/pimpinan", "/inspektorat/opd"
THEN = "per=2022-01-31"
NUMBER = re.compile(r'<a href="(/pimpinan/baris[^"]*)">([0-9]+)</a>')


async def a_january(office: Office) -> tuple[Case, Case]:
    """Let a report be done in time and rated, one be owed, and one climb to the Gubernur; return first and last."""
    done, owed, late = [await office.receive() for _ in range(3)]
    await done.finish("DISHUB")
    await done.reporter("accept", rating=4)
    await owed.forward("DISHUB")
    await owed.follow_up("DISHUB")
    await late.forward("DISHUB", "DPUPR")
    await late.until(january(31), 9)
    return done, late


async def each_number_leads_to_its_reports(browser: Browser, page: Page) -> int:
    """Follow every number of a page; return how many stood for a report at all."""
    found = {unescape(address): int(number) for address, number in NUMBER.findall(page.answer.text)}
    assert found
    for address, number in found.items():
        rows = await browser.open(address)
        assert rows.status == 200
        assert len(re.findall(r'<td class="n">\d+</td>\s*<th scope="row">', rows.answer.text)) == number, address
    return sum(map(bool, found.values()))


async def test_each_number_of_the_leaderships_page_and_of_the_league_leads_to_as_many_reports(
    sign_in: SigningIn, office: Office
) -> None:
    done, late = await a_january(office)
    governor = await browser_of(sign_in, Role.LEADERSHIP, "Gubernur")
    page = await governor.open(f"{PAGE}?{THEN}")
    assert "Keadaan pada akhir 31 Januari 2022" in page.text
    assert re.search(r"1–31 Jan 2022 1–31 Des 2021 Perubahan Masuk 3 0 ▲ \+3", page.text)
    assert re.search(r"Dalam tenggat 100,00 % –", page.text)
    assert re.search(r"Kepuasan \(1–5\) 4,00 –", page.text)
    assert await each_number_leads_to_its_reports(governor, page) >= 8

    league = await governor.open(f"{LEAGUE}?tahun=2022&{THEN}")
    assert "Laporan yang diterima 1–31 Januari 2022, keadaan per 31 Januari 2022" in league.text
    assert "masing-masing perlu 5 laporan yang rampung atau terlambat" in league.text
    assert re.search(r"Dinas Perhubungan 50,00 % 1 dari 2", league.text)
    assert await each_number_leads_to_its_reports(governor, league) >= 6

    rows = await governor.open(f"/pimpinan/baris?angka=masuk&dari=2022-01-01&sampai=2022-01-31&{THEN}")
    assert numbers_on(rows) == [late.tracking_id], "of the others the leadership knows the number alone"
    assert done.tracking_id in rows.text
    before = await governor.open(f"{PAGE}?per=2021-12-31")
    assert await each_number_leads_to_its_reports(governor, before) == 0


async def test_what_came_up_gets_a_note_that_the_inspectorate_alone_reads(sign_in: SigningIn, office: Office) -> None:
    _, late = await a_january(office)
    governor = await browser_of(sign_in, Role.LEADERSHIP, "Gubernur")
    page = await governor.open(PAGE)
    assert numbers_on(page) == [late.tracking_id]
    part = await governor.open(f"{PAGE}?bagian=daftar")
    assert numbers_on(part) == [late.tracking_id]
    assert NUMBER.findall(part.answer.text) == [], "what follows others counts no figures"
    await governor.send(page.form(f"/laporan/{late.tracking_id}/catatan"), text="Saya minta ini selesai pekan ini.")
    (note,) = await office.complaints.record.notes.of(late.tracking_id)
    assert (note.role, note.audience) == (Role.LEADERSHIP, Audience.INSPECTORATE)
    inspector = await browser_of(sign_in, Role.INSPECTORATE, "Ira Puspita")
    told = await inspector.open("/inspektorat")
    assert f"/laporan/{late.tracking_id}#catatan" in told.links
    assert "Saya minta" in (await inspector.open(f"/laporan/{late.tracking_id}")).text


async def test_the_figures_are_files_too_and_an_address_that_asks_for_no_day_says_so(
    sign_in: SigningIn, office: Office
) -> None:
    await a_january(office)
    admin = await browser_of(sign_in, Role.ADMIN)
    files = {kind: (await admin.open(f"{PAGE}.{kind}?{THEN}")).answer for kind in ("pdf", "xlsx", "csv")}
    assert files["pdf"].content.startswith(b"%PDF")
    rows = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert [row["value"] for row in rows if row["table"] == "five" and row["figure"] == "now"][:3] == [
        "3",
        "1",
        "100.00",
    ]
    book = load_workbook(io.BytesIO(files["xlsx"].content))
    assert [sheet.max_row > 3 for sheet in book] == [True, True, True, True]
    assert 'filename="pimpinan-KEPRI-2022-01-31.csv"' in files["csv"].headers["content-disposition"]
    for day in ("kemarin", "2999-01-01", "2022-02-30"):
        assert (await admin.open(f"{PAGE}?per={day}")).status == 422
        assert (await admin.open(f"{PAGE}.csv?per={day}")).status == 422
        assert (await admin.open(f"{LEAGUE}?tahun=2022&per={day}")).status == 422
    for query in ("angka=gajah", "angka=dikerjakan&dari=2022-01-01&sampai=2022-01-31", "angka=masuk&dari=x&sampai=y"):
        assert (await admin.open(f"/pimpinan/baris?{query}")).status == 404
    assert (await admin.open("/pimpinan/baris?angka=masuk&dari=2022-01-01&sampai=2022-01-31&setelah=9.x")).status == 200


async def test_other_roles_are_not_shown_the_agencys_figures(sign_in: SigningIn) -> None:
    for role, opd in ((Role.LIAISON, "DISHUB"), (Role.DESK, None), (Role.AUDITOR, None)):
        other = await browser_of(sign_in, role, f"Orang {role}", opd)
        for path in (PAGE, LEAGUE, f"{PAGE}.pdf", "/pimpinan/baris?angka=masuk&dari=2022-01-01&sampai=2022-01-31"):
            assert (await other.open(path)).status == 403


async def test_a_kota_sees_each_of_its_kecamatan_also_without_a_report_and_how_many_name_none(
    sign_in: SigningIn, office: Office
) -> None:
    await office.complaints.pool.execute("update instansi set area = '21.72' where code = 'KEPRI'")
    for place in ("Kec. Bukit Bestari", "Jalan Anu, kecamatan bukit bestari", "Tanjungpinang"):
        await (await office.receive(place=Place(text=place))).forward("DISHUB")
    governor = await browser_of(sign_in, Role.LEADERSHIP, "Wali Kota")
    page = await governor.open(f"{PAGE}?{THEN}")
    assert "Bukit Bestari 2 " in page.text
    assert "Tanjung Pinang Timur 0 " in page.text
    assert "1 laporan tidak menyebut kecamatan" in page.text
    assert "/peta/21" not in page.answer.text
