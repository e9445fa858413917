"""Whole lives whose deadlines were counted by hand, played by the rules alone from the files in `cases/sla`.

The days off that matter: 27 to 29 January, 28 March to 7 April, 12 and 13 May, 29 and 30 May, 1 June 2025 (a Sunday), 6
and 9 June.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kawal.domain.messages import Actor, Command, Event, Report
from kawal.domain.names import EventKind, Status
from kawal.domain.process.decide import begin, decide
from kawal.domain.report import check_report
from kawal.domain.scenario import ScenarioRow, read_rows
from tests.domain.lives import ADAPTER, AGENCY, RULES, Life, local

CASES = Path(__file__).parent / "cases" / "sla"
HELD = "eight-lives-that-held.csv"


class PlayedLife(Life):
    """A complaint's life as the rows of a file tell it."""

    def __init__(self, rows: list[ScenarioRow]) -> None:
        started, *steps = rows
        super().__init__()
        report = check_report(Report.model_validate(started.arguments), started.at)
        decision = begin(report, "1234560", AGENCY, RULES, ADAPTER, started.at)
        self.now, self.state, self.events = started.at, decision.state, list(decision.events)
        for row in steps:
            self.until(row.at)
            actor = Actor(role=row.role, account=f"{row.role}-{row.opd}", opd=row.opd)
            command = Command(name=row.command, actor=actor, arguments=row.arguments, idempotency_key=f"row-{row.row}")
            done = decide(self.state, command, self.now)
            self.events += done.events
            self.state = done.state

    def of(self, kind: EventKind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]


@pytest.fixture(scope="module")
def lives() -> dict[str, PlayedLife]:
    return dict(played(HELD))


def played(file: str) -> Iterator[tuple[str, PlayedLife]]:
    rows = read_rows((CASES / file).read_text(encoding="utf-8"), "csv")
    for name in dict.fromkeys(row.complaint for row in rows):
        life = PlayedLife([row for row in rows if row.complaint == name])
        life.until(rows[-1].at)
        yield name, life


def test_silence_closes_ten_working_days_after_the_final_follow_up(lives: dict[str, PlayedLife]) -> None:
    (closed,) = lives["A-silent"].of(EventKind.AUTO_CLOSED)
    assert (closed.at, closed.facts["why"]) == (local("2025-01-23 00:00"), "no_reply")


def test_each_thank_you_starts_the_ten_days_anew_and_the_closing_is_not_called_silence(
    lives: dict[str, PlayedLife],
) -> None:
    (closed,) = lives["B-thanks"].of(EventKind.AUTO_CLOSED)
    assert (closed.at, closed.facts["why"]) == (local("2025-03-25 00:00"), "not_disputed")


@pytest.mark.parametrize("name", ["C-before", "C-after"])
def test_a_minute_before_or_after_midnight_before_days_off_makes_no_difference(
    lives: dict[str, PlayedLife], name: str
) -> None:
    assert lives[name].of(EventKind.BREACHED)[0].at == local("2025-04-11 00:00")


def test_an_answer_in_the_last_half_hour_of_a_hold_counts(lives: dict[str, PlayedLife]) -> None:
    assert not lives["D-hold"].of(EventKind.HOLD_EXPIRED)
    (expired,) = lives["E-hold"].of(EventKind.HOLD_EXPIRED)
    assert expired.at == local("2025-04-17 00:00")
    assert lives["E-hold"].state.status is Status.DIARSIPKAN


def test_going_back_and_forth_does_not_move_the_citizens_deadline(lives: dict[str, PlayedLife]) -> None:
    completion = [one for one in lives["F-pingpong"].of(EventKind.BREACHED) if one.facts["clock"] == "complete"]
    assert [one.at for one in completion] == [local("2025-05-28 00:00")]


def test_a_reply_to_a_report_that_is_done_reopens_nothing(lives: dict[str, PlayedLife]) -> None:
    life = lives["H-still"]
    assert life.state.status is Status.SELESAI
    assert [one.kind for one in life.events].count(EventKind.REPLIED) == 1
    assert life.of(EventKind.AFTERCARE_ENDED)[0].at == local("2025-07-04 00:00") + timedelta(days=1)


def test_not_fixed_is_not_closed_as_unanswered() -> None:
    lives = dict(played("sla-dispute-by-mail.csv"))
    (closed,) = lives["I-notfixed"].of(EventKind.AUTO_CLOSED)
    assert (closed.at, closed.facts["why"]) == (local("2025-06-21 00:00"), "not_disputed")
