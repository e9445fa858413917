"""The shipped year is what its script makes; its figures are the published ones, and they follow from its lives."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest

from kawal.data import PUBLISHED_RECAPS, read_text
from kawal.domain.calendar import JAKARTA
from kawal.domain.names import MASUK, EventKind, Role, Status
from kawal.domain.recap import check_sums
from kawal.domain.scenario import ScenarioRow, decode, read_rows
from scenarios.make_kepri_2022 import FILE, make, shipped_rules
from scenarios.report_texts import apportioned, main_counts, opd_of
from scenarios.simulate import SimulationResult, end_of_file, recap_of, simulate

RULES = shipped_rules()
CALENDAR = RULES(date(2022, 1, 1)).calendar
OFFICIALS = {Role.ADMIN, Role.LIAISON, Role.INSPECTORATE}


@cache
def rows() -> list[ScenarioRow]:
    return read_rows(decode(FILE.read_bytes()), "csv")


@cache
def year() -> SimulationResult:
    return simulate(rows(), RULES)


def of(label: str) -> list[ScenarioRow]:
    return [row for row in rows() if row.complaint == label]


def counted() -> list[str]:
    return [label for label, state in year().states.items() if state.status in MASUK]


def cut_after_forward(label: str) -> set[int]:
    """Return the numbers of the rows that follow the complaint's first forwarding."""
    own = of(label)
    forwards = [row.row for row in own if row.command == "forward"]
    return {row.row for row in own if forwards and row.row > forwards[0]}


def test_the_script_makes_the_committed_file_byte_for_byte() -> None:
    assert make().encode() == FILE.read_bytes()


def test_the_recap_is_the_published_one() -> None:
    line = next(line for line in read_text(PUBLISHED_RECAPS).splitlines() if line.startswith("Pemprov Kepulauan Riau"))
    published = line.split(",")[2:8]
    recap = recap_of(year().states.values())
    figures = (recap.masuk, recap.selesai, recap.proses, recap.belum_diverifikasi, recap.belum_ditindaklanjuti)
    assert [str(figure) for figure in figures] == published[:5]
    assert recap.persen_selesai == Decimal(published[5]) == Decimal("99.27")
    assert check_sums(recap) is None


@pytest.mark.slow
def test_the_figures_do_not_hang_on_the_last_minutes_of_the_last_day() -> None:
    end = end_of_file(rows())
    for until in (end - timedelta(hours=1), end + timedelta(hours=12)):
        assert recap_of(simulate(rows(), RULES, until=until).states.values()) == recap_of(year().states.values())


def test_archived_passed_on_and_merged_lives_come_on_top() -> None:
    recap = recap_of(year().states.values())
    assert (recap.diarsipkan, recap.bukan_wewenang, recap.digabung) == (8, 6, 6)
    assert all(row.at.year == 2022 for row in rows())


def test_what_follows_a_forwarding_deleted_leaves_270_done_and_one_not_followed_up() -> None:
    label = next(label for label in counted() if cut_after_forward(label))
    gone = cut_after_forward(label)
    recap = recap_of(simulate([row for row in rows() if row.row not in gone], RULES).states.values())
    assert (recap.masuk, recap.selesai, recap.proses, recap.belum_ditindaklanjuti) == (273, 270, 2, 1)


def test_any_forwarded_complaint_would_do_for_that() -> None:
    until = end_of_file(rows())
    forwarded = [label for label in counted() if cut_after_forward(label)]
    assert len(forwarded) > 200
    for label in forwarded:
        left = [row for row in of(label) if row.row not in cut_after_forward(label)]
        assert simulate(left, RULES, until=until).states[label].status is Status.BELUM_DITINDAKLANJUTI, label


def test_five_commands_are_refused_and_no_other() -> None:
    refused = Counter((entry.row.command, entry.refusal.code) for entry in year().refused)
    assert refused == Counter(
        [
            ("accept", "no_final_stands"),
            ("extend", "extension_used"),
            ("verify", "wrong_status"),
            ("resolve", "breach_still_owed"),
            ("follow_up", "opd_not_holding"),
        ]
    )


