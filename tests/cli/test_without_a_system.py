"""What the command line does without a running system: usage, help, the shipped calendar, and exit code 3."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kawal.cli.catalogue import CLIENT, GROUPS, OPERATOR
from kawal.domain.names import CommandName
from kawal.domain.process.transitions import TRANSITIONS
from tests.cli.running import Kawal

DEADLINES = {
    # start -> {working days: last day}, from the domain's own examples
    "2022-04-28": {3: "2022-05-11", 5: "2022-05-13", 10: "2022-05-23", 14: "2022-05-30", 60: "2022-08-03"},
    "2023-06-20": {3: "2023-06-23", 60: "2023-09-19"},
    "2025-08-14": {5: "2025-08-22", 14: "2025-09-04"},
}


@pytest.mark.parametrize(("start", "days", "last"), [(s, n, d) for s, row in DEADLINES.items() for n, d in row.items()])
def test_a_deadline_is_one_date_on_standard_output_by_the_shipped_calendar(
    alone: Kawal, start: str, days: int, last: str
) -> None:
    outcome = alone("calendar", "deadline", "--start", start, "--working-days", str(days))
    assert (outcome.code, outcome.out, outcome.err) == (0, f"{last}\n", "")


def test_a_provisional_deadline_says_so_beside_its_date(alone: Kawal) -> None:
    outcome = alone("calendar", "deadline", "--start", "2026-12-20", "--working-days", "20")
    assert (outcome.code, outcome.out) == (0, "2027-01-20\n")
    assert "sementara" in outcome.err
    told = alone("calendar", "deadline", "--start", "2026-12-20", "--working-days", "20", "--json").json
    assert told == {"deadline": "2027-01-20", "provisional": True, "calendar_version": "nasional-2026-1"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--start", "2022-4-1", "--working-days", "3"),
        ("--start", "2022-02-30", "--working-days", "3"),
        ("--start", "kemarin", "--working-days", "3"),
        ("--start", "1922-01-01", "--working-days", "3"),
        ("--start", "2022-04-28", "--working-days", "0"),
        ("--start", "2022-04-28", "--working-days", "-1"),
        ("--start", "2022-04-28", "--working-days", "tiga"),
        ("--start", "2022-04-28", "--working-days", "1000000"),
        ("--start", "2022-04-28"),
        ("--working-days", "3"),
    ],
)
def test_what_is_no_limit_is_wrong_usage_and_prints_no_date(alone: Kawal, arguments: tuple[str, ...]) -> None:
    outcome = alone("calendar", "deadline", *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.strip()


def test_the_shipped_calendar_has_the_published_working_days_of_each_year(alone: Kawal) -> None:
    years = {year["year"]: year["working_days"] for year in alone.done("calendar", "show")["years"]}
    assert years == {2022: 246, 2023: 239, 2024: 238, 2025: 237, 2026: 240}


@pytest.mark.parametrize("arguments", [("list",), ("show", "1234567"), ("recap",), ("inspectorate",), ("worker",)])
def test_without_a_system_the_exit_code_is_3_and_says_what_to_run(alone: Kawal, arguments: tuple[str, ...]) -> None:
    outcome = alone(*arguments)
    assert (outcome.code, outcome.out) == (3, "")
    assert "make up" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("selesaikan",), "selesaikan"),
        (("verify",), "TRACKING_ID, --title, --class, --category, --as"),
        (("rerun",), "RERUN_FILE"),
        (("list", "--semua"), "--semua"),
        (("verify", "1234567", "--suggested", "0", "--as", "admin:Ani"), "--suggested"),
        (("verify", "1234567", "--class", "pengaduan", "--category", "X"), "--title"),
        (("verify", "1234567", "--title", "T", "--class", "keluhan", "--category", "X"), "--class"),
        (("list", "--status", "hilang"), "--status"),
        (("start", "--title", "T", "--text", "@tidak-ada.txt"), "tidak-ada.txt"),
        (("start", "--title", "T", "--text", "U", "--latitude", "0.9"), "--longitude"),
        (("start", "--title", "T", "--text", "U", "--occurred-on", "kemarin"), "kemarin"),
        (("instruct", "1234567", "--to", "admin", "--text", "T", "--by", "besok"), "besok"),
        (("list", "--limit", "-3"), "--limit"),
        (("notices", "--limit", "0"), "--limit"),
        (("recap", "--as-of", "31-12-2022"), "31-12-2022"),
        (("recap", "--format", "xlsx"), "--output"),
        (("calendar", "import", "tidak-ada.csv"), "tidak-ada.csv"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_what_is_wrong(alone: Kawal, arguments: tuple[str, ...], said: str) -> None:
    outcome = alone(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("recap", "--by", "bulan"), "--by tidak sah: pilih salah satu dari opd, channel,"),
        (("list", "--limit", "banyak"), "--limit tidak sah: harus berupa bilangan bulat."),
        (("selesaikan",), "perintah “selesaikan” tidak dikenal."),
        (("show", "1234567", "jalan", "rusak"), "“jalan rusak” berlebih"),
        (("show", "1234567", "--as"), "opsi --as memerlukan isi"),
    ],
)
def test_wrong_usage_is_told_in_the_readers_language(alone: Kawal, arguments: tuple[str, ...], said: str) -> None:
    outcome = alone(*arguments)
    assert outcome.code == 2
    assert said in outcome.err


def test_a_command_without_a_name_shows_the_help_and_complains_of_nothing(alone: Kawal) -> None:
    for arguments in ((), ("calendar",)):
        outcome = alone(*arguments)
        assert (outcome.code, outcome.err) == (2, "")
        assert outcome.out.startswith("Penggunaan: kawal")


def test_a_home_that_cannot_be_made_is_named(alone: Kawal) -> None:
    alone.home.parent.mkdir(parents=True, exist_ok=True)
    alone.home.write_text("a file where the folder should be")
    outcome = alone.process("up")
    assert (outcome.code, outcome.out) == (3, "")
    assert str(alone.home) in outcome.err
    assert "KAWAL_HOME" in outcome.err


def test_a_malformed_setting_is_named_by_its_variable(alone: Kawal) -> None:
    outcome = Kawal(alone.home, KAWAL_RETENTION_DAYS="sebentar")("list")
    assert outcome.code == 2
    assert "KAWAL_RETENTION_DAYS" in outcome.err


@pytest.mark.parametrize("lang", ["id", "en"])
def test_help_lists_a_command_for_each_row_of_the_rules_in_both_languages(alone: Kawal, lang: str) -> None:
    outcome = Kawal(alone.home, lang)("--help")
    assert outcome.code == 0
    rows = set(TRANSITIONS) - {CommandName.RECOMPUTE, CommandName.ATTACH}
    for name in ["start", *(row.replace("_", "-") for row in rows)]:
        assert f" {name} " in outcome.out
    assert ("Inspektorat" if lang == "id" else "Inspectorate") in outcome.out


def test_every_command_has_its_own_help(alone: Kawal) -> None:
    for group, entries in {"": (*CLIENT, *OPERATOR), **GROUPS}.items():
        for entry in entries:
            assert alone(*entry.key.split(), "--help").code == 0
        assert alone(*group.split(), "--help").code == 0


def test_a_command_without_a_system_is_a_process_that_ends_with_3(alone: Kawal) -> None:
    outcome = alone.process("list")
    assert (outcome.code, outcome.out) == (3, "")
    assert "make up" in outcome.err


def test_help_and_a_deadline_wait_for_nothing_they_do_not_need(alone: Kawal) -> None:
    heavy = {"temporalio", "asyncpg", "fastapi", "httpx", "openpyxl", "cryptography", "kawal.client.complaints"}
    code = (
        "import sys; from kawal.cli.app import run;"
        " run(['calendar', 'deadline', '--start', '2022-04-28', '--working-days', '3']);"
        f" print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=alone.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["2022-05-11", "[]"]


@pytest.mark.parametrize("setting", [{"KAWAL_HTTP_PORT": "0"}, {"KAWAL_HTTP_HOST": "192.0.2.1"}])
def test_payloads_are_not_shown_where_http_is_not_on_this_machine(alone: Kawal, setting: dict[str, str]) -> None:
    outcome = Kawal(alone.home, **setting)("up", "--codec-server")
    assert (outcome.code, outcome.out) == (2, "")
    assert "KAWAL_HTTP_PORT" in outcome.err
    assert not (alone.home / "postgres").exists()


@pytest.mark.parametrize(
    ("setting", "option"),
    [({}, ["--no-ui"]), ({"TEMPORAL_ADDRESS": "192.0.2.1:7233"}, []), ({"KAWAL_CACHE": "empty"}, [])],
)
def test_payloads_are_not_shown_where_no_ui_of_this_command_would_show_them(
    alone: Kawal, setting: dict[str, str], option: list[str]
) -> None:
    outcome = Kawal(alone.home, **setting)("up", "--codec-server", *option)
    assert (outcome.code, outcome.out) == (2, "")
    assert "make setup" in outcome.err
    assert not (alone.home / "postgres").exists()


def test_the_version_is_told(alone: Kawal) -> None:
    outcome = alone("--version")
    assert outcome.code == 0
    assert outcome.out.startswith("kawal ")


def test_the_documentation_names_every_command_and_its_options() -> None:
    text = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    for spec in (entry.spec() for entry in (*CLIENT, *OPERATOR)):
        row = re.search(rf"^\| `{spec.name}[ `].*$", text, re.MULTILINE)
        assert row, spec.name
        own = {flag for field in spec.fields if field.flag for flag in field.flag.split("/")} - {"--key"}
        if spec.name == "handle":
            own = {"--note"}
        assert own <= set(re.findall(r"--[a-z-]+", row[0])), spec.name
    for entries in GROUPS.values():
        assert all(f"| `{entry.key}" in text for entry in entries)
