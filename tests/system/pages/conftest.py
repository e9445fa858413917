"""One served application and one browser for all tests of the pages."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, async_playwright, expect

from kawal.base.endpoints import Endpoints
from kawal.embedded.postgres import with_database
from tests.conftest import copy_database
from tests.system.pages.served import Site, served
from tests.system.pages.visits import PATIENCE

UNSAFE_HOST = "lapor.test"
"""A name of this machine that browsers do not trust without TLS, as they do localhost and 127.0.0.1."""

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", f"--host-resolver-rules=MAP {UNSAFE_HOST} 127.0.0.1"]
"""Tests run as root too, where Chromium's sandbox does not."""

DATABASE = "kawal_pages"


@pytest.fixture(scope="session")
async def site(temporal_server: Endpoints, database_template: str, quick_folder: Path) -> AsyncIterator[Site]:
    """Yield the application that all tests of the pages visit."""
    await copy_database(temporal_server.database_url, database_template, DATABASE)
    url = with_database(temporal_server.database_url, DATABASE)
    async with served(temporal_server, url, quick_folder / "pages") as opened:
        yield opened


@pytest.fixture(scope="session")
async def public_number(site: Site) -> str:
    """Return the number of a report that everybody may read."""
    return await site.public_report()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Debian's Chromium."""
    found = shutil.which("chromium")
    assert found is not None, "apt-get install chromium"
    return found


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """Yield what drives browsers."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
async def browser(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """Yield the browser in which each visit has a context of its own."""
    opened = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield opened
    await opened.close()
