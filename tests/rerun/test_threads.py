"""Which complaints of a recorded year may be run in parallel."""

from __future__ import annotations

from kawal.domain.calendar import at_local
from kawal.domain.names import Role
from kawal.domain.scenario import ScenarioRow
from kawal.rerun.threads import threads_of
from tests.workflows.life import MONDAY


def row(complaint: str, command: str = "start", **arguments: str) -> ScenarioRow:
    return ScenarioRow(
        row=2,
        at=at_local(MONDAY, 9),
        complaint=complaint,
        actor="A",
        role=Role.ADMIN,
        command=command,
        arguments=arguments,
    )


def labels(rows: list[ScenarioRow]) -> list[list[str]]:
    return [[one.complaint for one in thread] for thread in threads_of(rows)]


def test_complaints_that_do_not_touch_each_other_have_a_thread_each() -> None:
    assert labels([row("A"), row("B"), row("A", "hold")]) == [["A", "A"], ["B"]]


def test_a_merge_brings_both_complaints_into_one_thread_in_the_order_of_their_rows() -> None:
    rows = [row("A"), row("B"), row("C"), row("B", "merge", main="A"), row("A", "hold")]
    assert labels(rows) == [["A", "B", "B", "A"], ["C"]]


def test_chains_of_merges_share_a_thread_whichever_row_comes_first() -> None:
    rows = [row("A"), row("B"), row("C"), row("C", "merge", main="B"), row("B", "merge", main="A")]
    assert labels(rows) == [["A", "B", "C", "C", "B"]]
