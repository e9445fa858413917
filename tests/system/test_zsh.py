"""What TAB offers in zsh, typed on a terminal (Debian's package zsh)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Kawal
from tests.cli.shells import COMPLETED, MAIN, ZSH, ZSH_BEGINS, Typist


@pytest.fixture(scope="module")
def zsh(english: Kawal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    with Typist(ZSH, ZSH_BEGINS, english.environment, tmp_path_factory.mktemp("zsh")) as typist:
        yield typist


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        *COMPLETED,
        (
            f"kawal verify 1234567 --category '{MAIN} / BEND",
            f"kawal verify 1234567 --category '{MAIN} / BENDUNGAN' ",
        ),
    ],
)
def test_what_is_begun_is_completed(zsh: Typist, typed: str, completed: str) -> None:
    assert zsh.completed(typed) == completed


def test_a_category_is_completed_without_quotation_too(zsh: Typist) -> None:
    line = "kawal verify 1234567 --category "
    escaped = rf"{MAIN} / DRAINASE (GORONG-GORONG/PARIT)".translate({32: r"\ ", 40: r"\(", 41: r"\)"})
    assert zsh.completed(line + rf"{MAIN} / DRAI".replace(" ", r"\ ")) == f"{line}{escaped} "


def test_commands_options_and_opds_are_offered_with_what_they_mean(zsh: Typist) -> None:
    assert re.search(r"verify +-- Verify: decide title, class and category\.", zsh.offered("kawal "))
    assert re.search(r"--overdue +-- Only those that are overdue\.", zsh.offered("kawal list --o"))
    assert re.search(r"DISHUB +-- Dinas Perhubungan", zsh.offered("kawal list --opd DIS"))


def test_the_meanings_are_in_the_readers_language(running: Kawal, tmp_path: Path) -> None:
    with Typist(ZSH, ZSH_BEGINS, running.environment, tmp_path) as zsh:
        assert re.search(r"verify +-- Verifikasi: tetapkan judul", zsh.offered("kawal "))


def test_ids_are_offered_the_newest_first(zsh: Typist, english: Kawal) -> None:
    first, second = english.start("Jalan lama"), english.start("Jalan baru")
    shown = zsh.offered("kawal show ")
    assert shown.index(second) < shown.index(first)


def test_names_of_files_are_completed_where_a_file_is_meant(zsh: Typist, tmp_path: Path) -> None:
    (tmp_path / "laporan bulan ini.csv").touch()
    begun = str(tmp_path / "lap")
    whole = str(tmp_path / r"laporan\ bulan\ ini.csv")
    assert zsh.completed(f"kawal import {begun}") == f"kawal import {whole} "
    assert zsh.completed(f"kawal start --text @{begun}") == f"kawal start --text @{whole} "
    assert zsh.completed(f"kawal start --name {begun}") == f"kawal start --name {begun}"


def test_a_name_from_the_database_is_shown_and_never_run(zsh: Typist, english: Kawal) -> None:
    mark = english.home.with_name("ran")
    name = f"Dinas $(touch {mark}) `touch {mark}` 'a\" : \\"
    english.done("opd", "add", "UJI", name, who="admin:Ani")
    assert "Dinas $(touch" in zsh.offered("kawal list --opd ")
    assert zsh.completed("kawal list --opd UJ") == "kawal list --opd UJI "
    assert not mark.exists()


def test_where_nothing_runs_ids_and_codes_are_not_offered_and_the_rest_is(alone: Kawal, tmp_path: Path) -> None:
    with Typist(ZSH, ZSH_BEGINS, alone.environment, tmp_path) as zsh:
        for line in ("kawal show ", "kawal list --opd DISH"):
            assert zsh.completed(line) == line
        assert zsh.completed("kawal sho") == "kawal show "
    assert not alone.home.exists()
