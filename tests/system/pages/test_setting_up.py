"""An agency's first set-up in a real browser, in one sitting, on a phone and a desktop without JavaScript."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from kawal.domain.names import Role
from tests.people import give_cookie, session_of
from tests.system.pages.served import Site
from tests.system.pages.visits import DEVICES, Device, Visit, visiting


@asynccontextmanager
async def example_beside_others(site: Site) -> AsyncIterator[tuple[str, str]]:
    """Yield the code of an example that takes no reports, and one for an agency that is put away at the end."""
    tag, pool = uuid.uuid4().hex[:6].upper(), site.office.complaints.pool
    example, own = f"CONTOH-{tag}", f"BINTAN-{tag}"
    await pool.execute(
        "insert into instansi (code, name, active, example, set_up_at) values ($1, 'Contoh', false, true, null)",
        example,
    )
    try:
        yield example, own
    finally:
        await pool.execute("update instansi set active = false where code = $1", own)


async def press(visit: Visit, name: str, path: str) -> None:
    """Press a button, and wait for the page to which it leads."""
    await visit.page.get_by_role("button", name=name, exact=True).click()
    await visit.page.wait_for_url(f"**/kelola{path}*")


@pytest.mark.parametrize("device", DEVICES, ids=str)
async def test_an_agency_is_set_up_in_one_sitting_without_a_script(
    browser: Browser, site: Site, device: Device
) -> None:
    complaints = site.office.complaints
    async with (
        example_beside_others(site) as (example, own),
        visiting(browser, site.url, device, script=False) as visit,
    ):
        page, name = visit.page, f"Ani {own}"
        await give_cookie(visit.context, site.url, await session_of(complaints, Role.ADMIN, name, None, example))
        await visit.open("/kelola")
        await expect(page.locator(".site-message").first).to_contain_text("Contoh “Kepri”")
        await page.get_by_role("link", name="Siapkan instansi Anda").click()
        await page.locator("#nama").fill("Pemerintah Kabupaten Bintan")
        await page.locator("#kode").fill(own)
        await page.locator("#jenis-kabupaten").check()
        await page.locator("#wilayah").fill("21.01")
        await press(visit, "Simpan dan lanjut", "/mulai/opd")
        await page.locator("#daftar").fill("DPUPR;Dinas PUPR\nDISHUB;Dinas Perhubungan")
        await press(visit, "Periksa daftar dahulu", "/mulai/opd/periksa")
        await press(visit, "Tambah 2 OPD", "/mulai/opd")
        await press(visit, "Selesai, lanjut", "/mulai/kategori")
        await page.locator("main select").first.select_option("DPUPR")
        await press(visit, "Simpan perubahan", "/mulai/kategori")
        await press(visit, "Selesai, lanjut", "/mulai/orang")
        await page.locator("#nama").fill("Budi Santoso")
        await page.locator("#masuk").fill(f"budi-{own}")
        await page.locator("#peran-baru").select_option("liaison")
        await page.locator("#opd-baru").select_option("DPUPR")
        await press(visit, "Undang", "/mulai/orang/undang")
        await page.locator("main").get_by_role("link", name="Orang-orangnya").click()
        await press(visit, "Selesai, lanjut", "/mulai/uji")
        await expect(page.locator("main")).to_contain_text("KAWAL_SMTP_HOST")
        await press(visit, "Nanti", "/mulai/selesai")
        await expect(page.locator("main")).to_contain_text("kepala daerahnya Bupati")
        await press(visit, "Akhiri penyiapan", "")
        await expect(page.locator(".site-message")).to_have_count(0)
    settled = await complaints.directory.instansi(own)
    assert settled is not None
    assert (settled.set_up, settled.kind, settled.area) == (True, "kabupaten", "21.01")
