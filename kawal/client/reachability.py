"""How the reporter of one report is told what happens: contacts from the record, means from this process's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.contacts import phone_number
from kawal.domain.message_rules import Form, whatsapp_form
from kawal.domain.messages import Reporter
from kawal.domain.names import Channel
from kawal.domain.reachability import Reachability, SendingMeans, contact_kinds, reachability
from kawal.gateways.choice import ways_of
from kawal.gateways.outgoing import outgoing_gateways_of

if TYPE_CHECKING:
    from kawal.client.reading import Readings


async def reachability_of(complaints: Readings, tracking_id: str) -> Reachability:
    """Return how a report's reporter is told; nobody is shown the contacts themselves.

    The worker's settings decide what is sent: they are taken to be those of this process. Raises SystemUnavailable for
    a bad file of gateways, KeyUnavailable.
    """
    settings = complaints.record.settings
    try:
        accepted = await complaints.record.inbox.find(tracking_id)
    except KeyDestroyed:
        accepted = None
    gateways = list(outgoing_gateways_of(settings.home).values())
    if accepted is None:
        return reachability(contact_kinds(Reporter()), SendingMeans(settings.smtp_host is not None, ()))
    ways = ways_of(gateways, accepted.instansi, accepted.report.channel)
    sending = SendingMeans(settings.smtp_host is not None, tuple(way.name for way in ways))
    return reachability(contact_kinds(accepted.report.reporter), sending)


async def needs_template(complaints: Readings, tracking_id: str) -> bool:
    """Tell whether a message to a report's reporter would go by WhatsApp now, and only as an approved template.

    Whoever has not written for a day gets no free words there; a question in a template says that there is one, on the
    report's page. False where the reporter is told by other means or not at all.
    """
    reached = await reachability_of(complaints, tracking_id)
    if reached.gateway is None:
        return False
    gateway = outgoing_gateways_of(complaints.record.settings.home)[reached.gateway]
    accepted = await complaints.record.inbox.find(tracking_id)
    if gateway.channel is not Channel.WHATSAPP or accepted is None:
        return False
    number = phone_number(accepted.report.reporter.phone or "") or ""
    last = await complaints.record.outgoing_messages.last_written(gateway.name, number)
    return whatsapp_form(complaints.now(), last) is not Form.WORDS
