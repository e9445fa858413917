"""Linking an identity to one's own account, from `/akun`: its owner alone does so, soon after signing in.

The provider asks who one is, whoever is signed in there: at a desk of several, that may be somebody else.
"""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import Response

from kawal.console.auth.browser_cookie import browser_in_session
from kawal.console.auth.oidc.connection import ProviderAway
from kawal.console.auth.oidc.discovery import KnownProvider
from kawal.console.auth.oidc.exchange import ProvedIdentity
from kawal.console.auth.oidc.known_providers import named_provider
from kawal.console.auth.oidc.leaving import away, lead_away
from kawal.console.auth.oidc.tokens import said_to_be_anew
from kawal.console.auth.signed_in import check_form, need_recent, signed_in
from kawal.console.pages.frame import see_other
from kawal.console.pages.staff.own_account import PATH as ACCOUNT
from kawal.console.pages.staff.own_account import account_page, note_means
from kawal.domain.msgids import Sayable, msgid, sentence

PATH = f"{ACCOUNT}/identitas"

_FIELDS = 5
_NOT_ANEW = msgid(
    "{name} did not ask who you are, so nothing was linked: it may be somebody else who is signed in there. Sign out "
    "there, and try again."
)
_LINKED_ALREADY = msgid("This identity is linked to an account already, and stays so.")


async def leave_to_link(request: Request) -> Response:
    """Lead whoever is signed in to the provider that the path names, to link their identity there."""
    signed = await signed_in(request)
    check_form(request, signed, dict(await request.form(max_fields=_FIELDS, max_files=0)))
    need_recent(signed)
    known = named_provider(request)
    browser = browser_in_session(signed.session, signed.form_secret)
    requests = request.app.state.complaints.record.identity_requests
    secrets = await requests.begin(browser, known.provider.code, ACCOUNT, signed.session)
    try:
        return await lead_away(request, known, secrets, anew=True)
    except ProviderAway as error:
        return await account_page(request, signed, away(known, error))


async def link_identity(request: Request, known: KnownProvider, proved: ProvedIdentity) -> Response:
    """Link the identity that was proved to the account of whoever is signed in, on record."""
    signed = await signed_in(request)
    identities = request.app.state.complaints.record.linked_identities
    issuer = known.provider.issuer
    if not said_to_be_anew(proved.claims, int(time.time())):
        return await account_page(request, signed, sentence(_NOT_ANEW, name=known.provider.name))
    if not await identities.link(signed.person, issuer, proved.subject):
        return await account_page(request, signed, _LINKED_ALREADY)
    await note_means(request, signed, "means_set", how="provider", issuer=issuer)
    return see_other(ACCOUNT)


async def show_fault(request: Request, fault: Sayable) -> Response:
    """Show on the account's page why nothing was linked."""
    return await account_page(request, await signed_in(request), fault)
