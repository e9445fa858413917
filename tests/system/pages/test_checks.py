"""The checks see what they are for: each spoilt page is found out."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.system.pages import wcag
from tests.system.pages.served import Site
from tests.system.pages.visits import visiting

SPOILT: dict[wcag.Check, str] = {
    wcag.headings_are_in_order_under_one_first: "main.insertAdjacentHTML('beforeend', '<h4>Lagi</h4>')",
    wcag.nothing_is_ordered_by_hand: "main.querySelector('button').tabIndex = 1",
    wcag.targets_are_large_enough: "main.insertAdjacentHTML('beforeend', '<p><a href=\"/\">x</a></p>')",
    wcag.every_control_is_reached_by_tab_in_the_order_in_which_it_is_read: (
        "main.querySelector('button.main').style.outline = 'none'"
    ),
    wcag.the_focus_can_go_back: "main.addEventListener('keydown', event => event.preventDefault())",
    wcag.labels_are_the_names: "main.querySelector('button.main').setAttribute('aria-label', 'Kirim sekarang')",
    wcag.faults_belong_to_their_fields: "document.getElementById('place-hint').remove()",
    wcag.messages_are_announced: "document.getElementById('progress').removeAttribute('role')",
    wcag.nothing_is_asked_twice: "main.querySelector('form').append(document.getElementById('name').cloneNode())",
    wcag.it_fits_320_pixels_and_a_phone_held_across: "main.querySelector('h1').style.width = '400px'",
    wcag.text_may_be_twice_as_large: "main.querySelector('h1').style.cssText = 'height: 40px; overflow: hidden'",
    wcag.text_may_be_spaced: "main.querySelector('h1').style.cssText = 'height: 20px; overflow: hidden'",
    wcag.forced_colours_leave_edges_and_focus: "main.querySelector('button.main').style.border = 'none'",
    wcag.nothing_is_said_by_colour_alone: (
        "main.insertAdjacentHTML('beforeend', '<a href=\"/\">x</a>'); "
        "main.querySelector('a').style.textDecoration = 'none'"
    ),
    wcag.nothing_moves: "main.style.transition = 'opacity 1s'",
    wcag.nobody_is_hurried: "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=600>')",
    wcag.pasting_is_allowed: "main.addEventListener('paste', event => event.preventDefault())",
    wcag.nothing_needs_a_mouse: "main.querySelector('button').accessKey = 's'",
    wcag.help_stands_in_the_same_place: "document.querySelector('nav a').remove()",
    wcag.words_are_plain: "main.innerHTML = '<h1>x</h1><p>' + 'kata '.repeat(30) + 'akhir.</p>'",
    wcag.axe_finds_nothing_in_light_and_dark: "document.getElementById('text').labels[0].remove()",
}
"""Each check with what spoils the form for it."""


@pytest.mark.parametrize("check", SPOILT, ids=lambda check: check.__name__)
async def test_a_spoilt_page_is_found_out(browser: Browser, site: Site, check: wcag.Check) -> None:
    async with visiting(browser, site.url) as visit:
        await visit.open("/lapor")
        await visit.page.evaluate(f"() => {{ const main = document.querySelector('main'); {SPOILT[check]}; }}")
        await wcag.prepare(visit.page)
        assert await check(visit.page)


def test_every_check_is_tried() -> None:
    assert set(SPOILT) == set(wcag.CHECKS)


@pytest.mark.parametrize(
    "forbidden",
    [
        "const one = document.createElement('script'); one.textContent = 'window.ran = 1'; document.head.append(one)",
        "document.body.setAttribute('style', 'color: red')",
        "const one = new Image(); one.src = 'http://203.0.113.1/x.png'",
        "console.error('a fault')",
    ],
    ids=["an inline script", "an inline style", "another host", "an error"],
)
async def test_what_no_page_may_do_is_noticed(browser: Browser, site: Site, forbidden: str) -> None:
    async def visit_it() -> None:
        async with visiting(browser, site.url) as visit:
            await visit.open("/")
            await visit.page.evaluate(f"() => {{ {forbidden}; }}")
            await visit.open("/l")

    with pytest.raises(AssertionError):
        await visit_it()
