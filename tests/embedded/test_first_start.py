"""The first start: what is announced before anyone waits, when nothing is announced, and the build on a terminal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kawal.base.settings import Settings
from kawal.embedded import first_start
from kawal.embedded.programs import SERVER, UI
from tests.base.terminal import Terminal

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BARE = [sys.executable, "-S", "-m", "kawal.embedded.first_start"]
"""Python without its packages, as on a machine where nothing is installed yet."""

GO = """#!/bin/sh
[ "$1" = version ] && { echo "go version go1.26.11 linux/amd64"; exit 0; }
for number in 1 2 3; do echo "go: downloading example.org/module$number v1.0.0"; done
for number in $(seq 1 700); do echo "example.org/a/package/with/a/name/that/no/terminal/holds/package$number"; done
read -r released < "$RELEASE"
mkdir -p "$GOBIN"
printf '#!/bin/sh\\n' > "$GOBIN/server"
chmod +x "$GOBIN/server"
"""
"""A Go that prints what the real one prints, and finishes when it is told to."""


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return a user's environment in which nothing was ever built and no server is on PATH."""
    (tmp_path / "bin").mkdir()
    return {
        "PATH": str(tmp_path / "bin"),
        "HOME": str(tmp_path),
        "KAWAL_HOME": str(tmp_path / "home"),
        "KAWAL_CACHE": str(tmp_path / "cache"),
    }


def said(environment: dict[str, str], *arguments: str) -> list[str]:
    done = subprocess.run([*BARE, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def put_on_path(environment: dict[str, str], name: str, script: str) -> None:
    command = Path(environment["PATH"].split(":")[0]) / name
    command.write_text(script)
    command.chmod(0o755)


def built(environment: dict[str, str], *names: str) -> None:
    for program in (SERVER, UI):
        if program.name in names:
            file = program.file(Path(environment["KAWAL_CACHE"]))
            file.parent.mkdir(parents=True)
            file.touch()


def test_three_lines_say_what_comes_how_long_it_takes_and_how_much_disk(environment: dict[str, str]) -> None:
    assert said(environment, "--packages") == [
        "Persiapan pertama: pustaka Python dipasang, server dan UI Temporal dibangun.",
        "Waktu: 4 sampai 8 menit pada dua inti prosesor; selanjutnya beberapa detik.",
        "Ruang: 11 GB diperlukan selama pembangunan, lalu hampir semuanya kosong lagi.",
    ]
    assert said({**environment, "KAWAL_LANG": "en"}, "--packages") == [
        "First start: installing Python packages, building the Temporal server and UI.",
        "Time: 4 to 8 minutes on two cores; later starts take seconds.",
        "Disk: 11 GB must be free while building; nearly all of it is freed afterwards.",
    ]


def test_no_line_is_wider_than_80_columns(environment: dict[str, str]) -> None:
    lines = [line for lang in ("id", "en") for line in said({**environment, "KAWAL_LANG": lang}, "--packages")]
    assert [line for line in lines if len(line) > 80] == []


def test_nothing_is_said_where_all_is_built(environment: dict[str, str]) -> None:
    built(environment, "server", "ui")
    assert said(environment) == []


def test_nothing_is_said_where_another_cluster_is_used(environment: dict[str, str]) -> None:
    assert said({**environment, "TEMPORAL_ADDRESS": "temporal.example:7233"}) == []


def test_with_a_server_on_path_only_the_ui_is_foretold(environment: dict[str, str]) -> None:
    put_on_path(environment, "temporal", "#!/bin/sh\n")
    first, time, _ = said({**environment, "KAWAL_LANG": "en"})
    assert first == "First start: building the Temporal UI."
    assert time == "Time: 1 to 2 minutes on two cores; later starts take seconds."


def test_a_home_that_the_built_server_wrote_has_it_built_again(environment: dict[str, str]) -> None:
    put_on_path(environment, "temporal", "#!/bin/sh\n")
    built(environment, "ui")
    written = Path(environment["KAWAL_HOME"]) / "temporal" / "server.json"
    written.parent.mkdir(parents=True)
    written.write_text('{"kind": "server", "version": "1.32.2"}')
    assert said({**environment, "KAWAL_LANG": "en"})[0] == "First start: building the Temporal server."
    written.write_text('{"kind": "cli", "version": "1.32.2"}')
    assert said(environment) == []


def test_a_disk_that_is_too_full_is_said_before_anything_is_installed(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 2 * 10**9))
    monkeypatch.setattr(sys, "argv", ["first_start", "--packages"])
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    monkeypatch.setenv("KAWAL_LANG", "en")
    assert first_start.main() == 3
    assert capsys.readouterr().err.splitlines() == [
        f"Only 2 GB is free at {environment['KAWAL_CACHE']}; building the Temporal server temporarily needs 11 GB. "
        "Make room, or choose another folder with KAWAL_CACHE."
    ]
    built(environment, "server")  # the UI may be missing: nothing is refused for it
    assert first_start.main() == 0


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"XDG_CACHE_HOME": "/cache", "XDG_DATA_HOME": "/data"},
        {"XDG_CACHE_HOME": " ", "XDG_DATA_HOME": ""},
        {"KAWAL_CACHE": "~/cache", "KAWAL_HOME": "home"},
        {"KAWAL_CACHE": "", "KAWAL_HOME": "", "XDG_CACHE_HOME": "/cache"},
    ],
)
def test_cache_and_home_are_looked_for_where_the_settings_have_them(
    named: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KAWAL_CACHE", "KAWAL_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    settings = Settings.from_env(os.environ)
    assert first_start.folders(os.environ) == (settings.cache, settings.home)


@pytest.fixture(params=[40, 80])
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    with Terminal(request.param) as opened:
        yield opened


@pytest.mark.parametrize("foretold", ["", "1"])
def test_a_build_is_foretold_once_and_shows_its_share_on_one_row(
    terminal: Terminal, environment: dict[str, str], tmp_path: Path, foretold: str
) -> None:
    put_on_path(environment, "go", GO)
    os.mkfifo(tmp_path / "release")
    environment |= {"RELEASE": str(tmp_path / "release"), "PATH": f"{environment['PATH']}:{os.environ['PATH']}"}
    environment |= {first_start.FORETOLD: foretold, "KAWAL_LANG": "en", "PIP_NO_INDEX": "1"}
    setup = [sys.executable, "-m", "kawal.embedded.setup", "--virtual-time"]
    with subprocess.Popen(setup, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=terminal.stream) as running:
        try:
            terminal.wait_for("39 %")  # 3 of 170 modules, 700 of 1,430 packages
        finally:
            (tmp_path / "release").write_text("done\n")
        assert running.wait() == 0
    before, *rows = terminal.read().split("\r\x1b[K")
    assert len(before.splitlines()) == (0 if foretold else 3)
    assert max(len(row) for row in rows[:-1]) == terminal.columns - 1
    assert [row for row in rows[:-1] if "\n" in row] == []
    assert re.fullmatch(r"Building the Temporal server +\d+ s  done\r\n", rows[-1])
