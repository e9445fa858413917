"""What a citizen types as a place names the smallest area that it fits, and nothing where several fit alike."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.data.places import gazetteer
from kawal.domain.place_words import AreaLevel
from kawal.domain.places import Area, Gazetteer, agency_for, parse_areas
from kawal.domain.validation_messages import UnreadableFile

KEPRI = gazetteer("21")
LEVELS = tuple(AreaLevel)
AREAS = [area for level in LEVELS for area in KEPRI.within("21", level)]
TYPED = {
    AreaLevel.VILLAGE: ("Kel. {}", "kelurahan {}", "Desa {}", "ds {}", "KEL {}"),
    AreaLevel.DISTRICT: ("Kec. {}", "kecamatan {}", "kec {}", "KECAMATAN {}"),
    AreaLevel.REGENCY: ("{}", "{}"),
}
SHORTER = {"Sungai": "Sei", "Tanjung": "Tg.", "Kampung": "Kp.", "Teluk": "Tlk", "Kabupaten": "Kab.", "Timur": "tmr"}
ALIKE = {"Sei": "Sungai"}


def around(area: Area) -> list[Area]:
    """Return an area and those around it, the smallest first."""
    found = (KEPRI.area(area.code[:length]) for length in (13, 8, 5) if length <= len(area.code))
    return [one for one in found if one is not None]


@st.composite
def addresses(draw: st.DrawFn) -> tuple[Area, str]:
    """Draw an area, written with those around it in one of the usual ways."""
    area = draw(st.sampled_from(AREAS))
    parts = []
    for one in around(area):
        name = one.name
        if draw(st.booleans()):
            name = " ".join(SHORTER.get(word, ALIKE.get(word, word)) for word in name.split())
        if draw(st.booleans()):
            name = name.lower()
        parts.append(draw(st.sampled_from(TYPED[one.level])).format(name))
    return area, draw(st.sampled_from((", ", " ", "\n", " - ", "; "))).join(parts)


@given(addresses())
def test_every_listed_area_is_found_in_every_usual_way_of_writing(written: tuple[Area, str]) -> None:
    area, text = written
    found = KEPRI.match(text)
    assert found is not None, text
    assert (found.code, found.name, found.level) == (area.code, area.name, area.level), text


@pytest.mark.parametrize("area", KEPRI.within("21", AreaLevel.DISTRICT), ids=lambda area: str(area.code))
def test_a_kecamatan_chosen_with_its_kabupaten_is_that_one(area: Area) -> None:
    found = KEPRI.match(KEPRI.words(area.code))
    assert found is not None
    # A kelurahan may be called like the kecamatan of another part of its town: then the town is the answer.
    assert found.code == area.code or area.code.startswith(found.code)


@given(st.sampled_from([area for area in AREAS if len(area.name) > 7 and " " in area.name]), st.data())
def test_a_letter_too_few_still_finds_the_area_or_what_is_around_it(area: Area, data: st.DataObject) -> None:
    *_, regency = around(area)
    at = data.draw(st.sampled_from([place for place, letter in enumerate(area.name) if letter.isalpha() and place]))
    found = KEPRI.match(f"{area.name[:at]}{area.name[at + 1 :]}, {regency.name}")
    assert found is not None
    assert found.code.startswith(regency.code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kel. Sei Lekop Bintan timur", "21.01.06.1009"),
        ("kec bukit bestari, tpi", "21.72.04"),
        ("batu 9", "21.72.02.1004"),
        ("Batu IX", "21.72.02.1004"),
        ("batu sembilan", "21.72.02.1004"),
        ("Tanjung Pinang", "21.72"),
        ("Tanjungpinang", "21.72"),
        ("tj pinang", "21.72"),
        ("kec. tanjungpinang timur", "21.72.02"),
        ("bintam timur", "21.01.06"),
        ("Bitnan Timur", "21.01.06"),
        ("gunung kijng", "21.01.04"),
        ("kel. kawal. kec. gunung kijang. kab. bintan", "21.01.04.1005"),
        ("Kawal dekat jembatan", "21.01.04.1005"),
        ("Dabo Singkep", "21.04.01.1001"),
        ("P. Penyengat", "21.72.03.1004"),
        ("batu ampar batam", "21.71.02"),
        ("sei jang", "21.72.04.1004"),
        ("Sungai Jang, TPI", "21.72.04.1004"),
        ("anambas", "21.05"),
        ("kec. moro", "21.02.01"),
        ("Cemaga Selatan", "21.03.18.2002"),
        ("desa setengar", "21.03.18.2002"),
        ("kabupaten batam", "21.71"),
    ],
)
def test_what_citizens_type_is_understood(text: str, code: str) -> None:
    found = KEPRI.match(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tanjung uban", "21.01.07"),
        ("antara Teluk Bakau dan Malang Rapat", "21.01.04"),
        ("Tanjung Pinang Timur", "21.72"),
        ("moro", "21.02.01"),
        ("karimun", "21.02"),
    ],
)
def test_of_several_that_fit_alike_what_holds_them_all_is_the_answer(text: str, code: str) -> None:
    found = KEPRI.match(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["sei lekop", "batu ampar", "kampung hilir", "Bintan, Batam", ""])
def test_of_several_in_different_kabupaten_none_is_guessed(text: str) -> None:
    assert KEPRI.match(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jl. Bintan, Tanjungpinang", "21.72"),
        ("gang batam tanjungpinang", "21.72"),
        ("tebing longsor di karimun", "21.02"),
        ("banyak nyamuk di batam", "21.71"),
        ("ada tebing longsor", None),
        ("jalan raya rusak", None),
        ("lampu jalan mati sejak kemarin", None),
    ],
)
def test_streets_and_everyday_words_are_no_places(text: str, code: str | None) -> None:
    found = KEPRI.match(text)
    assert (found and found.code) == code


@given(st.text(max_size=500) | st.lists(st.sampled_from([one.name for one in AREAS]), max_size=40).map(" ".join))
def test_no_text_breaks_it_and_an_answer_is_always_a_listed_area(text: str) -> None:
    found = KEPRI.match(text)
    assert found is None or KEPRI.area(found.code) == Area(found.code, found.name)


@given(st.text("ivxkel. ,-'’()/0", max_size=60))
def test_no_odd_marks_break_it(text: str) -> None:
    KEPRI.match(text)


@pytest.mark.parametrize("text", ["Parit I/II", "parit 1/2", "parit i, ii", 'kel. Ra"as', "Ra'as", "raas"])
def test_odd_spellings_of_the_list_are_found_as_people_write_them(text: str) -> None:
    names = Gazetteer([Area("35.29.22.2001", "Parit I/II"), Area("35.29.22.2002", 'Ra"as')])
    found = names.match(text)
    assert found is not None
    assert (found.name == "Parit I/II") is text.lower().startswith("parit")


def test_the_words_of_a_place_name_what_is_around_it() -> None:
    found = KEPRI.match("kel. sungai lekop, bintan timur")
    assert found is not None
    assert found.words == "Sungai Lekop, Bintan Timur, Kabupaten Bintan"


def test_a_part_of_a_province_knows_only_its_own_names() -> None:
    batam = gazetteer("21.71")
    found = batam.match("sei lekop")
    assert found is not None
    assert found.code == "21.71.11.1003"
    assert batam.match("bintan timur") is None


SYLLABLES = ("ka", "rang", "su", "wo", "no", "ngu", "pa", "ti", "dem", "bo", "jo", "ke", "mun", "da", "lem", "pur")


def large() -> Gazetteer:
    """Return names as many as Jawa Tengah's: 35 kabupaten, 576 kecamatan, 8,563 desa and kelurahan."""
    areas = [Area(f"33.{number:02}", f"Kabupaten {synthetic(number)}") for number in range(1, 36)]
    areas += [Area(f"{areas[at % 35].code}.{at // 35 + 1:02}", synthetic(1000 + at)) for at in range(576)]
    districts = areas[35:]
    areas += [Area(f"{districts[at % 576].code}.{2001 + at // 576}", synthetic(3000 + 7 * at)) for at in range(8563)]
    return Gazetteer(areas)


