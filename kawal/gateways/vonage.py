"""Vonage's Messages API, for SMS and WhatsApp, and its status webhook, signed by a token.

https://developer.vonage.com/en/api/messages
https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kawal.domain.names import Channel
from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.shapes import (
    DeliveryReport,
    GatewayAnswer,
    GatewayRequest,
    OutgoingText,
    code_of,
    field,
    outcome_of,
)
from kawal.gateways.signing import REPLAY_WINDOW

_DELIVERED = {"delivered": True, "read": True, "rejected": False, "undeliverable": False}


def request_of(gateway: OutgoingGateway, message: OutgoingText) -> GatewayRequest:
    """Return the request; the reference goes along as `client_ref`, which the statuses repeat."""
    content: dict[str, Any] = {
        "channel": str(gateway.channel),
        "to": message.to.removeprefix("+"),
        "from": gateway.sender,
        "client_ref": message.reference,
    }
    if message.template is None:
        content |= {"message_type": "text", "text": message.words}
    else:
        used = message.template
        content |= {"message_type": "template", "template": {"name": used.name, "parameters": list(used.parameters)}}
        content["whatsapp"] = {"policy": "deterministic", "locale": used.language}
    if gateway.channel is Channel.SMS:
        content["sms"] = {"encoding_type": "auto"}
    known = base64.b64encode(f"{gateway.account}:{gateway.secret}".encode()).decode()
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Basic {known}"}
    return GatewayRequest(gateway.url, headers, json.dumps(content, ensure_ascii=False).encode())


def answer_of(status: int, content: object) -> GatewayAnswer:
    """Return what the answer means; the end of an error's `type` is its code (RFC 7807)."""
    kind = field(content, "type")
    code = code_of(kind.rstrip("/").rpartition("/")[2].rpartition("#")[2]) if isinstance(kind, str) else ""
    return GatewayAnswer(outcome_of(status), f"{status} {code}".strip())


def reports_are_signed(gateway: OutgoingGateway, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether a status comes from Vonage: its token (HS256) is recent and bears the body's digest."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    parts = token.split(".")
    if gateway.receipt_secret is None or kind.lower() != "bearer" or len(parts) != 3 or len(token) > 4096:
        return False
    signed = f"{parts[0]}.{parts[1]}".encode(errors="replace")
    right = hmac.digest(gateway.receipt_secret.encode(), signed, hashlib.sha256)
    claims = _part(parts[1])
    issued = claims.get("iat")
    return (
        _part(parts[0]).get("alg") == "HS256"
        and hmac.compare_digest(right, _decoded(parts[2]))
        and hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), str(claims.get("payload_hash")).encode())
        and isinstance(issued, int)
        and abs(now.timestamp() - issued) <= REPLAY_WINDOW.total_seconds()
    )


def reports_of(content: Mapping[str, Any]) -> list[DeliveryReport]:
    """Return the delivery report in a status."""
    reference, said = content.get("client_ref"), content.get("status")
    if not isinstance(reference, str) or not isinstance(said, str):
        return []
    return [DeliveryReport(reference, _DELIVERED.get(said), code_of(field(content, "error", "title")))]


def _part(text: str) -> dict[str, Any]:
    try:
        content = json.loads(_decoded(text))
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""
