"""The officials' guides say what is there: every role has one, every address exists, every button is named as it is."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from starlette.routing import Match

from kawal.console.pages.app import ROUTES
from kawal.console.pages.staff.guides import FOLDER, GUIDES, guide_of
from kawal.domain.access import OFFICIALS
from kawal.wording.catalogues import DOMAIN, LOCALE

ONE_PAGE = 70
"""Lines."""

TEXTS = {name: (FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in GUIDES.values()}


def exists(address: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": address.replace("NOMOR", "1234567"), "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in ROUTES)


def test_every_role_of_an_official_has_a_guide_of_one_page() -> None:
    assert set(GUIDES) == set(OFFICIALS)
    assert {name: lines for name, text in TEXTS.items() if (lines := len(text.splitlines())) > ONE_PAGE} == {}
    assert {file.stem for file in FOLDER.glob("*.md")} == {"README", *GUIDES.values()}


@pytest.mark.parametrize("name", TEXTS)
def test_every_address_that_a_guide_names_exists_and_is_a_link_where_it_can_be_opened(name: str) -> None:
    addresses = re.findall(r"`(/[^`]*)`", TEXTS[name])
    assert [address for address in addresses if not exists(address)] == []
    shown = guide_of(name).body
    assert all(f'<a href="{one}">' in shown for one in addresses if "NOMOR" not in one)


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_guide_prints_bold_is_written_so_on_the_pages(name: str) -> None:
    """But for the beginnings of lines, which end with a colon or a full stop."""
    bold = {one for one in re.findall(r"\*\*([^*]+)\*\*", TEXTS[name]) if one[-1] not in ":."}
    with (LOCALE / "id" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as opened:
        said = {str(message.string).casefold() for message in read_po(opened)}
    assert {one for one in bold if one.casefold() not in said} == set()
