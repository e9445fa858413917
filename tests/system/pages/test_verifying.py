"""The verification queue in a real browser, by keys: faster than the network, and what was shown is what is done."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from kawal.domain.messages import Place, Reporter
from kawal.domain.names import EventKind, Role
from tests.desks.test_publicity import photo
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


async def waiting(site: Site, category: str, n: int, words: str = "", **fields: object) -> Case:
    complaints = site.office.complaints
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    given = report(
        title=f"Laporan ke-{n} {unlike_others(n, 3)}",
        text=f"{unlike_others(n, 12)}.{words}",
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


async def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def test_keys_do_what_the_page_says_and_nothing_else(site: Site, visit: Visit) -> None:
    cases = [await waiting(site, list(CATEGORIES)[n % 3], 100 + n) for n in range(6)]
    page = visit.page
    await visit.open(QUEUE)
    first = page.locator(f"article[data-number='{cases[0].tracking_id}']")
    await expect(first).to_be_focused()

    await types_in_a_field(page, first)
    await chooses_another_category(page, cases[0], first)
    await ends_a_report(page, cases[1])
    await gets_back_what_was_refused(page, cases[2])
    await sends_marked_ones(page, cases[3:5])
    assert await cases[5].events(EventKind.VERIFIED) == []


async def types_in_a_field(page: Page, first: Locator) -> None:
    # While a field has the focus no letter acts; a chord of the browser's, a held key and a composed one never do.
    await pressed(page, "t", "a", "Control+a", "Delete")
    await page.keyboard.type("judul enak")
    await expect(first.locator("[name=judul]")).to_have_value("judul enak")
    await pressed(page, "Escape", "Control+j", "Alt+j")
    await page.evaluate(
        """() => {
          for (const more of [{repeat: true}, {isComposing: true}, {keyCode: 229}])
            document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, ...more}));
        }"""
    )
    await expect(first).to_be_visible()


async def test_the_key_beside_what_has_to_be_looked_at_ticks_it_also_where_enter_has_led_to_it(
    site: Site, visit: Visit
) -> None:
    case = await waiting(site, "KESEHATAN / PELAYANAN OBAT", 300, words=" Petugas meminta uang pelicin.")
    page = visit.page
    await visit.open(f"{QUEUE}/{case.tracking_id}")
    stop = page.locator("[data-stops] input[type=checkbox]")
    await expect(page.locator("article")).to_be_focused()
    await pressed(page, "Enter")
    await expect(stop.first).to_be_focused()
    await pressed(page, *["y"] * await stop.count(), "Enter")
    await expect(page.locator("#results li")).to_have_count(1)
    assert len(await case.events(EventKind.VERIFIED)) == 1


async def chooses_another_category(page: Page, case: Case, first: Locator) -> None:
    # A category that is not offered: the OPDs follow it. Another OPD beside it, another class.
    await pressed(page, "4")
    await page.keyboard.type("jembatan")
    await expect(first.locator("[data-categories] [data-found]")).to_contain_text("JEMBATAN")
    await pressed(page, "Enter")
    await expect(first.locator("[name=opd]:checked")).to_have_value("DPUPR")
    await pressed(page, "+")
    await page.keyboard.type("dinsos")
    await pressed(page, "Enter", "c")
    await pressed(page, "Enter")
    await expect(page.locator("#results li")).to_have_count(1)
    verified, forwarded = await case.event(EventKind.VERIFIED), await case.event(EventKind.FORWARDED)
    assert (verified.words["title"], verified.facts["class"]) == ("judul enak", "aspirasi")
    assert verified.facts["category"].endswith("JEMBATAN")
    assert forwarded.facts["opds"] == ["DPUPR", "DINSOS"]


async def ends_a_report(page: Page, case: Case) -> None:
    # An act that ends a report waits for Ctrl+Enter; Enter alone is a new line.
    await pressed(page, "a")
    await page.keyboard.type("Bukan laporan.")
    await pressed(page, "Enter", "Control+Enter")
    await expect(page.locator("#results li")).to_have_count(2)
    assert (await case.event(EventKind.ARCHIVED)).words["reason"] == "Bukan laporan."


async def gets_back_what_was_refused(page: Page, case: Case) -> None:
    # What was refused comes next, as it was typed; what a colleague did is told.
    await expect(page.locator(f"article[data-number='{case.tracking_id}']")).to_be_focused()
    await pressed(page, "t", "Control+a")
    await page.keyboard.type("Judul saya")
    await case.admin("hold", missing="Di mana?")
    await pressed(page, "Escape", "Enter")
    await expect(page.locator("#status")).to_contain_text("tidak diterima")
    await pressed(page, "j")
    back = page.locator(f"article[data-number='{case.tracking_id}']")
    await expect(back.locator("[name=judul]")).to_have_value("Judul saya")
    await expect(back.locator("[data-why]")).to_contain_text("Dewi")
    await pressed(page, "Enter")  # goes to what was refused, sends nothing
    await expect(back.locator("[data-why]")).to_be_focused()
    await pressed(page, "j")


async def sends_marked_ones(page: Page, cases: list[Case]) -> None:
    # Marked ones are sent together, each with its own answer; the last is taken back with grounds.
    await pressed(page, "x", "x", "Shift+Enter")
    await expect(page.locator("#results li")).to_have_count(5)
    for case in cases:
        assert len(await case.events(EventKind.FORWARDED)) == 1
    await pressed(page, "u")
    await page.keyboard.type("Keliru OPD.")
    await pressed(page, "Enter")
    await expect(page.locator("#results li")).to_have_count(6)
    assert sum([len(await case.events(EventKind.WITHDRAWN)) for case in cases]) == 1


async def test_what_is_typed_stays_while_words_and_photos_are_readied_for_the_public(site: Site, visit: Visit) -> None:
    marked, case, _ = [await waiting(site, list(CATEGORIES)[n], 200 + n) for n in range(3)]
    await photo(case)
    page = visit.page
    await visit.open(QUEUE)
    await pressed(page, "x")
    pane = page.locator(f"article[data-number='{case.tracking_id}']")
    await expect(pane).to_be_focused()
    await pane.locator("[name=judul]").fill("Judul saya")
    await pane.locator("details.act[data-letter=a] summary").click()
    await pane.locator("[name=alasan]").fill("Mungkin bukan laporan.")

    await pane.locator("[data-act=rilis]").click()
    await expect(page.locator("#status")).to_contain_text("setelah laporan diverifikasi")
    await expect(pane.locator("[data-act=rilis]")).to_have_count(0)
    await pane.locator("details[data-own] summary").click()
    await pane.locator("[name=kata]").fill("tidak tertulis di sini")
    await pane.locator("[name=sebab]").fill("Nama orang")
    await pressed(page, "Control+Enter")  # hides the words: decides nothing
    await expect(pane.locator("[data-why]")).to_contain_text("tidak tertulis di sini")
    await pane.locator("[name=kata]").fill(unlike_others(201, 1))
    await pane.locator("[data-act=sunting]").click()
    await expect(pane.locator("[data-part=words] .words")).to_contain_text("[disunting]")
    await expect(pane.locator("[data-why]")).to_be_hidden()
    await expect(page.locator("#queue [name=nomor]:checked")).to_have_count(1)
    await holds_what_was_typed(pane)

    # Blacking out is on a page of its own, and leads back to what was typed.
    await pane.locator("a.button").click()
    await expect(page.locator("#canvas")).to_be_visible()
    for name, value in {"x0": "0", "y0": "0", "w0": "4", "h0": "4", "why": "Wajah"}.items():
        await page.locator(f"[name={name}]").fill(value)
    await page.locator("#picture button.main").click()
    await expect(pane.locator("[data-part=files]")).to_contain_text("sebagian dihitamkan")
    await holds_what_was_typed(pane)
    await expect(page.locator("#queue [name=nomor]:checked")).to_have_count(1)
    await pressed(page, "Enter")
    await expect(page.locator("#results li")).to_have_count(1)
    await pressed(page, "Shift+Enter")  # what was marked before is shown first: only what was shown is sent
    await expect(page.locator(f"article[data-number='{marked.tracking_id}']")).to_be_focused()
    assert await marked.events(EventKind.VERIFIED) == []
    await pressed(page, "Shift+Enter")
    await expect(page.locator("#results li")).to_have_count(2)
    assert len(await marked.events(EventKind.FORWARDED)) == 1
    assert (await case.event(EventKind.VERIFIED)).words["title"] == "Judul saya"
    assert await page.evaluate("() => localStorage.length") == 0


@pytest.mark.parametrize("away", ["network", "database"])
async def test_a_decision_that_cannot_be_sent_comes_back_as_it_was_typed_and_is_taken_once_when_sent_again(
    site: Site, visit: Visit, away: str
) -> None:
    case, other = [await waiting(site, list(CATEGORIES)[n], 400 + 10 * (away == "network") + n) for n in range(2)]
    page = visit.page
    await visit.open(QUEUE)
    pane = page.locator(f"article[data-number='{case.tracking_id}']")
    await pane.locator("[name=judul]").fill("Judul saya")
    await pane.locator("[name=catatan]").fill("Dekat pasar.")
    await pressed(page, "Escape")
    async with without(site, visit, away):
        await pressed(page, "Enter")
        await expect(page.locator("#results .fault")).to_contain_text(case.tracking_id)
        await expect(page.locator(f"article[data-number='{other.tracking_id}']")).to_be_focused()
    await pressed(page, "j")
    await expect(pane).to_be_focused()
    await expect(pane.locator("[data-why]")).to_be_visible()
    await expect(pane.locator("[name=judul]")).to_have_value("Judul saya")
    await expect(pane.locator("[name=catatan]")).to_have_value("Dekat pasar.")
    assert await case.events(EventKind.VERIFIED) == []
    await pressed(page, "Enter")  # goes to why it came back
    await expect(pane.locator("[data-why]")).to_be_focused()
    await pressed(page, "Enter")
    await expect(page.locator("#results li:not(.fault)")).to_have_count(1)
    assert (await case.event(EventKind.VERIFIED)).words["title"] == "Judul saya"
    assert (await case.event(EventKind.FORWARDED)).words["note"] == "Dekat pasar."


@asynccontextmanager
async def without(site: Site, visit: Visit, away: str) -> AsyncIterator[None]:
    """Take the network or the database away for as long as the block runs."""
    if away == "network":
        await visit.context.set_offline(True)
        yield
        await visit.context.set_offline(False)
    else:
        async with site.database_away():
            yield


async def holds_what_was_typed(pane: Locator) -> None:
    await expect(pane.locator("[name=judul]")).to_have_value("Judul saya")
    await expect(pane.locator("[name=alasan]")).to_have_value("Mungkin bukan laporan.")


async def test_without_scripts_enter_in_a_field_decides_and_presses_no_other_button(
    browser: Browser, site: Site
) -> None:
    case = await waiting(site, next(iter(CATEGORIES)), 500)
    async with visiting(browser, site.url, DESKTOP, script=False) as visit:
        await give_cookie(visit.context, site.url, await session_of(site.office.complaints, Role.ADMIN, "Ani Wijaya"))
        await visit.open(f"{QUEUE}/{case.tracking_id}")
        await visit.page.locator("[name=judul]").press("Enter")
        await expect(visit.page.locator("#status")).to_contain_text("telah diverifikasi")
    assert len(await case.events(EventKind.VERIFIED)) == 1
