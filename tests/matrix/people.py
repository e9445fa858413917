"""The officials of the matrix: one of each role in one agency, and those of another who do the same there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple

import asyncpg
import httpx
from fastapi import FastAPI

from kawal.api import create_app
from kawal.client.complaints import Complaints
from kawal.console.app import routers
from kawal.console.auth.session_cookie import NAME
from kawal.console.auth.signed_in import HEADER
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from tests.console.staff.conftest import secure_client_of
from tests.matrix.expected import Person
from tests.matrix.reports import REGISTRAR
from tests.people import form_token, session_of

PEOPLE = (
    Person("agency_admin"),
    Person("agency_admin", "RIAU"),
    Person("liaison", opd="DISHUB"),
    Person("liaison", opd="DPUPR"),
    Person("liaison", "RIAU", opd="DISHUB"),
    Person("inspectorate"),
    Person("inspectorate", "RIAU"),
    Person("auditor"),
    Person("auditor", "RIAU"),
    Person("auditor", None),
    Person("leadership"),
    Person("leadership", "RIAU"),
    Person("national", None),
    Person("desk", name=REGISTRAR),
    Person("desk", name="Loket lain"),
    Person("desk", "RIAU"),
)

ALIKE = (Person("liaison", opd="DPUPR"), Person("auditor", None), Person("desk", name="Loket lain"))
"""Those of them who differ from somebody else of the same role in little."""


class Official(NamedTuple):
    """Somebody signed in."""

    person: Person
    actor: Actor
    http: httpx.AsyncClient
    token: str
    """Of the session's forms."""

    async def post(self, path: str, body: dict[str, Any] | None = None, agency: str | None = None) -> httpx.Response:
        """Send JSON, for an agency if one is named."""
        named = {} if agency is None else {"instansi": agency}
        return await self.http.post(f"/api/v1/{path}", json=body, params=named, headers={HEADER: self.token})


async def add_riau(pool: asyncpg.Pool) -> None:
    """Enter the other agency, which has a DISHUB of its own."""
    await pool.execute("insert into instansi (code, name) values ('RIAU', 'Riau')")
    await pool.execute("insert into opd (instansi, code, name) values ('RIAU', 'DISHUB', 'Dishub Riau')")


def unhurried_app(complaints: Complaints) -> FastAPI:
    """Return the application, of which one address may ask as often as it likes."""
    rates = dict.fromkeys(("http_public_rate", "http_token_rate", "http_pages_rate"), "100000/minute")
    return create_app(complaints, complaints.settings.model_copy(update=rates), routers())


@asynccontextmanager
async def signed_in_people(app: FastAPI) -> AsyncIterator[list[Official]]:
    """Sign in everybody of PEOPLE, in their order."""
    async with AsyncExitStack() as clients:
        browsers = [await clients.enter_async_context(secure_client_of(app)) for _ in PEOPLE]
        yield [await _signed_in(app.state.complaints, number, http) for number, http in enumerate(browsers)]


async def _signed_in(complaints: Complaints, number: int, http: httpx.AsyncClient) -> Official:
    person = PEOPLE[number]
    name = person.name if person.role == "desk" else f"Orang {number}"
    http.cookies.set(NAME, await session_of(complaints, Role(person.role), name, person.opd, person.agency))
    actor = Actor.model_validate((await http.get("/api/v1/me")).json())
    return Official(person, actor, http, await form_token(http))


def code_of(answer: httpx.Response) -> str | None:
    """Return the code with which a program is refused; None if it is not."""
    if answer.is_success:
        return None
    return str(answer.json()["type"]).removeprefix("urn:kawal:problem:")
