"""The map and the names of an area, which `python -m tools.make_map` makes (docs/map.md); read once, then kept.

An area is the code of a province (`21`) or of a kabupaten or kota (`21.71`). What is not made for a kabupaten is taken
from its province: the names within it, and the province's map. `areas/` is a database of others under its own licence
(areas/LICENSE.md); `spellings.csv` is ours, for editing.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from kawal.domain.place_words import AreaLevel
from kawal.domain.places import AREA, Area, Gazetteer, MapFrame, parse_areas

_DRAWN_WIDTH = re.compile(r'viewBox="0 0 ([0-9.]+) ')
_LABEL = re.compile(r'<text x="([0-9.]+)" y="([0-9.]+)">([^<]+)</text>')

_AREAS_KEPT = 16
"""How many areas an installation's agencies have at most, reckoned generously; more are read anew."""


class DistrictChoice(NamedTuple):
    """A kecamatan to choose."""

    code: str
    label: str
    """Its name, with that of its kabupaten or kota where another has a kecamatan of that name."""


def is_made(area: str) -> bool:
    """Return whether map and names of an area, or of its province, are there."""
    try:
        return all(_file(kind, area, ending).is_file() for kind, ending in (("maps", "svg"), ("areas", "csv")))
    except FileNotFoundError:
        return False


@lru_cache(maxsize=_AREAS_KEPT)
def gazetteer(area: str) -> Gazetteer:
    """Return the names of an area; raises FileNotFoundError. A province of 9,200 names takes a third of a second."""
    listed = parse_areas(_file("areas", area, "csv").read_text(encoding="utf-8"))
    spelled = csv.DictReader(io.StringIO(files(__name__).joinpath("spellings.csv").read_text(encoding="utf-8")))
    return Gazetteer(
        (one for one in listed if f"{one.code}.".startswith(f"{area}.")),
        {row["spelling"]: row["code"] for row in spelled},
    )


@lru_cache(maxsize=_AREAS_KEPT)
def map_svg(area: str) -> bytes:
    """Return the map of an area; raises FileNotFoundError."""
    return _file("maps", area, "svg").read_bytes()


@lru_cache(maxsize=_AREAS_KEPT)
def map_frame(area: str) -> MapFrame:
    """Return what the map of an area shows, in its own size; raises FileNotFoundError."""
    return MapFrame(**json.loads(_file("maps", area, "json").read_text(encoding="utf-8")))


@lru_cache(maxsize=_AREAS_KEPT)
def label_points(area: str) -> Mapping[str, tuple[float, float]]:
    """Return where the map of an area writes which names, in pixels of its frame; raises FileNotFoundError."""
    svg = map_svg(area).decode()
    drawn = _DRAWN_WIDTH.search(svg)
    scale = map_frame(area).width / float(drawn[1]) if drawn else 1.0
    return {name: (float(x) * scale, float(y) * scale) for x, y, name in _LABEL.findall(svg)}


@lru_cache(maxsize=_AREAS_KEPT)
def closer_maps(area: str) -> tuple[Area, ...]:
    """Return the kabupaten and kota of a province that have maps of their own, by code; raises FileNotFoundError."""
    maps = files(__name__).joinpath("maps")
    regencies = gazetteer(area).within(area, AreaLevel.REGENCY)
    return tuple(one for one in regencies if maps.joinpath(f"{one.code}.svg").is_file())


@lru_cache(maxsize=_AREAS_KEPT)
def districts(area: str) -> tuple[DistrictChoice, ...]:
    """Return the kecamatan of an area, by name; raises FileNotFoundError."""
    names = gazetteer(area)
    listed = names.within(area, AreaLevel.DISTRICT)
    alike = Counter(one.name for one in listed)
    choices = (DistrictChoice(one.code, names.words(one.code) if alike[one.name] > 1 else one.name) for one in listed)
    return tuple(sorted(choices, key=lambda choice: choice.label))


def villages(area: str, district_code: str) -> tuple[str, ...]:
    """Return the names of a kecamatan's desa and kelurahan, none if it is not in the area; raises FileNotFoundError."""
    return tuple(one.name for one in gazetteer(area).within(district_code, AreaLevel.VILLAGE))


def _file(kind: str, area: str, ending: str) -> Traversable:
    """Return the file of an area, or of its province if it has none of its own."""
    if not AREA.fullmatch(area):
        raise FileNotFoundError(f"{area!r} is no area's code")
    own = files(__name__).joinpath(kind, f"{area}.{ending}")
    return own if own.is_file() else files(__name__).joinpath(kind, f"{area[:2]}.{ending}")
