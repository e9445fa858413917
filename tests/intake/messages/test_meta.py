"""WhatsApp's Cloud API by Meta: its posts, several messages at once, and how it verifies the webhook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.api import create_app
from kawal.domain.message_rules import Form, whatsapp_form
from kawal.intake.messages.meta import messages_of
from tests.intake.http.conftest import client_of
from tests.intake.messages.gateway_posts import VERIFY_TOKEN, post_to_meta, signed_as_meta
from tests.intake.messages.test_cases import count_of, recorded
from tests.workflows.life import Office

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["entry", "changes", "value", "messages", "contacts", "from", "id", "text", "body", "image",
                             "location", "latitude", "longitude", "name", "interactive", "list_reply", "title"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)  # fmt: skip


def message(
    kind: str, content: dict[str, Any] | list[Any] | None = None, number: str = "6281200000001", **more: Any
) -> dict[str, Any]:
    about = {"from": number, "id": f"wamid.{kind}.{number}", "timestamp": "1669000000", "type": kind}
    return about | ({} if content is None else {kind: content}) | more


@pytest.mark.parametrize(
    ("sent", "words", "files"),
    [
        (message("text", {"body": "Jalan rusak"}), "Jalan rusak", []),
        (message("image", {"id": "9", "mime_type": "image/jpeg", "sha256": "x", "caption": "Lubang"}), "Lubang",
         ["id 9 (image/jpeg)"]),
        (message("document", {"id": "9", "mime_type": "application/pdf", "filename": "surat.pdf"}), "",
         ["id 9 (application/pdf) surat.pdf"]),
        (message("audio", {"id": "9", "mime_type": "audio/ogg; codecs=opus", "voice": True}), "",
         ["id 9 (audio/ogg; codecs=opus)"]),
        (message("video", {"id": "9"}), "", ["id 9 (video/*)"]),
        (message("sticker", {"id": "9", "mime_type": "image/webp"}), "", ["id 9 (image/webp)"]),
        (message("button", {"text": "Ya", "payload": "p"}), "Ya", []),
        (message("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Jalan"}}), "Jalan", []),
        (message("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Air"}}), "Air", []),
        (message("reaction", {"message_id": "wamid.x", "emoji": "👍"}), "👍", []),
        (message("contacts", [{"name": {"formatted_name": "Pak Lurah"}, "phones": [{"phone": "+62 812"}, {}]}]),
         "Pak Lurah +62 812", []),
        (message("unsupported", errors=[{"code": 131051}]), "", []),
    ],
)  # fmt: skip
def test_each_kind_of_message_is_read(sent: dict[str, Any], words: str, files: list[str]) -> None:
    contacts = [{"profile": {"name": "Siti"}, "wa_id": "6281200000001"}]
    value = {"contacts": contacts, "messages": [sent]}
    (read,) = messages_of({"entry": [{"changes": [{"value": value}]}]})
    assert (read.text, [str(one) for one in read.media], read.name) == (words, files, "Siti")


def test_a_location_is_a_place() -> None:
    where = {"latitude": 0.9, "longitude": 104.4, "name": "Pasar", "address": "Jalan Merdeka"}
    (read,) = messages_of({"entry": [{"changes": [{"value": {"messages": [message("location", where)]}}]}]})
    assert read.place is not None
    assert (read.place.latitude, read.place.longitude, read.place.text) == (0.9, 104.4, "Pasar, Jalan Merdeka")


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ("1669000000", datetime(2022, 11, 21, 3, 6, 40, tzinfo=UTC)),
        (1669000000, datetime(2022, 11, 21, 3, 6, 40, tzinfo=UTC)),
        *((faulty, None) for faulty in ("", "kemarin", "1e9", 10**30, -(10**30), None, True, [1])),
    ],
)
def test_it_was_written_when_whatsapp_says_and_otherwise_nobody_knows(told: Any, at: datetime | None) -> None:
    sent = message("text", {"body": "Jalan rusak"}, timestamp=told)
    (read,) = messages_of({"entry": [{"changes": [{"value": {"messages": [sent]}}]}]})
    assert read.written_at == at


@pytest.mark.parametrize(("late", "inside"), [(timedelta(hours=1), True), (timedelta(hours=25), False)])
async def test_a_message_that_comes_late_opens_the_window_only_from_when_it_was_written(
    client: httpx.AsyncClient, office: Office, late: timedelta, inside: bool
) -> None:
    written = datetime.now(UTC) - late
    sent = message("text", {"body": "Jalan rusak"}, timestamp=str(int(written.timestamp())))
    assert (await post_to_meta(client, {"messages": [sent]})).status_code == 200
    last = await office.complaints.system.outgoing_messages.last_written("meta", sent["from"])
    assert last == written.replace(microsecond=0)
    assert (whatsapp_form(datetime.now(UTC), last) is Form.WORDS) is inside


@given(JSON)
def test_whatever_is_posted_is_read_or_passed_over(content: Any) -> None:
    for one in messages_of({"entry": [{"changes": [{"value": {"messages": content}}]}, content]}):
        assert one.sender.strip()
        assert one.identity


async def test_several_messages_in_one_post_are_each_taken_once(client: httpx.AsyncClient, office: Office) -> None:
    sent = [
        message("text", {"body": "Jalan rusak"}),
        message("image", {"id": "9", "mime_type": "image/jpeg"}),
        message("text", {"body": "Air mati"}, "6281200000002"),
        message("text", {"body": "ok"}, "6281200000003"),
        message("sticker", {"id": "9", "mime_type": "image/webp"}, "6281200000004"),
    ]
    answers = [await post_to_meta(client, {"messages": sent}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    told = answers[0].json()["messages"]
    assert [one["kind"] for one in told] == ["report", "reply", "report", "ignored", "ignored"]
    assert all(not {"secret", "answer"} & set(one) for one in told)
    assert await count_of(office) == 2
    (started, *_) = await recorded(office, told[0]["tracking_id"], 1)
    assert started.words["reporter"]["phone"] == "+6281200000001"


async def test_news_of_messages_that_were_sent_begins_nothing(client: httpx.AsyncClient, office: Office) -> None:
    news = {"statuses": [{"id": "wamid.x", "status": "read", "recipient_id": "6281200000001"}]}
    answer = await post_to_meta(client, news)
    assert (answer.status_code, answer.json()) == (200, {"messages": []})
    assert await count_of(office) == 0


async def test_a_signed_body_that_could_mean_either_or_nothing_is_refused(client: httpx.AsyncClient) -> None:
    for body in (b"[]", b"{", b'{"entry": [], "entry": []}', b'{"entry": [{"id": 1, "id": 2}]}', b"[" * 100_000):
        answer = await client.post("/webhooks/meta", content=body, headers=signed_as_meta(body))
        assert answer.status_code == 422, body[:40]
        forged = await client.post("/webhooks/meta", content=body + b" ", headers=signed_as_meta(body))
        assert forged.status_code == 401, body[:40]


async def test_who_knows_the_token_is_answered_with_the_challenge(client: httpx.AsyncClient) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = await client.get("/webhooks/meta", params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in ({"hub.mode": "x"}, {"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.challenge": "<b>"}):
        assert (await client.get("/webhooks/meta", params=asked | wrong)).status_code == 401
    assert (await client.get("/webhooks/wa", params=asked)).status_code == 401
    assert (await client.get("/webhooks/lain", params=asked)).status_code == 401


@pytest.mark.usefixtures("app")
async def test_who_signs_nothing_may_call_only_so_often(office: Office) -> None:
    settings = office.complaints.settings.model_copy(
        update={"http_public_rate": "3/minute", "http_token_rate": "2/minute"}
    )
    async with client_of(create_app(office.complaints, settings)) as client:
        answers = [await client.post("/webhooks/meta", content=b"{}") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert (await client.get("/webhooks/meta")).status_code == 429
        # A gateway has a limit of its own.
        signed = [await post_to_meta(client, {"messages": []}) for _ in range(3)]
        assert [answer.status_code for answer in signed] == [200, 200, 429]


async def test_a_post_that_grows_too_large_is_refused_while_it_arrives(client: httpx.AsyncClient) -> None:
    answer = await client.post("/webhooks/meta", content=b" " * 300_000)
    assert answer.status_code == 413
