"""ID tokens: what of one is believed. Everything here reads foreign bytes and belongs in a thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures of a private key alone: none that a published key could make, and not `none`."""

LEEWAY = 60
"""Seconds by which the clocks of a provider and ours may differ."""

LONGEST_AGE = 600
"""Seconds after which a token is too old to be the answer to a question of ours."""

LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core, 2)."""

_KEYS = 50


class TokenRefused(Exception):  # noqa: N818 - names the condition
    """A token is not believed; the message is a code."""


class ExpectedToken(NamedTuple):
    """What a token must say."""

    issuer: str
    client_id: str
    nonce: str


def usable_keys(published: Mapping[str, Any]) -> list[Key]:
    """Return the public keys of a key set by which signatures are verified; what cannot be read is left out."""
    listed = published.get("keys")
    return [key for one in (listed if isinstance(listed, list) else [])[:_KEYS] if (key := _key(one)) is not None]


def _key(listed: object) -> Key | None:
    if not isinstance(listed, dict) or listed.get("kty") not in ("RSA", "EC") or listed.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(listed)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def key_id(token: str) -> str | None:
    """Return the name of the key with which a token says that it was signed; raises TokenRefused for no token."""
    try:
        named = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenRefused("malformed") from error
    return named if isinstance(named, str) else None


def verified_claims(token: str, key: Key, expected: ExpectedToken, now: int) -> dict[str, Any]:
    """Return the claims of a token that the key signed for us, in answer to our question; raises TokenRefused.

    `now` is in seconds since 1970.
    """
    try:
        read = jwt.decode(token, key, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
            },
            params={"nonce": expected.nonce, "client_id": expected.client_id},
        )
        claims.validate(now, LEEWAY)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenRefused(getattr(error, "error", "malformed")) from error
    if now - claims["iat"] > LONGEST_AGE + LEEWAY:
        raise TokenRefused("too_old")
    if not isinstance(claims["sub"], str) or len(claims["sub"]) > LONGEST_SUBJECT:
        raise TokenRefused("malformed")
    return dict(claims)


def said_to_be_anew(claims: Mapping[str, Any], now: int) -> bool:
    """Tell whether somebody signed in at the provider for this very question, as far as it says when they did."""
    signed_in = claims.get("auth_time")
    return not isinstance(signed_in, int) or now - signed_in <= LONGEST_AGE + LEEWAY


def proves_two_factors(claims: Mapping[str, Any], acr: Sequence[str], amr: Sequence[str]) -> bool:
    """Tell whether claims say what the operator takes for two factors."""
    methods = claims.get("amr")
    return claims.get("acr") in acr or any(one in amr for one in (methods if isinstance(methods, list) else []))
