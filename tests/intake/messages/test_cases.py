"""Messages that were refused, doubled or misread in practice: each case of `cases/` has its right value."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from kawal.domain.messages import Event
from kawal.domain.names import EventKind
from kawal.intake.messages.conversation import Conversation
from kawal.store.conversations import Conversations
from tests.intake.http.conftest import client_of
from tests.intake.messages.gateway_posts import post_form, say
from tests.workflows.life import Case, Office, eventually

CASES = Path(__file__).parent / "cases"


def case(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text())


async def count_of(office: Office, table: str = "inbox") -> int:
    pool: asyncpg.Pool = office.complaints.pool
    return int(await pool.fetchval(f"select count(*) from {table}"))  # noqa: S608 - our own names


async def recorded(office: Office, tracking_id: str, replies: int = 0) -> list[Event]:
    """Return the report's events once it is on record with that many replies."""

    async def whole() -> list[Event] | None:
        if await office.complaints.ledger.snapshot(tracking_id) is None:
            return None
        events = await office.complaints.history(tracking_id)
        return events if sum(event.kind is EventKind.REPLIED for event in events) >= replies else None

    return list(await eventually(whole))


async def only_number(office: Office) -> str:
    return str(await office.complaints.pool.fetchval("select tracking_id::text from inbox"))


def test_every_case_has_its_line_in_the_index() -> None:
    index = (CASES / "INDEX.md").read_text()
    assert [file.name for file in CASES.glob("*.json") if f"`{file.name}`" not in index] == []


async def test_twilios_spelling_of_a_whatsapp_number_is_a_sender(client: httpx.AsyncClient, office: Office) -> None:
    answer = await post_form(client, case("01-twilio-whatsapp-sender"))
    assert answer.status_code == 200
    number = await only_number(office)
    assert "<Message>" in answer.text
    assert number in answer.text
    (started, *_) = await recorded(office, number)
    assert started.words["reporter"]["phone"] == "+62812000777"


async def test_a_photo_without_words_is_a_report_that_says_so(client: httpx.AsyncClient, office: Office) -> None:
    answer = await post_form(client, case("02-twilio-photo-only"))
    assert answer.status_code == 200
    number = await only_number(office)
    started, *later = await recorded(office, number, replies=1)
    assert started.words["title"] == "Foto tanpa keterangan"
    assert started.words["text"] == "Foto tanpa keterangan\n\nLampiran di gateway: image/jpeg"
    (reply,) = [event for event in later if event.kind is EventKind.REPLIED]
    assert reply.words["text"] == "Lampiran di gateway: https://api.example.com/x (image/jpeg)"


async def test_one_number_in_three_spellings_is_one_sender(client: httpx.AsyncClient, office: Office) -> None:
    told: list[dict[str, Any]] = []
    for one in case("04-one-number-two-spellings"):
        text = one["body"].replace("NUMBER", told[0]["tracking_id"] if told else "")
        answer = await say(client, text, one["from"], one["id"], one["gateway"])
        told.append(answer.json())
    assert [one["kind"] for one in told] == ["report", "reply", "reply"]
    assert len({one["tracking_id"] for one in told}) == 1
    events = await recorded(office, told[0]["tracking_id"], replies=2)
    assert [event.words["text"] for event in events if event.kind is EventKind.REPLIED] == [
        "Tiang nomor 12",
        "tiang nomor 12",
    ]


async def test_four_parts_sent_at_once_are_one_report_and_three_replies(
    app: FastAPI, client: httpx.AsyncClient, office: Office
) -> None:
    # Another process: what it knows in its own memory is not known here.
    system = office.complaints.system
    there = Conversation(app.state.intake, Conversations(system.pool, system.keys))
    other = FastAPI()
    other.router, other.exception_handlers = app.router, app.exception_handlers
    other.state._state.update(app.state._state | {"conversation": there})
    async with client_of(other) as second:
        clients = [client, second, client, second]
        sent = [
            say(one, part["body"], part["from"], part["id"])
            for one, part in zip(clients, case("05-four-at-once"), strict=True)
        ]
        told = [answer.json() for answer in await asyncio.gather(*sent)]
    assert sorted(one["kind"] for one in told) == ["reply", "reply", "reply", "report"]
    assert await count_of(office) == 1
    events = await recorded(office, await only_number(office), replies=3)
    said = {event.words["text"] for event in events if event.kind in (EventKind.STARTED, EventKind.REPLIED)}
    assert said == {part["body"] for part in case("05-four-at-once")}


@pytest.mark.parametrize("place", range(4))
async def test_anonim_in_each_of_its_spellings_hides_the_sender(
    client: httpx.AsyncClient, office: Office, place: int
) -> None:
    text = case("06-anonim-variants")[place]["body"]
    number = (await say(client, text)).json()["tracking_id"]
    await recorded(office, number)
    row = await Case(office, number).row()
    assert row.anonim


async def test_words_that_are_no_complaint_begin_none_and_are_answered(
    client: httpx.AsyncClient, office: Office
) -> None:
    for place, sent in enumerate(case("07-stop-words")):
        answer = (await say(client, sent["body"], f"0812-0000-01{place:02}")).json()
        assert (answer["kind"], answer["new"]) == ("ignored", False), sent
        assert "tracking_id" not in answer
        assert "tuliskan apa yang terjadi" in answer["answer"]
    assert (await count_of(office), await count_of(office, "conversation")) == (0, 0)
