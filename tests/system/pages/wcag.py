"""What axe does not see: checks of WCAG 2.2 written by hand, each a function that returns what it found on a page.

The page is open at its usual size when a check begins, and is so again when it ends. CHECKS are done on every page.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Route, ViewportSize

SCRIPT = (Path(__file__).parent / "wcag.js").read_text(encoding="utf-8")
_AXE = Axe().axe_script
NARROW: ViewportSize = {"width": 320, "height": 640}
LYING: ViewportSize = {"width": 640, "height": 320}
PARTS_OF_A_DATE = 4
"""The places for the focus in a date: day, month, year and the button of the calendar."""

MOST_STEPS = 250
MOST_WORDS = 15
SAME_LINE = 24
"""Pixels by which one control may stand higher than the one before it in the same line."""

_NAME = re.compile(r'- [a-z]+ "((?:[^"\\]|\\.)*)"')
"""The beginning of what the browser tells of a control: what it is, and its name."""

Findings = list[str]
Check = Callable[[Page], Awaitable[Findings]]


async def prepare(page: Page) -> None:
    """Bring the checks' script into a page."""
    await page.evaluate(SCRIPT)


async def hold_still(page: Page) -> None:
    """Let a page that refreshes itself, or its lists, do so no more: what a check has marked would be gone."""
    await page.route("**/*", _as_it_is)


async def _as_it_is(route: Route) -> None:
    if route.request.is_navigation_request():
        await route.abort("aborted")
    elif "bagian=daftar" in route.request.url:
        await route.fulfill(status=304)
    else:
        await route.fallback()


async def _asked(page: Page, name: str, *arguments: object) -> Any:
    return await page.evaluate("([name, given]) => window.wcag[name](...given)", [name, list(arguments)])


@asynccontextmanager
async def _sized(page: Page, size: ViewportSize) -> AsyncIterator[None]:
    before = page.viewport_size
    await page.set_viewport_size(size)
    yield
    if before is not None:
        await page.set_viewport_size(before)


async def axe_finds_nothing_in_light_and_dark(page: Page) -> Findings:
    """Ask axe-core, in both colour schemes; the page reads it in once."""
    found = []
    await page.evaluate(_AXE)
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        violations = await page.evaluate("axe.run({resultTypes: ['violations']}).then(told => told.violations)")
        found += [f"{scheme}: {one['id']}: {node['target']}" for one in violations for node in one["nodes"]]
    return found


async def headings_are_in_order_under_one_first(page: Page) -> Findings:
    """1.3.1, 2.4.6: one h1, and no level is skipped."""
    return list(await _asked(page, "outline"))


async def nothing_is_ordered_by_hand(page: Page) -> Findings:
    """2.4.3: no positive tabindex."""
    return list(await _asked(page, "orderedByHand"))


async def targets_are_large_enough(page: Page) -> Findings:
    """2.5.8: 24 CSS pixels each way, but for links within sentences."""
    return list(await _asked(page, "smallTargets"))


async def every_control_is_reached_by_tab_in_the_order_in_which_it_is_read(page: Page) -> Findings:
    """2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11: reached, seen, not hidden, in order, and left again."""
    expected = list(await _asked(page, "reachable"))
    steps, found = await _walked(page, "Tab", len(expected) + await _scrolled(page) + 2)
    found += [f"not reached: {name}" for name in expected if name not in [step["name"] for step in steps]]
    for before, after in pairwise(steps):
        if after["bottom"] < before["top"] - SAME_LINE:
            found.append(f"{after['name']} comes after {before['name']}, and stands above it")
    return found


async def the_focus_can_go_back(page: Page) -> Findings:
    """2.1.2: by Shift+Tab from the last control to the first."""
    controls = page.locator("a[href], button, input:not([type=hidden]), textarea, select, summary")
    await controls.last.focus()
    expected = len(await _asked(page, "reachable"))
    steps, found = await _walked(page, "Shift+Tab", expected + await _scrolled(page) + 2, begin=False)
    reached = {_place(step) for step in steps}
    return found if len(reached) >= expected - 2 else [*found, f"only {len(reached)} of {expected} reached going back"]


async def _scrolled(page: Page) -> int:
    """Return how many parts of the page take the focus to be scrolled by the arrow keys."""
    return await page.locator("[tabindex='0']").count()


async def _walked(page: Page, key: str, most: int, *, begin: bool = True) -> tuple[list[dict[str, Any]], Findings]:
    if begin:
        await page.keyboard.press("Tab")  # whoever types sees where the focus is; whoever points need not
        await page.evaluate("() => window.scrollTo(0, 0)")
        await page.locator(".skip").focus()
    forced = bool(await page.evaluate("() => matchMedia('(forced-colors: active)').matches"))
    steps: list[dict[str, Any]] = []
    found: Findings = []
    dates = await page.locator("[type=date]").count()
    for _ in range(min(most + PARTS_OF_A_DATE * dates, MOST_STEPS)):
        step = await _asked(page, "focused", forced)
        if step is None or (steps and step["name"] == steps[0]["name"]):
            break
        if steps and _place(step) == _place(steps[-1]):
            if step["divided"]:
                await page.keyboard.press(key)
                continue
            found.append(f"the focus stays at {step['name']}")
            break
        found += [f"{step['name']}: {what}" for what in step["found"]]
        steps.append(step)
        await page.keyboard.press(key)
    return steps, found


