"""Whatever is unavailable, each channel says "try again" in its own form, accepts nothing, and later accepts once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from benchmarks.letters import dialogue
from kawal.api import create_app
from kawal.base.errors import SystemUnavailable
from kawal.domain.messages import Report
from kawal.domain.names import Role
from kawal.intake.mail.listener import LetterBox, listening
from kawal.intake.messages.gateways import FILE
from kawal.store.group_commit import GroupCommit, InboxRow
from kawal.store.tokens import Tokens
from tests.base.outages import ALL, INNER
from tests.intake.http.conftest import REPORT, client_of
from tests.intake.mail.test_letter import letter
from tests.intake.mail.test_listener import ADDRESS, letter_attachments
from tests.intake.messages.gateway_posts import GATEWAYS, signed
from tests.intake.open311.conftest import FORM, V2
from tests.workflows.life import Office

Sending = Callable[[], Awaitable[str]]
"""Sends one report, always the same, and returns "taken", or "try again", or what else was answered."""


class Broken:
    """The last step before the commit, of every channel: it raises what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fault: Exception | None = None
        insert = GroupCommit.insert

        async def inserted(gathering: GroupCommit, row: InboxRow) -> int:
            if self.fault is not None:
                raise self.fault
            return await insert(gathering, row)

        monkeypatch.setattr(GroupCommit, "insert", inserted)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch)


@pytest.fixture
async def client(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    file = office.complaints.settings.home / FILE
    file.touch(mode=0o600)
    file.write_text(GATEWAYS)
    rates = {"http_public_rate": "100000/minute", "http_token_rate": "100000/minute"}
    async with client_of(create_app(office.complaints, office.complaints.settings.model_copy(update=rates))) as opened:
        yield opened


def heard(answer: httpx.Response) -> str:
    assert INNER not in answer.text
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0
        return "try again"
    return "taken" if answer.status_code in (200, 201) else answer.text


async def by_http(client: httpx.AsyncClient) -> str:
    return heard(await client.post("/api/v1/reports", json=REPORT, headers={"Idempotency-Key": "k"}))


async def by_open311(client: httpx.AsyncClient, key: str) -> str:
    form = {"api_key": key} | FORM | {"attribute[external_id]": "7"}
    return heard(await client.post(f"{V2}/requests.json", data=form))


async def by_message(client: httpx.AsyncClient) -> str:
    body = json.dumps({"from": "+62 812-0000-0001", "body": "Jalan berlubang di depan pasar", "id": "m1"}).encode()
    return heard(await client.post("/webhooks/wa", content=body, headers=signed(body)))


async def by_letter(port: int) -> str:
    said = await asyncio.to_thread(dialogue, port, bytes(letter()).replace(b"\n", b"\r\n"))
    assert INNER not in said
    return "taken" if said.startswith("250 ") else "try again" if said.startswith("451 ") else said


async def by_the_python_client(office: Office) -> str:
    adapter = await office.complaints.actor(Role.ADAPTER, "gerbang", instansi="KEPRI")
    report = Report(title=REPORT["title"], text=REPORT["text"], channel="web")
    try:
        await office.complaints.start(report, adapter, idempotency_key="k", instansi="KEPRI")
    except SystemUnavailable as error:
        return "try again" if INNER not in str(error) else str(error)
    return "taken"


async def tried(office: Office, broken: Broken, send: Sending) -> None:
    """Try every outage in turn, nothing being accepted; then send the same twice, accepted once."""
    for fault in ALL:
        broken.fault = fault
        assert (await send(), type(fault)) == ("try again", type(fault))
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 0
    broken.fault = None
    assert [await send(), await send()] == ["taken", "taken"]
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 1


async def test_http(office: Office, broken: Broken, client: httpx.AsyncClient) -> None:
    await tried(office, broken, lambda: by_http(client))


async def test_open311(office: Office, broken: Broken, client: httpx.AsyncClient) -> None:
    _, key = await Tokens(office.complaints.pool).create("fixmystreet", "open311", "KEPRI")
    await tried(office, broken, lambda: by_open311(client, key))


async def test_messages(office: Office, broken: Broken, client: httpx.AsyncClient) -> None:
    await tried(office, broken, lambda: by_message(client))


async def test_letters(office: Office, broken: Broken) -> None:
    box = LetterBox(office.complaints, letter_attachments(office), {"": ADDRESS})
    async with listening(box, "127.0.0.1", 0) as port:
        await tried(office, broken, lambda: by_letter(port))


async def test_the_python_client(office: Office, broken: Broken) -> None:
    await tried(office, broken, lambda: by_the_python_client(office))
