"""What leads to those pages of the table that no address alone shows: forms that are filled in and sent, links."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from kawal.console.auth.session_cookie import NAME
from kawal.desks.accounts import LINK_PATH
from kawal.domain.calendar import local_day
from kawal.domain.names import Role
from tests.people import person_with
from tests.system.pages.form_steps import open_comparison, open_form, press_send, sent_report
from tests.system.pages.served import PUBLIC_TEXT, Site
from tests.system.pages.visits import Visit

Going = Callable[[Visit, Site], Awaitable[None]]
"""Goes to a page."""


def at(address: str) -> Going:
    """Return how to get to an address, in which a name in braces stands for what the site has under it."""

    async def go(visit: Visit, site: Site) -> None:
        await visit.open(address.format_map(site.shown))

    return go


def unfolded(address: str) -> Going:
    """Return how to get to an address and open what is folded there, so that all of the page is looked at."""

    async def go(visit: Visit, site: Site) -> None:
        await at(address)(visit, site)
        folded = visit.page.locator("main details:not([open]) > summary")
        while await folded.count():
            await folded.first.click()

    return go


# --- The public's -----------------------------------------------------------------------------------------------------


async def faulty_form(visit: Visit, _site: Site) -> None:
    await open_form(visit, "")
    await visit.page.locator("#contact").fill("bukan nomor")
    await visit.page.locator("#name").fill("N" * 201)
    await press_send(visit.page)
    await expect(visit.page.locator("#notice")).to_be_visible()


async def comparison(visit: Visit, site: Site) -> None:
    await open_comparison(visit, site.shown["public"])


async def receipt(visit: Visit, _site: Site) -> None:
    await sent_report(visit)
    await visit.page.locator("summary").click()


async def refused_files(visit: Visit, _site: Site) -> None:
    await sent_report(visit)
    program = {"name": "hadiah.exe", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\x00" * 2000}
    await visit.page.locator("#photo").set_input_files(program)  # type: ignore[arg-type]
    await visit.page.evaluate("() => document.getElementById('photos').submit()")  # as without a script
    await expect(visit.page.locator("li.fault")).to_be_visible()


async def own_report(visit: Visit, _site: Site) -> None:
    number = await sent_report(visit)
    await visit.open(f"/l/{number}")


async def new_code(visit: Visit, site: Site) -> None:
    await own_report(visit, site)
    await visit.page.locator("form[action$='/ganti-kode'] button").click()
    await visit.page.wait_for_url("**/kode*")


async def forgotten(visit: Visit, site: Site) -> None:
    await own_report(visit, site)
    await visit.page.locator("#forget button").click()
    await visit.page.wait_for_url("**/l/terhapus*")


async def public_map(visit: Visit, _site: Site) -> None:
    await open_form(visit, PUBLIC_TEXT)
    await visit.page.locator("[formaction='/lapor/peta']").click()
    await expect(visit.page.locator("input.map")).to_be_visible()


async def close_map(visit: Visit, site: Site) -> None:
    await public_map(visit, site)
    await visit.page.locator("input.map").click(position={"x": 90, "y": 170})
    await expect(visit.page.locator(".tiles")).to_be_visible()


# --- Signing in, and one's work ---------------------------------------------------------------------------------------


async def first_sign_in(visit: Visit, site: Site) -> None:
    complaints = site.office.complaints
    person, _ = await person_with(complaints, Role.LIAISON, "Baru", "DISHUB")
    token, _ = await complaints.record.sign_in_links.make(person.id, "test")
    await visit.open(f"{LINK_PATH}{token}")
    await expect(visit.page.locator("main form").first).to_be_visible()


async def other_role(visit: Visit, site: Site) -> None:
    """Send a form after acting in another role meanwhile, in another tab."""
    await person_with(site.office.complaints, Role.ADMIN, f"Ani {Role.DESK}")
    await visit.open("/kerja/loket")
    await visit.page.locator("#text").fill(PUBLIC_TEXT)
    tab = await visit.context.new_page()
    await tab.goto(f"{visit.url}/kerja")
    await tab.locator("#peran").select_option(index=1)
    await tab.locator("form[action='/peran'] button").click()
    await expect(tab.locator("header a[href='/kerja/surat']")).to_be_visible()
    await tab.close()
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator("#typed-1")).to_have_value(PUBLIC_TEXT)


async def unsent(visit: Visit, _site: Site) -> None:
    await visit.open("/kerja/loket")
    await visit.page.locator("#text").fill(PUBLIC_TEXT)
    await visit.context.clear_cookies(name=NAME)  # as if the session had ended
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator("main textarea")).to_have_value(PUBLIC_TEXT)


async def side_by_side(visit: Visit, site: Site) -> None:
    await visit.open(f"/kerja/verifikasi/{site.shown['waiting']}")
    await visit.page.locator("[data-likenesses] a").first.click()


async def saved_views(visit: Visit, site: Site) -> None:
    for name in ("Sedang diproses", "Terlambat"):
        await visit.open("/kerja?antrean=open&status=proses")
        await visit.page.locator("details:has(#nama-tampilan) > summary").click()
        await visit.page.locator("#nama-tampilan").fill(name)
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/kerja/tampilan**")
    await unfolded("/kerja/tampilan")(visit, site)


async def letter(visit: Visit, _site: Site) -> None:
    await visit.open("/kerja/surat")
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator("#command")).to_be_visible()


async def slip(visit: Visit, _site: Site) -> None:
    await visit.open("/kerja/loket")
    await visit.page.locator("#text").fill(PUBLIC_TEXT)
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator(".qr")).to_be_visible()


# --- Administration ---------------------------------------------------------------------------------------------------


async def person(visit: Visit, _site: Site) -> None:
    await visit.open("/kelola/akun")
    await visit.page.locator("main th a").first.click()
    await visit.page.wait_for_url("**/kelola/akun/*")


async def dead_letter(visit: Visit, site: Site) -> None:
    await unfolded("/kelola/mati")(visit, site)
    await visit.page.locator("form[action$='/mati/buka'] button").first.click()
    await visit.page.wait_for_url("**/kelola/mati/buka")


async def day_off(visit: Visit, _site: Site) -> None:
    await visit.open("/kelola/kalender")
    await visit.page.locator("#tanggal").fill("2026-12-02")
    await visit.page.locator("#nama").fill("Cuti bersama")
    await visit.page.locator("#sumber").fill("SKB 3 Menteri 9/2026")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("[name=versi]")).to_be_attached()


async def corrected_limits(visit: Visit, _site: Site) -> None:
    await visit.open("/kelola/kebijakan")
    await visit.page.locator("[name=verify]").fill("5")
    await visit.page.locator("[value=koreksi]").check()
    await visit.page.locator("#versi").fill("SK 1")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("main form [type=hidden][name=verify]")).to_be_attached()


# --- What other limits would have made --------------------------------------------------------------------------------


async def other_limits(visit: Visit, _site: Site) -> None:
    await visit.open("/pimpinan/andai")
    await visit.page.locator("#respond").fill("3")
    await visit.page.locator("main form button.main").click()
    await expect(visit.page.locator("#semua")).to_be_visible()


async def reports_of_other_limits(visit: Visit, site: Site) -> None:
    await other_limits(visit, site)
    await visit.page.goto(f"{visit.page.url.partition('?')[0]}/laporan?menurut=andai")


# --- Quality ----------------------------------------------------------------------------------------------------------


async def sample(visit: Visit, site: Site) -> None:
    """Open a sample, drawn if there is none."""
    await visit.open("/mutu")
    drawn = visit.page.locator("main a[href*='/mutu/sampel/']")
    if await drawn.count():
        await drawn.first.click()
    else:
        for day in ("#dari", "#sampai"):
            await visit.page.locator(day).fill(str(local_day(site.office.complaints.now())))
        await visit.page.locator("#seed").fill("lotere-1")
        await visit.page.locator("#tarik button").click()
    await visit.page.wait_for_url("**/mutu/sampel/*")


async def review(visit: Visit, site: Site) -> None:
    await sample(visit, site)
    await visit.page.locator("form[action$='/baca'] button").first.click()
    await expect(visit.page.locator("#alasan")).to_be_visible()


async def decrees(visit: Visit, site: Site) -> None:
    await visit.open("/mutu/sk")
    await visit.page.locator("#nomor").fill("SK 12/2026")
    await visit.page.locator("#tanggal").fill(str(local_day(site.office.complaints.now())))
    await visit.page.locator("#catat button").click()
    await expect(visit.page.locator(".good")).to_be_visible()


async def plans(visit: Visit, site: Site) -> None:
    await visit.open("/mutu/rencana-aksi")
    if await visit.page.locator("section[id^=rencana-]").count():
        return
    await visit.page.locator("#tahun").fill("2026")
    await visit.page.locator("#tanggal").fill(str(local_day(site.office.complaints.now())))
    await visit.page.locator("#butir").fill("Melatih penghubung\nMenyusun SOP")
    await visit.page.locator("#catat button").click()
    await expect(visit.page.locator(".good")).to_be_visible()
