"""The pages that every check is made of, and how somebody gets to each: a new page is a line more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from playwright.async_api import expect

from kawal.console.auth.session_cookie import NAME
from kawal.domain.names import Role
from tests.system.pages.form_steps import open_comparison, open_form, press_send, sent_report
from tests.system.pages.served import PUBLIC_TEXT
from tests.system.pages.visits import Visit

Going = Callable[[Visit, str], Awaitable[None]]
"""Goes to a page; the second argument is the number of a report that is public, for officials of one that waits."""


class PageCase(NamedTuple):
    """A page, or a state of one."""

    name: str
    go: Going
    errs: bool = False
    """Whether its answer is an error."""
    tiles: bool = False
    """Whether it shows pictures of the operator's tile server."""
    role: Role | None = None
    """As what one has to be signed in to see it."""
    opd: str | None = None
    """Of a liaison: of which OPD."""

    def __str__(self) -> str:
        """Return its name, for a test's."""
        return self.name


def at(path: str) -> Going:
    """Return how to get to an address, in which {number} stands for the number of a public report."""

    async def go(visit: Visit, public_number: str) -> None:
        await visit.open(path.format(number=public_number))

    return go


async def _faulty_form(visit: Visit, _number: str) -> None:
    await open_form(visit, "")
    await visit.page.locator("#contact").fill("bukan nomor")
    await visit.page.locator("#name").fill("N" * 201)
    await press_send(visit.page)
    await expect(visit.page.locator("#notice")).to_be_visible()


async def _comparison(visit: Visit, public_number: str) -> None:
    await open_comparison(visit, public_number)


async def _receipt(visit: Visit, _number: str) -> None:
    await sent_report(visit)
    await visit.page.locator("summary").click()


async def _refused_files(visit: Visit, _number: str) -> None:
    await sent_report(visit)
    program = {"name": "hadiah.exe", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\x00" * 2000}
    await visit.page.locator("#photo").set_input_files(program)  # type: ignore[arg-type]
    await visit.page.evaluate("() => document.getElementById('photos').submit()")  # as without a script
    await expect(visit.page.locator("li.fault")).to_be_visible()


async def _own_report(visit: Visit, _number: str) -> None:
    number = await sent_report(visit)
    await visit.open(f"/l/{number}")


async def _map(visit: Visit, _number: str) -> None:
    await open_form(visit, PUBLIC_TEXT)
    await visit.page.locator("[formaction='/lapor/peta']").click()
    await expect(visit.page.locator("input.map")).to_be_visible()


async def _close_map(visit: Visit, number: str) -> None:
    await _map(visit, number)
    await visit.page.locator("input.map").click(position={"x": 90, "y": 170})
    await expect(visit.page.locator(".tiles")).to_be_visible()


async def _side_by_side(visit: Visit, waiting: str) -> None:
    await visit.open(f"/kerja/verifikasi/{waiting}")
    await visit.page.locator("[data-likenesses] a").first.click()


def _unfolded(path: str) -> Going:
    """Return how to get to an address and open what is folded there, so that all of the page is looked at."""

    async def go(visit: Visit, _number: str) -> None:
        await visit.open(path)
        folded = visit.page.locator("main details:not([open]) > summary")
        while await folded.count():
            await folded.first.click()

    return go


async def _saved_views(visit: Visit, number: str) -> None:
    for name in ("Sedang diproses", "Terlambat"):
        await visit.open("/kerja?antrean=open&status=proses")
        await visit.page.locator("details:has(#nama-tampilan) > summary").click()
        await visit.page.locator("#nama-tampilan").fill(name)
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/kerja/tampilan**")
    await _unfolded("/kerja/tampilan")(visit, number)


async def _letter(visit: Visit, _number: str) -> None:
    await visit.open("/kerja/surat")
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator("#command")).to_be_visible()


async def _day_off(visit: Visit, _number: str) -> None:
    await visit.open("/kelola/kalender")
    await visit.page.locator("#tanggal").fill("2026-12-02")
    await visit.page.locator("#nama").fill("Cuti bersama")
    await visit.page.locator("#sumber").fill("SKB 3 Menteri 9/2026")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("[name=versi]")).to_be_attached()


async def _corrected_limits(visit: Visit, _number: str) -> None:
    await visit.open("/kelola/kebijakan")
    await visit.page.locator("[name=verify]").fill("5")
    await visit.page.locator("[value=koreksi]").check()
    await visit.page.locator("#versi").fill("SK 1")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.locator("main form [type=hidden][name=verify]")).to_be_attached()


async def _other_limits(visit: Visit, _number: str) -> None:
    await visit.open("/pimpinan/andai")
    await visit.page.locator("#respond").fill("3")
    await visit.page.locator("main form button.main").click()
    await expect(visit.page.locator("#semua")).to_be_visible()


async def _slip(visit: Visit, _number: str) -> None:
    await visit.open("/kerja/loket")
    await visit.page.locator("#text").fill(PUBLIC_TEXT)
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator(".qr")).to_be_visible()


