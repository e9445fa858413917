"""`python -m tools.demo_pictures ADDRESS`: pictures of a running demo (`make demo`), put into docs/images/demo."""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import sync_playwright

from tools.page_pictures import small
from tools.screens import ROOT

FOLDER = ROOT / "docs" / "images" / "demo"
WIDTH, HEIGHT = 1100, 800

PICTURES = {"sign-in": (None, "/masuk"), "inspectorate": ("inspektorat", "/inspektorat")}
"""Each picture's name, as whom of the demo's people it is taken, and where."""


def main() -> int:
    """Take every picture."""
    chromium, address = shutil.which("chromium"), sys.argv[1:]
    if chromium is None or len(address) != 1:
        sys.stderr.write("apt-get install chromium; python -m tools.demo_pictures http://localhost:8480\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (login, path) in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="id-ID")
            if login is not None:
                page.goto(f"{address[0]}/masuk")
                page.locator(f"button[value={login}]").click()
                page.wait_for_url("**/kerja")
            page.goto(f"{address[0]}{path}", wait_until="load")
            (FOLDER / f"{name}.png").write_bytes(small(page.screenshot()))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
