"""Visits by a real browser: on a phone or a desktop, with JavaScript or without, watched for what no page may do.

A visit fails at its end if a page broke its content security policy, wrote an error to the console, or asked anything
of another host. Nothing waits by `page.wait_for_function`, which needs the eval that the policy forbids.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

PATIENCE = 15_000
"""How long a step of a visit may take (milliseconds), on a busy machine."""

EXPECTED = ("Failed to load resource: the server responded with a status of", "net::ERR_INTERNET_DISCONNECTED")
"""What Chromium itself writes to the console of an answer that is an error, or of a network that is away."""

_TELL_OF_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', function (event) {
  console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI);
});
"""


class Device(NamedTuple):
    """What somebody holds in their hands."""

    name: str
    size: ViewportSize
    touch: bool

    def __str__(self) -> str:
        """Return its name, for a test's."""
        return self.name


PHONE = Device("phone", {"width": 360, "height": 640}, touch=True)
DESKTOP = Device("desktop", {"width": 1280, "height": 800}, touch=False)
DEVICES = (PHONE, DESKTOP)


class Watch:
    """What a context's pages did that none may do."""

    def __init__(self, *hosts: str) -> None:
        """Allow requests to these hosts only."""
        self._hosts = hosts
        self.findings: list[str] = []
        self.allowed: list[str] = []
        """Parts of messages that a test brings about itself."""

    def follow(self, context: BrowserContext) -> None:
        """Listen to all pages of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.findings.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(part in message.text for part in (*EXPECTED, *self.allowed))
        if message.type in ("error", "warning") and not expected:
            self.findings.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc not in self._hosts:
            self.findings.append(f"another host: {request.url}")


class Visit(NamedTuple):
    """One page of a browser context of its own, on the site."""

    page: Page
    context: BrowserContext
    watch: Watch
    url: str
    script: bool

    async def open(self, path: str) -> None:
        """Open a page of the site."""
        await self.page.goto(self.url + path)


@asynccontextmanager
async def visiting(
    browser: Browser,
    url: str,
    device: Device = PHONE,
    *,
    script: bool = True,
    lang: str = "id",
    hosts: Sequence[str] = (),
    **options: Any,
) -> AsyncIterator[Visit]:
    """Open a context of its own in the browser, and fail at its end for what no page may do.

    `hosts` are those besides the site's that the operator lets a page ask.
    """
    context = await browser.new_context(
        viewport=device.size, has_touch=device.touch, java_script_enabled=script, locale="id-ID", **options
    )
    async with watched(context, url, lang, hosts) as watch:
        yield Visit(await context.new_page(), context, watch, url, script)


@asynccontextmanager
async def watched(
    context: BrowserContext, url: str, lang: str = "id", hosts: Sequence[str] = ()
) -> AsyncIterator[Watch]:
    """Watch all pages of a context, and close it."""
    watch = Watch(urlsplit(url).netloc, *hosts)
    watch.follow(context)
    context.set_default_timeout(PATIENCE)
    await context.add_cookies([{"name": "bahasa", "value": lang, "url": url}])
    await context.add_init_script(_TELL_OF_VIOLATIONS)
    try:
        yield watch
    finally:
        await context.close()
    assert watch.findings == []
