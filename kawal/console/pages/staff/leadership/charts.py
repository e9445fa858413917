"""The drawings of the leadership's page, worked out as numbers: the template makes SVG of them, with their table below.

Pixels are those of the drawing's own size; a browser scales it as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kawal.data import places
from kawal.domain.places import MapFrame, OutsideMap

WIDTH, HEIGHT = 720, 200
LEFT, FLOOR = 44, 170
"""Where the bars begin: right of the scale, above the names of the months."""

_CEILING = 12
_GAP = 0.3
"""The share of a column's width that separates it from the next."""

_LARGEST = 34.0
"""The radius of the largest circle of a map, in its pixels."""


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
    """An area on a map; its surface stands for the number."""

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
    frame, by_regency = places.map_frame(area), _by_regency(counts)
    most = max(by_regency.values(), default=0)
    found = [_circle(frame, one.code, one.name, by_regency.get(one.code, 0), most) for one in places.closer_maps(area)]
    return AreaMap(area, frame, [circle for circle in found if circle is not None])


def _by_regency(counts: Mapping[str, int]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for code, count in counts.items():
        found[code[:5]] = found.get(code[:5], 0) + count
    return found


def _circle(frame: MapFrame, code: str, name: str, count: int, most: int) -> Circle | None:
    own = places.map_frame(code)
    try:
        x, y = frame.pixel((own.north + own.south) / 2, (own.west + own.east) / 2)
    except OutsideMap:
        return None
    return (
        Circle(round(x, 1), round(y, 1), round(_LARGEST * math.sqrt(count / most), 1), name, count) if count else None
    )
