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
"""The kind of each test message, by which a template can be named for it."""

_WORDS = msgid("Kawal: this is a test message of {agency}. There is nothing to do.")


class TrialMessage(BaseModel):
    """A test message that waits to be sent, by its number."""

    number: int
    gateway: str


async def trial_words(desk: Desk, instansi: str) -> str:
    """Return what each test message of an agency says, in the installation's language."""
    names = await desk.complaints.directory.names(instansi)
    return say(desk.complaints.settings.lang, _WORDS, agency=names.get(instansi, instansi))


async def send_trial(desk: Desk, given: TryGateway) -> TrialMessage:
    """Put a message to a telephone of the official's choice by a gateway that serves the agency; raises Refusal."""
    instansi = await desk.authorised(Act.TEST_GATEWAY)
    settings = desk.complaints.settings
    async with desk.complaints.authority.refusals(desk.actor, Act.TEST_GATEWAY):
        gateway = outgoing_gateways_of(settings.home).get(given.gateway)
        if gateway is None or not gateway.serves(instansi):
            raise Refusal("gateway_unknown", gateway=given.gateway, instansi=instansi)
    # It answers whoever asks for it now, so it goes at night, too.
    words = await trial_words(desk, instansi)
    number = await desk.complaints.record.outgoing_messages.put(
        None, to=given.phone, kind=KIND, words=words, answers=True, gateway=given.gateway
    )
    assert number is not None  # noqa: S101 - without `once` there is none before it
    told = {"what": "gateway_tested", "instansi": instansi, "gateway": given.gateway, "message": number}
    await desk.complaints.authority.done(desk.actor, Act.TEST_GATEWAY, told, words={"phone": given.phone})
    return TrialMessage(number=number, gateway=given.gateway)
