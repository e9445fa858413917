"""Who is named in a note: by whole names, once each, and nobody by chance."""

from __future__ import annotations

import pytest

from kawal.domain.mentions import named_in
from kawal.domain.notes import Colleague
from kawal.domain.refusals import Refusal

BUDI = Colleague("b" * 16, "Budi", "budi@kepri.go.id", [])
BUDI_SANTOSO = Colleague("c" * 16, "Budi Santoso", "bsantoso", [])
SITI = Colleague("d" * 16, "Siti Aminah", "siti", [])
OTHER_SITI = Colleague("e" * 16, "Siti Aminah", "siti.a", [])
ALL = [BUDI, BUDI_SANTOSO, SITI, OTHER_SITI]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Tanpa siapa pun", []),
        ("Tulis ke budi@kepri.go.id, harga Rp 5.000 @ buah", []),
        ("@budi santoso mohon dicek", [BUDI_SANTOSO]),
        ("Mohon dicek (@Budi  Santoso), lalu @Budi.", [BUDI_SANTOSO, BUDI]),
        ("@budi@kepri.go.id dan sekali lagi @BUDI", [BUDI]),
        ("Lihat @siti.a\n@Budi\nSantoso", [OTHER_SITI, BUDI_SANTOSO]),
    ],
)
def test_the_longest_name_after_the_sign_is_meant_and_each_person_once(text: str, named: list[Colleague]) -> None:
    assert named_in(text, ALL) == named


@pytest.mark.parametrize(
    ("text", "code"),
    [("@Budiman tolong", "mention_unknown"), ("@dishub", "mention_unknown"), ("@Siti Aminah", "mention_of_several")],
)
def test_a_name_of_nobody_or_of_several_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        named_in(text, ALL)
    assert refused.value.code == code
