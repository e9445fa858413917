"""WhatsApp's Cloud API by Meta: messages, templates, and the statuses in its posts to the incoming webhook.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.shapes import (
    DeliveryReport,
    GatewayAnswer,
    GatewayRequest,
    Outcome,
    OutgoingText,
    TemplateUse,
    code_of,
    field,
    outcome_of,
)

_DELIVERED = {"delivered": True, "read": True, "failed": False}
_TRY_AGAIN = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004})
"""Error codes that its documentation says to try again: load and rate limits, service away, maintenance."""


def request_of(gateway: OutgoingGateway, message: OutgoingText) -> GatewayRequest:
    """Return the request; the reference goes along as data of ours, which the statuses repeat."""
    content: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.removeprefix("+"),
        "biz_opaque_callback_data": message.reference,
    }
    if message.template is None:
        content |= {"type": "text", "text": {"preview_url": False, "body": message.words}}
    else:
        content |= {"type": "template", "template": _template(message.template)}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {gateway.secret}"}
    return GatewayRequest(gateway.url, headers, json.dumps(content, ensure_ascii=False).encode())


def _template(used: TemplateUse) -> dict[str, Any]:
    # A parameter with a line break or five spaces in a row is refused.
    texts = [" ".join(text.split()) or "-" for text in used.parameters]
    body = {"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}
    return {"name": used.name, "language": {"code": used.language}, "components": [body] if texts else []}


def answer_of(status: int, content: object) -> GatewayAnswer:
    """Return what the answer means: its errors bear a code of their own, whatever the status."""
    code = field(content, "error", "code")
    outcome = outcome_of(status)
    if outcome is Outcome.REFUSED and isinstance(code, int) and code in _TRY_AGAIN:
        outcome = Outcome.POSTPONED
    return GatewayAnswer(outcome, f"{status} {code_of(code)}".strip())


def reports_of(content: Mapping[str, Any]) -> list[DeliveryReport]:
    """Return the statuses of messages of ours in a post; those sent by other programs bear no reference."""
    return [
        DeliveryReport(reference, _DELIVERED.get(str(one.get("status"))), _error(one))
        for entry in _objects(content.get("entry"))
        for change in _objects(entry.get("changes"))
        for one in _objects(field(change, "value", "statuses"))
        if isinstance(reference := one.get("biz_opaque_callback_data"), str)
    ]


def _error(status: Mapping[str, Any]) -> str:
    return next((code_of(one.get("code")) for one in _objects(status.get("errors"))), "")


def _objects(given: object) -> Iterator[dict[str, Any]]:
    yield from (one for one in given if isinstance(one, dict)) if isinstance(given, list) else ()
