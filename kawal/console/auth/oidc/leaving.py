"""Sending a browser to a provider: by a page in between, for browsers hold what follows a form to our policy, too."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.oidc.connection import ProviderAway
from kawal.console.auth.oidc.discovery import KnownProvider
from kawal.console.auth.oidc.exchange import address_to_sign_in
from kawal.console.auth.oidc.known_providers import address_back, named_provider
from kawal.console.auth.sign_in_page import STALE, sign_in_form, taken_form
from kawal.console.auth.signing_in import note_failure, own_path
from kawal.console.pages.frame import page
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.store.identity_requests import RequestSecrets

AWAY = msgid("{name} cannot be reached now. Sign in in another way, or try again in a few minutes.")

log = structlog.get_logger()


async def leave_to_sign_in(request: Request) -> Response:
    """Lead a browser to the provider that the path names; nobody is signed in yet."""
    known = named_provider(request)
    _, onward, browser = await taken_form(request)
    if browser is None:
        return await sign_in_form(request, onward, STALE, status=403)
    requests = request.app.state.complaints.record.identity_requests
    secrets = await requests.begin(browser, known.provider.code, own_path(onward) if onward else "")
    try:
        return await lead_away(request, known, secrets)
    except ProviderAway as error:
        fault = away(known, error)
        await note_failure(request, "provider", "away", known.provider.issuer)
        return await sign_in_form(request, onward, fault, status=503)


async def lead_away(request: Request, known: KnownProvider, secrets: RequestSecrets, *, anew: bool = False) -> Response:
    """Return the page that leads to a provider (`anew` as in `address_to_sign_in`); raises ProviderAway."""
    address = await address_to_sign_in(known, secrets, address_back(request, known), anew=anew)
    values = {"address": address, "name": known.provider.name, "host": urlsplit(address).hostname}
    return page(request, "auth/leaving.html", values)


def away(known: KnownProvider, error: ProviderAway) -> Sayable:
    """Log why a provider did not answer, and return what people are told."""
    log.warning("identity_provider_away", issuer=known.provider.issuer, reason=str(error))
    return sentence(AWAY, name=known.provider.name)
