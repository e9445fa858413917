"""The shipped files are consistent: every category has one place, every code is one that people can type."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter

import pytest

from kawal.data import AGENCIES, CATEGORIES, HOLIDAYS, POLICIES, PUBLISHED_RECAPS, read_text

AGENCY = tomllib.loads(read_text(AGENCIES))
TREE = list(csv.DictReader(io.StringIO(read_text(CATEGORIES))))
MAIN = {row["kategori"] for row in TREE if not row["subkategori"]}
KEYS = MAIN | {f"{row['kategori']} / {row['subkategori']}" for row in TREE if row["subkategori"]}
PLACED = Counter(key for place in AGENCY["opd"] + AGENCY["outside"] for key in place["categories"])


@pytest.mark.parametrize("name", [AGENCIES, CATEGORIES, HOLIDAYS, POLICIES, PUBLISHED_RECAPS])
def test_every_named_file_is_shipped(name: str) -> None:
    assert read_text(name)


def test_a_file_that_is_not_shipped_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        read_text("nothing.csv")


def test_the_tree_has_its_38_main_categories_and_no_name_twice() -> None:
    assert len(MAIN) == 38
    assert len(KEYS) == len(TREE) == 38 + 920
    assert not any(" / " in name for name in MAIN)


def test_every_main_category_has_exactly_one_place_and_none_is_misspelt() -> None:
    assert PLACED.keys() >= MAIN
    assert PLACED.keys() <= KEYS
    assert set(PLACED.values()) == {1}


def test_codes_are_unique_and_can_be_typed_in_a_role() -> None:
    codes = [opd["code"] for opd in AGENCY["opd"]] + [AGENCY["instansi"]["code"]]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,23}", code) for code in codes)


def test_those_who_lead_and_supervise_are_among_the_opds() -> None:
    codes = {opd["code"] for opd in AGENCY["opd"]}
    agency = AGENCY["instansi"]
    assert {agency["admin"], agency["inspectorate"], *agency["admin_assisted_by"]} <= codes
    assert codes >= {"DISKOMINFO", "INSPEKTORAT", "BIRO-ORGANISASI"}
