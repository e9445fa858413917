"""Numbers as people read them, in both languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kawal.wording.dates import show_number


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (0, "0", "0"),
        (17200, "17.200", "17,200"),
        (1, "1", "1"),
        (Decimal("1.0"), "1,0", "1.0"),
        (Decimal("1.00"), "1,00", "1.00"),
        (Decimal("99.27"), "99,27", "99.27"),
        (1234.5, "1.234,5", "1,234.5"),
        (-3, "-3", "-3"),
    ],
)
def test_a_number_keeps_its_decimals_whatever_equal_one_was_shown_before(
    value: Decimal | float, indonesian: str, english: str
) -> None:
    assert (show_number(value, "id"), show_number(value, "en")) == (indonesian, english)
