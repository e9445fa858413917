"""`/masuk/penyedia/CODE/kembali`: a browser is back from a provider. The one GET that acts: so the protocol has it.

It acts once for each question of ours, and only for the browser that was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import structlog
from starlette.requests import Request
from starlette.responses import Response

from kawal.client.complaints import Complaints
from kawal.console.auth import browser_cookie
from kawal.console.auth.oidc.connection import ProviderAway
from kawal.console.auth.oidc.discovery import KnownProvider
from kawal.console.auth.oidc.exchange import ProvedIdentity, proved_identity
from kawal.console.auth.oidc.known_providers import address_back, named_provider
from kawal.console.auth.oidc.leaving import AWAY
from kawal.console.auth.oidc.linking import link_identity, show_fault
from kawal.console.auth.oidc.role_rules import allowed_roles
from kawal.console.auth.oidc.second_step import ask_for_code
from kawal.console.auth.oidc.tokens import TokenRefused
from kawal.console.auth.session_cookie import cookie_of
from kawal.console.auth.sign_in_page import sign_in_form
from kawal.console.auth.signed_in import session_ends
from kawal.console.auth.signing_in import begin, note_failure
from kawal.domain.calendar import local_day
from kawal.domain.msgids import Message, msgid, sentence
from kawal.store.identity_requests import IdentityRequest, RecognisedPerson
from kawal.store.staff_sessions import ThroughProvider
from kawal.web.callers import address_of

log = structlog.get_logger()


class _Fault(NamedTuple):
    """What went wrong, as people are told, and with which status."""

    told: Message
    status: int = 403


_FAULTS: Mapping[str, _Fault] = {
    "over": _Fault(msgid("This attempt to sign in is over, or began in another browser. Begin again here.")),
    "denied": _Fault(msgid("{name} let nobody in. Try again, or sign in in another way.")),
    "away": _Fault(AWAY, 503),
    "not_believed": _Fault(
        msgid(
            "What {name} answered could not be verified, so nobody was signed in. Try again; if it happens again, tell "
            "whoever runs this installation."
        )
    ),
    "not_linked": _Fault(
        msgid(
            "Your identity at {name} opens no account here. Sign in in another way and link it under “My account”. If "
            "you have no account, ask an administrator of your agency for one."
        )
    ),
    "no_role": _Fault(
        msgid(
            "Through {name} you can use none of your roles. Sign in in another way, or ask whoever runs this "
            "installation."
        )
    ),
}


async def come_back(request: Request) -> Response:
    """Sign in, or link, whom the provider vouches for."""
    await request.app.state.gate.let_in("sign_in", address_of(request))
    known = named_provider(request)
    asked = await _asked(request, known)
    if asked is None:
        return await _told(request, known, None, "over")
    if "error" in request.query_params:
        return await _told(request, known, asked, "denied")
    try:
        proved = await proved_identity(known, request.query_params, asked.secrets, address_back(request, known))
    except (ProviderAway, TokenRefused) as error:
        code = "away" if isinstance(error, ProviderAway) else "not_believed"
        log.warning(f"identity_provider_{code}", issuer=known.provider.issuer, reason=str(error))
        return await _told(request, known, asked, code)
    if asked.session is not None:
        return await link_identity(request, known, proved)
    return await _sign_in(request, known, asked, proved)


async def _sign_in(request: Request, known: KnownProvider, asked: IdentityRequest, proved: ProvedIdentity) -> Response:
    complaints: Complaints = request.app.state.complaints
    record, provider = complaints.record, known.provider
    identity = await record.linked_identities.find(provider.issuer, proved.subject)
    person = None if identity is None else await record.people.find(identity.person)
    if identity is None or person is None:
        mark = await record.linked_identities.fingerprint(provider.issuer, proved.subject)
        log.info("identity_not_linked", issuer=provider.issuer, identity=mark)
        return await _told(request, known, asked, "not_linked")
    held = await record.people.roles_of(person.id, local_day(complaints.now()))
    left = allowed_roles(provider.role, proved.claims, held)
    if held and left is not None and not left:
        return await _told(request, known, asked, "no_role")
    if not await record.linked_identities.used(identity.id):
        return await _told(request, known, asked, "not_linked")
    allowed = None if left is None else sorted(left)
    if proved.two_factors:
        return await begin(request, person, "provider", asked.onward, ThroughProvider(provider.issuer, allowed))
    recognised = RecognisedPerson(provider=provider.code, person=person.id, allowed=allowed, onward=asked.onward)
    return await ask_for_code(request, known, recognised)


async def _asked(request: Request, known: KnownProvider) -> IdentityRequest | None:
    """Return the question to which this browser brings the answer."""
    complaints: Complaints = request.app.state.complaints
    browser, cookie = browser_cookie.browser_of(request), cookie_of(request)
    browsers = [] if browser is None else [browser]
    ends = session_ends(complaints.settings)
    session = None if cookie is None else await complaints.record.staff_sessions.find(cookie, ends, used=False)
    if session is not None:
        browsers.append(browser_cookie.browser_in_session(session.id, session.form_secret))
    state = request.query_params.get("state", "")
    return await complaints.record.identity_requests.take(state, known.provider.code, browsers)


async def _told(request: Request, known: KnownProvider, asked: IdentityRequest | None, code: str) -> Response:
    fault = _FAULTS[code]
    told = sentence(fault.told, name=known.provider.name)
    await note_failure(request, "provider", code, known.provider.issuer)
    if asked is not None and asked.session is not None:
        return await show_fault(request, told)
    return await sign_in_form(request, "" if asked is None else asked.onward, told, status=fault.status)
