"""How the reporter of one report is told what happens: contacts from the record, means from this process's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.messages import Reporter
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
