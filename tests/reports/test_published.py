from __future__ import annotations

from decimal import Decimal

import pytest

from kawal.domain.recap import Agreement
from kawal.reports.published import PublishedRecap, published_recaps, read_published

ROWS = {row.instansi: row for row in published_recaps()}
FIGURES = {
    "Pemprov Kepulauan Riau": ("99.27", "100.00", Agreement.AGREES, 0),
    "Wilayah Kalimantan Selatan": ("94.20", "98.15", Agreement.AGREES, 24),
    "Wilayah Kalimantan Tengah": ("77.97", "81.11", Agreement.AGREES, 156),
    "Wilayah Jambi": ("35.81", "41.40", Agreement.TRUNCATED, 126),
}


def test_every_published_row_has_its_golden_figures() -> None:
    assert ROWS.keys() == FIGURES.keys()


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_published_percentage_is_reproduced_or_the_deviation_explained(row: PublishedRecap) -> None:
    done, followed_up, agreement, gap = FIGURES[row.instansi]
    assert row.recap.persen_selesai == Decimal(done)
    assert row.recap.persen_ditindaklanjuti == Decimal(followed_up)
    assert row.agreement is agreement
    assert (row.mismatch.difference if row.mismatch else 0) == gap


def test_a_row_that_adds_up_and_agrees_has_no_findings() -> None:
    assert ROWS["Pemprov Kepulauan Riau"].findings() == []


def test_sums_that_do_not_close_are_said_loudly_with_what_was_not_published() -> None:
    (finding,) = ROWS["Wilayah Kalimantan Selatan"].findings()
    assert finding.startswith("TIDAK COCOK: masuk 1294, jumlah status 1270, selisih 24")
    assert "belum_diverifikasi, belum_ditindaklanjuti" in finding


def test_jambis_35_is_explained_as_cut_off_not_rounded() -> None:
    sums, percent = ROWS["Wilayah Jambi"].findings()
    assert "selisih 126" in sums
    assert percent == "Diumumkan 35 %, angkanya memberi 35.81 %: dipotong, bukan dibulatkan."


def test_a_percentage_that_does_not_follow_from_its_counts_is_named() -> None:
    header = (
        "instansi,periode,masuk,selesai,proses,belum_diverifikasi,"
        "belum_ditindaklanjuti,persen_selesai_diumumkan,catatan\n"
    )
    (row,) = read_published(header + "X,2024,10,5,5,0,0,90,-\n")
    assert row.findings() == ["Diumumkan 90 %, angkanya memberi 50.00 %."]
