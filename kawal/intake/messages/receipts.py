"""`/webhooks/{gateway}/receipts`: what providers report of messages that they have taken (docs/outgoing-messages.md).

Meta reports by the incoming webhook, among the messages; `kawal.intake.messages.routes` passes that on to `note`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kawal.domain.msgids import msgid
from kawal.gateways import own, twilio, vonage
from kawal.gateways.outgoing import OutgoingGateway, Shape
from kawal.gateways.shapes import DeliveryReport
from kawal.intake.messages.parser import form_of, object_of
from kawal.store.outgoing_messages import OutgoingMessages
from kawal.web.callers import address_of
from kawal.web.problems import Problem

REFERENCE_LIMIT = 64

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post(
    "/{gateway}/receipts",
    status_code=204,
    summary="A delivery report from a gateway",
    responses={401: {"description": "Not signed by this gateway, or too long ago"}, 413: {}, 422: {}, 429: {}, 503: {}},
)
async def take(gateway: str, request: Request, reference: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Take a delivery report. Repeated, or in another order, reports have the same result."""
    body = await request.body()
    known: Mapping[str, OutgoingGateway] = request.app.state.outgoing_gateways
    found = known.get(gateway)
    gate = request.app.state.gate
    if found is None or not _is_signed(found, request, body, reference):
        await gate.let_in("public", address_of(request))
        raise Problem(401, "not_signed", msgid("The signature is not valid or too old."))
    await gate.let_in("token", f"receipts {found.name}")
    try:
        reports = _reports(found, body, reference)
    except ValueError:
        raise Problem(422, "malformed", msgid("Send a form or a JSON object.")) from None
    await note(request.app.state.outgoing_messages, found.name, reports)
    return Response(status_code=204)


async def note(messages: OutgoingMessages, gateway: str, reports: Sequence[DeliveryReport]) -> None:
    """Record what reports say of messages of ours; others, and steps in between, are passed over."""
    for report in reports:
        if report.delivered is not None and len(report.reference) <= REFERENCE_LIMIT:
            await messages.report(gateway, report.reference, delivered=report.delivered, code=report.code)


def _is_signed(gateway: OutgoingGateway, request: Request, body: bytes, reference: str) -> bool:
    now = request.app.state.intake.complaints.now()
    match gateway.shape:
        case Shape.KAWAL:
            return own.reports_are_signed(gateway, request.headers, body, now)
        case Shape.VONAGE:
            return vonage.reports_are_signed(gateway, request.headers, body, now)
        case Shape.TWILIO:
            try:
                return twilio.reports_are_signed(gateway, request.headers, form_of(body), reference)
            except ValueError:
                return False
    return False


def _reports(gateway: OutgoingGateway, body: bytes, reference: str) -> list[DeliveryReport]:
    """Return what was posted; raises ValueError."""
    match gateway.shape:
        case Shape.TWILIO:
            return twilio.reports_of(form_of(body), reference)
        case Shape.VONAGE:
            return vonage.reports_of(object_of(body))
    return own.reports_of(object_of(body))
