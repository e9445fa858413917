"""Simulation of a scenario by the rules alone: refusals are kept, merges keep the order, it ends with a day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kawal.domain.calendar import JAKARTA
from kawal.domain.names import EventKind, Role, Status
from kawal.domain.scenario import ScenarioRow
from scenarios.make_kepri_2022 import shipped_rules
from scenarios.simulate import recap_of, simulate

RULES = shipped_rules()
REPORT = {"title": "Jalan berlubang", "text": "Jalan di depan pasar berlubang besar.", "channel": "web"}
VERIFY = {"title": "Jalan berlubang", "class": "pengaduan", "category": "PERHUBUNGAN"}


def row(
    day: int, complaint: str, command: str, role: Role = Role.ADMIN, opd: str | None = None, **given: Any
) -> ScenarioRow:
    arguments = REPORT if command == "start" else given.pop("arguments", given)
    return ScenarioRow(
        row=day,
        at=datetime(2022, 1, day, 9, 0, tzinfo=JAKARTA),
        complaint=complaint,
        actor="Rina",
        role=Role.ADAPTER if command == "start" else role,
        opd=opd,
        command=command,
        arguments=arguments,
    )


FORWARDED = [
    row(3, "A", "start"),
    row(4, "A", "verify", arguments=VERIFY),
    row(5, "A", "forward", opds=["DISHUB"]),
]


def test_time_runs_to_the_end_of_the_last_rows_local_day() -> None:
    done = simulate(FORWARDED, RULES)
    assert done.until == datetime(2022, 1, 5, 17, tzinfo=UTC)
    assert done.states["A"].status is Status.BELUM_DITINDAKLANJUTI


def test_until_cuts_later_rows_off_and_lets_time_run_on_without_them() -> None:
    early = simulate(FORWARDED, RULES, until=datetime(2022, 1, 4, tzinfo=UTC))
    assert early.states["A"].status is Status.BELUM_DIVERIFIKASI
    late = simulate(FORWARDED, RULES, until=datetime(2022, 3, 1, tzinfo=UTC))
    assert late.states["A"].ever_level == 3


def test_a_refused_row_is_kept_with_its_reason_and_the_rest_goes_on() -> None:
    wrong = row(6, "A", "accept", Role.REPORTER)
    final = row(7, "A", "follow_up", Role.LIAISON, "DISHUB", text="sudah", final=True)
    done = simulate([*FORWARDED, wrong, final], RULES)
    assert [(refused.row, refused.refusal.code) for refused in done.refused] == [(wrong, "wrong_status")]
    assert done.states["A"].status is Status.PROSES


def test_a_follower_is_merged_once_its_main_report_has_taken_it() -> None:
    rows = [*FORWARDED, row(6, "B", "start"), row(7, "B", "merge", main="A")]
    done = simulate(rows, RULES)
    assert done.states["B"].status is Status.DIGABUNG
    assert done.states["A"].followers == [done.states["B"].tracking_id]
    assert done.events["A"][-1].kind is EventKind.FOLLOWER_ATTACHED


def test_merging_is_refused_into_itself_a_later_one_an_ended_one_and_one_not_started() -> None:
    rows = [
        row(3, "A", "start"),
        row(4, "B", "start"),
        row(5, "A", "merge", main="B"),
        row(6, "A", "merge", main="A"),
        row(7, "A", "merge", main="C"),
        row(8, "A", "archive", reason="iklan"),
        row(9, "B", "merge", main="A"),
        row(10, "C", "start"),
    ]
    done = simulate(rows, RULES)
    assert [refused.refusal.code for refused in done.refused] == [
        "main_later",
        "main_is_itself",
        "main_unknown",
        "main_final",
    ]
    assert done.states["B"].status is Status.BELUM_DIVERIFIKASI


def test_what_has_ended_for_good_takes_no_command() -> None:
    rows = [row(3, "A", "start"), row(4, "A", "archive", reason="iklan"), row(5, "A", "reply", Role.REPORTER, text="?")]
    assert [refused.refusal.code for refused in simulate(rows, RULES).refused] == ["ended"]


def test_the_recap_counts_what_is_outside_masuk_on_lines_of_its_own() -> None:
    rows = [*FORWARDED, row(6, "B", "start"), row(6, "C", "start"), row(7, "C", "hold", missing="lokasi")]
    rows += [row(8, "B", "archive", reason="iklan")]
    recap = recap_of(simulate(rows, RULES).states.values())
    assert (recap.masuk, recap.belum_ditindaklanjuti, recap.belum_diverifikasi, recap.ditunda) == (2, 1, 1, 1)
    assert recap.diarsipkan == 1
