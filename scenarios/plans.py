"""The plan of the 273 lives: which courses they take, how often, for which topics, and by when each must begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from scenarios import courses as c
from scenarios import troubled_courses as t
from scenarios.dice import Dice
from scenarios.draft import Draft
from scenarios.report_texts import Table, apportioned, opd_of, words

Course = Callable[[Draft], None]

MASUK = 273
"""Complaints that count as received, as published for Kepulauan Riau in 2022."""

BY_MONTH = (18, 17, 21, 19, 20, 24, 26, 30, 29, 28, 26, 15)
"""How many are received in each month; invented, with more after the agency admin changed in May."""

LAST_RECEIPT = date(2022, 12, 27)


class Plan(NamedTuple):
    """A special course: how many lives take it, and the last day of receipt from which it ends in time."""

    course: Course
    times: int
    until: date
    any_class: bool = False
    """Whether it is also for requests and aspirations, not for complaints alone."""


def _by(month: int, day: int) -> date:
    return date(2022, month, day)


PLANS = (
    Plan(c.held, 11, _by(11, 4), any_class=True),
    Plan(c.asked, 8, _by(11, 4)),
    Plan(c.asked_in_vain, 3, _by(11, 22)),
    Plan(c.asked_too_early, 2, _by(11, 18)),
    Plan(c.returned, 10, _by(11, 8)),
    Plan(c.returned_yet_answered, 1, _by(11, 8)),
    Plan(c.two_opds, 7, _by(11, 25)),
    Plan(c.withdrawn, 3, _by(11, 18)),
    Plan(c.extended, 6, _by(10, 31)),
    Plan(c.extended_twice, 1, _by(10, 31)),
    Plan(c.extension_refused, 3, _by(11, 15)),
    Plan(c.nudged, 6, _by(12, 6)),
    Plan(c.reclassified, 3, _by(11, 25)),
    Plan(c.impatient, 1, _by(11, 25)),
    Plan(c.verified_twice, 1, _by(11, 25)),
    Plan(t.late_verifying, 3, _by(12, 1)),
    Plan(t.late_following_up, 4, _by(11, 8)),
    Plan(t.late_and_left, 2, _by(11, 22)),
    Plan(t.resolved_too_early, 1, _by(11, 8)),
    Plan(t.late_and_instructed, 3, _by(11, 15)),
    Plan(t.extension_lapsed, 2, _by(11, 15)),
    Plan(t.instructed_in_vain, 2, _by(11, 8)),
    Plan(t.taken_over, 2, _by(11, 22)),
    Plan(t.to_the_governor, 2, _by(10, 31)),
    Plan(t.escalated, 3, _by(12, 1)),
    Plan(t.disputed, 7, _by(11, 10)),
    Plan(t.disputed_twice, 3, _by(11, 25)),
    Plan(t.reopened, 3, _by(11, 8)),
    Plan(t.found_to_be_inspected, 1, _by(11, 8)),
    Plan(c.closed, 18, _by(12, 9), any_class=True),
    Plan(c.thanked_then_silent, 12, _by(11, 25), any_class=True),
)

ORDINARY: dict[Course, int] = {c.accepted: 48, c.silent: 32, c.accepted_after_progress: 20}
"""The ordinary courses by weight."""

OTHER_UNTIL: dict[Course, date] = {
    c.accepted: _by(12, 14),
    c.silent: _by(12, 1),
    c.accepted_after_progress: _by(12, 5),
    c.handled: _by(12, 16),
    t.inspected: _by(11, 1),
    t.inspected_with_the_opd: _by(9, 20),
}
UNTIL = OTHER_UNTIL | {plan.course: plan.until for plan in PLANS}

AT_YEARS_END: dict[Course, date] = {
    t.still_open: _by(12, 13),
    t.open_again: _by(11, 9),
    t.accepted_at_last: _by(12, 8),
}
"""Lives whose last steps have a fixed date, and so a fixed day of receipt; the first two are the ones in process."""

LATE = frozenset(
    {
        t.late_verifying,
        t.late_following_up,
        t.late_and_left,
        t.resolved_too_early,
        t.late_and_instructed,
        t.extension_lapsed,
        t.instructed_in_vain,
        t.taken_over,
        t.to_the_governor,
    }
)
"""Courses in which a step is late; no other life may be late by accident."""


class PlannedCase(NamedTuple):
    """A life to be made."""

    topic: Table
    course: Course
    received: date


def planned() -> list[PlannedCase]:
    """Return the counted lives, in order of receipt."""
    dice = Dice("kepri-2022:plan")
    wanted = _courses(_topics(dice), dice)
    fixed = [PlannedCase(topic, course, AT_YEARS_END[course]) for topic, course in wanted if course in AT_YEARS_END]
    free = [pair for pair in wanted if pair[1] not in AT_YEARS_END]
    return sorted(fixed + _dated(free, dice), key=lambda draft: draft.received)


def _topics(dice: Dice) -> list[Table]:
    """Return topics in proportion to the main categories' shares of the 273, taking each category's topics in turn."""
    chosen = []
    for main, share in apportioned(MASUK).items():
        own = [topic for topic in words()["topik"] if topic["kategori"].split(" / ")[0] == main]
        own = dice.shuffled([topic for topic in own if opd_of(topic["kategori"])])
        chosen += [own[number % len(own)] for number in range(share)]
    return dice.shuffled(chosen)


def _courses(topics: list[Table], dice: Dice) -> list[tuple[Table, Course]]:
    """Give each topic a course that fits it."""
    pairs: list[tuple[Table, Course]] = []
    open_topics = []
    for topic in topics:
        course = _by_nature(topic, dice)
        if course:
            pairs.append((topic, course))
        else:
            open_topics.append(topic)
    pairs += [(_take(open_topics, any_class=False), course) for course in AT_YEARS_END]
    for plan in PLANS:
        pairs += [(_take(open_topics, plan.any_class), plan.course) for _ in range(plan.times)]
    return pairs + [(topic, dice.weighted(ORDINARY)) for topic in open_topics]


def _by_nature(topic: Table, dice: Dice) -> Course | None:
    opd = opd_of(topic["kategori"])
    if topic.get("pengawasan"):
        alone = opd == "INSPEKTORAT" or dice.chance(35)
        return t.inspected if alone else t.inspected_with_the_opd
    return c.handled if opd == "DISKOMINFO" and dice.chance(35) else None


def _take(topics: list[Table], any_class: bool) -> Table:
    for index, topic in enumerate(topics):
        if any_class or topic["kelas"] == "pengaduan":
            return topics.pop(index)
    raise RuntimeError("no topic is left for a planned course")


def _dated(pairs: list[tuple[Table, Course]], dice: Dice) -> list[PlannedCase]:
    """Give the latest days to courses that are short enough; if none is left, everything is finished quickly."""
    waiting = dice.shuffled(pairs)
    dated = []
    for day in sorted(_days(dice, len(pairs)), reverse=True):
        fits = [index for index, (_, course) in enumerate(waiting) if UNTIL[course] >= day]
        ordinary = [index for index, (_, course) in enumerate(waiting) if course in ORDINARY]
        topic, course = waiting.pop(fits[0] if fits else ordinary[0])
        dated.append(PlannedCase(topic, course if fits else c.accepted_quickly, day))
    return dated


def _days(dice: Dice, number: int) -> list[date]:
    months = dict(enumerate(BY_MONTH, start=1))
    for day in AT_YEARS_END.values():
        months[day.month] -= 1
    days = []
    for month, count in months.items():
        last = (LAST_RECEIPT if month == 12 else date(2022, month + 1, 1)).toordinal() - (month != 12)
        first = date(2022, month, 1).toordinal() + (month == 1)
        days += [date.fromordinal(dice.whole(first, last)) for _ in range(count)]
    if len(days) != number:
        raise RuntimeError(f"{len(days)} days for {number} lives")
    return days
