"""The verification queue in a real browser, by keys: faster than the network, and what was shown is what is done."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from kawal.domain.messages import Place, Reporter
from kawal.domain.names import EventKind, Role
from tests.people import give_cookie, session_of
from tests.system.pages.served import Site
from tests.system.pages.visits import DESKTOP, Visit, visiting
from tests.workflows.life import Case, report

QUEUE = "/kerja/verifikasi"
CATEGORIES = {
    "PERHUBUNGAN / TRANSPORTASI LAUT": "DISHUB",
    "PEKERJAAN UMUM DAN PENATAAN RUANG / JEMBATAN": "DPUPR",
    "KESEHATAN / PELAYANAN OBAT": "DINKES",
}

SYLLABLES = ["ba", "ko", "du", "ri", "me", "la", "to", "su", "ne", "pi", "ga", "wo"]

pytestmark = pytest.mark.usefixtures("an_empty_queue")


@pytest.fixture
async def an_empty_queue(site: Site) -> None:
    """Archive what other tests left in the queue that all tests of the pages share."""
    complaints = site.office.complaints
    admin = await complaints.actor(Role.ADMIN, "Dewi", instansi="KEPRI")
    left = await complaints.pool.fetch(
        "select tracking_id::text as id from complaint where status = 'belum_diverifikasi'"
    )
    for row in left:
        await complaints.send(row["id"], "archive", admin, {"reason": "Sisa uji lain."})


@pytest.fixture
async def visit(browser: Browser, site: Site) -> AsyncIterator[Visit]:
    """Yield a visit by an admin who is signed in."""
    async with visiting(browser, site.url, DESKTOP) as opened:
        await give_cookie(opened.context, site.url, await session_of(site.office.complaints, Role.ADMIN, "Ani Wijaya"))
        yield opened


def unlike_others(n: int, words: int) -> str:
    """Return words that no other report shares, so that none is taken for the same matter."""
    dice = random.Random(n)
    return " ".join("".join(dice.choice(SYLLABLES) for _ in range(4)) for _ in range(words))


async def waiting(site: Site, category: str, n: int, **fields: object) -> Case:
    complaints = site.office.complaints
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    given = report(
        title=f"Laporan ke-{n} {unlike_others(n, 3)}",
        text=f"{unlike_others(n, 12)}.",
        place=Place(text="Tanjungpinang"),
        category=category,
        reporter=Reporter(),
        **fields,
    )
    return Case(site.office, (await complaints.start(given, adapter, None, "KEPRI")).tracking_id)


async def test_twenty_keys_in_five_seconds_on_a_slow_network_are_twenty_right_decisions(
    site: Site, visit: Visit
) -> None:
    cases = [await waiting(site, list(CATEGORIES)[n % 3], n) for n in range(21)]
    page = visit.page
    devtools = await visit.context.new_cdp_session(page)
    await visit.open(QUEUE)
    await devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    await page.wait_for_timeout(1500)
    for _ in range(20):
        await page.keyboard.press("Enter")
        await page.wait_for_timeout(240)
    await expect(page.locator("#results li")).to_have_count(20)
    assert await page.locator("#results .fault").count() == 0
    for case, category in zip(cases[:20], [list(CATEGORIES)[n % 3] for n in range(20)], strict=True):
        verified = await case.event(EventKind.VERIFIED)
        forwarded = await case.event(EventKind.FORWARDED)
        assert (verified.facts["category"], forwarded.facts["opds"]) == (category, [CATEGORIES[category]])
    assert await cases[20].events(EventKind.VERIFIED) == []
