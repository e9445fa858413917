"""Twilio's Messages resource, for SMS and WhatsApp, and its status callbacks.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from kawal.domain.names import Channel
from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.shapes import (
    DeliveryReport,
    GatewayAnswer,
    GatewayRequest,
    Outcome,
    OutgoingText,
    code_of,
    field,
    outcome_of,
)

_DELIVERED = {"delivered": True, "read": True, "undelivered": False, "failed": False}
_SERVICE = "MG"
"""How the identifier of a messaging service begins."""


def request_of(gateway: OutgoingGateway, message: OutgoingText) -> GatewayRequest:
    """Return the request; its status callback bears the message's reference, which Twilio's own fields do not."""
    sender = gateway.sender or ""
    form = {
        "To": _address(gateway, message.to),
        **({"MessagingServiceSid": sender} if sender.startswith(_SERVICE) else {"From": _address(gateway, sender)}),
        "StatusCallback": callback_url(gateway, message.reference),
    }
    if message.template is None:
        form["Body"] = message.words
    else:
        form["ContentSid"] = message.template.name
        filled = {str(place): text for place, text in enumerate(message.template.parameters, 1)}
        form["ContentVariables"] = json.dumps(filled, ensure_ascii=False)
    known = base64.b64encode(f"{gateway.account}:{gateway.secret}".encode()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": f"Basic {known}"}
    return GatewayRequest(gateway.url, headers, urlencode(form).encode())


def callback_url(gateway: OutgoingGateway, reference: str) -> str:
    """Return the address to which Twilio reports on one message."""
    return f"{gateway.receipts_url}?reference={reference}"


def answer_of(status: int, content: object) -> GatewayAnswer:
    """Return what the answer means; an error bears Twilio's code."""
    outcome = outcome_of(status)
    if outcome is Outcome.ACCEPTED and field(content, "status") in ("failed", "undelivered", "canceled"):
        return GatewayAnswer(Outcome.REFUSED, code_of(field(content, "error_code")) or str(status))
    return GatewayAnswer(outcome, f"{status} {code_of(field(content, 'code'))}".strip())


def reports_are_signed(
    gateway: OutgoingGateway, headers: Mapping[str, str], form: Mapping[str, str], reference: str
) -> bool:
    """Return whether a status callback comes from Twilio: it signs the address and the form's fields in order."""
    signed = callback_url(gateway, reference) + "".join(f"{name}{form[name]}" for name in sorted(form))
    right = base64.b64encode(hmac.digest(gateway.secret.encode(), signed.encode(errors="replace"), hashlib.sha1))
    given = headers.get("x-twilio-signature", "")
    return bool(form) and hmac.compare_digest(right, given.encode(errors="replace"))


def reports_of(form: Mapping[str, str], reference: str) -> list[DeliveryReport]:
    """Return the delivery report in a status callback."""
    said = form.get("MessageStatus", "")
    return [DeliveryReport(reference, _DELIVERED.get(said), code_of(form.get("ErrorCode", "")))] if said else []


def _address(gateway: OutgoingGateway, number: str) -> str:
    plain = number.removeprefix("whatsapp:")
    return f"whatsapp:{plain}" if gateway.channel is Channel.WHATSAPP else plain
