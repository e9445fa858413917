"""The close map's tiles cover its picture without a gap, and the point under a pixel is found again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.data.places import map_frame
from kawal.domain.close_map import RUNGS, TILE, CloseMap, closer, further, opened, rung
from kawal.domain.places import Coordinate, OutsideMap

SIDE = 280
POINTS = st.builds(Coordinate, st.floats(-11, 7), st.floats(95, 141))
MAPS = st.builds(CloseMap, POINTS, st.sampled_from(RUNGS), st.integers(100, 800))
PIXELS = st.floats(0, 1)


def pixel_of(point: Coordinate, zoom: int) -> tuple[float, float]:
    """Return where a point lies in the world, by the formula that tile servers publish, in another writing."""
    angle = math.radians(point.latitude)
    mercator = math.log(math.tan(angle) + 1 / math.cos(angle))
    return (point.longitude + 180) / 360 * TILE * 2**zoom, (1 - mercator / math.pi) * TILE * 2**zoom / 2


@given(MAPS)
def test_the_tiles_cover_the_picture_exactly_and_exist(shown: CloseMap) -> None:
    tiles = shown.tiles()
    covered = 0
    for one in tiles:
        wide = min(one.left + TILE, shown.side) - max(one.left, 0)
        high = min(one.top + TILE, shown.side) - max(one.top, 0)
        assert wide > 0
        assert high > 0
        covered += wide * high
    assert covered == shown.side**2
    assert len({(one.left, one.top) for one in tiles}) == len(tiles)
    assert all((one.left - tiles[0].left) % TILE == (one.top - tiles[0].top) % TILE == 0 for one in tiles)
    assert all(0 <= one.x < 2**shown.zoom and 0 <= one.y < 2**shown.zoom for one in tiles)


@given(MAPS)
def test_the_point_stands_in_the_middle_of_the_tiles(shown: CloseMap) -> None:
    across, down = pixel_of(shown.centre, shown.zoom)
    for one in shown.tiles():
        assert one.left == pytest.approx(one.x * TILE - across + shown.side / 2, abs=0.51)
        assert one.top == pytest.approx(one.y * TILE - down + shown.side / 2, abs=0.51)


@given(MAPS, PIXELS, PIXELS)
def test_the_point_under_a_pixel_lies_there(shown: CloseMap, right: float, down: float) -> None:
    x, y = right * shown.side, down * shown.side
    found = pixel_of(shown.coordinate(x, y), shown.zoom)
    first = shown.tiles()[0]
    rounding = 0.00001 / 360 * TILE * 2**shown.zoom
    assert found[0] - first.x * TILE + first.left == pytest.approx(x, abs=rounding)
    assert found[1] - first.y * TILE + first.top == pytest.approx(y, abs=rounding)


def test_the_monument_of_jakarta_lies_in_the_tile_of_its_numbers() -> None:
    monas = CloseMap(Coordinate(-6.1754, 106.8272), 16, 2)
    assert [(one.x, one.y) for one in monas.tiles()] == [(52215, 33894)]


@pytest.mark.parametrize("tap", [(-1, 5), (5, -0.1), (281, 5), (5, 5000), (math.nan, 5), (5, math.inf)])
def test_a_tap_outside_is_refused_with_a_reason(tap: tuple[float, float]) -> None:
    with pytest.raises(OutsideMap, match="outside the map"):
        CloseMap(Coordinate(0.9, 104.4), 13, SIDE).coordinate(*tap)


@pytest.mark.parametrize("point", [(-35.3, 149.1), (1.1, 90.0), (90, 104), (math.nan, 104.0), (0.0, math.inf)])
def test_a_point_outside_indonesia_is_refused_with_a_reason(point: tuple[float, float]) -> None:
    with pytest.raises(OutsideMap, match="outside the map"):
        CloseMap(Coordinate(*point), 13, SIDE)


@given(st.sampled_from(RUNGS), st.integers(13, 22))
def test_going_closer_and_further_leads_over_the_shown_zooms_and_never_beyond(zoom: int, deepest: int) -> None:
    near = closer(zoom, deepest)
    assert near in RUNGS
    assert zoom <= near <= max(zoom, deepest)
    assert near == zoom or further(near) == zoom
    assert further(zoom) in RUNGS
    assert further(zoom) <= zoom


@given(st.integers(-5, 99), st.integers(13, 22))
def test_a_zoom_that_is_not_shown_becomes_the_next_one_that_the_server_has(zoom: int, deepest: int) -> None:
    assert rung(zoom, deepest) in RUNGS
    assert rung(zoom, deepest) <= max(min(zoom, deepest), RUNGS[0])


@pytest.mark.parametrize(("area", "zoom"), [("21", 7), ("21.72", 9)])
def test_another_map_pressed_by_a_key_is_followed_by_its_middle_and_its_width(area: str, zoom: int) -> None:
    frame = map_frame(area).shown(SIDE)
    shown = opened(frame, None, 18)
    assert (shown.zoom, shown.side) == (zoom, SIDE)
    assert shown.centre == frame.coordinate(frame.width / 2, frame.height / 2)


@pytest.mark.parametrize(("area", "zoom"), [("21", 11), ("21.71", 13), ("21.72", 15)])
def test_a_tap_on_another_map_is_followed_as_closely_as_it_was_exact(area: str, zoom: int) -> None:
    frame = map_frame(area).shown(SIDE)
    shown = opened(frame, (100, 90), 18)
    assert shown.zoom == zoom
    assert shown.centre == frame.coordinate(100, 90)
    west, east = shown.coordinate(0, 0).longitude, shown.coordinate(SIDE, 0).longitude
    assert west <= frame.coordinate(96, 90).longitude
    assert frame.coordinate(104, 90).longitude <= east
