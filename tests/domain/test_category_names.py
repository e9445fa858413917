"""A category is found in any case and by a part that only one has; what is not found is told with what is near."""

from __future__ import annotations

import pytest

from benchmarks.suggestion import tree
from kawal.domain.category_names import meant, nearest

TREE = ["JALAN", "JALAN / JALAN RUSAK", "JALAN / TROTOAR", "KESEHATAN", "KESEHATAN / PUSKESMAS", "AIR / PUSKESMAS AIR"]


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("jalan", "JALAN"),
        ("  Jalan  /  jalan rusak ", "JALAN / JALAN RUSAK"),
        ("trotoar", "JALAN / TROTOAR"),
        ("Puskesmas", "KESEHATAN / PUSKESMAS"),
        ("rusak", "JALAN / JALAN RUSAK"),
        ("mas", None),
        ("", None),
        ("lampu", None),
    ],
)
def test_a_category_is_meant_by_its_name_in_any_case_or_by_a_part_that_only_one_has(
    typed: str, category: str | None
) -> None:
    assert meant(typed, TREE) == category


def test_what_is_not_found_is_told_with_the_nearest_names() -> None:
    assert nearest("puskesmass", TREE)[0] == "KESEHATAN / PUSKESMAS"
    assert set(nearest("mas", TREE)) == {"KESEHATAN / PUSKESMAS", "AIR / PUSKESMAS AIR"}
    assert nearest("zzzz", TREE) == []


def test_every_category_of_the_shipped_tree_is_meant_by_its_own_name() -> None:
    names = tree()
    assert all(meant(name.lower(), names) == name for name in names[::25])
