"""Lists with their filters, saved under a name: for one role, in one's own order, and leading nowhere else."""

from __future__ import annotations

from kawal.domain.names import Role
from kawal.domain.saved_views import MOST_VIEWS
from tests.console.pages.browser import Browser, Page
from tests.console.staff.conftest import SigningIn
from tests.console.staff.reports import browser_of
from tests.people import person_with
from tests.workflows.life import Office

PATH = "/kerja/tampilan"
SHOWN = "/kerja?antrean=open&status=proses&opd=DISHUB"


async def _save(browser: Browser, name: str, shown: str = SHOWN) -> Page:
    page = await browser.open(shown)
    return await browser.send(page.form(f"{PATH}/simpan"), nama=name)


async def _act(browser: Browser, action: str, number: int, **fields: str) -> Page:
    """Send the first form of that action for a view, with the fields that its buttons hold."""
    page, wanted = await browser.open(PATH), {"nomor": str(number), **fields}.items()
    return await browser.send(
        next(one for one in page.forms if one.action == f"{PATH}/{action}" and wanted <= one.fields.items())
    )


def _views(page: Page) -> list[str]:
    """Return the addresses of the saved views on a page, in its order."""
    return [link for link in page.links if link.startswith(("/kerja?", "/kerja/cari?", "/auditor/"))]


async def test_a_list_is_saved_ordered_renamed_shared_and_removed_without_a_script(
    sign_in: SigningIn, office: Office
) -> None:
    ani = await browser_of(sign_in, Role.ADMIN)
    await _save(ani, "Proses DISHUB", f"{SHOWN}&setelah=rusak&lain=1")
    saved = await _save(ani, "Cari lampu", "/kerja/cari?q=lampu+jalan")
    lamp = "/kerja/cari?q=lampu+jalan"
    assert "Tampilan disimpan" in saved.text
    assert _views(saved) == [SHOWN, lamp]
    stored = str(await office.complaints.pool.fetch("select * from saved_view"))
    assert "lampu" not in stored
    again = await _save(ani, "proses dishub")
    assert again.status == 409
    assert next(form for form in again.forms if form.fields.get("alamat")).fields["nama"] == "proses dishub"
    first, second = [row["id"] for row in await office.complaints.pool.fetch("select id from saved_view order by id")]

    assert _views(await _act(ani, "urutan", second, arah="naik")) == [lamp, SHOWN]
    page = await ani.open(PATH)
    form = next(one for one in page.forms if one.action == f"{PATH}/nama" and one.fields["nomor"] == str(first))
    assert "DISHUB bulan ini" in (await ani.send(form, nama="DISHUB bulan ini")).text
    work = await ani.open("/kerja")
    assert "DISHUB bulan ini" in work.text

    for typed in ("", "nol", "9" * 40):
        nothing = await ani.send(form, nomor=typed, nama="DISHUB tahun ini")
        assert (nothing.status, "tidak menyebut butir" in nothing.text) == (409, True), typed

    budi = await browser_of(sign_in, Role.ADMIN, "Budi Santoso")
    inspector = await browser_of(sign_in, Role.INSPECTORATE, "Dewi Anggraini")
    assert _views(await budi.open(PATH)) == []
    await _act(ani, "bagikan", first, bagi="semua")
    assert _views(await budi.open(PATH)) == [SHOWN]
    assert _views(await inspector.open(PATH)) == []
    entries = [one.facts.get("what") async for one in office.complaints.access_log.entries()]
    assert entries == [None, "view_shared"]  # first the refusal of a name that is taken

    await office.complaints.pool.execute("update opd set active = false where code = 'DISHUB'")
    assert "OPD DISHUB sudah tidak digunakan" in (await budi.open("/kerja")).text
    assert _views(await _act(ani, "hapus", first)) == [lamp]
    assert _views(await budi.open(PATH)) == []

    for number in range(MOST_VIEWS - 1):
        await _save(ani, f"Tampilan {number}")
    full = await _save(ani, "Satu lagi")
    assert (full.status, str(MOST_VIEWS) in full.text) == (409, True)


async def test_another_persons_and_another_roles_views_are_out_of_reach(sign_in: SigningIn, office: Office) -> None:
    ani = await browser_of(sign_in, Role.ADMIN)
    await _save(ani, "Proses DISHUB")
    number = await office.complaints.pool.fetchval("select id from saved_view")
    liaison = await browser_of(sign_in, Role.LIAISON, "Ani Wijaya", "DISHUB")
    await person_with(office.complaints, Role.ADMIN, "Budi Santoso")
    budi = await browser_of(sign_in, Role.ADMIN, "Budi Santoso")
    for other in (liaison, budi):
        page = await _save(other, "Milik sendiri", "/kerja?terlambat=1")
        form = next(one for one in page.forms if one.action == f"{PATH}/hapus")
        assert (await other.send(form, nomor=str(number))).status == 409
    elsewhere = await budi.send(
        (await budi.open("/kerja")).form(f"{PATH}/simpan"), nama="X", alamat="//evil.example/kerja"
    )
    assert elsewhere.status == 409
    assert await office.complaints.pool.fetchval("select count(*) from saved_view") == 3
