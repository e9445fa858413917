"""The explanation of a deadline adds up: counting the named days leads to the same day."""

from __future__ import annotations

from datetime import date

from kawal.domain.process.projection import Explanation, explain_clocks
from tests.domain.lives import REPORTER, Life, liaison


def explanation(life: Life, clock: str) -> Explanation:
    return next(one for one in explain_clocks(life.state, {}) if one.clock == clock)


def counted(explained: Explanation) -> int:
    assert explained.last_day is not None
    span = (explained.last_day - explained.day_zero).days
    return span - len(explained.excluded)


def test_days_that_count_and_days_that_do_not_make_up_the_whole_span() -> None:
    explained = explanation(Life().forwarded("A"), "respond:A")
    assert counted(explained) == explained.rule.limit


def test_working_days_on_which_the_clock_stood_are_named_among_those_that_do_not_count() -> None:
    life = Life("2022-03-07 09:00").forwarded("A").do("ask", liaison("A"), question="q")
    life.until("2022-03-10 09:00").do("reply", REPORTER, text="t")
    explained = explanation(life, "respond:A")
    stood = [one.day for one in explained.excluded if str(one.why) == "the clock was paused"]
    assert stood == [date(2022, 3, 8), date(2022, 3, 9), date(2022, 3, 10)]
    assert counted(explained) == explained.rule.limit


def test_an_item_opened_once_is_said_to_be_opened_once() -> None:
    life = Life().forwarded("A", "B").past_the_end_of("2022-03-25")
    breaches = life.of_kind("breached")
    assert len(breaches) > 1
    assert [bool(event.facts.get("item_opened")) for event in breaches] == [True] + [False] * (len(breaches) - 1)
