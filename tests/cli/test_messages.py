"""Both languages say the same things, and every term of the domain has a name on the screen."""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

from kawal.cli.terminal.actor_option import ActorOption, acting_as, parse_acting
from kawal.cli.terminal.dates import parse_day, show_day, show_deadline, show_instant
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.language import language
from kawal.cli.terminal.tables import write_table
from kawal.cli.terminal.text_arguments import read_text
from kawal.cli.wording import group_messages, labels
from kawal.cli.wording.messages import WORDS
from kawal.domain.labels import CLOCKS, EVENTS, ROLES, STATUSES
from kawal.domain.names import ClockKind, EventKind, Role, Status


def test_no_sentence_is_left_without_a_use() -> None:
    files = Path(labels.__file__).parents[1].rglob("*.py")
    code = "".join(file.read_text() for file in files if not file.name.endswith("messages.py"))
    assert {key for key in WORDS if not re.search(rf"[\"']{key}[\"']", code)} == set()


def test_every_status_role_clock_and_event_has_a_name() -> None:
    assert set(STATUSES) == set(Status)
    assert set(Role) <= set(ROLES)
    assert set(ClockKind) <= set(CLOCKS)
    assert set(EventKind) == set(EVENTS)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("admin:Ani", ActorOption("agency_admin", None, None, "Ani")),
        ("agency_admin:Ani", ActorOption("agency_admin", None, None, "Ani")),
        ("liaison/dishub:Budi Santoso", ActorOption("liaison", "DISHUB", None, "Budi Santoso")),
        ("liaison/BIRO-HUKUM@kepri: Cici ", ActorOption("liaison", "BIRO-HUKUM", "KEPRI", "Cici")),
        ("Inspektorat:Eka: ketua", ActorOption("inspectorate", None, None, "Eka: ketua")),
        ("pelapor:Siti", ActorOption("reporter", None, None, "Siti")),
    ],
)
def test_who_acts_is_read_from_one_word(text: str, meant: ActorOption) -> None:
    assert parse_acting(text) == meant


@pytest.mark.parametrize(
    "text", ["", "Ani", "admin", "admin:", "admin: ", "system:x", "raja:x", "liaison:Budi", ":Ani"]
)
def test_what_names_nobody_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_acting(text)


def test_the_option_goes_before_the_environment() -> None:
    environment = {"KAWAL_AS": "admin:Ani"}
    assert acting_as("auditor:Rina", environment) == ActorOption("auditor", None, None, "Rina")
    assert acting_as(None, environment) == ActorOption("agency_admin", None, None, "Ani")
    assert acting_as(None, {}) is None


def test_an_instant_is_shown_in_western_indonesian_time() -> None:
    at = datetime(2022, 1, 3, 2, 15, tzinfo=UTC)
    assert show_instant(at, "id") == "3 Jan 2022 09.15 WIB"
    assert show_instant(at, "en") == "3 Jan 2022 09:15 WIB"
    assert show_instant(None, "id") == "–"
    assert show_day(date(2022, 8, 17), "id") == "17 Agu 2022"


def test_a_deadline_is_shown_as_the_end_of_its_last_day() -> None:
    assert show_deadline(datetime(2022, 5, 11, 17, tzinfo=UTC), "id") == "11 Mei 2022 24.00 WIB"
    assert show_deadline(datetime(2022, 5, 11, 18, tzinfo=UTC), "en") == "12 May 2022 01:00 WIB"


@pytest.mark.parametrize("text", ["2022-4-1", "20220401", "2022-W01-1", "1 April", ""])
def test_a_day_has_one_form(text: str) -> None:
    with pytest.raises(UsageError):
        parse_day(text, "--start")


def test_a_text_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "isi.txt"
    file.write_text("\ufeffLubang", encoding="utf-8")
    assert read_text(f"@{file}", "--text") == "Lubang"
    assert read_text("@@kepri", "--text") == "@kepri"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        read_text(f"@{file}", "--text")


def test_a_file_that_is_too_big_is_not_cut_in_the_middle_of_a_letter(tmp_path: Path) -> None:
    file = tmp_path / "besar.txt"
    file.write_text("xé" * 500_000)
    with pytest.raises(UsageError) as refused:
        read_text(f"@{file}", "--text")
    assert refused.value.key == "file_too_big"


def test_only_what_is_late_catches_the_eye_in_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("FORCE_COLOR", "1")
    write_table(("opd", "deadline"), [("INSPEKTORAT", "TERLAMBAT 2 Des 2026 24.00 WIB")], "id")
    red = re.findall(r"\x1b\[1;31m([A-Z]+)", screen.getvalue())
    assert red == ["TERLAMBAT"]


@pytest.mark.parametrize(("value", "meant"), [("en", "en"), ("EN_us", "en"), ("id", "id"), ("", "id"), ("fr", "id")])
def test_what_is_not_english_is_indonesian(value: str, meant: str) -> None:
    assert language({"KAWAL_LANG": value}) == meant
    assert language({}) == "id"


@pytest.mark.parametrize("table", ["SENTENCES", "COMMANDS", "OPTIONS", "COLUMNS"])
def test_no_group_of_commands_takes_another_s_word(table: str) -> None:
    keys = [key for words in group_messages.MODULES for key in getattr(words, table, {})]
    assert [key for key in keys if keys.count(key) > 1] == []


def said_in_the_code() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where a sentence is said by its key, which one, and the placeholders that are given."""
    for file in sorted(Path(labels.__file__).parents[1].rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or any(keyword.arg is None for keyword in node.keywords):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[-1] if name == "say" and node.args else node.args[0] if node.args else None
            if name in ("say", "UsageError", "CommandRefusal") and isinstance(key, ast.Constant):
                yield f"{file.name}:{node.lineno}", str(key.value), {str(one.arg) for one in node.keywords}


def test_whoever_says_a_sentence_fills_its_places() -> None:
    said = list(said_in_the_code())
    assert len(said) > 100
    for where, key, given in said:
        forms = (WORDS[key].one, WORDS[key].many or "")
        assert {name for text in forms for _, name, _, _ in Formatter().parse(text) if name} <= given, (where, key)