def _place(step: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells a control from others: in a table several may be called the same."""
    return step["name"], step["top"], step["left"]


async def labels_are_the_names(page: Page) -> Findings:
    """2.5.3, 3.3.2: whoever says what is written reaches the control; every field has a label that is seen."""
    found = [f"{name} has no label" for name in await _asked(page, "unlabelled")]
    words = await _asked(page, "labelled")
    for place, label in enumerate(words):
        told = await page.locator(f"[data-asked='{place}']").aria_snapshot()
        named = _NAME.match(told)
        name = told if named is None else named[1]
        if label and label not in " ".join(name.replace("\\", "").split()):
            found.append(f"{label!r} is called {name!r}")
    return found


async def faults_belong_to_their_fields(page: Page) -> Findings:
    """3.3.1, 3.3.3: a field at fault is marked, described by its fault, and announced."""
    return list(await _asked(page, "faultsWithoutField"))


async def messages_are_announced(page: Page) -> Findings:
    """4.1.3: what changes, or warns, has a role that says so."""
    return list(await _asked(page, "silentMessages"))


async def nothing_is_asked_twice(page: Page) -> Findings:
    """3.3.7: no form has two fields for the same."""
    return list(await _asked(page, "askedTwice"))


async def it_fits_320_pixels_and_a_phone_held_across(page: Page) -> Findings:
    """1.4.10, 1.3.4: nothing scrolls sideways."""
    found = []
    for size in (NARROW, LYING):
        async with _sized(page, size):
            found += [f"at {size['width']}: {one}" for one in await _asked(page, "wide")]
            found += [f"at {size['width']}: {one}" for one in await _asked(page, "spoiltText")]
    return found


async def text_may_be_twice_as_large(page: Page) -> Findings:
    """1.4.4: at 200 % nothing overlaps, is cut off, or scrolls sideways, also on a phone."""
    await _asked(page, "enlarge", 200)
    found = [*await _asked(page, "wide"), *await _asked(page, "spoiltText")]
    await _asked(page, "enlarge", 0)
    return found


async def text_may_be_spaced(page: Page) -> Findings:
    """1.4.12: with more space between lines, words and letters nothing overlaps or is cut off."""
    await _asked(page, "space", True)
    found = [*await _asked(page, "wide"), *await _asked(page, "spoiltText")]
    await _asked(page, "space", False)
    return found


async def forced_colours_leave_edges_and_focus(page: Page) -> Findings:
    """1.4.11: with the reader's own colours everything to press or fill has an edge, and the focus shows."""
    await page.emulate_media(forced_colors="active")
    found = list(await _asked(page, "edgeless"))
    found += (await _walked(page, "Tab", 8))[1]
    await page.emulate_media(forced_colors="none")
    return found


async def nothing_is_said_by_colour_alone(page: Page) -> Findings:
    """1.4.1: links have a line, faults a sign."""
    return list(await _asked(page, "onlyColoured"))


async def nothing_moves(page: Page) -> Findings:
    """2.2.2, 2.3.3: least of all for those who asked for less motion."""
    await page.emulate_media(reduced_motion="reduce")
    found = list(await _asked(page, "moving"))
    await page.emulate_media(reduced_motion="no-preference")
    return found


async def nobody_is_hurried(page: Page) -> Findings:
    """2.2.1: no page leaves by itself."""
    return list(await _asked(page, "leaving"))


async def pasting_is_allowed(page: Page) -> Findings:
    """3.3.8: codes and numbers may be pasted."""
    return list(await _asked(page, "unpastable"))


async def nothing_needs_a_mouse(page: Page) -> Findings:
    """2.1.4, 2.5.7, 1.4.13: no shortcuts of one key, no dragging, no words that hovering shows, native controls."""
    return list(await _asked(page, "byOtherMeans"))


async def help_stands_in_the_same_place(page: Page) -> Findings:
    """3.2.3, 3.2.6: the same links in the same order, help among them."""
    links = await _asked(page, "help")
    return [] if links == ["/lapor", "/papan", "/angka", "/bantuan"] else [f"{links}"]


async def words_are_plain(page: Page) -> Findings:
    """3.1.5: sentences have 15 words at most on average."""
    found = list(await _asked(page, "sentences"))
    words = sum(len(one.split()) for one in found)
    return [] if words <= MOST_WORDS * len(found) else sorted(found, key=lambda one: -len(one.split()))[:3]


def in_the_language(lang: str) -> Check:
    """Return the check of 3.1.1 and 3.1.2: the page says which language it is in, and a link to another one too."""

    async def languages_are_named(page: Page) -> Findings:
        return list(await _asked(page, "languages", lang))

    return languages_are_named


CHECKS: tuple[Check, ...] = (
    headings_are_in_order_under_one_first,
    nothing_is_ordered_by_hand,
    targets_are_large_enough,
    every_control_is_reached_by_tab_in_the_order_in_which_it_is_read,
    the_focus_can_go_back,
    labels_are_the_names,
    faults_belong_to_their_fields,
    messages_are_announced,
    nothing_is_asked_twice,
    it_fits_320_pixels_and_a_phone_held_across,
    text_may_be_twice_as_large,
    text_may_be_spaced,
    forced_colours_leave_edges_and_focus,
    nothing_is_said_by_colour_alone,
    nothing_moves,
    nobody_is_hurried,
    pasting_is_allowed,
    nothing_needs_a_mouse,
    help_stands_in_the_same_place,
    words_are_plain,
    axe_finds_nothing_in_light_and_dark,
)
WORDS_MATTER: tuple[Check, ...] = (
    labels_are_the_names,
    it_fits_320_pixels_and_a_phone_held_across,
    text_may_be_twice_as_large,
    axe_finds_nothing_in_light_and_dark,
)
"""The checks that another language may come out of differently."""
ON_PAPER: tuple[Check, ...] = (headings_are_in_order_under_one_first, axe_finds_nothing_in_light_and_dark)
"""The checks of a page as it is printed: nobody uses a control there."""
FOR_THE_PUBLIC = frozenset({help_stands_in_the_same_place})
"""The checks that the officials' pages do not take: they have no links of the public's."""
