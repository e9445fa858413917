"""People who sign in, entered through the store: what a test of a page begins with."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from playwright.async_api import BrowserContext

from kawal.client.complaints import Complaints
from kawal.console.auth.session_cookie import NAME
from kawal.console.pages.form_guard import TOKEN
from kawal.desks.passes import PassOffice
from kawal.domain.grants import GRANTS
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.people import Person


async def person_with(
    complaints: Complaints, role: Role, name: str, opd: str | None = None, instansi: str | None = "KEPRI"
) -> tuple[Person, int]:
    """Return the person of that log-in name, entered if new, and the number of the role that they hold now."""
    people = complaints.record.people
    person = await people.by_login(name) or await people.enter(name, name)
    return person, await people.grant(person, role, instansi, opd, None, "test", complaints.now())


async def session_of(
    complaints: Complaints, role: Role, name: str, opd: str | None = None, instansi: str | None = "KEPRI"
) -> str:
    """Return the cookie of a session in which somebody acts in a role."""
    person, held = await person_with(complaints, role, name, opd, instansi)
    _, text = await complaints.record.staff_sessions.begin(person.id, "passkey", role=f"r{held}")
    return text


async def form_token(client: httpx.AsyncClient) -> str:
    """Return the token that the forms of a client's session hold."""
    token = re.search(rf'name="{TOKEN}" value="([^"]+)"', (await client.get("/akun")).text)
    assert token is not None
    return token[1]


async def pass_of(complaints: Complaints, holder: Actor) -> str:
    """Return the text of a pass for a week, from whoever of the agency grants the holder's role."""
    by = next((role for role in (Role.ADMIN, Role.INSPECTORATE) if holder.role in GRANTS[role]), None)
    until = datetime.now(UTC) + timedelta(days=7)
    if by is None:  # the operator's to give, and so no desk's
        return (await complaints.record.passes.issue(holder, until))[1]
    return (await PassOffice(complaints).issue(await complaints.actor(by, "Ani"), holder, until))[1]


async def give_cookie(context: BrowserContext, url: str, text: str) -> None:
    """Let a real browser hold the cookie; on loopback it keeps it without TLS."""
    local = f"http://localhost:{urlsplit(url).port}"
    for origin in (url, local):
        await context.add_cookies(
            [{"name": NAME, "value": text, "url": origin.replace("http:", "https:"), "secure": True, "httpOnly": True}]
        )