async def _unsent(visit: Visit, _number: str) -> None:
    await visit.open("/kerja/loket")
    await visit.page.locator("#text").fill(PUBLIC_TEXT)
    await visit.context.clear_cookies(name=NAME)  # as if the session had ended
    await visit.page.locator("main form button").first.click()
    await expect(visit.page.locator("main textarea")).to_have_value(PUBLIC_TEXT)


PAGES = (
    PageCase("home", at("/")),
    PageCase("form", at("/lapor")),
    PageCase("form with faults", _faulty_form, errs=True),
    PageCase("comparison", _comparison),
    PageCase("receipt", _receipt),
    PageCase("refused files", _refused_files, errs=True),
    PageCase("entrance", at("/l")),
    PageCase("entrance with a wrong code", at("/l/{number}/0000000000"), errs=True),
    PageCase("own report", _own_report),
    PageCase("link again", at("/l/kirim-ulang")),
    PageCase("map", _map),
    PageCase("map with tiles", _close_map, tiles=True),
    PageCase("board", at("/papan?status=proses&cari=lampu")),
    PageCase("board with nothing", at("/papan?cari=gajah")),
    PageCase("public report", at("/papan/{number}")),
    PageCase("support by a letter's link", at("/dukungan/AAAAAAAAAAAAAAAAAAAAAA")),
    PageCase("help", at("/bantuan")),
    PageCase("figures", at("/angka")),
    PageCase("reports behind a figure", at("/angka/baris?angka=masuk")),
    PageCase("seal", at("/segel")),
    PageCase("check of a receipt", at("/segel/periksa")),
    PageCase("sign in", at("/masuk")),
    PageCase("own account", _unfolded("/akun"), role=Role.ADMIN),
    PageCase("verification queue", at("/kerja/verifikasi/{number}"), role=Role.ADMIN),
    PageCase("reports side by side", _side_by_side, role=Role.ADMIN),
    PageCase("work", at("/kerja?antrean=open&status=belum_diverifikasi"), role=Role.ADMIN),
    PageCase("work with nothing", at("/kerja?antrean=open&cari=gajah&kelas=aspirasi"), role=Role.ADMIN),
    PageCase("saved views", _saved_views, role=Role.ADMIN),
    PageCase("decisions", _unfolded("/kerja/keputusan"), role=Role.ADMIN),
    PageCase("own OPD", _unfolded("/kerja/opd"), role=Role.LIAISON, opd="DISHUB"),
    PageCase("inspectorate", _unfolded("/inspektorat"), role=Role.INSPECTORATE),
    PageCase("leadership", _unfolded("/pimpinan"), role=Role.LEADERSHIP),
    PageCase("other limits", at("/pimpinan/andai"), role=Role.LEADERSHIP),
    PageCase("what other limits would have made", _other_limits, role=Role.LEADERSHIP),
    PageCase("league", at("/inspektorat/opd"), role=Role.INSPECTORATE),
    PageCase(
        "reports behind a number",
        at("/pimpinan/baris?angka=masuk&dari=2000-01-01&sampai=2099-12-31"),
        role=Role.LEADERSHIP,
    ),
    PageCase("tray", at("/kerja/surat"), role=Role.ADMIN),
    PageCase("letter of the tray", _letter, role=Role.ADMIN),
    PageCase("staff search", at("/kerja/cari?q=lampu"), role=Role.ADMIN),
    PageCase("administration", at("/kelola"), role=Role.ADMIN),
    PageCase("OPDs", _unfolded("/kelola/opd"), role=Role.ADMIN),
    PageCase("people", _unfolded("/kelola/akun"), role=Role.ADMIN),
    PageCase("calendar", at("/kelola/kalender?tahun=2026&hari=2026-12-25"), role=Role.ADMIN),
    PageCase("what a calendar moves", _day_off, role=Role.ADMIN),
    PageCase("limits", at("/kelola/kebijakan"), role=Role.ADMIN),
    PageCase("what limits move", _corrected_limits, role=Role.ADMIN),
    PageCase("texts for forms", at("/kelola/teks"), role=Role.ADMIN),
    PageCase("access of programs", at("/kelola/akses-mesin"), role=Role.ADMIN),
    PageCase("ways of letters", at("/kelola/gerbang"), role=Role.ADMIN),
    PageCase("given up", _unfolded("/kelola/mati"), role=Role.ADMIN),
    PageCase("front desk", at("/kerja/loket"), role=Role.DESK),
    PageCase("slip", _slip, role=Role.DESK),
    PageCase("unsent", _unsent, errs=True, role=Role.DESK),
    PageCase("guide", at("/panduan/admin"), role=Role.ADMIN),
    PageCase("set-up", at("/kelola/mulai/instansi"), role=Role.ADMIN),
    PageCase("set-up, ready", at("/kelola/mulai/selesai"), role=Role.ADMIN),
    PageCase("message to readers", at("/kelola/pesan"), role=Role.ADMIN),
    PageCase("words of letters", at("/kelola/surat"), role=Role.ADMIN),
    PageCase("health", at("/kelola/keadaan"), role=Role.ADMIN),
    PageCase("no such file", at("/s/0/none"), errs=True),
)
