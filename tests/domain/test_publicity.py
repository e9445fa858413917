"""Who may release and redact, and how passages are replaced in public words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.masking import HIDDEN
from kawal.domain.names import Role
from kawal.domain.publicity import REDACTED, PublicStanding, may_show, missing_passage, redacted

ORDINARY = PublicStanding("1234567", erased=False, rahasia=False, supervised=False, item_open=False)
SUPERVISED = ORDINARY._replace(supervised=True, item_open=True)


@pytest.mark.parametrize(
    ("role", "standing", "words", "code"),
    [
        (Role.ADMIN, ORDINARY, True, None),
        (Role.ADMIN, ORDINARY, False, None),
        (Role.ADMIN, SUPERVISED, True, "publicity_inspectorate"),
        (Role.ADMIN, SUPERVISED, False, None),
        (Role.INSPECTORATE, ORDINARY, True, "publicity_no_item"),
        (Role.INSPECTORATE, ORDINARY, False, "publicity_no_item"),
        (Role.INSPECTORATE, ORDINARY._replace(item_open=True), True, None),
        (Role.INSPECTORATE, ORDINARY._replace(item_open=True), False, None),
        (Role.INSPECTORATE, SUPERVISED, True, None),
        (Role.INSPECTORATE, SUPERVISED._replace(item_open=False), True, None),
        (Role.INSPECTORATE, SUPERVISED._replace(item_open=False), False, "publicity_no_item"),
        (Role.ADMIN, ORDINARY._replace(rahasia=True), True, "publicity_rahasia"),
        (Role.INSPECTORATE, SUPERVISED._replace(rahasia=True), True, "publicity_rahasia"),
        (Role.ADMIN, ORDINARY._replace(erased=True, rahasia=True), False, "publicity_erased"),
    ],
)
def test_admins_decide_and_the_inspectorate_on_its_item_and_alone_on_words_under_supervision(
    role: Role, standing: PublicStanding, words: bool, code: str | None
) -> None:
    refusal = may_show(role, standing, words=words)
    assert (None if refusal is None else refusal.code) == code


def test_each_occurrence_of_a_passage_is_replaced_the_longest_first() -> None:
    text = "Pak Budi Hartono dan Budi di Jalan Mawar 3"
    assert redacted(text, ["Budi", "Budi Hartono"]) == f"Pak {REDACTED} dan {REDACTED} di Jalan Mawar 3"


def test_what_stands_for_words_stays_unless_a_passage_reaches_across_it() -> None:
    text = f"Telepon {HIDDEN} atas nama {REDACTED}"
    assert redacted(text, ["sunting", "hi"]) == text
    assert redacted(text, [f"{HIDDEN} atas"]) == f"Telepon {REDACTED} nama {REDACTED}"


WORDS = st.text(alphabet="ab [].", min_size=1, max_size=6)


@given(st.text(alphabet="ab [].", max_size=40), st.lists(WORDS, min_size=1, max_size=4))
def test_nothing_of_a_passage_is_left_and_repeating_changes_nothing(text: str, passages: list[str]) -> None:
    shown = redacted(text, passages)
    assert redacted(shown, passages) == shown
    for piece in shown.split(REDACTED):
        assert not any(passage in piece for passage in passages)


@given(st.text(alphabet="ab", max_size=20), st.lists(st.text(alphabet="ab", min_size=1, max_size=3), min_size=1))
def test_a_passage_is_missing_exactly_if_no_text_has_it(text: str, passages: list[str]) -> None:
    missing = missing_passage([text, "c"], passages)
    assert missing == next((one for one in passages if one not in text), None)
