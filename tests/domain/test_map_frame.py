"""A tap on the map is a point on earth, and a point has its pixel; what lies outside is refused with a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.data.places import map_frame
from kawal.domain.places import MapFrame, OutsideMap

FRAME = map_frame("21")
PARTS = st.floats(0, 1)
FRAMES = st.builds(
    lambda west, south, wide, high, width: MapFrame(west, south, west + wide, south + high, width, width * high / wide),
    st.floats(95, 140),
    st.floats(-11, 5),
    st.floats(0.2, 10),
    st.floats(0.2, 8),
    st.integers(200, 1200),
)


@given(FRAMES, PARTS, PARTS)
def test_the_pixel_of_a_taps_point_is_where_the_tap_was(frame: MapFrame, right: float, down: float) -> None:
    x, y = right * frame.width * 0.999, down * frame.height * 0.999
    point = frame.coordinate(x, y)
    rounding = 0.00001
    inside = (
        min(max(point.latitude, frame.south), frame.north),
        min(max(point.longitude, frame.west), frame.east),
    )
    assert inside == pytest.approx(point, abs=rounding)
    assert frame.pixel(*inside) == pytest.approx((x, y), abs=rounding * frame.width / (frame.east - frame.west))


def test_the_corners_of_the_map_are_its_bounds() -> None:
    assert FRAME.coordinate(0, 0) == pytest.approx((FRAME.north, FRAME.west), abs=0.00001)
    assert FRAME.coordinate(FRAME.width, FRAME.height) == pytest.approx((FRAME.south, FRAME.east), abs=0.00001)


def test_a_map_shown_in_half_its_width_gives_the_same_points() -> None:
    half = FRAME.shown(320)
    assert half.height == FRAME.height / 2
    assert half.coordinate(100, 80) == FRAME.coordinate(200, 160)


@pytest.mark.parametrize(
    "tap",
    [(-1, 5), (5, -0.1), (641, 5), (5, 5000), (math.nan, 5), (5, math.nan), (math.inf, 5)],
)
def test_a_tap_outside_is_refused_with_a_reason(tap: tuple[float, float]) -> None:
    with pytest.raises(OutsideMap, match="outside the map"):
        FRAME.coordinate(*tap)


@pytest.mark.parametrize("point", [(-6.2, 106.8), (1.1, 90.0), (90, 104), (math.nan, 104.0)])
def test_a_point_outside_is_refused_with_a_reason(point: tuple[float, float]) -> None:
    with pytest.raises(OutsideMap, match="outside the map"):
        FRAME.pixel(*point)


def test_tanjungpinang_lies_where_it_should() -> None:
    x, y = FRAME.pixel(0.92, 104.46)
    assert 100 < x < 200
    assert 400 < y < 500
