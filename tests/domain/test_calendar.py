"""Working days compared with the published table, the edge cases of the big holidays, and numpy as an oracle."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kawal.data import CALENDAR_VERSION, HOLIDAYS, read_text
from kawal.domain.calendar import (
    FIRST_DAY,
    LAST_DAY,
    Calendar,
    Holiday,
    HolidayKind,
    at_local,
    deadline_day,
    end_of,
    explain,
    holidays_text,
    local_day,
    parse_holidays,
)
from kawal.wording.catalogues import say

HEADER = "tanggal,jenis,nama\n"
LISTED = parse_holidays(read_text(HOLIDAYS))
NAMES = {holiday.day: holiday.name for holiday in LISTED}
NATIONAL = Calendar.from_holidays(CALENDAR_VERSION, LISTED)

known_days = st.dates(date(2021, 12, 31), date(2026, 12, 30))
any_days = st.dates(date(2017, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("start", "deadlines"),
    [
        ("2022-04-28", {3: "2022-05-11", 5: "2022-05-13", 10: "2022-05-23", 14: "2022-05-30", 60: "2022-08-03"}),
        ("2023-06-20", {3: "2023-06-23", 5: "2023-06-27", 10: "2023-07-07", 14: "2023-07-13", 60: "2023-09-19"}),
        ("2025-08-14", {3: "2025-08-20", 5: "2025-08-22", 10: "2025-08-29", 14: "2025-09-04", 60: "2025-11-10"}),
    ],
)
def test_deadlines_are_those_of_the_published_table(start: str, deadlines: dict[int, str]) -> None:
    found = {n: deadline_day(NATIONAL, date.fromisoformat(start), n).isoformat() for n in deadlines}
    assert found == deadlines


def test_each_year_has_its_known_number_of_working_days() -> None:
    counts = [NATIONAL.between(date(year - 1, 12, 31), date(year, 12, 31)) for year in range(2022, 2027)]
    assert counts == [246, 239, 238, 237, 240]


def test_nobody_works_over_lebaran_2022() -> None:
    assert NATIONAL.between(date(2022, 4, 28), date(2022, 5, 8)) == 0
    assert NATIONAL.add(date(2022, 4, 28), 1) == date(2022, 5, 9)
    assert NATIONAL.next_working(date(2022, 4, 29)) == date(2022, 5, 9)


def test_lebaran_2023_begins_with_the_leave_of_19_april() -> None:
    assert NATIONAL.is_working(date(2023, 4, 18))
    assert not NATIONAL.is_working(date(2023, 4, 19))
    assert NATIONAL.add(date(2023, 4, 18), 1) == date(2023, 4, 26)


def test_the_late_leave_around_idul_adha_2023_does_not_count() -> None:
    assert NATIONAL.between(date(2023, 6, 27), date(2023, 7, 2)) == 0


def test_a_limit_that_starts_on_a_day_off_counts_from_the_next_working_day() -> None:
    assert deadline_day(NATIONAL, date(2022, 5, 1), 1) == date(2022, 5, 9)


def test_a_limit_of_no_days_is_refused_and_adding_none_stays() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        deadline_day(NATIONAL, date(2022, 5, 2), 0)
    assert NATIONAL.add(date(2022, 5, 2), 0) == date(2022, 5, 2)
    with pytest.raises(ValueError, match="negative"):
        NATIONAL.add(date(2022, 5, 2), -1)


def _oracle_days_off() -> np.ndarray:
    """Return the days off by plain comparison of dates: the file for the years in it, five fixed days for others."""
    fixed = ["01-01", "05-01", "06-01", "08-17", "12-25"]
    text = [line.split(",")[0] for line in read_text(HOLIDAYS).splitlines()[1:]]
    listed_years = {day[:4] for day in text}
    text += [f"{year}-{day}" for year in range(2017, 2101) for day in fixed if str(year) not in listed_years]
    return np.array(sorted(text), dtype="datetime64[D]")


OFF = _oracle_days_off()


@given(day=any_days, n=st.integers(1, 400))
def test_adding_working_days_agrees_with_numpy(day: date, n: int) -> None:
    # Rolled back to the last working day, the n-th after it is the n-th after `day`.
    expected = np.busday_offset(np.datetime64(day), n, roll="backward", holidays=OFF)
    assert NATIONAL.add(day, n) == expected.astype(object)


@given(after=any_days, days=st.integers(-50, 3000))
def test_counting_working_days_agrees_with_numpy(after: date, days: int) -> None:
    upto = after + timedelta(days=days)
    one = np.timedelta64(1, "D")
    expected = np.busday_count(np.datetime64(after) + one, np.datetime64(upto) + one, holidays=OFF) if days > 0 else 0
    assert NATIONAL.between(after, upto) == expected


@given(day=any_days)
def test_a_working_day_is_one_for_numpy_too(day: date) -> None:
    assert NATIONAL.is_working(day) == bool(np.is_busday(np.datetime64(day), holidays=OFF))
    expected = np.busday_offset(np.datetime64(day), 0, roll="forward", holidays=OFF)
    assert NATIONAL.next_working(day) == expected.astype(object)


@given(day=known_days, n=st.integers(1, 200))
def test_adding_and_counting_undo_each_other(day: date, n: int) -> None:
    deadline = NATIONAL.add(day, n)
    assert NATIONAL.between(day, deadline) == n
    assert NATIONAL.is_working(deadline)


@given(day=known_days, n=st.integers(1, 100))
def test_what_is_excluded_and_what_counts_make_up_the_whole_span(day: date, n: int) -> None:
    deadline = NATIONAL.add(day, n)
    excluded = explain(NATIONAL, NAMES, day, deadline)
    assert len(excluded) + n == (deadline - day).days
    assert all(day < line.day <= deadline and str(line.why) for line in excluded)


@given(
    off=st.dictionaries(st.integers(2020, 2024), st.sets(st.integers(1, 365), max_size=40), max_size=4),
    day=st.dates(date(2019, 6, 1), date(2025, 6, 1)),
    n=st.integers(1, 60),
)
def test_any_calendar_agrees_with_numpy(off: dict[int, set[int]], day: date, n: int) -> None:
    weekdays = {
        year: sorted(d for d in days if (date(year, 1, 1) + timedelta(days=d - 1)).weekday() < 5)
        for year, days in off.items()
    }
    calendar = Calendar(version="t", off=weekdays)
    unknown = [d for d in OFF if int(str(d)[:4]) not in off and not 2022 <= int(str(d)[:4]) <= 2026]
    fixed = ["01-01", "05-01", "06-01", "08-17", "12-25"]
    unknown += [np.datetime64(f"{y}-{d}") for y in range(2022, 2027) if y not in off for d in fixed]
    given_days = [np.datetime64(date(y, 1, 1) + timedelta(days=d - 1)) for y, ds in weekdays.items() for d in ds]
    holidays = np.array(unknown + given_days, dtype="datetime64[D]")
    expected = np.busday_offset(np.datetime64(day), n, roll="backward", holidays=holidays)
    assert calendar.add(day, n) == expected.astype(object)


@given(
    numbers=st.sets(st.integers(1, 365), max_size=40),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 30)),
    n=st.integers(1, 60),
)
def test_a_deadline_moves_only_by_a_changed_day_between_its_start_and_where_it_lay(
    numbers: set[int], day: date, n: int
) -> None:
    weekdays = [one for one in sorted(numbers) if (date(2025, 12, 31) + timedelta(days=one)).weekday() < 5]
    other = Calendar(version="lain", off={**NATIONAL.off, 2026: weekdays})
    changed, before = NATIONAL.changed_days(other), deadline_day(NATIONAL, day, n)
    assert all(NATIONAL.is_working(one) is not other.is_working(one) for one in changed)
    if deadline_day(other, day, n) != before:
        assert any(day < one <= before for one in changed)


def test_a_holiday_file_is_written_as_it_is_read() -> None:
    assert parse_holidays(holidays_text(LISTED)) == LISTED


def test_a_year_without_its_calendar_has_weekends_and_fixed_holidays_only() -> None:
    assert not NATIONAL.knows(2027)
    assert not NATIONAL.is_working(date(2027, 1, 1))
    assert not NATIONAL.is_working(date(2027, 8, 17))
    assert NATIONAL.is_working(date(2027, 3, 10))  # a Wednesday: whatever holiday may fall on it, no decree says so yet


def test_a_deadline_that_reaches_into_an_unknown_year_is_provisional_until_it_is_known() -> None:
    start = date(2026, 12, 17)
    deadline = NATIONAL.add(start, 14)
    assert deadline.year == 2027
    assert NATIONAL.provisional(start, deadline)
    assert not NATIONAL.provisional(start, NATIONAL.add(start, 3))
    fixed_dates = [(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)]
    fixed = [Holiday(day=date(2027, m, d), kind=HolidayKind.LIBUR_NASIONAL, name="x") for m, d in fixed_dates]
    more = Holiday(day=date(2027, 1, 4), kind=HolidayKind.CUTI_BERSAMA, name="Cuti Bersama")
    with_2027 = Calendar.from_holidays("nasional-2027-1", [*LISTED, *fixed, more])
    assert not with_2027.provisional(start, deadline)
    assert with_2027.add(start, 14) > deadline


def test_an_explanation_names_weekends_holidays_and_what_is_not_known() -> None:
    lines = {line.day: line for line in explain(NATIONAL, NAMES, date(2022, 4, 28), date(2022, 5, 9))}
    assert say("id", lines[date(2022, 4, 29)].why) == "Cuti Bersama Hari Raya Idul Fitri"
    assert say("en", lines[date(2022, 4, 29)].why) == "holiday: Cuti Bersama Hari Raya Idul Fitri"
    assert [say(lang, lines[date(2022, 4, 30)].why) for lang in ("id", "en")] == ["akhir pekan", "weekend"]
    (new_year,) = explain(NATIONAL, NAMES, date(2026, 12, 31), date(2027, 1, 1))
    assert say("id", new_year.why) == "Tahun Baru Masehi (tanggal tetap; kalender 2027 belum diketahui)"
    assert "2027 is not known yet" in say("en", new_year.why)
    (unnamed,) = explain(NATIONAL, {}, date(2022, 2, 27), date(2022, 2, 28))
    assert CALENDAR_VERSION in str(unnamed.why)


@given(after=st.timedeltas(timedelta(0), timedelta(days=5000)))
def test_the_local_day_is_the_one_whose_24_hours_hold_the_instant(after: timedelta) -> None:
    at = datetime(2018, 1, 1, tzinfo=UTC) + after
    day = local_day(at)
    assert at_local(day, 0) <= at < end_of(day)
    assert end_of(day) - at_local(day, 0) == timedelta(hours=24)


def test_local_midnight_is_five_in_the_afternoon_utc_of_the_day_before() -> None:
    assert end_of(date(2022, 3, 1)) == datetime(2022, 3, 1, 17, tzinfo=UTC)
    assert at_local(date(2022, 3, 1), 8) == datetime(2022, 3, 1, 1, tzinfo=UTC)
    assert local_day(datetime(2022, 3, 1, 17, tzinfo=UTC)) == date(2022, 3, 2)


def test_an_instant_without_a_time_zone_has_no_local_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2022, 3, 1, 17))  # noqa: DTZ001


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1), date(202, 5, 1)])
def test_days_outside_the_sensible_range_are_refused(day: date) -> None:
    with pytest.raises(ValueError, match="outside"):
        NATIONAL.is_working(day)
    with pytest.raises(ValueError, match="outside"):
        NATIONAL.add(day, 1)
    with pytest.raises(ValueError, match="outside"):
        NATIONAL.between(day, date(2022, 1, 1))


def test_a_deadline_beyond_the_range_is_refused_not_invented() -> None:
    with pytest.raises(ValueError, match="beyond"):
        NATIONAL.add(date(2100, 12, 30), 60)
    with pytest.raises(ValueError, match="beyond"):
        NATIONAL.add(date(2022, 1, 1), 10**9)


def test_an_instant_is_not_taken_for_a_day() -> None:
    with pytest.raises(ValueError, match="local day"):
        NATIONAL.add(datetime(2022, 3, 1, 20, tzinfo=UTC), 3)


def test_a_calendar_survives_json_copying_and_use_unchanged() -> None:
    fresh = Calendar.from_holidays(CALENDAR_VERSION, LISTED)
    NATIONAL.add(date(2022, 1, 1), 100)
    assert fresh == NATIONAL == copy.deepcopy(NATIONAL)
    assert Calendar.model_validate_json(NATIONAL.model_dump_json()) == NATIONAL
    assert len(NATIONAL.model_dump_json()) < 600


@pytest.mark.parametrize(
    "off",
    [{2022: [5, 4]}, {2022: [4, 4]}, {2022: [1]}, {2023: [366]}, {2022: [0]}, {1022: []}],
    ids=["unsorted", "repeated", "a Saturday", "not in the year", "day zero", "not a sensible year"],
)
def test_an_impossible_calendar_is_refused(off: dict[int, list[int]]) -> None:
    with pytest.raises(ValidationError):
        Calendar(version="t", off=off)


def test_a_year_that_lacks_a_fixed_holiday_is_not_taken_for_known() -> None:
    with pytest.raises(ValueError, match="2027 is incomplete: 2027-01-01 "):
        Calendar.from_holidays("t", parse_holidays(HEADER + "2027-03-10,libur_nasional,Hari Raya Idul Fitri\n"))


def test_a_holiday_file_is_read_as_editors_and_spreadsheets_write_it() -> None:
    text = '\ufefftanggal,jenis,nama\r\n\r\n2027-03-11,libur_daerah,"Hari Jadi, Kepri"\r\n2027-03-10,cuti_bersama,B\r\n'
    assert parse_holidays(text) == [
        Holiday(day=date(2027, 3, 10), kind=HolidayKind.CUTI_BERSAMA, name="B"),
        Holiday(day=date(2027, 3, 11), kind=HolidayKind.LIBUR_DAERAH, name="Hari Jadi, Kepri"),
    ]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("2027-02-30,libur_nasional,X\n", "row 2, column tanggal"),
        ("20270201,libur_nasional,X\n", "row 2, column tanggal"),
        ("13/13/2027,libur_nasional,X\n", "row 2, column tanggal"),
        ("1827-02-01,libur_nasional,X\n", "row 2, column tanggal"),
        ("2027-02-01,libur,X\n", "row 2, column jenis"),
        ("2027-02-01,libur_nasional,\n", "row 2, column nama"),
        ("2027-02-01,libur_nasional," + "x" * 201 + "\n", "row 2, column nama"),
        ("2027-02-01,libur_nasional\n", "row 2, column \\*"),
        ("2027-02-01,libur_nasional,A\n\n2027-02-01,cuti_bersama,B\n", "row 4, column tanggal.*row 2"),
        ('2027-02-01,libur_nasional,"A\n', "not valid CSV"),
    ],
)
def test_a_bad_holiday_file_is_refused_by_row_and_column(rows: str, where: str) -> None:
    with pytest.raises(ValueError, match=where):
        parse_holidays(HEADER + rows)


@pytest.mark.parametrize("text", ["", "date,kind,name\n", "2027-02-01,libur_nasional,X\n"])
def test_a_file_without_its_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="row 1"):
        parse_holidays(text)
