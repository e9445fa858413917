"""`/kelola/gerbang`: by what letters and messages leave, what became of the last ones, and a test message.

What is configured is the operator's (docs/outgoing-messages.md): it is shown without its secrets, and not changed here.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from kawal.base.settings import Settings
from kawal.console.auth.signed_in import SignedIn
from kawal.console.pages.public.parts import complaints_of
from kawal.console.pages.staff.administration.outcomes import PATH, done_on
from kawal.console.pages.staff.frame import staff_page
from kawal.console.pages.staff.page_forms import Fields, FormOutcome, agency_of, done, page_with_forms, performed
from kawal.domain.access import Act
from kawal.domain.labels import CHANNELS
from kawal.domain.msgids import Message, msgid
from kawal.gateways.outgoing import OutgoingGateway
from kawal.store.outgoing_messages import GatewayRecord

GATEWAYS = f"{PATH}/gerbang"

NOTHING_YET = GatewayRecord(None, None, None, None)

TLS: dict[str, Message] = {
    "starttls": msgid("encrypted (STARTTLS)"),
    "tls": msgid("encrypted (TLS)"),
    "none": msgid("not encrypted"),
}


class ShownGateway(NamedTuple):
    """A gateway without its secrets."""

    name: str
    channel: str
    shape: str
    host: str
    """The host to which messages are posted."""
    answered: bool
    record: GatewayRecord


async def show_gateways(request: Request, signed: SignedIn, told: FormOutcome) -> Response:
    """Show what letters and messages leave by."""
    complaints, agency = complaints_of(request), agency_of(signed)
    configured: dict[str, OutgoingGateway] = request.app.state.outgoing_gateways
    settings: Settings = request.app.state.settings
    recent = await complaints.record.outgoing_messages.recent()
    values = {
        "gateways": [_shown(one, recent) for one in configured.values() if one.serves(agency)],
        "letters": await complaints.record.outbox.recent_letters(),
        "settings": settings,
        "tls": TLS,
        "mailbox": settings.mailboxes.get(agency) or settings.mailboxes.get(""),
        "channels": CHANNELS,
        "told": told,
        "done": done_on(request),
    }
    return staff_page(request, signed, "staff/administration/gateways.html", values, status=told.status)


def _shown(gateway: OutgoingGateway, recent: dict[str, GatewayRecord]) -> ShownGateway:
    return ShownGateway(
        gateway.name,
        str(gateway.channel),
        str(gateway.shape),
        urlsplit(gateway.url).hostname or "–",
        gateway.answered,
        recent.get(gateway.name, NOTHING_YET),
    )


async def _try(request: Request, signed: SignedIn, fields: Fields) -> Response:
    """Send a test message to a telephone of the official's choice."""
    given = {"gateway": fields.get("gerbang", ""), "phone": fields.get("telepon", "").strip() or "–"}
    await performed(request, signed, "gateway test", given)
    return done(GATEWAYS, "uji")


ROUTES = page_with_forms(GATEWAYS, Act.TEST_GATEWAY, show_gateways, {"uji": _try})
