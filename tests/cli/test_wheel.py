"""The wheel, installed in an environment of its own and run in an empty folder, is all of Kawal."""

from __future__ import annotations

import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.cli.running import Kawal, Up

ROOT = Path(__file__).parents[2]
UV = ROOT / ".venv-tools" / "bin" / "uv"
ROOMS = ["kawal", "activities", "workflows"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and this one's libraries beside it, but nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [str(UV), "build", "--wheel", "--out-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("kawal-*.whl")
    made = folder / "environment"
    venv.create(made, symlinks=True)
    python = made / "bin" / "python"
    install = [str(UV), "pip", "install", "--offline", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    (site,) = (made / "lib").glob("python*/site-packages")
    # A folder that a .pth names is searched; the .pth that leads to the checkout lies in it and is not read.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return made


@pytest.fixture
def installed(environment: Path, home: Path, tmp_path: Path) -> Kawal:
    kawal = Kawal(home)
    kawal.environment.pop("PYTHONPATH", None)
    kawal.program = [str(environment / "bin" / "kawal")]
    kawal.folder = tmp_path
    return kawal


def test_it_says_its_version(installed: Kawal) -> None:
    outcome = installed.process("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert "0.1.0" in outcome.out


def test_every_module_in_it_can_be_imported_and_none_is_the_checkouts(environment: Path, tmp_path: Path) -> None:
    program = """
import importlib, pkgutil, sys
rooms = [importlib.import_module(name) for name in sys.argv[1:]]
names = [one.name for room in rooms for one in pkgutil.walk_packages(room.__path__, room.__name__ + ".")]
for name in [*names, "worker", "starter"]:
    if not name.endswith("__main__"):
        print(importlib.import_module(name).__file__)
"""
    done = subprocess.run(
        [environment / "bin" / "python", "-c", program, *ROOMS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = done.stdout.split()
    assert len(files) > 300
    assert {file for file in files if not file.startswith(str(environment))} == set()


def test_it_runs_in_an_empty_folder(installed: Kawal) -> None:
    up = Up(installed, "--no-ui")
    up.wait_until_ready()
    try:
        words = ("--title", "Jalan berlubang", "--text", "Jalan Basuki Rahmat berlubang")
        started = installed.process("start", *words, "--json")
        assert started.code == 0, started
        listed = installed.process("list", "--json")
        assert [line["tracking_id"] for line in listed.json] == [started.json["tracking_id"]]
    finally:
        assert up.stop() == 0
