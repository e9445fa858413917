"""Which reports a single key must not decide: their words hint at pengawasan, or what is suggested is unsure."""

from __future__ import annotations

import pytest

from benchmarks.suggestion import SCENARIO, hint_counts
from kawal.domain.checks import Suggestion
from kawal.domain.pengawasan_hint import hints_at_pengawasan
from kawal.domain.suggestion import SURE_BY, unsure


def test_none_of_the_shipped_years_pengawasan_reports_goes_unhinted_and_few_others_are_stopped() -> None:
    counts = hint_counts(SCENARIO)
    assert (counts.pengawasan, counts.missed) == (11, 0)
    assert counts.stopped < 0.06 * counts.others


@pytest.mark.parametrize(
    "text",
    [
        "Ada PUNGLI di loket Samsat",
        "Petugas minta uang 50 ribu supaya cepat",
        "dana BOS di sekolah anak saya dipotong kepala sekolah",
        "Kades menyalahgunakan wewenang, proyeknya fiktif",
        "saya diminta menyuap panitia",
        "Tender   sudah\ndiatur pemenangnya",
        "Ｏｋｎｕｍ pegawai titip absen",
        "ditarik dua ribu, tanpa karcis",
        "mobil dinas dipakai untuk mudik",
    ],
)
def test_people_name_abuse_of_office_in_many_ways(text: str) -> None:
    assert hints_at_pengawasan(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lampu jalan padam, gelap sekali, mohon diperbaiki",
        "Air PDAM mati tiga hari, tagihan tetap dibayar",
        "Guru kurang, kelas kosong",
        "Mohon informasi biaya pengurusan akta",
        "Pohon dipotong tapi dahannya ditinggal di jalan",
        "Kapal ke Natuna sering batal, harga beras naik",
    ],
)
def test_ordinary_complaints_are_not_stopped(text: str) -> None:
    assert not hints_at_pengawasan(text)


def test_a_suggestion_is_unsure_where_the_first_does_not_lead_or_is_missing() -> None:
    def told(*shares: float) -> list[Suggestion]:
        return [Suggestion(key=str(n), share=share) for n, share in enumerate(shares)]

    assert not unsure(told(0.6, 0.3), told(0.9))
    assert not unsure(told(0.5, 0.5 - SURE_BY))
    assert unsure(told(0.5, 0.31), told(0.9))
    assert unsure(told(0.9), [])
    assert unsure(told(0.1))
