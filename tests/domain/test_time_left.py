"""The time left until a deadline: counted day by day here, and by the calendar's arithmetic there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.calendar import Calendar, at_local, end_of, local_day
from kawal.domain.time_left import Urgency, time_left
from kawal.wording.catalogues import LANGS, say
from kawal.wording.time_left import SHAPES, time_in_words
from tests.domain.lives import NATIONAL

days = st.dates(date(2022, 1, 3), date(2026, 11, 30))
instants = st.builds(
    lambda day, passed: at_local(day, 0) + passed, days, st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59))
)


def _counted(after: date, upto: date, calendar: Calendar) -> int:
    """Count the working days between two days one by one."""
    found = 0
    while after < upto:
        after += timedelta(days=1)
        found += calendar.is_working(after)
    return found


@given(last_day=days, now=instants)
def test_the_days_left_and_the_days_late_are_working_days_without_the_first(last_day: date, now: datetime) -> None:
    left = time_left(end_of(last_day), now, NATIONAL)
    today = local_day(now)
    late = end_of(last_day) <= now

    assert left.last_day == last_day
    assert left.days == (_counted(last_day, today, NATIONAL) if late else _counted(today, last_day, NATIONAL))
    assert (left.urgency is Urgency.LATE) is late
    assert (left.urgency is Urgency.TODAY) is (last_day == today)


@given(last_day=days, now=instants, longer=st.integers(1, 60))
def test_a_later_deadline_is_never_more_urgent(last_day: date, now: datetime, longer: int) -> None:
    order = list(Urgency)
    sooner = time_left(end_of(last_day), now, NATIONAL)
    later = time_left(end_of(last_day + timedelta(days=longer)), now, NATIONAL)

    assert order.index(sooner.urgency) <= order.index(later.urgency)


def test_a_deadline_passes_at_midnight_and_not_before() -> None:
    friday = date(2026, 11, 27)

    assert time_left(end_of(friday), end_of(friday) - timedelta(seconds=1), NATIONAL).urgency is Urgency.TODAY
    assert time_left(end_of(friday), end_of(friday), NATIONAL).urgency is Urgency.LATE


MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_day", "indonesian", "english"),
    [
        (date(2026, 11, 26), "lewat 2 hari kerja", "2 working days late"),
        (date(2026, 11, 28), "lewat 1 hari kerja", "1 working day late"),
        (date(2026, 11, 30), "hari ini pukul 24.00 WIB", "today until 24:00 WIB"),
        (date(2026, 12, 1), "1 hari kerja lagi", "1 working day left"),
        (date(2026, 12, 3), "3 hari kerja lagi", "3 working days left"),
    ],
)
def test_it_is_said_as_an_official_says_it(last_day: date, indonesian: str, english: str) -> None:
    said = time_in_words(time_left(end_of(last_day), MONDAY, NATIONAL))

    assert [say(lang, said) for lang in LANGS] == [indonesian, english]


def test_what_passed_before_a_weekend_says_the_day_and_not_no_days() -> None:
    sunday = datetime(2026, 11, 29, 3, 0, tzinfo=UTC)

    said = time_in_words(time_left(end_of(date(2026, 11, 27)), sunday, NATIONAL))

    assert say("id", said) == "lewat sejak akhir Jumat, 27 November 2026"


def test_a_clock_that_stands_still_is_told_from_one_without_a_day() -> None:
    paused, without = (time_left(None, MONDAY, NATIONAL, paused=paused) for paused in (True, False))

    assert (paused.urgency, without.urgency) == (Urgency.PAUSED, Urgency.OPEN)
    assert say("id", time_in_words(paused)) == "tenggat berhenti: menunggu pelapor"
    assert say("id", time_in_words(without)) == "tanpa tenggat"


def test_each_urgency_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(Urgency)
    assert len(set(SHAPES.values())) == len(Urgency)