def test_everything_that_can_happen_in_a_year_without_new_rules_happens() -> None:
    happened = {event.kind for events in year().events.values() for event in events}
    assert set(EventKind) - happened == {
        EventKind.CONCEALED,
        EventKind.IMPORTED,
        EventKind.RECOMPUTED,
        EventKind.REFUSED,
    }


def test_late_steps_of_every_sort_reach_the_inspectorate_some_the_sekda_and_two_the_governor() -> None:
    breached = Counter(
        event.facts["clock"]
        for events in year().events.values()
        for event in events
        if event.kind is EventKind.BREACHED
    )
    assert breached["verify"] >= 3
    assert breached["respond"] >= 8
    assert breached["complete"] >= 5
    levels = Counter(state.ever_level for state in year().states.values())
    assert levels[3] == 2
    assert levels[2] >= 2
    assert all(state.ever_level >= 1 for state in year().states.values() if state.ever_late)


def test_most_items_of_the_inspectorate_are_resolved_by_the_end() -> None:
    items = [state.item for state in year().states.values() if state.item]
    assert len(items) >= 30
    assert 1 <= sum(item.open for item in items) <= 5


def test_complaints_end_by_acceptance_by_silence_by_an_unanswered_question_and_by_the_admin() -> None:
    ends = Counter(state.closed_by for state in year().states.values() if state.status is Status.SELESAI)
    assert ends.keys() == {"accept", "auto_close", "close", "question"}
    assert ends["auto_close"] >= 50
    assert ends["accept"] >= 100


def test_categories_stand_in_the_proportions_of_the_published_counts() -> None:
    mains = Counter(str(year().states[label].category).split(" / ")[0] for label in counted())
    assert mains == Counter({main: share for main, share in apportioned(273).items() if share})
    whole = sum(main_counts().values())
    assert all(abs(mains[main] - 273 * count / whole) < 1 for main, count in main_counts().items())


def test_complaints_go_to_the_opd_that_answers_for_their_category() -> None:
    for label in counted():
        sent = {opd for row in of(label) if row.command == "forward" for opd in row.arguments["opds"]}
        assert not sent or opd_of(str(year().states[label].category)) in sent, label


@pytest.mark.parametrize("flag", ["anonim", "rahasia"])
def test_some_reports_are_anonim_and_some_rahasia(flag: str) -> None:
    assert 10 <= sum(bool(row.arguments[flag]) for row in rows() if row.is_start) <= 70


def test_people_write_by_every_channel_in_their_own_words_and_no_real_address() -> None:
    starts = [row.as_report() for row in rows() if row.is_start]
    assert len({report.channel for report in starts}) == 7
    assert len({report.text for report in starts}) > len(starts) * 0.95
    assert min(len(report.text) for report in starts) < 100 < 300 < max(len(report.text) for report in starts)
    reporters = [report.reporter for report in starts]
    assert all(reporter.email.endswith("@example.org") for reporter in reporters if reporter.email)
    assert all(reporter.phone.startswith("+62 000 0000 ") for reporter in reporters if reporter.phone)
    assert sum(report.place.latitude is not None for report in starts) > 50
    assert sum(report.occurred_on is not None for report in starts) > 50


def test_officials_keep_office_hours_and_citizens_do_not() -> None:
    for row in rows():
        if row.role in OFFICIALS:
            assert CALENDAR.is_working(row.at.date()), row
            assert 8 <= row.at.hour <= 16, row
    citizens = [row for row in rows() if row.role not in OFFICIALS]
    assert any(not CALENDAR.is_working(row.at.date()) for row in citizens)
    assert any(row.at.hour >= 21 for row in citizens)


def test_nothing_hangs_on_less_than_a_minute_or_on_midnight() -> None:
    followers = {row.complaint: row.arguments["main"] for row in rows() if row.command == "merge"}
    for label in year().states:
        group = {label} | {follower for follower, main in followers.items() if main == label}
        times = sorted(
            row.at for row in rows() if row.complaint == label or (row.complaint in group and row.command == "merge")
        )
        assert all(later - earlier >= timedelta(minutes=2) for earlier, later in pairwise(times)), label
    for row in rows():
        local = row.at.astimezone(JAKARTA)
        assert 5 <= local.hour <= 22
        assert not (local.hour == 8 and local.minute < 5), "reminders go out at eight"
