"""How long an admin waits after Enter at the verification queue: for the next report, and for what became of this one.

    python -m benchmarks enter

In Debian's Chromium, with the year 2022's reports as they came. What stops a report is looked at first, an OPD chosen
where none is offered; then Enter sends what is shown, as one page sends it: verify, and forward. The page itself takes
the time, from when the key went down to the frame in which the next report is seen, and to that in which the status
line has the answer, which is there when both commands are on record. The floor is a key that does nothing, to its next
frame. Browser, application, worker and servers share the machine. KAWAL_BENCH_ENTERS says how many.
"""

from __future__ import annotations

import asyncio
import os
from typing import NamedTuple

from playwright.async_api import Page

from benchmarks.percentiles import spread
from benchmarks.servers import scratch_settings, servers, working
from benchmarks.suggestion import SCENARIO
from benchmarks.verification_desk import QUEUE, browsing, receive_advised, served, without_chromium
from kawal.client.complaints import Complaints
from kawal.domain.messages import Report
from kawal.domain.scenario import read_rows

ENTERS = int(os.environ.get("KAWAL_BENCH_ENTERS", "100"))
SHOWN_LIMIT, ANSWERED_LIMIT = 100, 300
"""Milliseconds within which 95 of 100 are to be there."""

_WARM = 5
_AT_ONCE = 8
_READING = 900
"""Milliseconds in which a report is read: the page says meanwhile that it is open here, and fetches ahead."""

# The time of an event and that of a frame are of one clock. A message that a frame's callback sends comes after it.
_WATCH = """() => {
  const queue = window.watched = { enters: [], idle: [] };
  const painted = (then) => requestAnimationFrame(() => {
    const way = new MessageChannel();
    way.port1.onmessage = () => then(performance.now());
    way.port2.postMessage(0);
  });
  document.addEventListener("keydown", (event) => {
    const at = event.timeStamp, article = document.querySelector("#pane article");
    if (event.key === "z") painted((now) => queue.idle.push(now - at));
    if (event.key === "Enter" && article && document.activeElement === article)
      queue.enters.push({ number: article.dataset.number, at, shown: null, answered: null, fault: false });
  }, true);
  new MutationObserver(() => {
    const last = queue.enters.at(-1), article = document.querySelector("#pane article");
    if (last && last.shown === null && article && article.dataset.number !== last.number)
      painted((now) => { last.shown = now - last.at; });
  }).observe(document.getElementById("pane"), { childList: true });
  new MutationObserver((changes) => {
    for (const line of changes.flatMap((change) => [...change.addedNodes])) {
      const one = queue.enters.find((enter) => line.textContent.includes(enter.number));
      if (one) painted((now) => { one.answered = now - one.at; one.fault = line.className === "fault"; });
    }
  }).observe(document.getElementById("results"), { childList: true });
}"""
_SETTLED = (
    "() => watched.enters.length && watched.enters.at(-1).shown !== null && watched.enters.at(-1).answered !== null"
)


class Waits(NamedTuple):
    """Milliseconds after each key."""

    idle: list[float]
    shown: list[float]
    answered: list[float]
    faults: int
    """How many were not taken."""


async def run(enters: int = ENTERS) -> None:
    """Start a system, have as many reports wait, decide on them, and print the figures."""
    if without_chromium():
        return
    rows = read_rows(SCENARIO.read_text(encoding="utf-8"), "csv")
    reports = [row.as_report() for row in rows if row.is_start][: enters + _WARM + 1]
    with scratch_settings() as settings:
        async with servers(settings) as running, working(running) as connected:
            complaints = Complaints(connected)
            await _receive(complaints, reports)
            async with served(complaints, settings) as url, browsing(complaints, url) as page:
                waits = await _decided(page, url + QUEUE, len(reports) - 1)
    _print(waits)


async def _receive(complaints: Complaints, reports: list[Report]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(report: Report) -> None:
        async with gate:
            await receive_advised(complaints, report)

    await asyncio.gather(*(one(report) for report in reports))


async def _decided(page: Page, queue: str, enters: int) -> Waits:
    """Decide on that many, each after it was read and the one before was answered; the first ones do not count."""
    await page.goto(queue)
    await page.evaluate(_WATCH)
    for _ in range(enters):
        await page.wait_for_timeout(_READING)
        await _look(page)
        await page.keyboard.press("z")
        await page.keyboard.press("Enter")
        await page.wait_for_function(_SETTLED)
    found = await page.evaluate("watched")
    counted = found["enters"][_WARM:]
    return Waits(
        found["idle"][_WARM:],
        [one["shown"] for one in counted],
        [one["answered"] for one in counted],
        sum(one["fault"] for one in found["enters"]),
    )


async def _look(page: Page) -> None:
    """Open a rahasia report, look at what stops it, and choose an OPD where none is offered."""
    article = page.locator("#pane article")
    if await article.locator("form[data-act=buka]").count():
        await page.keyboard.press("b")
        await article.locator("form[data-act=putuskan]").wait_for()
    for _ in range(await article.locator("[name=ditunjukkan]").count()):
        await page.keyboard.press("y")
    if not await article.locator("[name=opd]:checked").count():
        await page.keyboard.press("+")
        await page.keyboard.type(str(await page.locator("#opd-names option").first.get_attribute("value")))
        await page.keyboard.press("Enter")


def _print(waits: Waits) -> None:
    print(
        f"after Enter, {len(waits.shown)} times: the next report is seen {spread(waits.shown)} (limit {SHOWN_LIMIT});"
        f" both answers stand on the status line {spread(waits.answered)} (limit {ANSWERED_LIMIT}); not taken"
        f" {waits.faults}; a key that does nothing {spread(waits.idle)}; load of the machine {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    asyncio.run(run())
