"""`python -m tools.demo_pictures ADDRESS`: pictures of a running demo (`make demo`), put into docs/images/demo."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tools.page_pictures import small
from tools.screens import ROOT

FOLDER = ROOT / "docs" / "images" / "demo"
WIDTH, HEIGHT = 1100, 800

COMPUTED_WITHIN = 300_000
"""How long what other limits would have made may take (milliseconds)."""

VIEWS = {
    "Semua yang lewat tenggat": "/kerja?antrean=open&terlambat=1",
    "Sedang diproses OPD": "/kerja?antrean=open&status=proses",
}
"""Lists that are saved for the picture of saved views, by name."""


def _nothing(_: Page) -> None:
    """Take the page as it is."""


def _saves_views(page: Page) -> None:
    address = page.url.partition("/kerja")[0]
    for name, path in VIEWS.items():
        page.goto(f"{address}{path}")
        page.locator("details:has(#nama-tampilan) > summary").click()
        page.locator("#nama-tampilan").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_url("**/kerja/tampilan**")


def _asks_what_if(page: Page) -> None:
    """Ask what the year would have been with three working days to a first follow-up."""
    page.locator("#respond").fill("3")
    page.locator("[name=dari]").fill("2022-01-01")
    page.locator("[name=sampai]").fill("2022-10-31")
    page.locator("main form button.main").click()
    page.locator("#semua").wait_for(timeout=COMPUTED_WITHIN)


class Picture(NamedTuple):
    """As whom of the demo's people a picture is taken, where, and after what."""

    login: str | None
    path: str
    first: Callable[[Page], None] = _nothing


PICTURES = {
    "sign-in": Picture(None, "/masuk"),
    "inspectorate": Picture("inspektorat", "/inspektorat"),
    "saved-views": Picture("admin", "/kerja", _saves_views),
    "what-if": Picture("pimpinan", "/pimpinan/andai", _asks_what_if),
}
"""The pictures by name."""


def main() -> int:
    """Take every picture."""
    chromium, address = shutil.which("chromium"), sys.argv[1:]
    if chromium is None or len(address) != 1:
        sys.stderr.write("apt-get install chromium; python -m tools.demo_pictures http://localhost:8480\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, picture in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="id-ID")
            if picture.login is not None:
                page.goto(f"{address[0]}/masuk")
                page.locator(f"button[value={picture.login}]").click()
                page.wait_for_url("**/kerja")
            page.goto(f"{address[0]}{picture.path}", wait_until="load")
            picture.first(page)
            (FOLDER / f"{name}.png").write_bytes(small(page.screenshot()))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
