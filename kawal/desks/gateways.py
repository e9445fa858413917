"""A test message by one of the gateways, on record: it goes, and is reported on, like any other."""

from __future__ import annotations

from pydantic import BaseModel

from kawal.desks.arguments import TryGateway
from kawal.desks.table import Desk
from kawal.domain.access import Act
from kawal.domain.msgids import msgid
from kawal.domain.refusals import Refusal
from kawal.gateways.outgoing import outgoing_gateways_of
from kawal.wording.catalogues import say

KIND = "gateway_test"
"""The kind of such a message, by which a template can be named for it."""

WORDS = msgid("A test message of Kawal: messages to reporters go out by this way.")


class TrialMessage(BaseModel):
    """A test message that waits to be sent, by its number."""

    number: int
    gateway: str


async def send_trial(desk: Desk, given: TryGateway) -> TrialMessage:
    """Put a message to a telephone of the official's choice by a gateway that serves the agency; raises Refusal."""
    instansi = await desk.authorised(Act.TEST_GATEWAY)
    settings = desk.complaints.settings
    async with desk.complaints.authority.refusals(desk.actor, Act.TEST_GATEWAY):
        gateway = outgoing_gateways_of(settings.home).get(given.gateway)
        if gateway is None or not gateway.serves(instansi):
            raise Refusal("gateway_unknown", gateway=given.gateway, instansi=instansi)
    # It answers whoever asks for it now, so it goes at night, too.
    number = await desk.complaints.record.outgoing_messages.put(
        None, to=given.phone, kind=KIND, words=say(settings.lang, WORDS), answers=True, gateway=given.gateway
    )
    assert number is not None  # noqa: S101 - without `once` there is none before it
    told = {"what": "gateway_tested", "instansi": instansi, "gateway": given.gateway, "message": number}
    await desk.complaints.authority.done(desk.actor, Act.TEST_GATEWAY, told, words={"phone": given.phone})
    return TrialMessage(number=number, gateway=given.gateway)
