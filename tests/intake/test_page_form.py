"""What a citizen types into the page: read whole or named field by field, and always kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.messages import Report
from kawal.domain.report import check_report
from kawal.intake.page_form import KEY, TypedReport, read_report
from tests.store.lives import NOON

_ANY = st.text(max_size=300) | st.sampled_from(
    ["", "siti@example.org", "0812 3456 7890", "0.91", "104.4", "1e9", "nan"]
)
_SENT = st.fixed_dictionaries(dict.fromkeys(TypedReport._fields, _ANY))


@given(_SENT)
def test_whatever_is_typed_is_a_report_that_can_be_recorded_or_has_faults_at_fields_of_the_form(
    sent: dict[str, str],
) -> None:
    typed = TypedReport.of(sent)
    read = read_report(typed)
    if isinstance(read, Report):
        assert check_report(read, NOON).text == typed.text
    else:
        assert read
        assert set(read) <= set(TypedReport._fields)


@given(_SENT)
def test_what_was_typed_is_kept_through_any_number_of_pages(sent: dict[str, str]) -> None:
    typed = TypedReport.of(sent)
    again = TypedReport.of({name: "1" if value is True else value for name, value in typed._asdict().items() if value})
    assert again == typed
    assert KEY.fullmatch(typed.key)


def test_a_browsers_line_ends_are_line_ends() -> None:
    typed = TypedReport.of({"text": "Lampu padam.\r\nDua motor bertabrakan.\r\n"})
    assert typed.text == "Lampu padam.\nDua motor bertabrakan."


def test_every_form_has_a_key_of_its_own() -> None:
    assert len({TypedReport.blank().key for _ in range(5)} | {TypedReport.of({"key": "x"}).key for _ in range(5)}) == 10


def test_files_and_fields_of_other_names_count_for_nothing() -> None:
    assert TypedReport.of({"text": b"x", "role": "agency_admin"})._replace(key="") == TypedReport()
