"""Texts that people write: topics, places and styles (words.toml), filled in for one complaint."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from kawal.data import AGENCIES, CATEGORIES, read_text
from scenarios.dice import Dice

Table = dict[str, Any]

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@cache
def words() -> Table:
    """Return the content of words.toml."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def answering() -> dict[str, str]:
    """Return which OPD is responsible for which category, by kawal/data/agencies.toml."""
    return {key: opd["code"] for opd in tomllib.loads(read_text(AGENCIES))["opd"] for key in opd["categories"]}


@cache
def outside() -> dict[str, str]:
    """Return which agency outside the province has the authority over which category."""
    return {
        key: place["agency"] for place in tomllib.loads(read_text(AGENCIES))["outside"] for key in place["categories"]
    }


@cache
def main_counts() -> dict[str, int]:
    """Return the July 2025 report counts of each main category that the province is responsible for."""
    rows = csv.DictReader(io.StringIO(read_text(CATEGORIES)))
    counts = {row["kategori"]: int(row["laporan_kategori_2025_07"]) for row in rows if not row["subkategori"]}
    return {main: count for main, count in counts.items() if main not in outside()}


def opd_of(category: str) -> str | None:
    """Return the OPD responsible for a category, or None if the authority lies outside the province."""
    main = category.split(" / ")[0]
    if category in outside() or (category not in answering() and main in outside()):
        return None
    return answering().get(category) or answering()[main]


def apportioned(total: int) -> dict[str, int]:
    """Apportion complaints to the province's main categories by their counts (largest remainders)."""
    counts = main_counts()
    whole = sum(counts.values())
    shares = {main: divmod(count * total, whole) for main, count in counts.items()}
    given = {main: share for main, (share, _) in shares.items()}
    missing = total - sum(given.values())
    for main in sorted(shares, key=lambda main: (-shares[main][1], main))[:missing]:
        given[main] += 1
    return given


def slots(dice: Dice, topic: Table, place: Table) -> dict[str, str]:
    """Return fillers for one complaint: a place in one town, numbers and times, and the topic's own."""
    own = {name: dice.pick(choices) for name, choices in topic.get("isian", {}).items()}
    return own | {
        "kota": place["kota"],
        **{name: dice.pick(place[name]) for name in ("kampung", "jalan", "patokan", "sekolah")},
        "lama": dice.pick(words()["kalimat"]["lama"]),
        "hari": dice.pick(DAYS),
        "jam": str(dice.whole(7, 11)),
        "jumlah": str(dice.whole(2, 9)),
        "rt": str(dice.whole(1, 8)),
        "nomor": str(dice.whole(2, 140)),
    }


def said(dice: Dice, kind: str, fillers: Mapping[str, str]) -> str:
    """Return one of the sentences of a kind, filled in and beginning with a capital."""
    text = str(dice.pick(words()["kalimat"][kind])).format_map(fillers)
    return text[:1].upper() + text[1:]


def story(dice: Dice, topic: Table, fillers: Mapping[str, str], channel: str) -> tuple[str, str]:
    """Return title and text as the citizen writes them: short by SMS, else with or without greeting and remarks."""
    style = "sms" if channel == "sms" else dice.weighted({"baku": 40, "santai": 38, "melayu": 22})
    # The n-th title belongs to the n-th text.
    told = dice.whole(0, len(topic["isi"]) - 1)
    title = topic["judul"][told % len(topic["judul"])].format_map(fillers)
    parts = [topic["isi"][told].format_map(fillers)]
    if channel not in ("sms", "x"):
        many = dice.weighted({0: 45, 1: 40, 2: 15}) if topic["kelas"] == "pengaduan" else 0
        extras = dice.shuffled(words()["kalimat"]["tambahan"])[:many]
        parts = [dice.pick(words()["kalimat"]["pembuka"]), *parts, *extras, dice.pick(words()["kalimat"]["penutup"])]
    text = " ".join(part.format_map(fillers) for part in parts if part)
    if style == "baku":
        return title[:1].upper() + title[1:], text
    return _in_style(title, style), _in_style(text, style)


def _in_style(text: str, style: str) -> str:
    swap: dict[str, str] = words()["gaya"][style]
    return re.sub(r"[a-z-]+", lambda found: swap.get(found[0], found[0]), text)


def person(dice: Dice) -> str:
    """Return an invented name made of common ones."""
    people = words()["orang"]
    return f"{dice.pick(people['depan'])} {dice.pick(people['belakang'])}"
