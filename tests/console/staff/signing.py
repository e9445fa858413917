"""A person at a browser: opens the sign-in page or a link, and sends its forms."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyotp
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.auth import session_cookie
from kawal.console.auth.oidc.providers import FILE
from kawal.store.people import Person
from tests.console.pages.browser import Page
from tests.console.staff.authenticator import Authenticator

ORIGIN = "https://kawal.test"
PASSWORD = "kuda laut biru menari pelan"  # noqa: S105 - a test's own
PLENTY = "100000/minute"
LEAVE = "/masuk/penyedia/sso"
"""Where the button of the provider `sso` is sent."""

ROOT = Path(__file__).parents[3]
ADDRESSES = iter(range(1, 250))


class Visitor:
    """A browser in somebody's hands; it follows no redirect by itself."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> Page:
        return Page(await self.client.get(path))

    async def send(self, page: Page, action: str, cara: str | None = None, **fields: str) -> httpx.Response:
        """Send a page's form, filled in; of several with this action the one whose hidden field says `cara`."""
        path = action or page.path
        forms = [form for form in page.forms if form.action == path and form.fields.get("cara") == cara]
        assert forms, [(form.action, form.fields) for form in page.forms]
        return await self.client.post(path, data={**forms[0].fields, **fields})

    async def by_password(
        self, login: str, password: str, code: str, onward: str = "", **headers: str
    ) -> httpx.Response:
        page = await self.open(f"/masuk?ke={onward}" if onward else "/masuk")
        form = next(form for form in page.forms if form.action == "/masuk")
        given = {**form.fields, "nama": login, "sandi": password, "kode": code}
        return await self.client.post("/masuk", data=given, headers=headers)


def asked(page: Page) -> dict[str, Any]:
    """Return what the page's script asks the device for."""
    found = re.search(r'data-asked="([^"]*)"', page.answer.text)
    assert found is not None
    return dict(json.loads(html.unescape(found[1])))


def key_of(page: Page) -> str:
    """Return the key of the one-time codes that the page shows."""
    found = re.search(r'<code class="words">([A-Z2-7]{32})</code>', page.answer.text)
    assert found is not None
    return found[1]


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code of a secret as it is now, or some steps of 30 seconds later."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


@asynccontextmanager
async def visiting(app: FastAPI, base_url: str = ORIGIN, **headers: str) -> AsyncIterator[Visitor]:
    """Yield a visitor from an address of their own."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=(f"203.0.113.{next(ADDRESSES)}", 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers) as client:
        yield Visitor(client)


async def link_for(complaints: Complaints, person: Person | None) -> str:
    """Return the path of a new one-time link."""
    token, _ = await complaints.record.sign_in_links.make(None if person is None else person.id, "test")
    return f"/masuk/tautan/{token}"


async def with_password(complaints: Complaints, visitor: Visitor, person: Person) -> str:
    """Set up a password by a link, in the visitor's browser; return the secret of the one-time codes."""
    page = await visitor.open(await link_for(complaints, person))
    secret = key_of(page)
    answer = await visitor.send(page, "", "sandi", sandi=PASSWORD, kode=code_of(secret))
    assert answer.status_code == 303, answer.text
    return secret


async def with_passkey(complaints: Complaints, visitor: Visitor, person: Person, device: Authenticator) -> None:
    """Set up a passkey by a link, in the visitor's browser."""
    page = await visitor.open(await link_for(complaints, person))
    answer = await visitor.send(page, "", "kunci", jawaban=device.made(asked(page)))
    assert answer.status_code == 303, answer.text


@contextmanager
def running_provider() -> Iterator[str]:
    """Run an identity provider as a program of its own (`identity_provider.py`); yield its issuer."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.console.staff.identity_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        try:
            yield f"http://127.0.0.1:{program.stdout.readline().strip()}"
        finally:
            program.terminate()


def application_with(complaints: Complaints, home: Path, issuer: str, rules: str = "") -> FastAPI:
    """Return the application of an installation that lets people sign in through a provider."""
    allow_provider(home, issuer, rules)
    changed = {"http_public_rate": PLENTY, "public_url": ORIGIN, "home": home}
    return create_app(complaints, complaints.settings.model_copy(update=changed))


async def left(visitor: Visitor, onward: str = "", leave: str = LEAVE) -> Page:
    """Press the provider's button on the sign-in page; return the page that leads away."""
    page = await visitor.open(f"/masuk?ke={onward}" if onward else "/masuk")
    return Page(await visitor.send(page, leave))


def address_in(page: Page) -> str:
    """Return where a page leads by itself: the same as its link."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', page.answer.text)
    assert found is not None, page.text
    address = html.unescape(found[1])
    assert address in page.links
    return address


def is_signed_in(visitor: Visitor) -> bool:
    """Tell whether the browser holds a session's cookie."""
    return session_cookie.NAME in visitor.client.cookies


def allow_provider(home: Path, issuer: str, rules: str = "") -> None:
    """Write what an operator writes to let people sign in through a provider, as `SSO Kepri`."""
    file = home / FILE
    file.write_text(
        f'[[provider]]\ncode = "sso"\nname = "SSO Kepri"\nissuer = "{issuer}"\nclient_id = "kawal"\n'
        f'secret = "rahasia-untuk-tes-saja"\namr = ["mfa"]\n{rules}'
    )
    file.chmod(0o600)
