"""No command keeps anyone waiting: reading needs PostgreSQL and the keys alone, and imports what it needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from kawal.base.endpoints import running_endpoints
from kawal.base.settings import Settings
from kawal.cli.terminal.dates import WIB
from tests.cli.running import COMMAND_SECONDS, Kawal
from tests.cli.test_life import ADMIN, AUDITOR, DPUPR, INSPECTORATE, VERIFY

OF_THE_ENGINE_AND_THE_WEB = {"temporalio", "workflows", "activities", "fastapi", "starlette", "uvicorn"}
HEAVY = {*OF_THE_ENGINE_AND_THE_WEB, "asyncio", "asyncpg", "babel", "cryptography", "rich", "structlog"}
HEAVIER_THAN_HELP = {*HEAVY, "pydantic"}
HEAVIER_THAN_A_VERSION = {*HEAVIER_THAN_HELP, "typer", "gettext", "importlib.metadata", "re"}

NOBODY_LISTENS = "127.0.0.1:1"
PURPOSE = ("--purpose", "Pemeriksaan khusus 12/2026")

# Run as `kawal` runs; what was imported by its end goes to the file named first.
PROGRAM = """
import sys
told = sys.argv.pop(1)
from kawal.base.leaving import leave
from kawal.cli.entry import main
code = main()
with open(told, "w") as file:
    file.write(" ".join(sys.modules))
leave(code)
"""

READINGS: tuple[tuple[str | None, tuple[str, ...]], ...] = (
    (None, ("show", "{id}")),
    (None, ("show", "{id}", "--explain")),
    (ADMIN, ("show", "{id}", "--advice")),
    (None, ("list",)),
    (None, ("history", "{id}")),
    (AUDITOR, ("history", "{id}", "--words", *PURPOSE)),
    (None, ("recap",)),
    (None, ("recap", "--as-of", "2026-01-01", "--format", "csv")),
    (None, ("indicators",)),
    (AUDITOR, ("events",)),
    (AUDITOR, ("events", "--access")),
    (AUDITOR, ("attachments", "{id}", *PURPOSE)),
    (None, ("find", "lubang")),
    (ADMIN, ("find", "lubang", *PURPOSE)),
    (None, ("inspectorate",)),
    (None, ("notices",)),
    (ADMIN, ("notices", "--show", "{notice}", *PURPOSE)),
    (None, ("inbox",)),
    (ADMIN, ("tray", "list")),
    (ADMIN, ("letter", "list", "{id}")),
    (None, ("reconcile",)),
    (None, ("calendar", "show", "--year", "2026")),
    (None, ("calendar", "deadline", "--start", "2026-01-05", "--working-days", "5")),
    (None, ("policy", "list")),
    (None, ("token", "list")),
    (None, ("pass", "list")),
    (None, ("office", "list")),
    (None, ("opd", "list")),
    (None, ("register", "list")),
    (None, ("quality", "list")),
    (INSPECTORATE, ("quality", "list", "{draw}")),
    (INSPECTORATE, ("quality", "read", "{draw}", "1", *PURPOSE)),
    (None, ("quality", "result", "{draw}")),
    (None, ("quality", "redraw", "{draw}")),
    (None, ("keys", "status")),
    (None, ("audit", "heads")),
    (None, ("audit", "keys")),
    (None, ("audit", "verify")),
)


class Ended(NamedTuple):
    """How a command ended, and what it had imported by then."""

    code: int
    out: str
    err: str
    modules: frozenset[str]

    def of(self, packages: set[str]) -> set[str]:
        return packages & (self.modules | {name.partition(".")[0] for name in self.modules})


def ended(folder: Path, arguments: Sequence[str], **environment: str) -> Ended:
    told = folder / "modules"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(told), *arguments],
        env={**os.environ, "KAWAL_LANG": "id", **environment},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr, frozenset(told.read_text().split()))


@pytest.fixture(scope="module")
def on_record(running: Kawal) -> dict[str, str]:
    """Return a complaint that was followed up, by its number, and a draw among its OPD's follow-ups."""
    tracking = running.start("Jalan berlubang")
    running.done("verify", tracking, *VERIFY, who=ADMIN)
    running.done("forward", tracking, "--opd", "DPUPR", who=ADMIN)
    running.done("follow-up", tracking, "--text", "Sudah ditambal", "--final", who=DPUPR)
    running.done("audit", "seal")
    today = datetime.now(WIB).date().isoformat()
    period = ("--from", today, "--to", today, "--opd", "DPUPR")
    drawn = running.done("quality", "draw", *period, "--size", "1", "--seed", "lotere-1", who=INSPECTORATE)
    notice = running.done("notices", "--report", tracking)[0]["id"]
    return {"id": tracking, "draw": str(drawn["id"]), "notice": str(notice)}


@pytest.fixture(scope="module")
def database_alone(running: Kawal, short_folder: Path) -> dict[str, str]:
    """Return the environment of a home with the running system's database and keys and an unreachable engine."""
    home = short_folder / "database_alone"
    shutil.copytree(running.home / "keys", home / "keys")
    where = running_endpoints(Settings(home=running.home))
    return {"KAWAL_HOME": str(home), "DATABASE_URL": where.database_url, "TEMPORAL_ADDRESS": NOBODY_LISTENS}


@pytest.mark.parametrize(("who", "typed"), READINGS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else None)
def test_reading_needs_no_engine_and_imports_nothing_of_it(
    on_record: dict[str, str], database_alone: dict[str, str], tmp_path: Path, who: str | None, typed: tuple[str, ...]
) -> None:
    arguments = [word.format(**on_record) for word in typed]
    acting = [] if who is None else ["--as", who]
    command = ended(tmp_path, [*arguments, *acting], **database_alone)
    assert command.code == 0, command.err
    assert command.of(OF_THE_ENGINE_AND_THE_WEB) == set()


def test_the_database_alone_is_enough_to_name(
    on_record: dict[str, str], database_alone: dict[str, str], tmp_path: Path
) -> None:
    without = {name: value for name, value in database_alone.items() if name != "TEMPORAL_ADDRESS"}
    command = ended(tmp_path, ["list"], **without)
    assert (command.code, on_record["id"] in command.out) == (0, True)


def test_what_the_engine_alone_can_tell_is_not_told_without_it(
    on_record: dict[str, str], database_alone: dict[str, str], tmp_path: Path
) -> None:
    arguments = ["history", on_record["id"], "--workflow", *PURPOSE]
    command = ended(tmp_path, [*arguments, "--as", AUDITOR], **database_alone)
    assert (command.code, command.out) == (3, "")
    assert NOBODY_LISTENS in command.err


def test_the_version_imports_next_to_nothing(tmp_path: Path) -> None:
    command = ended(tmp_path, ["--version"])
    assert command.code == 0
    assert command.of(HEAVIER_THAN_A_VERSION) == set()


def test_the_list_of_commands_imports_nothing_that_connects_encrypts_or_checks(tmp_path: Path) -> None:
    command = ended(tmp_path, ["--help"])
    assert command.code == 0
    assert command.of(HEAVIER_THAN_HELP) == set()


@pytest.mark.slow
@pytest.mark.parametrize("typed", [("list", "--help"), ("quality", "--help"), ("case-file", "--help")])
def test_a_commands_own_help_connects_and_encrypts_nothing(tmp_path: Path, typed: tuple[str, ...]) -> None:
    command = ended(tmp_path, typed)
    assert command.code == 0
    assert command.of(HEAVY) == set()
