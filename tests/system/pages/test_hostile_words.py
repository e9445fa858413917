"""What others write, in a real browser: no script of theirs runs, the policy reports nothing, and no line is turned."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from playwright.async_api import Browser

from kawal.base.endpoints import Endpoints
from kawal.embedded.postgres import with_database
from tests.conftest import copy_database
from tests.console.staff.hostile_words import OPD, Opening, openings, plant
from tests.people import give_cookie, session_of
from tests.system.pages.served import served
from tests.system.pages.visits import DESKTOP, Visit, visiting

DATABASE = "kawal_hostile"

TURNED = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const left = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.search(/[A-Za-z]{2}/);
    if (at < 0 || node.data.includes('\\u202e') || !node.parentElement.checkVisibility()) continue;
    const first = left(node, at), second = left(node, at + 1);
    if (first.width && first.top === second.top && first.left > second.left) found.push(node.data.trim());
  }
  return found;
}"""
"""Returns our own words that are shown from right to left, because somebody's words before them turned the line."""


async def open_as(visit: Visit, opening: Opening) -> None:
    """Open a page as its opening says."""
    await visit.open(opening.path)
    if opening.press is None:
        return
    form = visit.page.locator(f"form[action='{opening.press}'], form[action^='{opening.press}?']")
    for name, typed in opening.typed.items():
        await form.locator(f"[name='{name}']").evaluate("(field, typed) => { field.value = typed; }", typed)
    async with visit.page.expect_navigation():
        await form.evaluate("one => HTMLFormElement.prototype.submit.call(one)")


async def test_no_script_of_others_runs_on_any_page_and_their_words_turn_no_line_of_ours(
    browser: Browser, temporal_server: Endpoints, database_template: str, quick_folder: Path
) -> None:
    await copy_database(temporal_server.database_url, database_template, DATABASE)
    url = with_database(temporal_server.database_url, DATABASE)
    async with served(temporal_server, url, quick_folder / "hostile") as site:
        planted = await plant(site.office)
        for role, pages in groupby(openings(planted), lambda one: one.role):
            async with visiting(browser, site.url, DESKTOP) as visit:
                await visit.context.add_init_script("window.kena = window.siapa = () => console.error('ran');")
                opd = OPD if role == "liaison" else None
                await give_cookie(
                    visit.context, site.url, await session_of(site.office.complaints, role, f"Ani {role}", opd)
                )
                for opening in pages:
                    await open_as(visit, opening)
                    assert await visit.page.evaluate(TURNED) == [], opening
