"""The close map: a square of pictures in Web Mercator ("tiles", as tile servers have them) with a point in its middle.

At zoom z the world is a square of 2^z by 2^z tiles of 256 pixels, counted from its upper left corner. At the equator a
pixel is 19 m at zoom 13 and 2.4 m at zoom 16.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from kawal.domain.places import Coordinate, MapFrame, OutsideMap

TILE = 256
"""How wide and high a tile is, in pixels."""

RUNGS = (7, 9, 11, 13, 15, 16, 17, 18)
"""The zooms that are shown: in 280 pixels from 342 km over 5 km (13), 1.3 km (15) and 670 m (16) to 167 m."""

TAP = 8
"""How many pixels wide is what a finger may mean: so much of another map is shown after a tap on it."""

OF_A_KNOWN_POINT = 15
"""The zoom at which a point is shown that was known before, as by a telephone's position."""

BY_TAPS = 16
"""The closest zoom to which taps lead; at it a finger is exact to some twenty metres. A button leads closer."""

_SOUTH, _NORTH, _WEST, _EAST = -12.0, 8.0, 94.0, 142.0
"""Around Indonesia with its seas: a point beyond is a slip. No picture of a shown zoom reaches the world's edge."""


class Tile(NamedTuple):
    """A tile, by its numbers from the world's left and upper edge, and where it lies in the picture, in pixels."""

    x: int
    y: int
    left: int
    top: int


@dataclass(frozen=True)
class CloseMap:
    """What is shown: the point in the middle, the zoom, and how wide and high the picture is, in CSS pixels."""

    centre: Coordinate
    zoom: int
    side: int

    def __post_init__(self) -> None:
        """Refuse a point outside Indonesia; raises OutsideMap."""
        latitude, longitude = self.centre
        if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
            raise OutsideMap

    def tiles(self) -> list[Tile]:
        """Return the tiles that cover the picture, row by row."""
        left, top = self._corner
        columns = range(left // TILE, (left + self.side - 1) // TILE + 1)
        rows = range(top // TILE, (top + self.side - 1) // TILE + 1)
        return [Tile(x, y, x * TILE - left, y * TILE - top) for y in rows for x in columns]

    def coordinate(self, x: float, y: float) -> Coordinate:
        """Return the point under a pixel, counted from the upper left corner; raises OutsideMap."""
        if not (0 <= x <= self.side and 0 <= y <= self.side):
            raise OutsideMap
        left, top = self._corner
        longitude = (left + x) / self._world * 360 - 180
        latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (top + y) / self._world))))
        return Coordinate(round(latitude, 5), round(longitude, 5))

    @property
    def _world(self) -> int:
        return TILE << self.zoom

    @property
    def _corner(self) -> tuple[int, int]:
        """Return the upper left corner in whole pixels of the world, so that no tile is blurred."""
        latitude, longitude = self.centre
        across = (longitude + 180) / 360 * self._world
        down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * self._world
        return round(across - self.side / 2), round(down - self.side / 2)


def rung(zoom: int, deepest: int) -> int:
    """Return the closest of the shown zooms up to `zoom` and `deepest`."""
    return max((one for one in RUNGS if one <= min(zoom, deepest)), default=RUNGS[0])


def closer(zoom: int, deepest: int) -> int:
    """Return the next closer zoom that is shown; the same if there is none up to `deepest`."""
    return next((one for one in RUNGS if zoom < one <= deepest), zoom)


def further(zoom: int) -> int:
    """Return the next zoom further away that is shown; the same if there is none."""
    return next((one for one in reversed(RUNGS) if one < zoom), zoom)


def opened(frame: MapFrame, tap: tuple[float, float] | None, deepest: int) -> CloseMap:
    """Return the picture that follows another map of its width: around a tap, else all around the middle.

    Raises OutsideMap.
    """
    point = frame.coordinate(*(tap or (frame.width / 2, frame.height / 2)))
    degrees = (frame.east - frame.west) * (TAP / frame.width if tap else 1)
    side = round(frame.width)
    return CloseMap(point, rung(int(math.log2(360 / degrees * side / TILE)), deepest), side)
