"""A reporter's browser on the report's own page, and files in its forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from kawal.client.reporter_access import ReporterAccess
from tests.console.pages.browser import Browser, Form, Page
from tests.workflows.life import Case, Office


async def own_page(browser: Browser, office: Office, number: str) -> Page:
    """Open a report by its link, as its letters have it."""
    code = await ReporterAccess(office.complaints).secret_of(number)
    page = await browser.open(f"/l/{number}/{code}")
    assert (page.status, page.path) == (200, f"/l/{number}"), page.text
    return page


async def answer(browser: Browser, form: Form, words: str, *files: tuple[str, bytes], **fields: Any) -> Page:
    """Send the page's form for words and files."""
    sent = [("photo", (name, content)) for name, content in files] or [("photo", ("", b""))]
    response = await browser.client.post(
        urljoin(str(browser.client.base_url), form.action),
        data={**form.fields, "words": words.replace("\n", "\r\n"), **fields},
        files=sent,
        follow_redirects=True,
    )
    return Page(response)


async def told(case: Case, kind: str, word: str) -> list[Any]:
    """Return what the events of a kind hold under a word."""
    return [event.words.get(word) for event in await case.events() if event.kind == kind]
