"""The drawings of the leadership's page, worked out as numbers: the template makes SVG of them, with their table below.

Pixels are those of the drawing's own size; a browser scales it as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kawal.data import places
from kawal.domain.place_words import AreaLevel
from kawal.domain.places import MapFrame

WIDTH, HEIGHT = 720, 200
LEFT, FLOOR = 44, 170
"""Where the bars begin: right of the scale, above the names of the months."""

_CEILING = 12
_GAP = 0.3
"""The share of a column's width that separates it from the next."""

_LEAST, _LARGEST = 10.0, 22.0
"""The radii of a map's circles, in its pixels: a number has to fit into the smallest."""

_LETTERS = 18.0
"""The height of a name on a map, above which its circle stands."""


class Bar(NamedTuple):
    """A bar that stands on the floor."""

    x: float
    y: float
    width: float
    height: float


class Column(NamedTuple):
    """What a chart shows of one month: its bars, side by side, and the middle below which its name stands."""

    middle: float
    bars: Sequence[Bar]


class Chart(NamedTuple):
    """Columns, and the value at the top of the scale."""

    columns: Sequence[Column]
    top: int


class Circle(NamedTuple):
    """A kabupaten or kota on a map; the circle's surface stands for the number, as far as that fits."""

    x: float
    y: float
    radius: float
    name: str
    reports: int


class AreaMap(NamedTuple):
    """Circles on the map of a province."""

    area: str
    frame: MapFrame
    circles: Sequence[Circle]


class Tile(NamedTuple):
    """A kecamatan."""

    name: str
    reports: int


class DistrictTiles(NamedTuple):
    """The kecamatan of a kabupaten or kota, in the order of their official codes."""

    tiles: Sequence[Tile]
    most: int
    elsewhere: int
    """Reports whose place names none of these kecamatan."""


def columns(values: Sequence[Sequence[float]]) -> Chart:
    """Return the bars of each column, all to one scale that begins at 0."""
    top = nice(max((value for group in values for value in group), default=0))
    step = (WIDTH - LEFT) / max(1, len(values))
    return Chart([_column(group, LEFT + n * step, step, top) for n, group in enumerate(values)], top)


def nice(value: float) -> int:
    """Return the first of 1, 2, 5, 10, 20, 50 … that is at least the value."""
    power = 1
    while power * 10 < value:
        power *= 10
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value)


def _column(group: Sequence[float], x: float, step: float, top: int) -> Column:
    width = step * (1 - _GAP) / len(group)
    return Column(
        round(x + step * (1 - _GAP) / 2, 1), [_bar(x + n * width, width, value / top) for n, value in enumerate(group)]
    )


def _bar(x: float, width: float, share: float) -> Bar:
    height = (FLOOR - _CEILING) * share
    return Bar(round(x, 1), round(FLOOR - height, 1), round(width, 1), round(height, 1))


def area_map(area: str, counts: Mapping[str, int]) -> AreaMap | None:
    """Return the map of a province with a circle for each kabupaten and kota; None where there is no map.

    `counts` are by the codes of areas of any size within it. Reads files: run it in a thread.
    """
    if "." in area or not places.is_made(area):
        return None
    by_regency, labels = _by_regency(counts), places.label_points(area)
    most = max(by_regency.values(), default=0)
    circles = [
        _circle(*point, one.name, by_regency[one.code], most)
        for one in places.closer_maps(area)
        for label, point in labels.items()
        if one.code in by_regency and one.name.endswith(label)
    ]
    return AreaMap(area, places.map_frame(area), circles)


def district_tiles(area: str, counts: Mapping[str, int]) -> DistrictTiles | None:
    """Return the tiles of a kabupaten or kota; None for a province, and where its names are not known.

    We know no outlines of kecamatan that may be shipped. So a tile's place says nothing but the order, which stays the
    same from day to day. `counts` are by the codes of areas. Reads files: run it in a thread.
    """
    if "." not in area or not places.is_made(area):
        return None
    districts = places.gazetteer(area).within(area, AreaLevel.DISTRICT)
    tiles = [Tile(one.name, counts.get(one.code, 0)) for one in districts]
    shown = sum(one.reports for one in tiles)
    return DistrictTiles(tiles, max((one.reports for one in tiles), default=0), sum(counts.values()) - shown)


def _by_regency(counts: Mapping[str, int]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for code, count in counts.items():
        found[code[:5]] = found.get(code[:5], 0) + count
    return found


def _circle(x: float, y: float, name: str, count: int, most: int) -> Circle:
    """Return the circle above an area's name on the map."""
    radius = max(_LEAST, _LARGEST * math.sqrt(count / most))
    return Circle(round(x, 1), round(y - _LETTERS - radius, 1), round(radius, 1), name, count)
