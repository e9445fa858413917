"""The words by which people write of places: abbreviations, levels, and spellings that mean the same name.

`sei` is `sungai`, `kel.` says that a kelurahan's name follows, `Batu IX` is `batu 9`. Pure text: which areas there are
is the affair of `places`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kawal.domain.plain_spelling import plainly


class AreaLevel(StrEnum):
    """What kind of area a name is of, by the length of its code."""

    REGENCY = "regency"
    """Kabupaten or kota: `21.71`."""
    DISTRICT = "district"
    """Kecamatan: `21.71.03`."""
    VILLAGE = "village"
    """Desa or kelurahan: `21.71.03.1001`."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


LEVEL_WORDS = {
    **dict.fromkeys(("kab", "kabupaten", "kota", "kotamadya", "kodya"), AreaLevel.REGENCY),
    **dict.fromkeys(("kec", "kecamatan", "distrik", "kapanewon", "kemantren"), AreaLevel.DISTRICT),
    **dict.fromkeys(("kel", "kelurahan", "ds", "desa", "nagari", "gampong", "kalurahan", "pekon"), AreaLevel.VILLAGE),
}
"""The words that say of which level the name after them is."""

ELSEWHERE = _listed(
    "jl jln jalan gg gang lrg lorong perum perumahan komplek kompleks toko masjid sd sdn smp smpn sma sman smk smkn"
    " dusun dsn rt rw"
)
"""The words after which a name is a street's, a school's or a hamlet's: Jalan Bintan runs through Tanjungpinang."""

FILLERS = _listed("di ke dari daerah wilayah kawasan lokasi tempat prov provinsi kepri indonesia")
"""Words beside a name that do not make it less of one."""

ISLAND = "pulau"
"""The word, as it counts in a name, that people put before a village's name where the list leaves it out."""

BESIDES = _listed("dekat depan samping belakang sebelah seberang sekitar arah tepatnya persisnya")
"""Words that begin the description of a spot: what stands before them is named on purpose."""

_ENDINGS = _listed("utara selatan timur barat tengah kota laut darat lama baru indah permai")
"""The last words that tell neighbouring villages of one name apart: Tanjung Uban is four of them."""

_SHORTEST_STEM = 5

_EVERYDAY = _listed("batang buru landak sorong")
"""Names of kabupaten that are everyday words as well: trunk, hunt, porcupine, push."""

_NUMBERS = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_SAME = {
    **dict.fromkeys(("kab", "kabupaten"), "kabupaten"),
    **dict.fromkeys(("kodya", "kotamadya", "kota"), "kota"),
    **dict.fromkeys(("sei", "sungei", "sungai"), "sungai"),
    **dict.fromkeys(("tj", "tg", "tjg", "tanjong", "tanjung"), "tanjung"),
    **dict.fromkeys(("tlk", "tel", "teluk", "telok"), "teluk"),
    **dict.fromkeys(("gn", "gng", "gunung"), "gunung"),
    **dict.fromkeys(("bkt", "bukit"), "bukit"),
    **dict.fromkeys(("kp", "kpg", "kmp", "kamp", "kampung", "kampong"), "kampung"),
    **dict.fromkeys(("p", "pl", "pulau"), "pulau"),
    **dict.fromkeys(("kep", "kepulauan"), "kepulauan"),
    **dict.fromkeys(("utr", "utara"), "utara"),
    **dict.fromkeys(("slt", "sltn", "selatan"), "selatan"),
    **dict.fromkeys(("tmr", "tim", "timur"), "timur"),
    **dict.fromkeys(("brt", "bar", "barat"), "barat"),
    **dict.fromkeys(("tgh", "teng", "tengah"), "tengah"),
    **{word: str(number) for number, word in enumerate(_NUMBERS, start=1)},
}
"""Abbreviations and older spellings of the words of which names are made, and numbers in words."""

_ROMAN = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})")
_ONES = {one: number for number, one in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))}
_WORD = re.compile(r"[a-z0-9]+")
_BREAK = re.compile(r"[^a-z0-9. \-]+|(?<=[a-z0-9]{5})\. |\s-\s")
"""What no name goes across: commas, brackets, line ends; a full stop only after a word that is no abbreviation."""
_APOSTROPHE = re.compile(r"['’`]|(?<=[a-z])\"(?=[a-z])")
"""An apostrophe, or what the list has for one: Ra"as."""

_NUMERALS = re.compile(r"\b([ivx]+|\d+) ?[/,\-] ?(?=([ivx]+|\d+)\b)")
"""The mark between two numerals of one name, as in Parit I/II."""


class PlaceWord(NamedTuple):
    """A word of a text, as typed and as it counts in a name."""

    typed: str
    """In lower case, without accents and apostrophes."""
    counted: str
    """What it is in the key of a name."""


def segments(text: str) -> Iterator[list[PlaceWord]]:
    """Yield the words of each part of a text that stands between commas and the like."""
    plain = _NUMERALS.sub(r"\1 ", _APOSTROPHE.sub("", plainly(text).text))
    for part in _BREAK.split(plain):
        words = [PlaceWord(word, _counted(word)) for word in _WORD.findall(part)]
        if words:
            yield words


def key_of(words: list[PlaceWord]) -> str:
    """Return what two spellings of one name have in common: its letters and digits without spaces."""
    return compact("".join(word.counted for word in words))


def compact(joined: str) -> str:
    """Return a name's letters with the one beginning that people abbreviate also when they write it as one word."""
    return "sungai" + joined[3:] if joined.startswith("sei") and len(joined) > 6 else joined


def keys_of_name(name: str) -> Iterator[str]:
    """Yield the keys under which a listed name is found: the whole, and each of two names in one entry.

    `Cemaga Selatan (Setengar)` and `Tapian Nauli/Saurmanggita` have two names each.
    """
    whole = [word for part in segments(name) for word in part]
    yield key_of(whole)
    parts = [key_of(part) for part in segments(name)]
    if len(parts) > 1 and all(len(part) >= 4 for part in parts):
        yield from parts


def stem_of_name(name: str) -> str | None:
    """Return the key of a name without the last word that tells it from its neighbours; None if it has none."""
    words = [word for part in segments(name) for word in part]
    stem = key_of(words[:-1])
    return stem if words[-1].counted in _ENDINGS and len(stem) >= _SHORTEST_STEM else None


def is_everyday(key: str) -> bool:
    """Return whether a kabupaten's name means something else in everyday speech."""
    return key in _EVERYDAY


def _counted(word: str) -> str:
    roman = _ROMAN.fullmatch(word)
    if roman:
        return str(10 * len(roman[1]) + _ONES[roman[2]])
    return _SAME.get(word, word)
