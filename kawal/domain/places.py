"""Places: the areas of a province by name, what a person's words name of them, and points on a map.

A `Gazetteer` finds the most specific area that a text names, and none where several fit equally: who reads the report
asks then. A `MapFrame` turns a tap on the map into a point and back.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from kawal.domain.msgids import msgid, sentence
from kawal.domain.place_mentions import Mention, NameIndex, mentions_in
from kawal.domain.place_words import AreaLevel
from kawal.domain.validation_messages import UnreadableFile

CREDIT = msgid("Map: Natural Earth, public domain. Names of areas: idn-area-data, Open Database License (ODbL).")
"""What a page that shows the map or the names says below them, as their licence asks."""

NAMES_CREDIT = msgid("Names of areas: idn-area-data, Open Database License (ODbL).")
"""The same where only the names are shown."""

LONGEST_TEXT = 500
"""Of a longer text the beginning is looked at."""

AREA = re.compile(r"[0-9]{2}(\.[0-9]{2})?")
"""The code of a province, or of a kabupaten or kota: what an agency, a map and a table of names are of."""

_CODE = re.compile(r"\d\d\.\d\d(\.\d\d(\.\d{4})?)?")
_LEVELS = {5: AreaLevel.REGENCY, 8: AreaLevel.DISTRICT, 13: AreaLevel.VILLAGE}


class Area(NamedTuple):
    """A kabupaten or kota, a kecamatan, a desa or kelurahan."""

    code: str
    """The code of the Ministry of Home Affairs; it begins with that of the area around: `21.71.03.1001`."""
    name: str
    """As published; a kabupaten's or kota's begins with that word."""

    @property
    def level(self) -> AreaLevel:
        """Return what kind of area it is."""
        return _LEVELS[len(self.code)]


class MatchedPlace(NamedTuple):
    """The area that a text names."""

    code: str
    name: str
    level: AreaLevel
    words: str
    """The name with those of the areas around it: `Sungai Lekop, Bintan Timur, Kabupaten Bintan`."""


class Gazetteer:
    """The areas of a province, or of a part of it."""

    def __init__(self, areas: Iterable[Area], aliases: Mapping[str, str] | None = None) -> None:
        """Index the areas; `aliases` are further spellings of names, such as `tpi`, with the codes that they stand for.

        A village may be known whose kecamatan is not. An alias of an unknown area is ignored.
        """
        self._areas = {area.code: area for area in sorted(areas)}
        self._within: dict[tuple[str, AreaLevel], list[Area]] = defaultdict(list)
        for code, area in self._areas.items():
            for length in (2, *_LEVELS):
                if length < len(code):
                    self._within[code[:length], area.level].append(area)
        self._names = NameIndex(
            {code: area.name for code, area in self._areas.items()},
            {spelling: code for spelling, code in (aliases or {}).items() if code in self._areas},
        )

    def area(self, code: str) -> Area | None:
        """Return the area of that code, or None."""
        return self._areas.get(code)

    def within(self, code: str, level: AreaLevel) -> list[Area]:
        """Return the areas of a level within another, or within a province, by code."""
        return list(self._within.get((code, level), ()))

    def words(self, code: str) -> str:
        """Return an area's name with those of the areas around it, as far as they are known."""
        around = [code[:length] for length in sorted(_LEVELS, reverse=True) if length <= len(code)]
        return ", ".join(self._areas[one].name for one in around if one in self._areas)

    def match(self, text: str) -> MatchedPlace | None:
        """Return the most specific area that a person's words name; None if they name none, or several alike.

        Where several fit alike and lie in one kabupaten or kecamatan, that is the answer. A name may be written as one
        word or several, abbreviated, and wrong by a letter; a street's name does not count.
        """
        mentions = mentions_in(text[:LONGEST_TEXT], self._names)
        code = _common(_most_fitting(mentions))
        area = self._areas.get(code)
        return None if area is None else MatchedPlace(code, area.name, area.level, self.words(code))