def synthetic(number: int) -> str:
    """Return a name for a number, in syllables."""
    found = ""
    while number:
        number, digit = divmod(number, len(SYLLABLES))
        found += SYLLABLES[digit]
    return found.capitalize()


def least_time(names: Gazetteer, text: str) -> float:
    """Return how long matching takes at least, in seconds of the processor: more is the machine's other work."""
    spent = []
    for _ in range(7):
        began = time.process_time()
        names.match(text)
        spent.append(time.process_time() - began)
    return min(spent)


@pytest.mark.slow
def test_of_a_province_as_large_as_jawa_tengah_a_text_is_matched_within_five_milliseconds() -> None:
    names = large()
    texts = (
        ("lampu jalan di depan rumah warga sudah lama padam dan belum diperbaiki oleh petugas " * 6)[:500],
        ("karangsu wonongu patidem bojoke " * 16)[:500],
        ("abcdefg " * 62)[:500],
    )
    assert max(least_time(names, text) for text in texts) < 0.005


def test_a_line_without_a_code_and_a_name_is_named() -> None:
    with pytest.raises(UnreadableFile, match="line 3"):
        parse_areas("code,name\n21.01,Kabupaten Bintan\n21-02,Karimun\n")


class Body(NamedTuple):
    """An agency, as far as it matters here."""

    code: str
    area: str | None


def test_the_agency_of_the_kabupaten_is_meant_before_that_of_the_province() -> None:
    province, batam, abroad, nowhere = Body("KEPRI", "21"), Body("BATAM", "21.71"), Body("RIAU", "14"), Body("X", None)
    everyone = [province, abroad, nowhere, batam]
    in_batam, in_bintan = KEPRI.match("sagulung"), KEPRI.match("kec. bintan timur")
    assert in_batam is not None
    assert in_bintan is not None
    assert agency_for(in_batam, everyone) is batam
    assert agency_for(in_bintan, everyone) is province
    assert agency_for(in_bintan, [abroad, nowhere]) is None
    assert agency_for(in_batam, [province, batam, Body("BP-BATAM", "21.71")]) is None
