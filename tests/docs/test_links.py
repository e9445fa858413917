"""Every link within the documentation leads to an existing file, and to an existing heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "kawal").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"\bdocs/[a-z0-9/-]+\.md\b")
"""A page of the documentation, named in text or in code."""


def outside_of_code(page: Path) -> str:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", lambda code: code[0].strip("`").replace("](", "] ("), text)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub makes of the headings, and those that the page sets itself."""
    text = outside_of_code(page)
    found: list[str] = re.findall(r'<a id="([^"]+)">', text)
    for heading in re.findall(r"^#{1,6} +(.+?)\s*$", text, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = sum(one == anchor or re.fullmatch(rf"{re.escape(anchor)}-\d+", one) is not None for one in found)
        found.append(f"{anchor}-{again}" if again else anchor)
    return set(found)


def broken(page: Path) -> list[str]:
    wrong = []
    for link in LINK.findall(outside_of_code(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_every_page_that_is_named_in_code_and_documents_is_there() -> None:
    rooms = ("kawal", "workflows", "activities", "tests", "tools", "benchmarks", "scenarios")
    texts = [*PAGES, *(path for room in rooms for path in (ROOT / room).rglob("*.py")), ROOT / "schema.sql"]
    named = {name for path in texts for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_page_is_behind_one_of_the_doors() -> None:
    led_to = {ROOT / "docs" / "README.md"}
    for door in (
        ROOT / "docs" / "README.md",
        ROOT / "docs" / "operators.md",
        ROOT / "docs" / "decisions" / "README.md",
    ):
        led_to |= {(door.parent / link.partition("#")[0]).resolve() for link in LINK.findall(outside_of_code(door))}
    assert {str(page) for page in (ROOT / "docs").rglob("*.md") if page not in led_to} == set()


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# A `coded` heading, twice\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "a.md"
    page.write_text(
        "[there](b.md#a-coded-heading-twice) [too](b.md#twice-1) [not](c.md) [nor](b.md#thrice)\n"
        "```\n[code](d.md)\n```\n"
    )
    assert broken(page) == ["c.md", "b.md#thrice"]
