"""Names: modules by the field's words, classes as nouns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("kawal", "workflows", "activities", "scenarios", "benchmarks", "tools", "docs")
WORDS = ROOT / "tests" / "module_words.txt"

PARTICIPLE = re.compile(r"[A-Z][a-z]+(?:ed|en|ing)")
"""A class named by one word that ends so is taken for a participle."""

IRREGULAR = frozenset(
    (
        *("Begun", "Bound", "Built", "Done", "Fallen", "Felt", "Found", "Gone", "Heard", "Held", "Kept", "Known"),
        *("Laid", "Left", "Lost", "Made", "Met", "Paid", "Read", "Said", "Seen", "Sent", "Shown", "Sought", "Thrown"),
        *("Told", "Unfit", "Unknown", "Won", "Wrong"),
    )
)
NOUNS = frozenset(
    [
        "Finding",
        "Heading",
        "Hearing",
        "Listing",
        "Mapping",
        "Reading",
        "Screen",
        "Setting",
        "Standing",
        "Token",
        "Warning",
    ]
)
"""Words that end like a participle and name a thing."""


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))
    yield from (ROOT / "worker.py", ROOT / "starter.py")


def words_of(path: Path) -> set[str]:
    return {word for part in path.relative_to(ROOT).with_suffix("").parts for word in part.strip("_").split("_")}


def listed() -> list[str]:
    return WORDS.read_text(encoding="utf-8").splitlines()


def classes() -> Iterator[tuple[str, str]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield str(path.relative_to(ROOT)), node.name


def is_participle(name: str) -> bool:
    word = name.lstrip("_")
    return word in IRREGULAR or (bool(PARTICIPLE.fullmatch(word)) and word not in NOUNS)


def test_every_word_of_a_modules_name_is_listed() -> None:
    known = set(listed())
    strange = {str(path.relative_to(ROOT)): new for path in modules() if (new := sorted(words_of(path) - known))}
    assert strange == {}, (
        "A module is named with a word that no other has. Is there a term of the field, or of docs/glossary.md, "
        "that stands in tests/module_words.txt already? If not, add the word there, on a line of its own."
    )


def test_the_list_holds_each_word_once_in_order_and_none_that_no_module_has() -> None:
    assert listed() == sorted({word for path in modules() for word in words_of(path)}), (
        "tests/module_words.txt differs from the words of the modules' names: take out what none has any more, "
        "and keep the lines in order."
    )


def test_classes_are_named_by_nouns() -> None:
    found = [(where, name) for where, name in classes() if is_participle(name)]
    assert found == [], (
        "A class is named by a participle. Say what it is, not what was done to it: ReplayResult, not Replayed. "
        "A noun that only looks like one is added to NOUNS."
    )


def test_a_participle_is_told_from_a_noun() -> None:
    assert all(is_participle(name) for name in ("Told", "Replayed", "_Written", "Erasing"))
    assert not any(is_participle(name) for name in ("Finding", "ReplayResult", "AcceptedReport", "Ledger"))
