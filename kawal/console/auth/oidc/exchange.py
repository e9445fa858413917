"""Authorization code with PKCE: where people are sent, and whom the code proves with which they come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from authlib.oauth2.client import DEFAULT_HEADERS, OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from kawal.console.auth.oidc.connection import ProviderConnection, connected_to
from kawal.console.auth.oidc.discovery import KnownProvider, ProviderMetadata
from kawal.console.auth.oidc.providers import IdentityProvider
from kawal.console.auth.oidc.tokens import ExpectedToken, TokenRefused, key_id, proves_two_factors, verified_claims
from kawal.store.identity_requests import RequestSecrets

LONGEST_CODE = 4000
"""Characters of an authorization code that are passed on."""


class ProvedIdentity(NamedTuple):
    """Somebody for whom a provider vouches."""

    subject: str
    claims: Mapping[str, Any]
    two_factors: bool


async def address_to_sign_in(known: KnownProvider, secrets: RequestSecrets, back: str, *, anew: bool = False) -> str:
    """Return where to send a browser, which comes back to the address `back`; raises ProviderAway.

    `anew`: whoever is signed in at the provider is asked who they are all the same.
    """
    async with connected_to(known.provider) as connection:
        metadata = await known.metadata(connection)
    client = _client_of(known.provider, metadata, back)
    asked = {
        "nonce": secrets.nonce,
        "acr_values": " ".join(known.provider.acr) or None,
        "prompt": "login" if anew else None,
    }
    address, _ = client.create_authorization_url(
        metadata.authorization_endpoint, state=secrets.state, code_verifier=secrets.verifier, **asked
    )
    return str(address)


async def proved_identity(
    known: KnownProvider, answer: Mapping[str, str], secrets: RequestSecrets, back: str
) -> ProvedIdentity:
    """Return whom the answer proves that a browser brought back; raises TokenRefused or ProviderAway."""
    provider, code = known.provider, answer.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise TokenRefused("no_code")
    async with connected_to(provider) as connection:
        metadata = await known.metadata(connection)
        named = answer.get("iss")  # RFC 9207
        if named != provider.issuer and (named or metadata.authorization_response_iss_parameter_supported):
            raise TokenRefused("another_issuer")
        token = await _token_for(connection, _client_of(provider, metadata, back), metadata, code, secrets.verifier)
        key = await known.key(connection, await asyncio.to_thread(key_id, token))
    if key is None:
        raise TokenRefused("unknown_key")
    expected = ExpectedToken(provider.issuer, provider.client_id, secrets.nonce)
    claims = await asyncio.to_thread(verified_claims, token, key, expected, int(time.time()))
    return ProvedIdentity(claims["sub"], claims, proves_two_factors(claims, provider.acr, provider.amr))


async def _token_for(
    connection: ProviderConnection, client: OAuth2Client, metadata: ProviderMetadata, code: str, verifier: str
) -> str:
    body = prepare_token_request(
        "authorization_code", redirect_uri=client.redirect_uri, code=code, code_verifier=verifier
    )
    signed = client.client_auth(client.token_endpoint_auth_method)
    url, headers, body = signed.prepare("POST", metadata.token_endpoint, dict(DEFAULT_HEADERS), body)
    answer = await connection.post(url, headers, body)
    token = None if answer is None else answer.get("id_token")
    if not isinstance(token, str):
        raise TokenRefused("code_refused")
    return token


def _client_of(provider: IdentityProvider, metadata: ProviderMetadata, back: str) -> OAuth2Client:
    return OAuth2Client(
        session=None,
        client_id=provider.client_id,
        client_secret=provider.secret,
        token_endpoint_auth_method=metadata.way_of_clients if provider.secret else "none",
        scope=" ".join(dict.fromkeys(["openid", *provider.scopes])),
        redirect_uri=back,
        code_challenge_method="S256",
    )
