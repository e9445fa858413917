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
from scenarios import courses, troubled_courses
from scenarios.dice import Dice
from scenarios.draft import Draft, Step, place_of
from scenarios.plans import LATE, Course, planned
from scenarios.report_texts import Table, opd_of, outside, words
from scenarios.simulate import RulesFor

FILE = Path(__file__).with_name("kepri-2022.csv")

ARCHIVED, LEFT_INCOMPLETE, PASSED_ON = 6, 2, 6

MAIN_COURSES = frozenset({courses.extended, courses.two_opds, troubled_courses.disputed, troubled_courses.taken_over})
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
    drafts = [
        _live(number, plan.topic, plan.received, plan.course, rules_for)
        for number, plan in enumerate(planned(), start=1)
    ]
    drafts += _outside_masuk(len(drafts) + 1, rules_for)
    drafts += _merged(len(drafts) + 1, drafts, rules_for)
    return _written(drafts)


def _live(number: int, topic: Table, received: date, course: Course, rules_for: RulesFor) -> Draft:
    place = place_of(Dice(f"kepri-2022:place:{number}"))
    draft = Draft(number, topic, place, received, rules_for(received))
    draft.kind = course.__name__
    course(draft)
    state = draft.at_the_end()
    if state.ever_late != (course in LATE):
        raise RuntimeError(f"life {number} ({draft.kind}) is {'' if state.ever_late else 'not '}late")
    return draft


def _outside_masuk(first: int, rules_for: RulesFor) -> list[Draft]:
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


def _archived(draft: Draft) -> None:
    """Archive the report, with the reason; some only after verification."""
    draft.start()
    if draft.dice.chance(40):
        draft.verify()
        draft.admin(draft.soon(), "archive", reason=draft.says("alasan_arsip"))
    else:
        draft.admin(draft.office(1), "archive", reason=draft.says("alasan_arsip"))


def _left_incomplete(draft: Draft) -> None:
    """Hold the report, which is never completed and so archived automatically after ten working days."""
    draft.start()
    draft.admin(draft.office(1), "hold", missing=draft.says("kurang"))


def _passed_on(draft: Draft) -> None:
    """Pass on a report that is outside the province's authority."""
    draft.start()
    category = draft.topic["kategori"]
    agency = outside().get(category) or outside()[category.split(" / ")[0]]
    draft.admin(draft.office(draft.dice.whole(0, 1)), "pass_on", agency=agency)


def _merged(first: int, drafts: list[Draft], rules_for: RulesFor) -> list[Draft]:
    """Make six reports about earlier ones; one main report is itself merged, with its follower."""
    names = {course.__name__ for course in MAIN_COURSES}
    mains = [draft for draft in drafts if draft.kind in names][1::3]
    numbers = iter(range(first, first + 6))
    joined = [
        _joins(next(numbers), main, main, days, rules_for)
        for main, days in ((mains[0], 1), (mains[0], 2), (mains[1], 1), (mains[2], 1))
    ]
    between = _joins(next(numbers), mains[3], mains[3], 3, rules_for)
    return [*joined, between, _joins(next(numbers), mains[3], between, 1, rules_for)]


def _joins(number: int, about: Draft, main: Draft, days: int, rules_for: RulesFor) -> Draft:
    """Make another report about the same matter, received just after its main one and merged later (working days)."""
    begun = main.steps[0].at
    draft = Draft(number, about.topic, about.place, begun.date(), rules_for(begun.date()))
    draft.kind = "merged"
    draft.fillers |= {name: about.fillers[name] for name in ("jalan", "kampung", "patokan", "sekolah")}
    draft.now = begun
    draft.start(at=begun + timedelta(minutes=draft.dice.whole(20, 95)))
    at = draft.office(days)
    draft.steps.append(Step(at, draft.admin_name, "agency_admin", "merge", {}, main=main))
    return draft


def _written(drafts: list[Draft]) -> str:
    """Label the lives in order of receipt, and write all their steps in order of time."""
    ordered = sorted(drafts, key=lambda draft: (draft.steps[0].at, draft.number))
    labels = {draft.number: f"KEPRI-{place:03d}" for place, draft in enumerate(ordered, start=1)}
    steps = sorted(
        ((step.at, labels[draft.number], index, step) for draft in drafts for index, step in enumerate(draft.steps)),
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
