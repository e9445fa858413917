"""`make` installs what running Kawal needs, and the rest for developers, and neither goal undoes the other's work."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UV = '#!/bin/sh\nmkdir -p .venv\necho "$@" >> "$(dirname "$0")/called"\n'
"""A uv that records its arguments."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Create the files that an environment is made from, with a uv that makes none."""
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, tmp_path)
    tool = tmp_path / ".venv-tools" / "bin" / "uv"
    tool.parent.mkdir(parents=True)
    tool.write_text(UV)
    tool.chmod(0o755)
    return tmp_path


def make(checkout: Path, *goals: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *goals], cwd=checkout, env=clean, capture_output=True, text=True)


def syncs(checkout: Path) -> list[bool]:
    """Return for each sync so far whether it was for running only."""
    called = checkout / ".venv-tools" / "bin" / "called"
    lines = called.read_text().splitlines() if called.exists() else []
    assert all(line.startswith("sync --locked --python ") for line in lines)
    assert all(("--no-dev" in line) == ("--inexact" in line) for line in lines)
    return ["--no-dev" in line for line in lines]


def lock_again(checkout: Path) -> None:
    """Make the lock file newer than every stamp."""
    latest = max(stamp.stat().st_mtime_ns for stamp in (checkout / ".venv").iterdir())
    os.utime(checkout / "uv.lock", ns=(latest + 1, latest + 1))


def test_running_installs_no_developers_packages_and_working_adds_them(checkout: Path) -> None:
    assert make(checkout, ".venv/.runtime").returncode == 0
    assert syncs(checkout) == [True]
    assert make(checkout, "environment").returncode == 0
    assert syncs(checkout) == [True, False]


def test_running_after_working_installs_and_removes_nothing(checkout: Path) -> None:
    for goal in ("environment", ".venv/.runtime", "environment", ".venv/.runtime"):
        assert make(checkout, goal).returncode == 0
    assert syncs(checkout) == [False]


def test_a_new_lock_file_is_followed_by_each_and_what_is_not_locked_for_running_stays(checkout: Path) -> None:
    make(checkout, "environment")
    lock_again(checkout)
    make(checkout, ".venv/.runtime")
    assert syncs(checkout) == [False, True]
    make(checkout, "environment")
    assert syncs(checkout) == [False, True, False]


def test_up_needs_what_runs_and_test_and_check_what_is_worked_with(checkout: Path) -> None:
    asked = {goal: make(checkout, "--dry-run", goal).stdout for goal in ("up", "setup", "test", "check", "bench")}
    first = {goal: next(line for line in told.splitlines() if "sync --locked" in line) for goal, told in asked.items()}
    assert {goal for goal, line in first.items() if "--no-dev" in line} == {"up", "setup"}


def test_the_fast_tests_wait_for_no_server(checkout: Path) -> None:
    told = make(checkout, "--dry-run", "test-fast").stdout
    assert "--fast" in told
    assert "kawal.embedded" not in told


def test_what_runs_the_systems_programs_is_a_goal_of_its_own_that_looks_for_them_first(checkout: Path) -> None:
    told = make(checkout, "--dry-run", "test").stdout
    assert "--ignore tests/system" in told
    assert "tools.system_packages" not in told
    steps = make(checkout, "--dry-run", "test-system").stdout.splitlines()
    looked = next(number for number, line in enumerate(steps) if "tools.system_packages" in line)
    assert looked < next(number for number, line in enumerate(steps) if "pytest tests/system" in line)


@pytest.mark.parametrize("goal", ["up", "setup", "test", "test-system", "bench"])
def test_what_is_long_is_foretold_before_anything_is_installed(checkout: Path, goal: str) -> None:
    lines = make(checkout, "--dry-run", goal).stdout.splitlines()
    foretold = next(number for number, line in enumerate(lines) if "kawal.embedded.first_start --packages" in line)
    assert foretold < next(number for number, line in enumerate(lines) if "sync --locked" in line)


def test_a_python_without_venv_is_told_with_the_package_that_has_it(checkout: Path) -> None:
    (checkout / ".venv-tools" / "bin" / "uv").unlink()
    python = checkout / "python3"
    python.write_text('#!/bin/sh\ncase "$*" in *ensurepip*) echo "No module named \'ensurepip\'" >&2; exit 1;; esac\n')
    python.chmod(0o755)
    outcome = make(checkout, "environment", f"PYTHON={python}")
    assert outcome.returncode != 0
    told = outcome.stderr.splitlines()[0]
    assert "Modul venv untuk Python tidak ditemukan; pasang dengan: apt install python3-venv" in told
    assert "The venv module of Python was not found; install it: apt install python3-venv" in told
    assert "ensurepip" not in outcome.stderr
    assert not (checkout / ".venv").exists()
