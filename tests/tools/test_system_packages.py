"""`make test-system` looks for the system's programs before it runs what needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import system_packages
from tools.system_packages import main, missing_packages


def executable(folder: Path, name: str, script: str = "exit 0") -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def all_but_zsh(folder: Path) -> None:
    for program in system_packages.PROGRAMS:
        if program != "zsh":
            executable(folder, program)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_packages_are_missing_where_their_programs_are(path: Path) -> None:
    executable(path, "bash")
    programs = {"bash": ["bash"], "zsh": ["zsh"], "dovecot": ["dovecot-lmtpd", "dovecot-imapd"]}
    assert missing_packages(programs) == ["dovecot-imapd", "dovecot-lmtpd", "zsh"]


def test_nothing_is_installed_where_every_program_is_there(path: Path) -> None:
    for program in system_packages.PROGRAMS:
        executable(path, program)
    executable(path, "apt-get", "exit 1")
    assert main() == 0


def test_what_cannot_be_installed_fails_by_name(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    all_but_zsh(path)
    assert main() == 1
    assert capsys.readouterr().err == "make test-system needs zsh; install: apt-get install zsh\n"


def test_what_is_missing_is_installed_by_who_may(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_but_zsh(path)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    executable(path, "apt-get", f'[ "$1" = update ] || {{ echo "#!/bin/sh" > {path}/zsh; /bin/chmod +x {path}/zsh; }}')
    assert main() == 0


def test_without_a_right_to_install_it_fails_and_runs_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(path, "bash")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    executable(path, "sudo", "exit 1")
    executable(path, "apt-get", f"echo run > {path}/ran")
    assert main() == 1
    assert not (path / "ran").exists()
