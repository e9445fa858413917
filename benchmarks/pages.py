"""The form's size and speed, beside what others make a phone load: bytes and requests of a first visit, seconds from
opening to the number on a slow phone without JavaScript, and the server's time for the form.

    python -m benchmarks pages

The browser is Debian's Chromium. The slow phone: 400 kbit/s, 400 ms, a processor six times as slow; 120 characters are
typed at three a second. The floor of the server's time is a file of the same server, sent from memory.
"""

from __future__ import annotations

import asyncio
import http.client
import shutil
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.letters import running_up
from kawal.console.pages.assets import address_of

FORM = "/lapor"
TEXT = "Lampu jalan di depan pasar padam sejak Senin malam, lima tiang berturut-turut, warga takut lewat sesudah isya. "
CHARACTERS = 120
A_SECOND = 3
SLOW: dict[str, Any] = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s both ways, in bytes a second; milliseconds."""
SLOWER = 6
CALLS = 500
LIMIT_BYTES, LIMIT_REQUESTS, LIMIT_SECONDS, LIMIT_P95 = 15_000, 4, 60.0, 0.020
AIM_BYTES = 8_000
FIXMYSTREET_SCRIPT = 173_000
"""Bytes of script alone, compressed, that FixMyStreet's report page loads (its committed files of August 2026)."""


class FirstVisit(NamedTuple):
    """What a browser with nothing kept loads to show a page."""

    bytes: int
    requests: int
    seconds: float


async def run() -> None:
    """Start a system, measure and print the figures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("left out: it needs Debian's chromium (apt-get install chromium)")
        return
    with (
        tempfile.TemporaryDirectory(prefix="kawal-", ignore_cleanup_errors=True) as folder,
        running_up(Path(folder) / "home") as up,
    ):
        await _measure(chromium, up.http)


async def _measure(chromium: str, port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        visit = await _first_visit(browser, url)
        seconds = [await _to_the_number(browser, url) for _ in range(3)]
        await browser.close()
    form, file = (
        await asyncio.to_thread(_answers, port, FORM),
        await asyncio.to_thread(_answers, port, address_of("kawal.css")),
    )
    print(
        f"first visit of the form: {visit.bytes:,} bytes in {visit.requests} requests, {visit.seconds:.1f} s on the"
        f" slow phone (limit {LIMIT_BYTES:,} and {LIMIT_REQUESTS}, aim {AIM_BYTES:,}); FixMyStreet's script alone"
        f" {FIXMYSTREET_SCRIPT:,}, ratio {visit.bytes / FIXMYSTREET_SCRIPT:.3f}"
    )
    print(
        f"from opening to the number, {CHARACTERS} characters: {statistics.median(seconds):.1f} s without JavaScript"
        f" (typing alone {CHARACTERS / A_SECOND:.0f} s; limit {LIMIT_SECONDS:.0f} s)"
    )
    print(
        f"server's time of the form: p95 {form * 1000:.1f} ms (limit {LIMIT_P95 * 1000:.0f} ms);"
        f" a file from memory {file * 1000:.1f} ms, ratio {form / file:.1f}"
    )


async def slow_down(page: Page) -> Any:
    """Make the page's network and processor those of an old phone; return the session that tells of its traffic."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


async def _first_visit(browser: Browser, url: str) -> FirstVisit:
    context = await browser.new_context(viewport={"width": 360, "height": 640})
    page = await context.new_page()
    session = await slow_down(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(url + FORM, wait_until="networkidle")
    loaded = await page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
    await context.close()
    return FirstVisit(int(sum(sizes)), len(sizes), loaded)


async def _to_the_number(browser: Browser, url: str) -> float:
    """Return the seconds from opening the form to the number on the receipt."""
    text = f"{uuid.uuid4().hex[:8]} {TEXT}{TEXT}"[:CHARACTERS]
    context = await browser.new_context(viewport={"width": 360, "height": 640}, java_script_enabled=False)
    page = await context.new_page()
    await slow_down(page)
    began = time.perf_counter()
    await page.goto(url + FORM)
    await page.locator("#text").press_sequentially(text, delay=1000 / A_SECOND, timeout=120_000)
    await page.locator("#report button.main").click()
    await page.locator("dd.number").first.wait_for()
    seconds = time.perf_counter() - began
    await context.close()
    return seconds


def _answers(port: int, path: str) -> float:
    """Return the 95th percentile of the seconds that answers take over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    spent = []
    for _ in range(CALLS):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        spent.append(time.perf_counter() - began)
    connection.close()
    return statistics.quantiles(spent, n=100)[94]
