"""Delivery reports and answers over HTTP: signed, repeated at will, and told to nobody else."""

from __future__ import annotations

import base64
import hmac
import json
import time
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from temporalio.testing import ActivityEnvironment

from activities.messages import MessageActivities
from kawal.api import create_app
from kawal.base.errors import SystemUnavailable
from kawal.gateways.outgoing import FILE, outgoing_gateways_of
from kawal.intake.messages import gateways
from kawal.store.message_media import MediumStatus
from kawal.store.outgoing_messages import OutgoingMessages, OutgoingStatus
from tests.gateways.stand_in import SECRET, stand_in_gateway
from tests.gateways.test_shapes import vonages_token
from tests.intake.messages.gateway_posts import GATEWAYS, post_to_meta, say, signed
from tests.workflows.life import Office

CALLBACK = "https://lapor.example.org/webhooks/tw/receipts"
OUTGOING = f"""
[[gateway]]
name = "sms"
channel = "sms"
url = "https://gateway.example/messages"
secret = "{SECRET}"
media_hosts = ["files.gateway.example"]

[[gateway]]
name = "tw"
shape = "twilio"
channel = "sms"
url = "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json"
secret = "{SECRET}"
account = "AC0"
sender = "+6221500000"
receipts_url = "{CALLBACK}"

[[gateway]]
name = "vonage"
shape = "vonage"
channel = "sms"
url = "https://api.nexmo.com/v1/messages"
secret = "{SECRET}"
receipt_secret = "{SECRET}"
account = "abcd1234"
sender = "LAPOR"

[[gateway]]
name = "meta"
shape = "meta"
channel = "whatsapp"
url = "https://graph.facebook.com/v21.0/1234/messages"
secret = "{SECRET}"
"""


@pytest.fixture
async def app(office: Office) -> FastAPI:
    home = office.complaints.settings.home
    for name, content in ((gateways.FILE, GATEWAYS), (FILE, OUTGOING)):
        (home / name).touch(mode=0o600)
        (home / name).write_text(content)
    return create_app(office.complaints, office.complaints.settings)


@pytest.fixture
def messages(office: Office) -> OutgoingMessages:
    return office.complaints.system.outgoing_messages


async def put(office: Office, gateway: str) -> str:
    """Put a message that a gateway has taken; return its reference."""
    messages = office.complaints.system.outgoing_messages
    number = await messages.put(None, to="+6281200000001", kind="link", words="tautan")
    assert number is not None
    await messages.mark_accepted(number, gateway, "+6281200000001")
    reference = await office.complaints.system.pool.fetchval(
        "select reference from outgoing_message where id = $1", number
    )
    return str(reference.hex)


async def report(client: httpx.AsyncClient, gateway: str, reference: str, status: str) -> httpx.Response:
    """Report on a message as its gateway does."""
    address = f"/webhooks/{gateway}/receipts"
    if gateway == "tw":
        form = {"MessageSid": "SM0", "MessageStatus": status}
        text = f"{CALLBACK}?reference={reference}MessageSidSM0MessageStatus{status}"
        signature = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), sha1)).decode()
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return await client.post(address, params={"reference": reference}, content=urlencode(form), headers=headers)
    if gateway == "meta":
        return await post_to_meta(client, {"statuses": [{"status": status, "biz_opaque_callback_data": reference}]})
    if gateway == "vonage":
        body = json.dumps({"client_ref": reference, "status": status}).encode()
        return await client.post(address, content=body, headers=vonages_token(body, SECRET, at=datetime.now(UTC)))
    body = json.dumps({"id": reference, "status": status}).encode()
    return await client.post(address, content=body, headers=signed(body, secret=SECRET))


