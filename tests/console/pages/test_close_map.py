"""Where the operator has a tile server: a close map on which the point is moved, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from kawal.console.pages.frame import CSP
from kawal.console.pages.public.map_pages import WIDTH
from kawal.data import places
from tests.console.pages.browser import Browser, Form, Page
from tests.console.pages.test_map_pages import TANJUNGPINANG, map_page, of_the_map
from tests.console.pages.test_report_form import TYPED, number_of, reports
from tests.console.pages.test_site import write
from tests.intake.conftest import shared_office as office
from tests.workflows.life import Office

__all__ = ["office"]

TILES = '[map]\ntiles = "https://tile.example.go.id/{z}/{x}/{y}.png"\ncredit = "© <Badan> Informasi"\n'
MIDDLE = {"map.x": "140", "map.y": "140"}
KEY = {"map.x": "0", "map.y": "0"}
"""What browsers send of a picture that was pressed by a key."""


@pytest.fixture
def tiles(app: FastAPI) -> Iterator[Path]:
    """Yield the operator's file, which names a tile server and ends with the test."""
    file: Path = app.state.settings.home / "site.toml"
    write(file, TILES)
    yield file
    file.unlink()


def buttons_of(page: Page) -> Form:
    """Return the form of the close map: the picture and the buttons beside it."""
    return next(form for form in page.forms if "zoom" in form.fields)


def point_of(form: Form) -> tuple[float, float]:
    return float(form.fields["latitude"]), float(form.fields["longitude"])


def zoom_of(page: Page) -> int:
    return int(buttons_of(page).fields["zoom"])


async def tapped(browser: Browser) -> Page:
    """Tap on the map of the province."""
    across, down = places.map_frame("21").shown(WIDTH).pixel(*TANJUNGPINANG)
    return await browser.send(of_the_map(await map_page(browser)), **{"map.x": f"{across:.0f}", "map.y": f"{down:.0f}"})


@pytest.mark.usefixtures("tiles")
async def test_taps_lead_closer_and_the_point_becomes_one_of_the_report(browser: Browser, office: Office) -> None:
    sent = await reports(office)
    page = await tapped(browser)
    assert (page.status, zoom_of(page)) == (200, 11)
    assert point_of(buttons_of(page)) == pytest.approx(TANJUNGPINANG, abs=0.03)
    assert f"lintang {buttons_of(page).fields['latitude']}" in page.text
    north_east = await browser.send(buttons_of(page), **{"map.x": "220", "map.y": "60"})
    assert zoom_of(north_east) == 13
    before, after = point_of(buttons_of(page)), point_of(buttons_of(north_east))
    assert 0.05 < after[0] - before[0] < 0.06
    assert 0.05 < after[1] - before[1] < 0.06
    closest = north_east
    for zoom in (15, 16, 16):
        closest = await browser.send(buttons_of(closest), **MIDDLE)
        assert zoom_of(closest) == zoom
    assert await reports(office) == sent
    use = buttons_of(closest)
    use.action = "/lapor/isi"
    form = (await browser.send(use)).form("/lapor")
    assert {name: form.fields[name] for name in TYPED} == TYPED
    assert point_of(form) == point_of(buttons_of(closest)) == pytest.approx(after, abs=0.0002)
    waiting = await office.complaints.system.inbox.find(number_of(await browser.send(form)))
    assert waiting is not None
    assert (waiting.report.place.latitude, waiting.report.place.longitude) == point_of(form)


@pytest.mark.usefixtures("tiles")
async def test_tiles_are_asked_of_the_operators_server_by_this_page_alone(browser: Browser) -> None:
    page = await tapped(browser)
    asked = re.findall(r'<image href="([^"]+)"', page.answer.text)
    assert 4 <= len(asked) <= 9
    assert all(re.fullmatch(r"https://tile\.example\.go\.id/11/\d+/\d+\.png", one) for one in asked)
    policy = page.answer.headers["content-security-policy"]
    assert policy == CSP.replace("img-src 'self'", "img-src 'self' https://tile.example.go.id")
    assert page.answer.headers["referrer-policy"] == "no-referrer"
    assert "© &lt;Badan&gt; Informasi" in page.answer.text
    assert "tile.example.go.id" in page.text
    for other in (await map_page(browser), await browser.open("/lapor"), await browser.open("/")):
        assert other.answer.headers["content-security-policy"] == CSP
        assert "tile.example" not in other.answer.text


