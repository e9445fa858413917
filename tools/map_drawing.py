"""A map as a small SVG: coasts simplified to what a pixel shows, islands as dots, names where they do not collide.

Colours stand in attributes, and once more in one style sheet that follows the reader's light or dark setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from kawal.domain.places import Coordinate, MapFrame

Pixel = tuple[float, float]

WIDTH = 640
TALLEST = 800
"""A map that would be taller shows more on both sides instead."""

FINER = 2
"""How many steps of the drawing are a pixel."""

TOLERANCE = 0.35
"""How far, in pixels, a coast may be from where it is."""

SMALLEST = 1.5
"""Land below this extent, in pixels, is drawn as a dot."""

LETTERS = 21
"""The size of names: on a telephone, which shows the map in half its width, still above 10 pixels."""

BESIDE = tuple((right, down / 2) for down in range(-5, 8) for right in (-1.6, -1.2, -0.6, 0.0, 0.6, 1.2, 1.6))
"""Where a name may stand around its point: in halves of its width to the right, and in lines down."""

STYLE = (
    "@media(prefers-color-scheme:dark){.sea{fill:#14202b}.land{fill:#3d4a3f;stroke:#b4c0b6}.dots{stroke:#b4c0b6}"
    ".names{fill:#f4f6f4;stroke:#14202b}}"
)
BY = "Garis pantai: Natural Earth (domain publik). Nama dan pulau: idn-area-data (ODbL 1.0)."


class Label(NamedTuple):
    """A name and the point that it belongs to."""

    name: str
    point: Coordinate


class Box(NamedTuple):
    """What a name covers, in pixels."""

    left: float
    upper: float
    right: float
    lower: float

    @property
    def middle(self) -> float:
        """Return where the name is centred."""
        return (self.left + self.right) / 2


def frame_around(west: float, south: float, east: float, north: float) -> MapFrame:
    """Return the frame of a map with these bounds, wider if it were too tall; a degree is as long both ways."""
    height = WIDTH * (north - south) / (east - west)
    if height > TALLEST:
        more = ((north - south) * WIDTH / TALLEST - (east - west)) / 2
        west, east, height = west - more, east + more, TALLEST
    return MapFrame(round(west, 4), round(south, 4), round(east, 4), round(north, 4), WIDTH, round(height))


def drawn(
    title: str, frame: MapFrame, land: Iterable[Sequence[Pixel]], islands: Iterable[Coordinate], labels: Sequence[Label]
) -> str:
    """Return the SVG; `land` are rings of (longitude, latitude)."""
    rings = [_clipped([_place(frame, *point) for point in ring], frame) for ring in land]
    rings = [ring for ring in rings if ring]
    coasts = [_simplified(ring) for ring in rings if _extent(ring) >= SMALLEST]
    dots = {_step(ring[0]) for ring in rings if _extent(ring) < SMALLEST}
    seen = [place for place in (_place(frame, one.longitude, one.latitude) for one in islands) if _shows(frame, place)]
    dots |= {_step(place) for place in seen if not any(_holds(ring, place) for ring in rings)}
    width, height = frame.width * FINER, frame.height * FINER
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" lang="id" width="{frame.width}" height="{frame.height}"'
            f' viewBox="0 0 {width} {height}">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(BY)}</desc>",
            f"<style>{STYLE}</style>",
            f'<path class="sea" fill="#dbe9f4" d="M0 0h{width}v{height}H0z"/>',
            f'<path class="land" fill="#f5f2e6" stroke="#59636b" stroke-width="{FINER}" d="{_outlines(coasts)}"/>',
            f'<path class="dots" fill="none" stroke="#59636b" stroke-width="{2 * FINER}" stroke-linecap="round"'
            f' d="{_spots(dots)}"/>',
            '<g class="names" fill="#1d2730" stroke="#fff" stroke-width="6" paint-order="stroke"'
            f' stroke-linejoin="round" font-family="sans-serif" font-size="{LETTERS * FINER}" text-anchor="middle">',
            *_texts(frame, labels, [point for ring in coasts for point in ring] + seen),
            "</g>",
            "</svg>",
            "",
        )
    )


def _place(frame: MapFrame, longitude: float, latitude: float) -> Pixel:
    """Return where a point lies, also beyond the frame."""
    return (
        (longitude - frame.west) / (frame.east - frame.west) * frame.width,
        (frame.north - latitude) / (frame.north - frame.south) * frame.height,
    )


def _shows(frame: MapFrame, place: Pixel) -> bool:
    return 0 <= place[0] <= frame.width and 0 <= place[1] <= frame.height


def _clipped(ring: list[Pixel], frame: MapFrame) -> list[Pixel]:
    """Return the part of a ring within the frame and a few pixels around it, where its outline does not show."""
    rim = 4
    for axis, limit, sign in ((0, -rim, 1), (0, frame.width + rim, -1), (1, -rim, 1), (1, frame.height + rim, -1)):
        ring = list(_cut(ring, axis, limit, sign))
    return ring


def _cut(ring: list[Pixel], axis: int, limit: float, sign: int) -> Iterator[Pixel]:
    for before, here in zip(ring[-1:] + ring[:-1], ring, strict=True):
        was, is_in = (sign * (point[axis] - limit) >= 0 for point in (before, here))
        if was != is_in:
            part = (limit - before[axis]) / (here[axis] - before[axis])
            yield (before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1]))
        if is_in:
            yield here


def _extent(ring: list[Pixel]) -> float:
    return max(max(point[axis] for point in ring) - min(point[axis] for point in ring) for axis in (0, 1))


def _simplified(ring: list[Pixel]) -> list[Pixel]:
    """Return the ring without the points that nobody misses (Douglas and Peucker)."""
    kept = {0, len(ring) - 1}
    spans = [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = max(
            ((_distance(ring[at], ring[first], ring[last]), at) for at in range(first + 1, last)), default=(0.0, 0)
        )
        if far > TOLERANCE:
            kept.add(at)
            spans += [(first, at), (at, last)]
    return [ring[at] for at in sorted(kept)]


def _distance(point: Pixel, start: Pixel, end: Pixel) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    length = across**2 + down**2
    part = 0.0 if not length else ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / length
    part = min(1.0, max(0.0, part))
    return float(((point[0] - start[0] - part * across) ** 2 + (point[1] - start[1] - part * down) ** 2) ** 0.5)


def _holds(ring: list[Pixel], place: Pixel) -> bool:
    """Return whether a point lies on the land."""
    crossed = False
    x, y = place
    for (x0, y0), (x1, y1) in zip(ring[-1:] + ring[:-1], ring, strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            crossed = not crossed
    return crossed


def _step(place: Pixel) -> tuple[int, int]:
    return round(place[0] * FINER), round(place[1] * FINER)


def _outlines(rings: list[list[Pixel]]) -> str:
    """Return closed lines as path data, each step relative to the one before."""
    data = []
    for ring in rings:
        steps = [_step(place) for place in ring]
        moves = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(steps)]
        data.append(f"M{_pair(steps[0])}l" + " ".join(_pair(move) for move in moves if move != (0, 0)) + "z")
    return "".join(data)


def _spots(dots: set[tuple[int, int]]) -> str:
    return "".join(f"M{_pair(dot)}h0" for dot in sorted(dots))


def _pair(pair: tuple[int, int]) -> str:
    return f"{pair[0]}{'' if pair[1] < 0 else ' '}{pair[1]}"


def _texts(frame: MapFrame, labels: Sequence[Label], land: Sequence[Pixel]) -> Iterator[str]:
    """Yield names near their points, where they cover little land; one that would cover another is left out."""
    taken: list[Box] = []
    for label in labels:
        x, y = _place(frame, label.point.longitude, label.point.latitude)
        half = len(label.name) * LETTERS * 0.28
        boxes = [_box(frame, x + right * half, y + down * LETTERS, half) for right, down in BESIDE]
        free = [box for box in boxes if not any(_collide(box, other) for other in taken)]
        if free:
            best = min(free, key=lambda box: _covered(box, land) + abs(box.middle - x) / half + abs(box.lower - y) / 9)
            taken.append(best)
            where = _step((best.middle, best.lower - LETTERS * 0.2))
            yield f'<text x="{where[0]}" y="{where[1]}">{escape(label.name)}</text>'


def _box(frame: MapFrame, middle: float, lower: float, half: float) -> Box:
    """Return the place of a name, moved into the frame."""
    middle = min(max(middle, half), frame.width - half)
    lower = min(max(lower, LETTERS), frame.height)
    return Box(middle - half, lower - LETTERS, middle + half, lower)


def _covered(box: Box, land: Sequence[Pixel]) -> int:
    return sum(box.left <= x <= box.right and box.upper <= y <= box.lower for x, y in land)


def _collide(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.upper < other.lower and other.upper < one.lower
