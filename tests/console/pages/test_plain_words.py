"""Plain words: in no public page's file are Indonesian sentences longer than 15 words on average.

What a page shows with its values is counted by the browser's tests (tests/system/pages).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from kawal.console.pages.frame import TEMPLATES
from tools.messages import IN_TEMPLATES, KEYWORDS, ROOT

MOST_WORDS = 15
LONGEST = 3
"""How many sentences are shown of a file whose sentences are too long."""

PAGES = ROOT / "kawal" / "console" / "pages" / "public"
FILES = sorted([*TEMPLATES.rglob("*.html"), *PAGES.rglob("*.py")])
METHODS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    ".html": ("jinja2.ext:babel_extract", IN_TEMPLATES),
    ".py": ("python", KEYWORDS),
}


@cache
def indonesian() -> Catalog:
    with (ROOT / "kawal" / "locale" / "id" / "LC_MESSAGES" / "kawal.po").open("rb") as file:
        return read_po(file, locale="id")


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text; a label, which ends without a point, is none."""
    split = re.split(r"(?<=[.?!:;])\s+", " ".join(text.split()))
    return [one for one in split if one[-1:] in tuple(".?!:;")]


def said_in(file: Path) -> list[str]:
    """Return every sentence that a file names, in Indonesian."""
    method, keywords = METHODS[file.suffix]
    found = list[str]()
    for _, named, _, context in extract_from_file(method, file, keywords=keywords):
        first = named if isinstance(named, str) else named[0]
        message = indonesian().get(first, context)
        assert message is not None, f"make messages: {first!r}"
        forms = [message.string] if isinstance(message.string, str) else [*(message.string or ())]
        found += sentences_of(forms[0])
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_sentences_have_15_words_at_most_on_average(file: Path) -> None:
    found = said_in(file)
    words = sum(len(one.split()) for one in found)
    longest = sorted(found, key=lambda one: -len(one.split()))[:LONGEST]
    assert words <= MOST_WORDS * len(found), f"{words / len(found):.1f} words; the longest: {longest}"


def test_a_label_is_no_sentence() -> None:
    assert sentences_of("Satu dua tiga. Empat lima! Nama Anda") == ["Satu dua tiga.", "Empat lima!"]
    assert said_in(TEMPLATES / "public" / "report_form.html")
