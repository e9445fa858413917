"""`python -m tools.staff_pictures`: a picture of the officials' pages as a desk shows them, put into docs/images/staff.

A system of its own is started in a temporary folder, and people are invited to it who sign in with password and code.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tools.page_pictures import small
from tools.screens import ROOT, Kawal, up

FOLDER = ROOT / "docs" / "images" / "staff"
WIDTH, HEIGHT = 1200, 800

PASSWORD = "ombak-tenang-di-pulau-penyengat"  # noqa: S105 - of people who exist in a temporary folder alone

REPORTS = (
    (
        "LAMPU JALAN PADAM",
        "lampu jalan di batu 8 padam sejak senin malam. hp saya 081234567890",
        "Batu 8 Tanjungpinang",
    ),
    (
        "Jalan berlubang",
        "Lubang besar di Jalan Basuki Rahmat dekat pasar, dua motor sudah jatuh.",
        "Jalan Basuki Rahmat",
    ),
    ("Pungutan liar", "Petugas meminta uang pelicin untuk mengurus kartu keluarga.", "Tanjungpinang"),
    ("Pipa bocor", "Pipa air di depan SD 4 bocor sejak kemarin pagi, jalan tergenang.", "Tanjungpinang"),
)

PICTURES = {
    "verification": ("admin@KEPRI:Ani", "/kerja/verifikasi"),
    "own-office": ("liaison/DPUPR@KEPRI:Budi", "/kerja/opd"),
    "report": ("liaison/DPUPR@KEPRI:Budi", "/laporan/{number}"),
    "leadership": ("leadership@KEPRI:Dewi", "/pimpinan"),
    "league": ("admin@KEPRI:Ani", "/inspektorat/opd"),
    "counter": ("desk@KEPRI:Sari", "/kerja/loket"),
    "life": ("auditor@KEPRI:Rani", "/auditor/laporan/{number}"),
}
"""Each picture's name, in which role it is taken, and where; {number} stands for a report that was forwarded."""


def main() -> int:
    """Take every picture."""
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
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        number = _filed(kawal)
        for who in dict.fromkeys(who for who, _ in PICTURES.values()):
            _taken(_signed_in(browser, kawal, who), who, f"http://localhost:{port}", number)
        browser.close()
    return 0


def _filed(kawal: Kawal) -> str:
    """File the reports, and forward the second; return its number."""
    numbers = [
        kawal.answer("start", "--title", title, "--text", text, "--place", place, "--as", "adapter:web")["tracking_id"]
        for title, text, place in REPORTS
    ]
    kawal.answer(
        *("verify", numbers[1], "--title", REPORTS[1][0], "--class", "pengaduan"),
        *("--category", "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"),
    )
    kawal.answer("forward", numbers[1], "--opd", "DPUPR")
    return numbers[1]


def _signed_in(browser: Browser, kawal: Kawal, who: str) -> BrowserContext:
    """Invite somebody and set up, by the link, how they sign in; return the browser in which they are."""
    login = who.rpartition(":")[2].lower()
    granter = "inspectorate:Operator" if who.startswith("auditor") else "admin:Operator"
    link = kawal.answer("account", "invite", "--for", who, "--login", login, "--as", granter)["link"]
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="id-ID")
    page = context.new_page()
    page.goto(link)
    secret = page.locator("form[action*='kata-sandi'] code, main code").first.inner_text()
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[autocomplete='one-time-code']").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    page.locator("input[autocomplete='one-time-code']").press("Enter")
    page.wait_for_url("**/kerja")
    page.close()
    return context


def _taken(context: BrowserContext, who: str, url: str, number: str) -> None:
    for name, (role, path) in PICTURES.items():
        if role == who:
            page = context.new_page()
            page.goto(url + path.format(number=number), wait_until="networkidle")
            (FOLDER / f"{name}.png").write_bytes(small(page.screenshot(full_page=True)))
            page.close()
    context.close()


if __name__ == "__main__":
    sys.exit(main())
