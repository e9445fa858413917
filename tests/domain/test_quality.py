"""The lot by which follow-ups are drawn for review: the same for everyone, fair, and determined by the seed alone."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.quality import (
    Candidate,
    QualityCount,
    Verdict,
    count_item,
    draw,
    is_seed,
    lot,
    month_before,
    population_digest,
    verdict_of,
)

SEEDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
CANDIDATES = st.lists(
    st.builds(Candidate, st.from_regex("[0-9]{7}", fullmatch=True), st.integers(1, 60)), max_size=40, unique=True
)


@given(SEEDS, CANDIDATES, st.integers(0, 50), st.randoms())
def test_the_draw_does_not_depend_on_the_order_of_candidates(
    seed: str, candidates: list[Candidate], size: int, chance: object
) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(seed, shuffled, size) == draw(seed, candidates, size)
    assert population_digest(shuffled) == population_digest(candidates)
    assert draw(seed, candidates * 2, size) == draw(seed, candidates, size)


@given(SEEDS, CANDIDATES, st.integers(0, 50))
def test_a_larger_sample_begins_with_the_smaller_one(seed: str, candidates: list[Candidate], size: int) -> None:
    drawn = draw(seed, candidates, size)
    assert len(drawn) == min(size, len(candidates)) == len(set(drawn))
    assert set(drawn) <= set(candidates)
    assert draw(seed, candidates, size + 1)[:size] == drawn


@given(SEEDS, CANDIDATES, st.integers(1, 50), st.integers(100, 200))
def test_a_further_candidate_changes_nothing_or_pushes_out_the_last(
    seed: str, candidates: list[Candidate], size: int, seq: int
) -> None:
    further = Candidate("7654321", seq)
    before, after = draw(seed, candidates, size), draw(seed, [*candidates, further], size)
    if further in after:
        assert [one for one in after if one != further] == before[: size - 1 if len(before) == size else size]
    else:
        assert after == before
    assert population_digest([*candidates, further]) != population_digest(candidates)


def test_every_candidate_has_the_same_chance() -> None:
    candidates = [Candidate(f"{number:07d}", 5) for number in range(20)]
    drawn = Counter(one for seed in range(2000) for one in draw(f"seed-{seed}", candidates, 5))
    # 500 each is expected, with a standard deviation of 19.4; the seeds are fixed, so the result does not vary.
    assert set(drawn) == set(candidates)
    assert all(abs(count - 500) < 5 * 19.4 for count in drawn.values()), drawn


def test_another_seed_draws_another_sample() -> None:
    candidates = [Candidate(f"{number:07d}", 5) for number in range(100)]
    assert draw("a", candidates, 10) != draw("b", candidates, 10)


def test_a_lot_can_be_told_with_the_tools_of_any_machine() -> None:
    printed = subprocess.run(["printf", "%s\\n%s\\n%s", "KEPRI-2026", "1234567", "9"], capture_output=True, check=True)
    assert lot("KEPRI-2026", Candidate("1234567", 9)) == sha256(printed.stdout).hexdigest()


def test_the_digest_of_candidates_is_the_documented_one() -> None:
    lines = b"1000000 4\n1000000 12\n2000000 1\n"
    candidates = [Candidate("2000000", 1), Candidate("1000000", 12), Candidate("1000000", 4)]
    assert population_digest(candidates) == sha256(lines).digest()


@pytest.mark.parametrize(
    ("text", "good"), [("2026-11-25", True), ("", False), ("two words", False), ("é", False), ("x" * 201, False)]
)
def test_a_seed_can_be_typed_again(text: str, good: bool) -> None:
    assert is_seed(text) is good


@given(st.lists(st.sampled_from(Verdict), min_size=1), st.booleans())
def test_an_item_has_the_least_favourable_verdict_of_its_reviewers(verdicts: list[Verdict], erased: bool) -> None:
    expected = (
        Verdict.DOES_NOT if Verdict.DOES_NOT in verdicts else min(verdicts, key=lambda one: one is Verdict.ANSWERS)
    )
    assert verdict_of(verdicts) is expected
    counted = count_item(verdicts, erased=erased)
    assert (counted.reviewed, counted.waiting, counted.erased) == (1, 0, 0)
    assert getattr(counted, str(expected)) == 1
    assert counted.disputed == (len(set(verdicts)) > 1)


@given(st.lists(st.tuples(st.lists(st.sampled_from(Verdict), max_size=3), st.booleans())))
def test_every_drawn_item_is_accounted_for(items: list[tuple[list[Verdict], bool]]) -> None:
    together = sum((count_item(verdicts, erased=erased) for verdicts, erased in items), QualityCount())
    assert together.drawn == len(items) == together.reviewed + together.waiting + together.erased
    assert together.reviewed == together.answers + together.partly + together.does_not
    assert together.erased == sum(erased and not verdicts for verdicts, erased in items)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 15)),
        (date(2026, 7, 31), date(2026, 6, 30)),
    ],
)
def test_a_month_before_is_the_same_day_or_the_months_last(day: date, before: date) -> None:
    assert month_before(day) == before
