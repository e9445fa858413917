"""The provider's program as tests run it, who is known there, and somebody in a browser at its pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from tests.console.pages.browser import Page

ROOT = Path(__file__).parents[3]
KAWAL = "https://kawal.test"
PASSWORD = "perahu lain di penyedia lain"  # noqa: S105 - a test's own

LOGIN = "/masuk/"
"""Where people sign in."""

PEOPLE = {
    "budi": ("budi@sso.example", ["penghubung"]),
    "eka": ("eka@sso.example", ["penghubung", "dua-faktor"]),
    "siti": ("budi@kepri.example", ["dua-faktor"]),
}
"""By log-in name: e-mail address and groups. Siti's address is the log-in name of somebody else at Kawal."""


class RegisteredClient(NamedTuple):
    """A client that the provider's operator registered."""

    id: str
    secret: str | None
    back: str


CLIENTS = (
    RegisteredClient("kawal", "rahasia-untuk-tes-saja", f"{KAWAL}/masuk/penyedia/sso/kembali"),
    RegisteredClient("kawal-umum", None, f"{KAWAL}/masuk/penyedia/umum/kembali"),
    RegisteredClient("lain", "rahasia-klien-yang-lain", "https://lain.test/kembali"),
)
"""Kawal twice, once without a secret; and a client of others."""

_STEPS = 8
"""The most pages and redirects on the way through the provider."""


class SingleSignOn:
    """The provider's program, on the same port whenever it is started again."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._port = 0
        self._program: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._port}/o"

    def start(self, token_life: int = 600) -> None:
        """Start it, with a key that it never signed with; its ID tokens are valid for so many seconds."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.console.sso", str(self._port)]
        environ = {**os.environ, "SSO_HOME": str(self._home), "SSO_TOKEN_LIFE": str(token_life)}
        self._program = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert self._program.stdout is not None
        self._port = int(self._program.stdout.readline())

    def stop(self) -> None:
        """Stop it; nobody answers on its port."""
        if self._program is not None:
            with self._program as program:
                program.terminate()
            self._program = None


@contextmanager
def running_sign_on(home: Path) -> Iterator[SingleSignOn]:
    """Run the provider with its data in a folder."""
    sign_on = SingleSignOn(home)
    sign_on.start()
    try:
        yield sign_on
    finally:
        sign_on.stop()


class AtProvider:
    """Somebody's browser at the provider's pages: it stays signed in there."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.typed: list[str] = []
        """The log-in names with which somebody signed in here, in order."""

    async def led_back(self, address: str, login: str, *, agrees: bool = True) -> str:
        """Go through the provider's pages; return the address, elsewhere, to which it leads in the end."""
        answer = await self._client.get(address)
        for _ in range(_STEPS):
            if answer.status_code == 302:
                address = str(answer.url.join(answer.headers["location"]))
                if urlsplit(address).netloc != answer.url.netloc.decode():
                    return address
                answer = await self._client.get(address)
            else:
                answer = await self._client.post(str(answer.url), data=self._filled(Page(answer), login, agrees))
        raise AssertionError(Page(answer).text)

    def _filled(self, page: Page, login: str, agrees: bool) -> dict[str, str]:
        """Fill in the form that the provider shows: who one is, or whether one agrees."""
        assert page.forms, page.text
        fields = dict(page.forms[0].fields)
        if "username" in fields:
            fields |= {"username": login, "password": PASSWORD}
            self.typed.append(login)
        elif not agrees:
            del fields["allow"]
        return fields
