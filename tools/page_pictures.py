"""`python -m tools.page_pictures`: a picture of every public page as a phone shows it, put into docs/images/pages.

A system of its own is started in a temporary folder, one report is made public, and Debian's Chromium visits the pages.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tools.screens import LIAISON, ROOT, Kawal, up

FOLDER = ROOT / "docs" / "images" / "pages"
LARGEST = 60_000
"""The most bytes of a picture."""

COLOURS = 32
WIDTH, HEIGHT, TALLEST = 360, 640, 1400

TITLE = "Lampu jalan di Batu 8 padam"
TEXT = "Lampu jalan di Batu 8 padam sejak Senin malam, lima tiang berturut-turut gelap."
OTHER = "Pipa air di depan SD 4 bocor sejak kemarin pagi, jalan tergenang."
PLACE = "Batu 8 Tanjungpinang"


class Site(NamedTuple):
    """The address of the pages, and a report that everybody may read: its number, and its code for its reporter."""

    url: str
    number: str
    code: str


def at(path: str) -> Callable[[Page, Site], None]:
    """Return how to get to an address, in which {number} stands for the public report's number."""

    def go(page: Page, site: Site) -> None:
        page.goto(site.url + path.format(number=site.number))

    return go


def _typed(page: Page, site: Site, text: str) -> None:
    page.goto(f"{site.url}/lapor")
    page.locator("#text").fill(text)
    page.locator("#place").fill(PLACE)


def _form(page: Page, site: Site) -> None:
    _typed(page, site, OTHER)


def _faulty_form(page: Page, site: Site) -> None:
    _typed(page, site, OTHER)
    page.locator("#contact").fill("0812")
    page.locator("#report button.main").click()
    page.locator("#notice").wait_for()


def _comparison(page: Page, site: Site) -> None:
    _typed(page, site, TEXT)
    page.locator("#report button.main").click()
    page.locator("article").first.wait_for()


def _receipt(page: Page, site: Site) -> None:
    _typed(page, site, OTHER)
    page.locator("#report button.main").click()
    page.locator("dd.number").first.wait_for()


def _map(page: Page, site: Site) -> None:
    _typed(page, site, OTHER)
    page.locator("[formaction='/lapor/peta']").click()
    page.locator("input.map").wait_for()


def _own_report(page: Page, site: Site) -> None:
    _receipt(page, site)
    page.locator("a.button.main").click()
    page.locator("h1 + .lead").wait_for()


def _answered_report(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/l/{site.number}/{site.code}")
    page.locator("form[action$='/terima']").wait_for()


def _new_code(page: Page, site: Site) -> None:
    _own_report(page, site)
    page.locator("form[action$='/ganti-kode'] button").click()
    page.wait_for_url("**/kode*")


def _forgotten(page: Page, site: Site) -> None:
    _own_report(page, site)
    page.locator("#forget button").click()
    page.wait_for_url("**/l/terhapus*")


def _link_sent(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/l/kirim-ulang")
    page.locator("[name=number]").fill(site.number)
    page.locator("[name=contact]").fill("0812 3456 7890")
    page.locator("main button").click()
    page.locator("main form").wait_for(state="detached")


def _reports_behind_a_figure(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/angka")
    page.locator("td.n a").first.click()
    page.wait_for_url("**/angka/baris*")


PICTURES: dict[str, Callable[[Page, Site], None]] = {
    "home": at("/"),
    "form": _form,
    "form-with-faults": _faulty_form,
    "comparison": _comparison,
    "receipt": _receipt,
    "entrance": at("/l"),
    "map": _map,
    "own-report": _own_report,
    "own-report-answered": _answered_report,
    "new-code": _new_code,
    "forgotten": _forgotten,
    "link-again": at("/l/kirim-ulang"),
    "link-sent": _link_sent,
    "board": at("/papan"),
    "public-report": at("/papan/{number}"),
    "support-by-letter": at("/dukungan/AAAAAAAAAAAAAAAAAAAAAA"),
    "figures": at("/angka"),
    "figures-rows": _reports_behind_a_figure,
    "seal": at("/segel"),
    "seal-check": at("/segel/periksa"),
    "help": at("/bantuan"),
}
"""Each picture's name, and how to get to the page; a new page is a line more."""


def main() -> int:
    """Take every picture; return 1 if one is too large."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write("apt-get install chromium\n")
        return 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kw", ignore_cleanup_errors=True) as folder,
        up(Path(folder), KAWAL_HTTP_PORT=str(port)) as kawal,
    ):
        sizes = _pictures(chromium, Site(f"http://127.0.0.1:{port}", *_public_report(kawal)))
    large = [f"{name}: {size} bytes\n" for name, size in sizes.items() if size > LARGEST]
    sys.stderr.writelines(large)
    return 1 if large else 0


def _public_report(kawal: Kawal) -> tuple[str, str]:
    """File a report and bring it to an OPD's final answer; return its number and its code."""
    filed = ("--title", TITLE, "--text", TEXT, "--place", PLACE, "--channel", "walk_in", "--as", "desk:Sari")
    answer = kawal.answer("start", *filed)
    number = answer["tracking_id"]
    kawal.answer("verify", number, "--title", TITLE, "--class", "pengaduan", "--category", "PERHUBUNGAN")
    kawal.answer("forward", number, "--opd", "DPUPR")
    kawal.answer("follow-up", number, "--text", "Lima lampu diganti Kamis sore.", "--final", "--as", LIAISON)
    kawal.answer("audit", "seal")
    return number, answer["secret"]


def _pictures(chromium: str, site: Site) -> dict[str, int]:
    """Take the pictures, each by a browser that has seen nothing before; return their sizes."""
    sizes = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, go in PICTURES.items():
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True, locale="id-ID")
            page = context.new_page()
            go(page, site)
            file = FOLDER / f"{name}.png"
            file.write_bytes(small(page.screenshot(full_page=True)))
            sizes[name] = file.stat().st_size
            context.close()
        browser.close()
    return sizes


def small(picture: bytes) -> bytes:
    """Return a picture with few colours, and cut at the bottom where it is long."""
    shown = Image.open(BytesIO(picture)).convert("RGB")
    shown = shown.crop((0, 0, shown.width, min(shown.height, TALLEST)))
    file = BytesIO()
    shown.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
