"""`/kerja` and `/kerja/opd`: what a role and an OPD owe, the most urgent first, and acts done right there by forms."""

from __future__ import annotations

import re
from typing import Any

from kawal.domain.names import EventKind, Role
from tests.console.pages.browser import Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of, received
from tests.workflows.life import Case, Office, january


def numbers_on(page: Page) -> list[str]:
    """Return the reports of a page, in the order in which they are shown."""
    found = [link.removeprefix("/laporan/") for link in page.links if re.fullmatch(r"/laporan/\d+", link)]
    return list(dict.fromkeys(found))


async def forwarded(office: Office, *opds: str, **fields: Any) -> Case:
    case = await received(office, **fields)
    await case.forward(*opds)
    return case


async def test_a_role_sees_its_queues_with_the_most_urgent_first_and_filters_in_the_address(
    sign_in: SigningIn, office: Office
) -> None:
    young = await received(office, title="Halte bocor")
    late = await office.receive(title="Trotoar rusak")
    await late.until(january(20), 9)
    with_opd = await forwarded(office, "DISHUB", title="Rambu roboh")
    admin = await browser_of(sign_in, Role.ADMIN)

    verification = await admin.open("/kerja")
    assert numbers_on(verification) == [late.tracking_id, young.tracking_id]
    assert "Verifikasi 2" in verification.text
    assert "Semua yang terbuka 3" in verification.text
    assert re.search(r"lewat \d+ hari kerja .* · verifikasi dan penerusan .* 3 hari kerja lagi", verification.text)

    opened = await admin.open("/kerja?antrean=open&opd=DISHUB&status=belum_ditindaklanjuti")
    assert numbers_on(opened) == [with_opd.tracking_id]
    chips = [link for link in opened.links if "antrean=open" in link and ("opd=" in link) is not ("status=" in link)]
    assert len(chips) == 2
    assert numbers_on(await admin.open("/kerja?antrean=open&terlambat=1")) == [late.tracking_id]
    none = await admin.open("/kerja?antrean=open&cari=gajah")
    assert numbers_on(none) == []
    assert "Tidak ada yang cocok dengan saringan ini." in none.text

    national = await browser_of(sign_in, Role.NATIONAL, "Nina")
    assert "tidak ada laporan yang menunggu Anda" in (await national.open("/kerja")).text
    for address in ("/kerja?antrean=owed", "/kerja?antrean=gajah&setelah=rusak&status=gajah"):
        assert (await admin.open(address)).status == 200


async def test_a_liaison_receives_asks_and_returns_without_a_script_on_the_page_of_the_own_opd(
    sign_in: SigningIn, office: Office
) -> None:
    case = await forwarded(office, "DISHUB")
    elsewhere = await forwarded(office, "DPUPR")
    number = case.tracking_id
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")

    page = await liaison.open("/kerja/opd")
    assert numbers_on(page) == [number]
    assert elsewhere.tracking_id not in page.text
    assert "tindak lanjut pertama: " in page.text
    assert "penyelesaian: " in page.text
    assert EventKind.RECEIVED not in await case.kinds()

    page = await liaison.send(page.form(f"/laporan/{number}/receive"))
    assert (await case.event(EventKind.RECEIVED)).actor.opd == "DISHUB"
    assert page.path == "/kerja/opd"
    assert [form.action for form in page.forms if form.action.endswith("/receive")] == []

    refused = await liaison.send(page.form(f"/laporan/{number}/return"), reason="")
    assert refused.status == 422
    await liaison.send(page.form(f"/laporan/{number}/return"), reason="Jalan provinsi", belongs_to="DPUPR")
    assert (await case.event(EventKind.RETURNED)).facts["belongs_to"] == "DPUPR"
    assert numbers_on(await liaison.open("/kerja/opd")) == []
    left = await liaison.open("/kerja/opd?antrean=left")
    assert numbers_on(left) == [number]
    assert "dikembalikan oleh OPD Anda" in left.text
    assert "disebut kewenangan DPUPR" in left.text


async def test_what_an_opd_finished_waits_for_the_reporter_and_whoever_is_no_liaison_is_told_so(
    sign_in: SigningIn, office: Office
) -> None:
    case = await forwarded(office, "DISHUB")
    number = case.tracking_id
    liaison = await browser_of(sign_in, Role.LIAISON, "Budi Santoso", "DISHUB")
    page = await liaison.open("/kerja/opd")
    done = await liaison.send(page.form(f"/laporan/{number}/follow_up"), text="Lampu sudah diganti.", final="ya")
    assert ("Selesai: Tindak lanjuti" in done.text, f"/laporan/{number}" in done.links) == (True, True)
    assert (await case.event(EventKind.FOLLOWED_UP)).facts["final"] is True

    assert numbers_on(await liaison.open("/kerja/opd")) == []
    waiting = await liaison.open("/kerja/opd?antrean=waiting")
    assert numbers_on(waiting) == [number]
    admin = await sign_in(Role.ADMIN, "Ani Wijaya")
    assert (await admin.get("/kerja/opd")).status_code == 403
