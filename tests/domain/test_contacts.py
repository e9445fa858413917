"""Equal contacts compare equal, however they were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.contacts import phone_number, same_email, same_phone

SEPARATORS = st.text(alphabet=" .-()/\t", max_size=2)


@pytest.mark.parametrize(
    "typed",
    ["0812 3456 7890", "+62812-3456-7890", "62 812.3456.7890", "+62 (0)812 3456 7890", "0062 812 3456 7890",
     "812 3456 7890", "whatsapp:+6281234567890"],
)  # fmt: skip
def test_a_number_is_one_number_however_its_country_is_written(typed: str) -> None:
    assert same_phone(typed) == "6281234567890"


@pytest.mark.parametrize(
    ("typed", "plain"), [("+65 6123 4567", "6561234567"), ("1708", "1708"), ("0771-123456", "62771123456")]
)
def test_other_countries_short_codes_and_landlines_stay_what_they_are(typed: str, plain: str) -> None:
    assert same_phone(typed) == plain


@pytest.mark.parametrize(
    "typed",
    ["0812 3456 7890", "0812.3456.7890", "62812-3456-7890", "+62 (0)812 3456 7890", "0062 812 3456 7890",
     "812 3456 7890", "whatsapp:+6281234567890", "6281234567890@c.us", "6281234567890@s.whatsapp.net",
     "6281234567890:12@s.whatsapp.net", "6281234567890@whatsapp.net", "signal:+6281234567890",
     "HP. 0812-3456-7890", "No. HP: 081234567890", "Telepon: 0812 3456 7890",
     "٠٨١٢٣٤٥٦٧٨٩٠", "０８１２３４５６７８９０"],
)  # fmt: skip
def test_a_number_has_one_spelling(typed: str) -> None:
    assert phone_number(typed) == "+6281234567890"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("(0771) 21234", "+6277121234"), ("+65 6123 4567", "+6561234567"), ("6561234567", "+6561234567"),
     ("+1 (415) 867-5309", "+14158675309"), ("+44 (0)20 7946 0000", "+442079460000")],
)  # fmt: skip
def test_landlines_and_other_countries_have_theirs(typed: str, number: str) -> None:
    assert phone_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "INFO",
        "1708",
        "Telkomsel",
        "1234567",
        "3201234567890123",
        "0812 ABC",
        "0" * 100,
        "+",
        "0812/0813 4567 8901",
        "81234567890@lid",
        "6281234567890-1600000000@g.us",
    ],
)
def test_what_is_no_number_has_none(typed: str) -> None:
    assert phone_number(typed) is None


@given(st.text() | st.text(alphabet="0812345+ -.()", min_size=8, max_size=20))
def test_a_spelling_is_its_own_and_the_one_that_is_compared(text: str) -> None:
    number = phone_number(text)
    if number is not None:
        assert phone_number(number) == number
        assert same_phone(text) == same_phone(number) == number.removeprefix("+")


@given(st.text(alphabet="0123456789", min_size=7, max_size=12), st.data())
def test_separators_make_no_other_number(digits: str, data: st.DataObject) -> None:
    typed = "".join(digit + data.draw(SEPARATORS) for digit in "0" + digits.lstrip("0").rjust(7, "7"))
    assert same_phone(typed) == same_phone("".join(char for char in typed if char.isdigit()))


@given(st.text())
def test_whatever_is_typed_is_taken_and_nothing_has_no_form(text: str) -> None:
    assert same_phone(text) != ""
    assert same_email(text) != ""


def test_an_address_is_one_whatever_its_case_and_the_spaces_around_it() -> None:
    assert (
        same_email(" Siti.Aminah@Example.ORG ") == same_email("<siti.aminah@example.org>") == "siti.aminah@example.org"
    )
    assert same_email("siti.aminah@example.org") != same_email("sitiaminah@example.org")
    assert same_email("  ") is None
    assert same_phone("tidak ada") is None
