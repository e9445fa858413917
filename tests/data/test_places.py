"""The shipped map and names: whole, small enough for a form's page, and apart where their licence asks it."""

from __future__ import annotations

import gzip
from xml.etree import ElementTree

import pytest

from kawal.data import AGENCIES, places, read_text
from kawal.domain.place_words import AreaLevel

SVG = "{http://www.w3.org/2000/svg}"
PARTS = ("21.01", "21.02", "21.03", "21.04", "21.05", "21.71", "21.72")


def compressed(text: bytes) -> int:
    return len(gzip.compress(text, 9))


def test_the_shipped_agencys_area_is_made() -> None:
    assert 'area = "21"' in read_text(AGENCIES)
    assert places.is_made("21")
    assert places.is_made("21.71")
    assert not places.is_made("33")
    assert not places.is_made("../21")


@pytest.mark.parametrize("area", ["33", "99", "", "../21", "21/..", "21.7"])
def test_an_area_that_is_not_made_is_not_found(area: str) -> None:
    for loader in (places.gazetteer, places.map_svg, places.map_frame, places.districts):
        with pytest.raises(FileNotFoundError):
            loader(area)


def test_every_area_of_kepulauan_riau_is_named() -> None:
    names = places.gazetteer("21")
    assert [len(names.within("21", level)) for level in AreaLevel] == [7, 80, 419]
    assert [one.code for one in names.within("21", AreaLevel.REGENCY)] == list(PARTS)


@pytest.mark.parametrize("area", ["21", *PARTS])
def test_a_map_is_small_and_needs_nothing_but_itself(area: str) -> None:
    svg = places.map_svg(area)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own file
    frame = places.map_frame(area)
    assert compressed(svg) <= 3000
    assert (root.get("width"), root.get("height")) == (str(frame.width), str(frame.height))
    assert root.findtext(f"{SVG}title", "").startswith("Peta ")
    assert "ODbL" in root.findtext(f"{SVG}desc", "")
    assert not any("style" in one.attrib for one in root.iter())
    assert not any(name in svg for name in (b"href", b"url(", b"<script", b" on"))


def test_a_kabupatens_map_is_finer_than_its_provinces() -> None:
    assert places.closer_maps("21") == tuple(places.gazetteer("21").within("21", AreaLevel.REGENCY))
    assert places.map_frame("21.71").metres_per_pixel * 5 < places.map_frame("21").metres_per_pixel


def test_the_kecamatan_to_choose_are_told_apart_and_small() -> None:
    choices = places.districts("21")
    assert len(choices) == 80
    assert len({choice.label for choice in choices}) == 80
    assert [choice.label for choice in choices] == sorted(choice.label for choice in choices)
    options = "".join(f'<option value="{choice.label}">' for choice in choices)
    assert compressed(options.encode()) <= 1000
    assert len(places.districts("21.72")) == 4


def test_every_kecamatan_that_is_chosen_is_the_one_that_is_matched() -> None:
    names = places.gazetteer("21")
    found = {choice.code: names.match(f"Kec. {choice.label}") for choice in places.districts("21")}
    assert {code: place and place.code for code, place in found.items()} == {code: code for code in found}


def test_the_villages_of_a_kecamatan_are_its_own() -> None:
    assert "Sei Jang" in places.villages("21", "21.72.04")
    assert places.villages("21", "21.99.01") == ()
    assert places.villages("21.71", "21.72.04") == ()


def test_the_names_are_kept_apart_under_their_own_licence() -> None:
    notice = read_text("places/areas/LICENSE.md")
    assert "Open Database License" in notice
    assert "opendatacommons.org/licenses/odbl" in notice
