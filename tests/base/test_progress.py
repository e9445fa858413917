"""The progress line: rewritten in place on a real terminal, rare where nobody watches."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest

from kawal.base.progress import Progress
from tests.base.terminal import Terminal

LONG = "1042 modules fetched, 1230 packages compiled: go.temporal.io/server/common/persistence/visibility/store"


@pytest.fixture(params=[40, 80])
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    with Terminal(request.param) as opened:
        yield opened


def test_a_long_line_is_cut_at_the_terminals_width_and_never_wraps(terminal: Terminal) -> None:
    progress = Progress("Building the Temporal server", terminal.stream)
    for number in range(5):
        progress.show(f"{number} {LONG}", number / 5)
    rows = terminal.rewritten()
    assert len(rows) == 5
    assert {len(row) for row in rows} == {terminal.columns - 1}
    assert all(row.endswith("…") for row in rows)


def test_a_terminal_that_is_resized_is_asked_again(terminal: Terminal) -> None:
    progress = Progress("Building", terminal.stream)
    progress.show(LONG)
    terminal.resize(30)
    progress.show(LONG)
    terminal.resize(60)
    progress.show(LONG)
    assert [len(row) for row in terminal.rewritten()] == [terminal.opened_with - 1, 29, 59]


def test_a_terminal_that_does_not_say_its_width_is_taken_for_the_usual_one() -> None:
    with Terminal(0) as terminal:
        Progress("Building", terminal.stream).show(LONG)
        assert [len(row) for row in terminal.rewritten()] == [79]


def test_label_seconds_and_share_are_seen_on_a_narrow_terminal() -> None:
    with Terminal(40) as terminal:
        Progress("Membangun server Temporal", terminal.stream).show(LONG, 0.42)
        (row,) = terminal.rewritten()
    assert re.fullmatch(r"42 %  Membangun server Temporal +0 s.*", row)


def test_the_last_line_is_whole_and_the_only_one_that_stays(terminal: Terminal) -> None:
    progress = Progress("Building the Temporal server", terminal.stream)
    progress.show("one")
    progress.show("two")
    progress.done("done, and what came of it may be longer than a row")
    said = terminal.read()
    assert said.count("\n") == 1
    assert said.endswith("done, and what came of it may be longer than a row\r\n")


def test_off_a_terminal_a_line_stands_now_and_then() -> None:
    out = io.StringIO()
    progress = Progress("Building", out)
    for number in range(50):
        progress.show(f"package {number} {LONG}", number / 50)
    progress.done("done")
    assert out.getvalue().splitlines() == [f" 0 %  Building    0 s  package 0 {LONG}", "Building    0 s  done"]
