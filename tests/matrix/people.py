"""The officials of the matrix: one of each role in one agency, and those of another who do the same there."""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI

from kawal.client.complaints import Complaints
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


async def signed_in(app: FastAPI, complaints: Complaints, number: int) -> Official:
    """Sign in somebody of PEOPLE, by their number."""
    person, client = PEOPLE[number], secure_client_of(app)
    name = person.name if person.role == "desk" else f"Orang {number}"
    client.cookies.set(NAME, await session_of(complaints, Role(person.role), name, person.opd, person.agency))
    actor = Actor.model_validate((await client.get("/api/v1/me")).json())
    return Official(person, actor, client, await form_token(client))


def code_of(answer: httpx.Response) -> str | None:
    """Return the code with which a program is refused; None if it is not."""
    if answer.is_success:
        return None
    return str(answer.json()["type"]).removeprefix("urn:kawal:problem:")
