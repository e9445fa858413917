"""Names are listed where readers look for them."""

from __future__ import annotations

from kawal.domain.alphabet import alphabetical


def test_capitals_accents_hyphens_and_points_do_not_part_what_is_read_together() -> None:
    listed = ["BADAN  pengelola", "Badan Penghubung", "Dinas-Kesehatan", "dinas Pangan", "Dinas Pariwisata", "Élok"]
    for turned in (listed, listed[::-1]):
        assert sorted(turned, key=alphabetical) == listed
