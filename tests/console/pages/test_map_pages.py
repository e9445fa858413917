"""A place is pointed at without a script; everything typed goes along, and nothing is sent by it."""

from __future__ import annotations

import re

import pytest

from kawal.console.pages.public.map_pages import WIDTH
from kawal.data import places
from tests.console.pages.browser import Browser, Form, Page
from tests.console.pages.test_report_form import TYPED, number_of, reports
from tests.intake.conftest import shared_office as office
from tests.workflows.life import Office

__all__ = ["office"]

TANJUNGPINANG = (0.9186, 104.4665)


def of_the_map(page: Page) -> Form:
    """Return the form whose button is the map."""
    return next(form for form in page.forms if form.action == "/lapor/peta" and "area" in form.fields)


async def map_page(browser: Browser) -> Page:
    form = (await browser.open("/lapor")).form("/lapor")
    form.action = "/lapor/peta"
    return await browser.send(form, **TYPED)


async def test_a_tap_on_the_map_comes_back_as_a_point_of_the_report(browser: Browser, office: Office) -> None:
    page = await map_page(browser)
    assert "Belum ada yang terkirim" in page.text
    across, down = places.map_frame("21").shown(WIDTH).pixel(*TANJUNGPINANG)
    form = await browser.send(of_the_map(page), **{"map.x": f"{across:.0f}", "map.y": f"{down:.0f}"})
    kept = form.form("/lapor").fields
    assert {name: kept[name] for name in TYPED} == TYPED
    number = number_of(await browser.send(form.form("/lapor")))
    waiting = await office.complaints.system.inbox.find(number)
    assert waiting is not None
    place = waiting.report.place
    assert place.latitude == pytest.approx(TANJUNGPINANG[0], abs=0.03)
    assert place.longitude == pytest.approx(TANJUNGPINANG[1], abs=0.03)


async def test_a_closer_map_makes_the_point_more_exact(browser: Browser) -> None:
    page = await map_page(browser)
    closer = next(form for form in page.forms if form.action == "/lapor/peta" and "area" not in form.fields)
    near = await browser.send(closer, area="21.72")
    assert "/peta/21.72.svg" in near.answer.text
    across, down = places.map_frame("21.72").shown(WIDTH).pixel(*TANJUNGPINANG)
    form = await browser.send(of_the_map(near), **{"map.x": f"{across:.0f}", "map.y": f"{down:.0f}"})
    assert float(form.form("/lapor").fields["latitude"]) == pytest.approx(TANJUNGPINANG[0], abs=0.003)


@pytest.mark.parametrize("tapped", [("-1", "5"), ("5", "9999"), ("nan", "nan"), ("x", "y"), ("", "")])
async def test_a_tap_beside_the_map_is_said_and_the_map_comes_again(
    browser: Browser, office: Office, tapped: tuple[str, str]
) -> None:
    before = await reports(office)
    page = await browser.send(of_the_map(await map_page(browser)), **{"map.x": tapped[0], "map.y": tapped[1]})
    assert page.status == 422
    assert of_the_map(page).fields["text"].split() == TYPED["text"].split()
    assert await reports(office) == before


async def test_going_back_from_the_map_keeps_what_was_typed(browser: Browser) -> None:
    back = await browser.send((await map_page(browser)).form("/lapor/isi"))
    assert back.form("/lapor").fields["text"] == TYPED["text"]


async def test_the_map_in_the_other_language_keeps_what_was_typed(browser: Browser) -> None:
    english = await browser.send((await map_page(browser)).in_other_language())
    assert "Where was it?" in english.text
    assert of_the_map(english).fields["place"] == TYPED["place"]


async def test_the_map_and_the_villages_are_there_and_nothing_else_is(browser: Browser) -> None:
    drawn = await browser.client.get("/peta/21.svg")
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    options = re.findall(r'<option value="([^"]+)" data-code="([0-9.]+)">', (await browser.open("/lapor")).answer.text)
    assert len(options) == len(places.districts("21"))
    name, code = options[0]
    villages = (await browser.client.get(f"/tempat/21/{code}")).json()
    assert villages
    assert name
    for path in ("/peta/99.svg", "/peta/..%2f21.svg", "/tempat/99/1", "/tempat/x/y"):
        assert (await browser.client.get(path)).status_code == 404, path
    assert (await browser.client.get("/tempat/21/99.99")).json() == []
