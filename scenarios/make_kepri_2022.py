"""Generator of scenarios/kepri-2022.csv: 273 complaints of 2022 that count as received, and 20 that end outside masuk.

    python -m scenarios.make_kepri_2022

It always produces the same file. Each step has been tried on the rules when it is written, so that the published
figures (271 selesai, 2 proses) follow from the lives; five steps are refused, and are meant to be.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from kawal.data import CALENDAR_VERSION, HOLIDAYS, POLICIES, read_text
from kawal.domain.calendar import Calendar, parse_holidays
from kawal.domain.policy import Rules, load_policy, policy_on
from kawal.domain.scenario import COLUMNS
from scenarios import courses, troubled
from scenarios.dice import Dice
from scenarios.life import Life, Step, place_of
from scenarios.plans import LATE, Course, planned
from scenarios.simulate import RulesFor
from scenarios.words import Table, opd_of, outside, words

FILE = Path(__file__).with_name("kepri-2022.csv")

ARCHIVED, LEFT_INCOMPLETE, PASSED_ON = 6, 2, 6

MAIN_COURSES = frozenset({courses.extended, courses.two_opds, troubled.disputed, troubled.taken_over})
"""Lives long enough for other reports to be merged into them."""


def shipped_rules() -> RulesFor:
    """Return a function that gives the shipped calendar and the shipped rule set of the day of receipt."""
    calendar = Calendar.from_holidays(CALENDAR_VERSION, parse_holidays(read_text(HOLIDAYS)))
    policies = load_policy(read_text(POLICIES))

    @cache
    def rules_for(day: date) -> Rules:
        return Rules(policy=policy_on(policies, day), calendar=calendar)

    return rules_for


def make() -> str:
    """Return the text of the file."""
    rules_for = shipped_rules()
    lives = [
        _live(number, plan.topic, plan.received, plan.course, rules_for)
        for number, plan in enumerate(planned(), start=1)
    ]
    lives += _outside_masuk(len(lives) + 1, rules_for)
    lives += _merged(len(lives) + 1, lives, rules_for)
    return _written(lives)


def _live(number: int, topic: Table, received: date, course: Course, rules_for: RulesFor) -> Life:
    place = place_of(Dice(f"kepri-2022:place:{number}"))
    life = Life(number, topic, place, received, rules_for(received))
    life.kind = course.__name__
    course(life)
    state = life.at_the_end()
    if state.ever_late != (course in LATE):
        raise RuntimeError(f"life {number} ({life.kind}) is {'' if state.ever_late else 'not '}late")
    return life


def _outside_masuk(first: int, rules_for: RulesFor) -> list[Life]:
    """Make the lives that are archived, left incomplete by the reporter, and passed on."""
    dice = Dice("kepri-2022:outside")
    ours = [topic for topic in words()["topik"] if opd_of(topic["kategori"]) and not topic.get("pengawasan")]
    theirs = [topic for topic in words()["topik"] if opd_of(topic["kategori"]) is None]
    jobs = [(dice.pick(ours), _archived) for _ in range(ARCHIVED)]
    jobs += [(dice.pick(ours), _left_incomplete) for _ in range(LEFT_INCOMPLETE)]
    jobs += [(theirs[number % len(theirs)], _passed_on) for number in range(PASSED_ON)]
    days = [date(2022, 1, 3) + timedelta(days=dice.whole(0, 330)) for _ in jobs]
    return [
        _live(number, topic, day, course, rules_for)
        for number, ((topic, course), day) in enumerate(zip(jobs, days, strict=True), start=first)
    ]


def _archived(life: Life) -> None:
    """Archive the report, with the reason; some only after verification."""
    life.start()
    if life.dice.chance(40):
        life.verify()
        life.admin(life.soon(), "archive", reason=life.says("alasan_arsip"))
    else:
        life.admin(life.office(1), "archive", reason=life.says("alasan_arsip"))


def _left_incomplete(life: Life) -> None:
    """Hold the report, which is never completed and so archived automatically after ten working days."""
    life.start()
    life.admin(life.office(1), "hold", missing=life.says("kurang"))


def _passed_on(life: Life) -> None:
    """Pass on a report that is outside the province's authority."""
    life.start()
    category = life.topic["kategori"]
    agency = outside().get(category) or outside()[category.split(" / ")[0]]
    life.admin(life.office(life.dice.whole(0, 1)), "pass_on", agency=agency)


def _merged(first: int, lives: list[Life], rules_for: RulesFor) -> list[Life]:
    """Make six reports about earlier ones; one main report is itself merged, with its follower."""
    names = {course.__name__ for course in MAIN_COURSES}
    mains = [life for life in lives if life.kind in names][1::3]
    numbers = iter(range(first, first + 6))
    joined = [
        _joins(next(numbers), main, main, days, rules_for)
        for main, days in ((mains[0], 1), (mains[0], 2), (mains[1], 1), (mains[2], 1))
    ]
    between = _joins(next(numbers), mains[3], mains[3], 3, rules_for)
    return [*joined, between, _joins(next(numbers), mains[3], between, 1, rules_for)]


def _joins(number: int, about: Life, main: Life, days: int, rules_for: RulesFor) -> Life:
    """Make another report about the same matter, received just after its main one and merged later (working days)."""
    begun = main.steps[0].at
    life = Life(number, about.topic, about.place, begun.date(), rules_for(begun.date()))
    life.kind = "merged"
    life.fillers |= {name: about.fillers[name] for name in ("jalan", "kampung", "patokan", "sekolah")}
    life.now = begun
    life.start(at=begun + timedelta(minutes=life.dice.whole(20, 95)))
    at = life.office(days)
    life.steps.append(Step(at, life.admin_name, "agency_admin", "merge", {}, main=main))
    return life


def _written(lives: list[Life]) -> str:
    """Label the lives in order of receipt, and write all their steps in order of time."""
    ordered = sorted(lives, key=lambda life: (life.steps[0].at, life.number))
    labels = {life.number: f"KEPRI-{place:03d}" for place, life in enumerate(ordered, start=1)}
    steps = sorted(
        ((step.at, labels[life.number], index, step) for life in lives for index, step in enumerate(life.steps)),
        key=lambda found: found[:3],
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for at, label, _, step in steps:
        arguments = {"main": labels[step.main.number]} if step.main else step.arguments
        given = json.dumps(arguments, ensure_ascii=False)
        writer.writerow([at.isoformat(), label, step.actor, step.role, step.command, given])
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(make().encode())
    sys.stdout.write(f"{FILE}\n")
