"""What goes to a gateway and what comes back, in the form common to all of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class TemplateUse(NamedTuple):
    """A template that the provider has approved, with what fills its places, in order."""

    name: str
    language: str
    parameters: tuple[str, ...]


class OutgoingText(NamedTuple):
    """One message as it is handed to a gateway."""

    reference: str
    """Identifies it, also when it is sent again: the provider's delivery report bears it."""
    to: str
    """A telephone number, E.164."""
    words: str
    template: TemplateUse | None = None
    """Set where only a template may go; then the words are not sent."""


class GatewayRequest(NamedTuple):
    """A POST request."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Outcome(StrEnum):
    """What a gateway's answer means for the message."""

    ACCEPTED = "accepted"
    POSTPONED = "postponed"
    """It can be tried again."""
    REFUSED = "refused"
    """Trying again is useless."""


class GatewayAnswer(NamedTuple):
    """A gateway's answer: what it means, and its codes (never a text of the provider's, which may name a number)."""

    outcome: Outcome
    code: str


class DeliveryReport(NamedTuple):
    """What a provider says became of a message that it had accepted."""

    reference: str
    delivered: bool | None
    """None for a step in between, such as "sent", which says nothing about its arrival."""
    code: str = ""


TRY_AGAIN = frozenset({401, 402, 403, 404, 408, 425, 429})
"""Statuses that change without the message: credentials, credit, address, load. Others of 4xx are about the message."""


def outcome_of(status: int) -> Outcome:
    """Return what the status of an answer means where the provider documents nothing finer."""
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    return Outcome.POSTPONED if status in TRY_AGAIN or not 400 <= status < 500 else Outcome.REFUSED


def code_of(given: object) -> str:
    """Return a provider's code as it may be stored and shown: digits, letters and dashes, bounded; else nothing."""
    said = str(given) if isinstance(given, (str, int)) and not isinstance(given, bool) else ""
    return said if said.isascii() and said.replace("-", "").replace("_", "").isalnum() and len(said) <= 40 else ""


def field(content: object, *path: str) -> Any:
    """Return what lies at a path of names in nested objects; None where there is none."""
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content