@pytest.mark.parametrize("gateway", ["sms", "tw", "vonage", "meta"])
async def test_each_gateway_reports_in_its_own_way_and_as_often_as_it_likes(
    office: Office, client: httpx.AsyncClient, messages: OutgoingMessages, gateway: str
) -> None:
    reference = await put(office, gateway)
    for status, stands in (("sent", "accepted"), ("delivered", "delivered"), ("delivered", "delivered")):
        answer = await report(client, gateway, reference, status)
        assert answer.status_code in (200, 204)
        (line,) = await messages.lines()
        assert line.status == stands
    assert line.status is OutgoingStatus.DELIVERED


async def test_only_the_gateway_itself_is_believed(
    office: Office, client: httpx.AsyncClient, messages: OutgoingMessages
) -> None:
    reference = await put(office, "sms")
    body = json.dumps({"id": reference, "status": "delivered"}).encode()
    for gateway, headers in (
        ("sms", {}),
        ("sms", signed(body, secret="another-secret-0123456789")),
        ("sms", signed(body, at=time.time() - 600, secret=SECRET)),
        ("unknown", signed(body, secret=SECRET)),
        ("meta", signed(body, secret=SECRET)),
    ):
        answer = await client.post(f"/webhooks/{gateway}/receipts", content=body, headers=headers)
        assert answer.status_code == 401
    await report(client, "tw", reference, "delivered")  # signed by another gateway than the one that took it
    assert [line.status for line in await messages.lines()] == [OutgoingStatus.ACCEPTED]
    assert (await report(client, "sms", "0" * 32, "delivered")).status_code == 204
    bad = b"[1]"
    answer = await client.post("/webhooks/sms/receipts", content=bad, headers=signed(bad, secret=SECRET))
    assert answer.status_code == 422


async def test_a_message_by_meta_is_answered_by_a_message_once(
    office: Office, client: httpx.AsyncClient, messages: OutgoingMessages
) -> None:
    value: dict[str, Any] = {
        "messages": [{"from": "6281200000001", "id": "wamid.1", "type": "text", "text": {"body": "Jalan rusak parah"}}]
    }
    async with stand_in_gateway() as gateway:
        for _ in range(2):
            assert (await post_to_meta(client, value)).status_code == 200
        outgoing = outgoing_gateways_of(office.complaints.settings.home)["meta"].model_copy(
            update={"url": gateway.url, "shape": "kawal"}
        )
        step = MessageActivities(messages, [outgoing], lambda: datetime(2022, 3, 8, 18, tzinfo=UTC))
        done = await ActivityEnvironment().run(step.deliver_messages)
    assert done.underway == 1
    ((_, sent),) = gateway.taken.items()
    (line,) = await messages.lines()
    assert sent["to"] == "+6281200000001"
    assert str(line.tracking_id) in sent["text"]


async def test_files_of_a_message_are_put_down_to_be_fetched_and_nothing_waits_for_them(
    office: Office, client: httpx.AsyncClient
) -> None:
    more = {"media_url": "https://files.gateway.example/1", "media_type": "image/jpeg"}
    first = (await say(client, "Jalan rusak parah", gateway="sms", **more)).json()
    again = (await say(client, "Ini fotonya", gateway="sms", **more)).json()
    lines = await office.complaints.system.message_media.lines()
    assert [line.tracking_id for line in lines] == [first["tracking_id"], again["tracking_id"]]
    assert {line.status for line in lines} == {MediumStatus.PENDING}
    assert again.get("answer") is None
    unfetched = (await say(client, "Lampu padam", "0812-0000-0009", gateway="wa", **more)).json()
    assert "tidak dapat diambil dari sini" in unfetched["answer"]
    assert len(await office.complaints.system.message_media.lines()) == 2


@pytest.mark.parametrize(("content", "mode"), [(OUTGOING, 0o644), ("[[gateway]]\nname = 'x'", 0o600), ("=", 0o600)])
def test_a_file_that_others_may_read_or_that_is_wrong_is_refused_without_repeating_it(
    tmp_path: Any, content: str, mode: int
) -> None:
    (tmp_path / FILE).write_text(content)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(SystemUnavailable) as refused:
        outgoing_gateways_of(tmp_path)
    assert SECRET not in str(refused.value)
