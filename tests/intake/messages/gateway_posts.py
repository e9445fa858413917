"""What gateways post, signed as each of them signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx

SECRET = "rahasia-gateway-0123456789"  # noqa: S105 - of these tests alone
VERIFY_TOKEN = "tanda-kenal-0123"  # noqa: S105 - of these tests alone
URL = "https://lapor.example.org/webhooks/twilio"
GATEWAYS = f"""
[[gateway]]
name = "wa"
secret = "{SECRET}"
channel = "whatsapp"
fields = {{ sender = "from", text = "body", message_id = "id" }}

[[gateway]]
name = "sms"
secret = "{SECRET}"
channel = "sms"
fields = {{ sender = "from", text = "body", message_id = "id" }}

[[gateway]]
name = "twilio"
secret = "{SECRET}"
channel = "sms"
scheme = "twilio"
public_url = "{URL}"

[[gateway]]
name = "meta"
secret = "{SECRET}"
channel = "whatsapp"
scheme = "meta"
verify_token = "{VERIFY_TOKEN}"
"""
NUMBER = "+62 812-0000-0001"


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    signature = hmac.digest(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hex()
    return {
        "Content-Type": "application/json",
        "X-Kawal-Timestamp": stamp,
        "X-Kawal-Signature": f"sha256={signature}",
    }


async def say(
    client: httpx.AsyncClient, text: str, number: str = NUMBER, message_id: str = "", gateway: str = "wa", **more: Any
) -> httpx.Response:
    content = {"from": number, "body": text, "id": message_id or f"m{time.monotonic_ns()}", **more}
    body = json.dumps(content).encode()
    return await client.post(f"/webhooks/{gateway}", content=body, headers=signed(body))


def signed_as_twilio(form: dict[str, str]) -> dict[str, str]:
    text = URL + "".join(f"{name}{form[name]}" for name in sorted(form))
    signature = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), hashlib.sha1)).decode()
    return {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}


async def post_form(
    client: httpx.AsyncClient, form: dict[str, str], signed_form: dict[str, str] | None = None
) -> httpx.Response:
    """Post a form to Twilio's webhook, with the signature of another one if one is given."""
    return await client.post("/webhooks/twilio", content=urlencode(form), headers=signed_as_twilio(signed_form or form))


def signed_as_meta(body: bytes) -> dict[str, str]:
    signature = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


async def post_to_meta(client: httpx.AsyncClient, value: dict[str, Any]) -> httpx.Response:
    """Post a change as WhatsApp's Cloud API does."""
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", **value}}
    content = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    body = json.dumps(content).encode()
    return await client.post("/webhooks/meta", content=body, headers=signed_as_meta(body))
