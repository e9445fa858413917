"""The verification queue as an admin works in it, in Debian's Chromium: what is measured there starts from here."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, async_playwright, expect

from kawal.api import create_app
from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.staff.verification.practice import Practices
from kawal.domain.messages import Report
from kawal.domain.names import Role
from kawal.store.advice import advice_of
from kawal.web.server import listen, serving

INSTANSI = "KEPRI"
QUEUE = "/kerja/verifikasi"

_PLENTY = "1000000/minute"


def without_chromium() -> bool:
    """Tell whether this machine has no Chromium; if so, say that the measurement is left out."""
    if shutil.which("chromium") is not None:
        return False
    print("left out: it needs Debian's chromium (apt-get install chromium)")
    return True


async def receive_advised(complaints: Complaints, report: Report) -> str:
    """Receive a report, and wait for its advice."""
    adapter = await complaints.actor(Role.ADAPTER, "web", instansi=INSTANSI)
    given = report.model_copy(update={"external_id": None, "occurred_on": None})
    number = (await complaints.start(given, adapter, None, INSTANSI)).tracking_id
    async with asyncio.timeout(60):
        while await advice_of(complaints.pool, number) is None:  # noqa: ASYNC110 - the worker brings it about
            await asyncio.sleep(0.02)
    return number


@asynccontextmanager
async def served(complaints: Complaints, settings: Settings, practices: Practices | None = None) -> AsyncIterator[str]:
    """Serve the pages, with what agencies do read as given, or as the application reads it; yield their address."""
    plenty = settings.model_copy(update={"http_pages_rate": _PLENTY, "http_public_rate": _PLENTY})
    app = create_app(complaints, plenty)
    if practices is not None:
        app.state.practices = practices
    async with serving(app, listen("127.0.0.1", 0, or_free=True), app.state.streams.end) as url:
        yield url


@asynccontextmanager
async def browsing(complaints: Complaints, url: str) -> AsyncIterator[Page]:
    """Open a browser in which an admin is signed in."""
    people = complaints.record.people
    person = await people.enter("Ani Wijaya", "ani")
    held = await people.grant(person, Role.ADMIN, INSTANSI, None, None, "benchmark", complaints.now())
    _, text = await complaints.record.staff_sessions.begin(person.id, "passkey", role=f"r{held}")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = await browser.new_context(locale="id-ID", ignore_https_errors=True)
        secure = f"https://{urlsplit(url).netloc}"
        await context.add_cookies([{"name": NAME, "value": text, "url": secure, "secure": True, "httpOnly": True}])
        expect.set_options(timeout=60_000)
        yield await context.new_page()
        await browser.close()
