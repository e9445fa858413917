"""By which gateway a message goes, and in which form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from kawal.domain.message_rules import Form, fits_sms, whatsapp_form
from kawal.domain.names import Channel
from kawal.gateways.outgoing import OutgoingGateway, Template
from kawal.gateways.shapes import TemplateUse

LastWritten = Callable[[str, str], Awaitable[datetime | None]]
"""A function that returns when the owner of a number last wrote by the gateway of a name."""


class Way(NamedTuple):
    """A gateway, and the template if only one may go."""

    gateway: OutgoingGateway
    template: TemplateUse | None


def ways_of(
    gateways: Sequence[OutgoingGateway], instansi: str | None, channel: Channel | None, only: str | None = None
) -> list[OutgoingGateway]:
    """Return the gateways that serve an agency's reporters, the best first: by the reporter's own channel, then SMS.

    `only` names the gateway by which an answer has to go.
    """
    serving = [one for one in gateways if one.serves(instansi) and only in (None, one.name)]
    return sorted(serving, key=lambda one: (one.channel != channel, one.channel is not Channel.SMS))


async def way_for(
    ways: Sequence[OutgoingGateway],
    kind: str,
    to: str,
    words: str,
    parameters: Mapping[str, str],
    last_written: LastWritten,
    now: datetime,
) -> Way | str:
    """Return the first gateway by which the message may go now, or the code of why there is none."""
    why = "no_gateway"
    for gateway in ways:
        if gateway.channel is Channel.SMS:
            if fits_sms(words):
                return Way(gateway, None)
            why = "too_long"
        elif whatsapp_form(now, await last_written(gateway.name, to)) is Form.WORDS:
            return Way(gateway, None)
        elif (template := gateway.template_for(kind)) is None:
            why = "no_template"
        elif (used := _filled(template, words, parameters)) is not None:
            return Way(gateway, used)
        else:
            why = "template_needs_more"
    return why


def _filled(template: Template, words: str, parameters: Mapping[str, str]) -> TemplateUse | None:
    """Return a template with its places filled; None if the message lacks what one of them needs."""
    known = {**parameters, "words": words}
    if any(not known.get(name) for name in template.parameters):
        return None
    return TemplateUse(template.name, template.language, tuple(known[name] for name in template.parameters))
