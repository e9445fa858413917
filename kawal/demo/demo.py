"""A running demo, as its pages know it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from kawal.client.complaints import Complaints
from kawal.demo.gateways import GatewayStub
from kawal.demo.moving import ClockMover
from kawal.demo.sent_messages import SentMessages


@dataclass(frozen=True)
class Demo:
    """What the pages of a demo act on."""

    complaints: Complaints
    mover: ClockMover
    sent: SentMessages
    gateway: GatewayStub
    form_token: str = field(default_factory=secrets.token_urlsafe, repr=False)
    """What every form of the demo's pages holds."""
