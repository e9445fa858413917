"""One meaning of "unavailable", for PostgreSQL, the engine, keys and storage alike."""

from __future__ import annotations

from typing import get_args

import pytest

from kawal.base.unavailable import SENTENCES, Part, as_unavailable, kinds, unavailable, unavailable_is_passed_over
from kawal.cli.terminal.faults import UNAVAILABLE, report
from kawal.cli.terminal.language import Lang
from kawal.wording.catalogues import say
from tests.base.outages import ALL, DATABASE, ENGINE, FAULTS, INNER, KEYS, MACHINE, STORAGE

PARTS = {
    Part.DATABASE: DATABASE,
    Part.ENGINE: ENGINE,
    Part.KEYS: KEYS,
    Part.STORAGE: STORAGE,
    Part.MACHINE: MACHINE,
}


@pytest.mark.parametrize("part", Part)
def test_every_error_of_a_part_says_that_this_part_cannot_be_had(part: Part) -> None:
    assert {unavailable(error) for error in PARTS[part]} == {part}


def test_a_fault_of_ours_is_no_outage() -> None:
    assert {unavailable(error) for error in FAULTS} == {None}
    assert {as_unavailable(error) for error in FAULTS} == {None}


def test_a_reader_is_told_what_to_do_and_no_word_of_the_error() -> None:
    for error in ALL:
        told = as_unavailable(error)
        assert told is not None
        assert say("id", told.sentence) != say("en", told.sentence)
        assert INNER not in say("id", told.sentence) + say("en", told.sentence)
    assert set(SENTENCES) == set(Part)


def test_every_outage_is_of_one_of_the_named_classes() -> None:
    assert [error for error in ALL if not isinstance(error, kinds())] == []


def test_what_can_be_passed_over_is_an_outage_and_nothing_else() -> None:
    for error in ALL:
        with unavailable_is_passed_over():
            raise error
    for error in FAULTS:
        with pytest.raises(type(error)), unavailable_is_passed_over():
            raise error


@pytest.mark.parametrize("lang", get_args(Lang))
def test_a_command_that_meets_an_outage_ends_with_3_and_one_sentence(
    lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in ALL:
        assert report(error, lang) == UNAVAILABLE
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        if error not in KEYS:  # which key, and where it is looked for, is for the operator who has it
            assert INNER not in said
