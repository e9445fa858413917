"""The screens in docs/cli.md: ten commands in both languages, as a terminal of 80 columns shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import Kawal
from tools.screens import BEGIN, COLUMNS, END, LANGS, PAGE, SCREENS


def screens() -> list[tuple[str, str, str]]:
    """Every screen: its language, what was typed, what was written."""
    shown = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    return re.findall(r"^([^\n]+):\n\n```\n\$ kawal ([^\n]*)\n(.*?)\n```$", shown, re.MULTILINE | re.DOTALL)


def test_ten_commands_are_shown_in_both_languages() -> None:
    typed = [re.sub(r"\b\d{7,9}\b", "ID", typed) for _, typed, _ in screens()]
    assert typed == [screen.typed for screen in SCREENS for _ in LANGS]
    assert [lang for lang, _, _ in screens()] == [*LANGS.values()] * 10


def test_no_line_is_wider_than_the_terminal() -> None:
    assert max(len(line) for _, _, written in screens() for line in written.splitlines()) <= COLUMNS


@pytest.mark.parametrize("typed", ["--help", "verify --help"])
@pytest.mark.parametrize("lang", LANGS)
def test_help_is_shown_as_it_is_today(lang: str, typed: str, tmp_path: Path) -> None:
    written = next(written for name, one, written in screens() if (name, one) == (LANGS[lang], typed))
    today = Kawal(tmp_path, lang, COLUMNS=str(COLUMNS))(*typed.split())
    assert today.out.strip("\n").splitlines() == written.strip("\n").splitlines()
