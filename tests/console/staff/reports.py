"""Reports in the present, as the officials' pages meet them, and a browser without scripts for whoever is signed in."""

from __future__ import annotations

from typing import Any

from kawal.domain.names import Role
from tests.console.pages.browser import Browser
from tests.console.staff.conftest import SigningIn
from tests.workflows.life import Case, Office, report

TITLE = "Lampu jalan padam di Batu 8"
WORDS = "Lampu jalan di depan SD Batu 8 padam sejak seminggu, gelap sekali kalau malam."


async def received(office: Office, **fields: Any) -> Case:
    """Accept a report now: its clocks run by the real time."""
    adapter = await office.complaints.actor(Role.ADAPTER, "web", instansi="KEPRI")
    answer = await office.complaints.start(report(**{"title": TITLE, "text": WORDS, **fields}), adapter, None, "KEPRI")
    return Case(office, answer.tracking_id)


async def browser_of(sign_in: SigningIn, role: Role, name: str = "Ani Wijaya", opd: str | None = None) -> Browser:
    """Return the browser of somebody who is signed in."""
    return Browser(await sign_in(role, name, opd))