@pytest.mark.usefixtures("tiles")
async def test_a_point_that_is_known_is_shown_at_once_and_going_back_leaves_it_out(browser: Browser) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    form.action = "/lapor/peta"
    page = await browser.send(form, **TYPED, latitude="0.91860", longitude="104.46650")
    assert zoom_of(page) == 15
    assert point_of(buttons_of(page)) == TANJUNGPINANG
    back = next(form for form in page.forms if form.action == "/lapor/isi")
    shown = (await browser.send(back)).form("/lapor")
    assert shown.fields["text"] == TYPED["text"]
    assert shown.fields["latitude"] == shown.fields["longitude"] == ""


@pytest.mark.usefixtures("tiles")
async def test_the_buttons_lead_closer_and_further_and_move_the_point_by_a_quarter(browser: Browser) -> None:
    page = await tapped(browser)
    point = point_of(buttons_of(page))
    for go, zoom in (("further", 9), *(("closer", zoom) for zoom in (11, 13, 15, 16, 17, 18, 18)), ("further", 17)):
        page = await browser.send(buttons_of(page), go=go)
        assert (zoom_of(page), point_of(buttons_of(page))) == (zoom, point)
    assert 'value="closer"' in page.answer.text
    assert 'value="closer"' not in (await browser.send(buttons_of(page), go="closer")).answer.text
    for go, way in (("north", (1, 0)), ("east", (0, 1)), ("south", (-1, 0)), ("west", (0, -1))):
        moved = point_of(buttons_of(await browser.send(buttons_of(page), go=go)))
        quarter = 360 / 2**17 * WIDTH / 256 / 4
        assert moved == pytest.approx((point[0] + way[0] * quarter, point[1] + way[1] * quarter), abs=0.00003), go


@pytest.mark.usefixtures("tiles")
async def test_a_key_on_the_picture_throws_no_point_away(browser: Browser) -> None:
    page = await tapped(browser)
    pressed = await browser.send(buttons_of(page), **KEY)
    assert point_of(buttons_of(pressed)) == point_of(buttons_of(page))
    assert zoom_of(pressed) == 13
    around = await browser.send(of_the_map(await map_page(browser)), **KEY)
    assert zoom_of(around) == 7
    frame = places.map_frame("21")
    assert point_of(buttons_of(around)) == frame.coordinate(frame.width / 2, frame.height / 2)


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("tap", [("-1", "5"), ("5", "9999"), ("nan", "nan"), ("x", "y"), ("", "")])
async def test_a_tap_beside_the_close_map_is_said_and_nothing_moves(browser: Browser, tap: tuple[str, str]) -> None:
    page = await tapped(browser)
    refused = await browser.send(buttons_of(page), **{"map.x": tap[0], "map.y": tap[1]})
    assert refused.status == 422
    assert "di luar peta" in refused.text
    assert buttons_of(refused).fields == buttons_of(page).fields


@pytest.mark.usefixtures("tiles")
@pytest.mark.parametrize("point", [("51.5", "0.1"), ("89.9", "104.4"), ("nan", "104.4"), ("x", "y"), ("0.9", "")])
async def test_a_point_elsewhere_is_said_and_the_map_of_the_area_comes(
    browser: Browser, point: tuple[str, str]
) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    form.action = "/lapor/peta"
    page = await browser.send(form, **TYPED, latitude=point[0], longitude=point[1])
    assert page.status == 422
    assert of_the_map(page).fields["area"] == "21"
    assert of_the_map(page).fields["text"].split() == TYPED["text"].split()


@pytest.mark.usefixtures("tiles")
async def test_moving_out_of_indonesia_is_refused(browser: Browser) -> None:
    form = (await browser.open("/lapor")).form("/lapor")
    form.action = "/lapor/peta"
    page = await browser.send(form, **TYPED, latitude="-11.95", longitude="120", zoom="7")
    refused = await browser.send(buttons_of(page), go="south")
    assert refused.status == 422
    assert point_of(buttons_of(refused)) == (-11.95, 120)


@pytest.mark.parametrize(("zoom", "shown"), [("18", 13), ("x", 13), ("999999999999", 13), ("-3", 13), ("0", 7)])
async def test_no_tile_is_asked_that_the_server_has_not(browser: Browser, tiles: Path, zoom: str, shown: int) -> None:
    write(tiles, TILES + "deepest = 14\n")
    page = await tapped(browser)
    again = await browser.send(buttons_of(page), zoom=zoom)
    assert zoom_of(again) == shown
    assert ('value="closer"' in again.answer.text) == (shown < 13)


async def test_without_a_tile_server_a_key_on_the_map_makes_no_point(browser: Browser) -> None:
    page = await browser.send(of_the_map(await map_page(browser)), **KEY)
    assert page.status == 422
    assert "di luar peta" in page.text
