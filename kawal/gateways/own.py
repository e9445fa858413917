"""A gateway program of one's own: JSON, signed in both directions (docs/outgoing-messages.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
from kawal.gateways.signing import is_signed, signature_headers

_DELIVERED = {"delivered": True, "read": True, "failed": False}


def request_of(gateway: OutgoingGateway, message: OutgoingText, now: datetime) -> GatewayRequest:
    """Return the signed request; sent again it has the same id, by which the program sends the message once."""
    content: dict[str, Any] = {"id": message.reference, "channel": str(gateway.channel), "to": message.to}
    if message.template is None:
        content["text"] = message.words
    else:
        content["template"] = message.template._asdict()
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": message.reference}
    return GatewayRequest(gateway.url, headers | signature_headers(gateway.secret, body, now), body)


def answer_of(status: int, content: object) -> GatewayAnswer:
    """Return what the program's answer means; a `code` in its JSON is shown."""
    return GatewayAnswer(outcome_of(status), f"{status} {code_of(field(content, 'code'))}".strip())


def reports_are_signed(gateway: OutgoingGateway, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether a delivery report comes from the program."""
    return is_signed(gateway.secret, headers, body, now)


def reports_of(content: Mapping[str, Any]) -> list[DeliveryReport]:
    """Return the delivery report in a post."""
    said = content.get("status")
    if not isinstance(said, str) or not isinstance(content.get("id"), str):
        return []
    return [DeliveryReport(content["id"], _DELIVERED.get(said), code_of(content.get("code")))]
