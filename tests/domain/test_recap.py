from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.recap import Agreement, Recap, check_sums, compare_percentage, mean, percentage, rank, total

KEPRI_2022 = Recap(masuk=273, selesai=271, proses=2)


def recaps() -> st.SearchStrategy[Recap]:
    count = st.integers(0, 10_000)
    return st.tuples(count, count, count, count).map(
        lambda n: Recap(
            masuk=sum(n), selesai=n[0], proses=n[1], belum_diverifikasi=n[2], belum_ditindaklanjuti=n[3], ditunda=n[2]
        )
    )


def test_kepri_2022_is_99_27_per_cent_done_and_all_followed_up() -> None:
    assert KEPRI_2022.persen_selesai == Decimal("99.27")
    assert KEPRI_2022.persen_ditindaklanjuti == Decimal("100.00")
    assert check_sums(KEPRI_2022) is None


def test_a_held_report_is_counted_once_among_the_unverified() -> None:
    assert check_sums(Recap(masuk=3, belum_diverifikasi=3, ditunda=2)) is None


def test_archived_passed_on_and_merged_reports_lie_outside_masuk() -> None:
    assert check_sums(Recap(masuk=1, selesai=1, diarsipkan=5, bukan_wewenang=6, digabung=7)) is None


def test_a_report_that_no_status_accounts_for_is_a_mismatch_with_its_size() -> None:
    mismatch = check_sums(Recap(masuk=10, selesai=7))
    assert mismatch is not None
    assert (mismatch.masuk, mismatch.counted, mismatch.difference) == (10, 7, 3)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 8, "12.50"), (1, 800, "0.13"), (1, 3, "33.33"), (2, 3, "66.67"), (0, 5, "0.00"), (13671, 14233, "96.05")],
)
def test_percentages_are_rounded_half_up_to_two_places(part: int, whole: int, expected: str) -> None:
    assert str(percentage(part, whole)) == expected


def test_of_nothing_there_is_no_percentage_and_no_mean() -> None:
    nothing = Recap()
    assert nothing.persen_selesai is None
    assert nothing.persen_ditindaklanjuti is None
    assert nothing.mean_days_to_follow_up is None
    assert nothing.mean_days_to_completion is None
    assert nothing.satisfaction is None


def test_means_are_over_the_reports_that_have_the_figure_only() -> None:
    recap = Recap(masuk=9, follow_ups=2, follow_up_days=5, completions=3, completion_days=20, ratings=4, rating_sum=17)
    assert recap.mean_days_to_follow_up == Decimal("2.50")
    assert recap.mean_days_to_completion == Decimal("6.67")
    assert recap.satisfaction == Decimal("4.25")
    assert mean(1, 8) == Decimal("0.13")


def test_ranking_goes_by_per_cent_done_then_by_how_many_came_in() -> None:
    ranked = rank(
        {
            "kosong": Recap(),
            "kecil": Recap(masuk=10, selesai=9, proses=1),
            "besar": Recap(masuk=100, selesai=90, proses=10),
            "kembar": Recap(masuk=10, selesai=9, belum_diverifikasi=1),
            "unggul": Recap(masuk=1, selesai=1),
        }
    )
    assert [(line.place, line.instansi) for line in ranked] == [
        (1, "unggul"),
        (2, "besar"),
        (3, "kecil"),
        (3, "kembar"),
        (None, "kosong"),
    ]


def test_a_percentage_cut_off_instead_of_rounded_is_recognised() -> None:
    jambi = Recap(masuk=215, selesai=77, proses=12)
    assert jambi.persen_selesai == Decimal("35.81")
    assert compare_percentage(Decimal("35"), jambi) is Agreement.TRUNCATED
    assert compare_percentage(Decimal("36"), jambi) is Agreement.AGREES
    assert compare_percentage(Decimal("37"), jambi) is Agreement.DIFFERS
    assert compare_percentage(Decimal("0"), Recap()) is Agreement.DIFFERS


@given(recaps())
def test_the_statuses_of_any_counted_set_add_up_and_percentages_stay_within_bounds(recap: Recap) -> None:
    assert check_sums(recap) is None
    if recap.masuk:
        assert recap.persen_selesai is not None
        assert recap.persen_ditindaklanjuti is not None
        assert 0 <= recap.persen_selesai <= recap.persen_ditindaklanjuti <= 100
        assert compare_percentage(recap.persen_selesai, recap) is Agreement.AGREES


@given(st.lists(recaps(), max_size=5))
def test_adding_recaps_adds_every_figure(parts: list[Recap]) -> None:
    together = total(parts)
    assert all(getattr(together, name) == sum(getattr(part, name) for part in parts) for name in Recap.model_fields)


@given(st.dictionaries(st.text(min_size=1, max_size=5), recaps(), max_size=6))
def test_nobody_with_more_done_stands_below_anybody(agencies: dict[str, Recap]) -> None:
    shown = [line.recap.persen_selesai for line in rank(agencies)]
    ranked = [figure for figure in shown if figure is not None]
    assert ranked == sorted(ranked, reverse=True)
    assert all(figure is None for figure in shown[len(ranked) :])
