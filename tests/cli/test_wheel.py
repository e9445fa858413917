"""The wheel, installed in an environment of its own and run in an empty folder, contains all of Kawal."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
import venv
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from tests.cli.running import Kawal, Up

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
UV = ROOT / ".venv-tools" / "bin" / "uv"
ROOMS = ["kawal", "activities", "workflows"]
OURS = {*ROOMS, "worker", "starter"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel and this one's libraries, but nothing of the checkout."""
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
    # A folder named by a .pth is searched; the .pth for the checkout, which it contains, is not read.
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


def test_what_it_imports_comes_with_it_and_not_with_the_developers_packages() -> None:
    runtime = with_what_they_need(metadata.requires("kawal") or [])
    bringing = metadata.packages_distributions()
    foreign = {name for name in imported(ROOT) if name not in sys.stdlib_module_names and name not in OURS}
    assert {name for name in foreign if not {plain(one) for one in bringing[name]} & runtime} == set()


def imported(root: Path) -> set[str]:
    """Return the top-level packages that the product imports, also within functions."""
    found: set[str] = set()
    for path in [
        *(path for room in ROOMS for path in (root / room).rglob("*.py")),
        root / "worker.py",
        root / "starter.py",
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.split(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                found.add(node.module.split(".")[0])
    return found


def with_what_they_need(requirements: list[str]) -> set[str]:
    """Return the distributions of `requirements`, and those that they need in turn."""
    known: set[str] = set()
    waiting = list(requirements)
    while waiting:
        name = plain(re.split(r"[^A-Za-z0-9._-]", waiting.pop(), maxsplit=1)[0])
        if name not in known:
            known.add(name)
            with suppress(metadata.PackageNotFoundError):  # needed on another system or by an extra: not installed here
                waiting += [one for one in metadata.requires(name) or [] if "extra ==" not in one]
    return known


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


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