def _most_fitting(mentions: Sequence[Mention]) -> list[str]:
    """Return the codes that explain most of what is mentioned: each mention by its own name or one around it."""
    weights = {
        code: sum(other.weight for other in mentions if any(_is_within(code, named) for named in other.codes))
        for mention in mentions
        for code in mention.codes
    }
    most = max(weights.values(), default=0)
    return [code for code, weight in weights.items() if weight == most]


def _is_within(code: str, around: str) -> bool:
    return code.startswith(around)


def _common(codes: Sequence[str]) -> str:
    """Return the code of the smallest area that has all of them within; empty, or a province's, if none has."""
    parts = [code.split(".") for code in codes]
    shared: list[str] = []
    for alike in zip(*parts, strict=False):
        if len(set(alike)) > 1:
            break
        shared.append(alike[0])
    return ".".join(shared)


def parse_areas(csv_text: str) -> list[Area]:
    """Return the areas of a table with the columns `code` and `name`; raises UnreadableFile naming a bad line."""
    areas = []
    for number, row in enumerate(csv.DictReader(io.StringIO(csv_text)), start=2):
        code, name = row.get("code") or "", (row.get("name") or "").strip()
        if not (_CODE.fullmatch(code) and name):
            raise UnreadableFile(sentence(msgid("line {number} should have an area's code and name"), number=number))
        areas.append(Area(code, name))
    return areas


class AreaAgency(Protocol):
    """An agency that may be responsible for an area."""

    @property
    def area(self) -> str | None:
        """Return the code of its province, kabupaten or kota."""


AgencyT = TypeVar("AgencyT", bound=AreaAgency)


def agency_for(place: MatchedPlace, agencies: Iterable[AgencyT]) -> AgencyT | None:
    """Return the agency that is likely meant: that of the place's kabupaten or kota, else of its province.

    None if there is none, or more than one: then the person says it.
    """
    candidates = list(agencies)
    for area in (place.code[:5], place.code[:2]):
        found = [agency for agency in candidates if agency.area == area]
        if found:
            return found[0] if len(found) == 1 else None
    return None


class Coordinate(NamedTuple):
    """A point on earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float


class OutsideMap(ValueError):  # noqa: N818 - an ordinary answer about a point
    """A point that does not lie on the map."""

    def __init__(self) -> None:
        """Say what to do instead."""
        self.reason = msgid("This point is outside the map. Mark a point on the map, or write the place in words.")
        super().__init__(str(self.reason))


@dataclass(frozen=True)
class MapFrame:
    """What a map shows and how large it is: bounds in degrees, size in CSS pixels. Degrees are spread evenly."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    def shown(self, width: float) -> MapFrame:
        """Return the frame of the same map shown in another width; a browser tells a tap in pixels of what it shows."""
        return MapFrame(self.west, self.south, self.east, self.north, width, self.height * width / self.width)

    def coordinate(self, x: float, y: float) -> Coordinate:
        """Return the point under a pixel, counted from the upper left corner; raises OutsideMap."""
        if not (0 <= x <= self.width and 0 <= y <= self.height):
            raise OutsideMap
        return Coordinate(
            latitude=round(self.north - (self.north - self.south) * y / self.height, 5),
            longitude=round(self.west + (self.east - self.west) * x / self.width, 5),
        )

    def pixel(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a point lies on the map, in pixels from the upper left corner; raises OutsideMap."""
        if not (self.south <= latitude <= self.north and self.west <= longitude <= self.east):
            raise OutsideMap
        return (
            (longitude - self.west) / (self.east - self.west) * self.width,
            (self.north - latitude) / (self.north - self.south) * self.height,
        )

    @property
    def metres_per_pixel(self) -> float:
        """Return how far apart two neighbouring pixels are on the ground, about: how exact a tap can be."""
        return (self.north - self.south) / self.height * math.radians(1) * 6_371_000
