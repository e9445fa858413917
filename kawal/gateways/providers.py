"""The right function for a gateway's shape."""

from __future__ import annotations

from datetime import datetime

from kawal.gateways import meta, own, twilio, vonage
from kawal.gateways.outgoing import OutgoingGateway, Shape
from kawal.gateways.shapes import GatewayAnswer, GatewayRequest, OutgoingText


def request_of(gateway: OutgoingGateway, message: OutgoingText, now: datetime) -> GatewayRequest:
    """Return the request that hands a message to its gateway."""
    match gateway.shape:
        case Shape.TWILIO:
            return twilio.request_of(gateway, message)
        case Shape.META:
            return meta.request_of(gateway, message)
        case Shape.VONAGE:
            return vonage.request_of(gateway, message)
    return own.request_of(gateway, message, now)


def answer_of(gateway: OutgoingGateway, status: int, content: object) -> GatewayAnswer:
    """Return what a gateway's answer means; `content` is its JSON, None where it is none."""
    match gateway.shape:
        case Shape.TWILIO:
            return twilio.answer_of(status, content)
        case Shape.META:
            return meta.answer_of(status, content)
        case Shape.VONAGE:
            return vonage.answer_of(status, content)
    return own.answer_of(status, content)
