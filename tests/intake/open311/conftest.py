"""An Open311 client's side: a key of its own, and the answers parsed as a client parses them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI

from kawal.intake.open311.services import service_code
from kawal.store.tokens import Tokens
from tests.intake.http.conftest import app, client_of
from tests.workflows.life import CATEGORY, Case, Office

__all__ = ["app"]

V2 = "/open311/v2"
POTHOLE = service_code(CATEGORY)
FORM = {
    "service_code": POTHOLE,
    "lat": "0.9186",
    "long": "104.4665",
    "address_string": "Jalan Bintan, Tanjungpinang",
    "email": "siti@example.org",
    "first_name": "Siti",
    "last_name": "Aminah",
    "phone": "+62 812 3456 7890",
    "description": "Lubang besar di depan pasar.\n\nMotor sering jatuh.",
}


class Sender:
    """A system that uses Open311 with Kawal; it keeps every answer that it received."""

    def __init__(self, client: httpx.AsyncClient, office: Office, key: str) -> None:
        self.client = client
        self.office = office
        self.key = key
        self.answers: list[httpx.Response] = []

    async def get(self, path: str, **arguments: str) -> httpx.Response:
        return self._kept(await self.client.get(path if path.startswith("/") else f"{V2}/{path}", params=arguments))

    async def post(self, path: str, form: dict[str, Any]) -> httpx.Response:
        given = {name: value for name, value in ({"api_key": self.key} | form).items() if value is not None}
        return self._kept(await self.client.post(f"{V2}/{path}", data=given))

    async def submit(self, **changed: Any) -> str:
        """Send a report and return its number."""
        response = await self.post("requests.json", FORM | changed)
        assert response.status_code in (200, 201), response.text
        return str(response.json()[0]["service_request_id"])

    async def case(self, tracking_id: str) -> Case:
        """Return the complaint, once it is recorded, for the people who act on it."""
        complaints = self.office.complaints
        async with asyncio.timeout(30):
            while await complaints.ledger.snapshot(tracking_id) is None:  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.02)
        return Case(self.office, tracking_id)

    def _kept(self, response: httpx.Response) -> httpx.Response:
        self.answers.append(response)
        return response


@pytest.fixture
async def tokens(office: Office) -> Tokens:
    return Tokens(office.complaints.pool)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


@pytest.fixture
async def sender(client: httpx.AsyncClient, office: Office, tokens: Tokens) -> Sender:
    _, key = await tokens.create("fixmystreet", "open311", "KEPRI")
    return Sender(client, office, key)


def xml(response: httpx.Response, root: str) -> ElementTree.Element:
    """Return the root element of an answer in XML, which must have that name."""
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    assert response.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    element = ElementTree.fromstring(response.content.decode("utf-8"))  # noqa: S314 - our own answer
    assert element.tag == root
    return element


def row(element: ElementTree.Element) -> dict[str, str | None]:
    """Return an element's children by name; each occurs once."""
    found = {child.tag: child.text for child in element}
    assert len(found) == len(element)
    return found
