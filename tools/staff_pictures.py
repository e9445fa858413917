"""`python -m tools.staff_pictures`: the officials' pages, at a desk and on a phone, as pictures in docs/images/staff.

A system of its own is started in a temporary folder, and people are invited to it who sign in with password and code.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pyotp
from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from tools.page_pictures import small
from tools.screens import ROOT, Kawal, up

FOLDER = ROOT / "docs" / "images" / "staff"
WIDTH, HEIGHT = 1200, 800
PHONE = ViewportSize(width=360, height=640)

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
    ("Pipa bocor", "Pipa air di depan SD 4 bocor sejak kemarin pagi, jalan tergenang.", "Tanjungpinang"),
    ("Pungutan liar", "Petugas meminta uang pelicin untuk mengurus kartu keluarga.", "Tanjungpinang"),
)


class Picture(NamedTuple):
    """In which role a picture is taken (None: by nobody who is signed in), and where."""

    who: str | None
    path: str
    """{number} stands for a report that an OPD owes."""
    phone: bool = False


ADMIN, LIAISON = "admin@KEPRI:Ani", "liaison/DPUPR@KEPRI:Budi"

PICTURES = {
    "sign-in": Picture(None, "/masuk"),
    "work": Picture(ADMIN, "/kerja?antrean=open"),
    "verification": Picture(ADMIN, "/kerja/verifikasi"),
    "verification-phone": Picture(ADMIN, "/kerja/verifikasi", phone=True),
    "decisions": Picture(ADMIN, "/kerja/keputusan"),
    "setup": Picture(ADMIN, "/kelola/mulai/opd"),
    "own-office": Picture(LIAISON, "/kerja/opd"),
    "own-office-phone": Picture(LIAISON, "/kerja/opd", phone=True),
    "report": Picture(LIAISON, "/laporan/{number}"),
    "leadership": Picture("leadership@KEPRI:Dewi", "/pimpinan"),
    "league": Picture(ADMIN, "/inspektorat/opd"),
    "counter": Picture("desk@KEPRI:Sari", "/kerja/loket"),
    "life": Picture("auditor@KEPRI:Rani", "/auditor/laporan/{number}"),
}
"""The pictures by name."""


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
        for who in dict.fromkeys(picture.who for picture in PICTURES.values()):
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="id-ID")
            if who is not None:
                _sign_in(context, kawal, who)
            _taken(context, who, f"http://localhost:{port}", number)
        browser.close()
    return 0


def _filed(kawal: Kawal) -> str:
    """File the reports, forward two of them, and have days asked for the third; return the number of the second."""
    numbers = [
        kawal.answer("start", "--title", title, "--text", text, "--place", place, "--as", "adapter:web")["tracking_id"]
        for title, text, place in REPORTS
    ]
    for number, (title, _, _) in list(zip(numbers, REPORTS, strict=True))[1:3]:
        kawal.answer(
            *("verify", number, "--title", title, "--class", "pengaduan"),
            *("--category", "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG"),
        )
        kawal.answer("forward", number, "--opd", "DPUPR")
    kawal.answer("extend", numbers[2], "--days", "3", "--grounds", "Menunggu suku cadang", "--as", "liaison/DPUPR:Budi")
    return numbers[1]


def _sign_in(context: BrowserContext, kawal: Kawal, who: str) -> None:
    """Invite somebody and set up, by the link, how they sign in, in their browser."""
    login = who.rpartition(":")[2].lower()
    granter = "inspectorate:Operator" if who.startswith("auditor") else "admin:Operator"
    link = kawal.answer("account", "invite", "--for", who, "--login", login, "--as", granter)["link"]
    page = context.new_page()
    page.goto(link)
    secret = page.locator("form[action*='kata-sandi'] code, main code").first.inner_text()
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[autocomplete='one-time-code']").fill(pyotp.TOTP(secret.replace(" ", "")).now())
    page.locator("input[autocomplete='one-time-code']").press("Enter")
    page.wait_for_url("**/kerja")
    page.close()


def _taken(context: BrowserContext, who: str | None, url: str, number: str) -> None:
    for name, picture in PICTURES.items():
        if picture.who == who:
            page = context.new_page()
            if picture.phone:
                page.set_viewport_size(PHONE)
            page.goto(url + picture.path.format(number=number), wait_until="load")
            (FOLDER / f"{name}.png").write_bytes(small(page.screenshot(full_page=True)))
            page.close()
    context.close()


if __name__ == "__main__":
    sys.exit(main())
