"""A table in a narrow terminal: no word is cut, nothing is lost, and no line is wider than the terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.cli.terminal.layout import LONGEST_PIECE, column_widths, least_width, wrapped
from kawal.cli.terminal.tables import write_table

WORDS = st.text("abcdefgh_/-,", min_size=1, max_size=30)
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)
ROWS = st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), min_size=1, max_size=5))


@given(TEXTS, st.integers(1, 60))
def test_a_text_is_parted_and_nothing_of_it_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(TEXTS, st.integers(0, 40))
def test_no_word_is_cut_where_there_is_room_for_it(text: str, more: int) -> None:
    width = max(least_width(text), 1) + more
    whole = [piece for word in text.split() for piece in re.findall(r"[^_/,\-]*[_/,\-]+|[^_/,\-]+", word)]
    shown = "\n".join(wrapped(text, width))
    assert all(piece in shown for piece in whole if len(piece) <= LONGEST_PIECE)


@given(ROWS, st.integers(1, 120))
def test_columns_fit_and_leave_no_room_that_one_of_them_wants(rows: list[list[str]], room: int) -> None:
    widths = column_widths(rows, room)
    least = [max(least_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    if widths is None:
        assert sum(least) > room
        return
    assert sum(widths) <= room
    assert all(width >= needed for width, needed in zip(widths, least, strict=True))
    wanted = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    if sum(widths) < room:
        assert all(width >= most for width, most in zip(widths, wanted, strict=True))


COLUMNS = ("tracking_id", "status", "received_at", "report_class", "opds", "next_deadline", "level", "title")
ROW = (
    "1234567",
    "belum_ditindaklanjuti",
    "25 Nov 2026 08.15 WIB",
    "permintaan_informasi",
    "DISHUB, BIRO-PEMOTDA",
    "TERLAMBAT 2 Des 2026 24.00 WIB (sementara)",
    "Sekretaris Daerah",
    "Jalan berlubang di depan Pasar Bincen",
)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_the_list_is_whole_in_a_terminal_of_any_width(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    shown = on_a_terminal(monkeypatch, width, COLUMNS, ROW)
    assert all(len(line) <= width for line in shown.splitlines())
    for word in " ".join(ROW).replace("_", "_ ").replace("-", "- ").split():
        assert word in shown, word
    assert "Nomor" in shown


def test_a_wide_terminal_has_each_cell_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = on_a_terminal(monkeypatch, 220, COLUMNS, ROW)
    assert all(cell in shown for cell in ROW)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, width: int, columns: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    write_table(columns, rows, "id")
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
