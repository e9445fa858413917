"""Callers: an adapter with a token, or a citizen without one; and how often each may call."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Annotated, NamedTuple

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from kawal.domain.msgids import msgid, sentence
from kawal.domain.names import Channel
from kawal.store.tokens import Token, Tokens
from kawal.web.problems import Problem

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token from `kawal token create`. Without one, a message counts as sent by the web form.",
)


_LONGEST = 64
"""The most characters of an address that is none: a proxy may name its callers as it likes."""


class Caller(NamedTuple):
    """The caller of a request."""

    token: Token | None
    address: str

    @property
    def channel(self) -> Channel:
        """The channel of what the caller sends."""
        return Channel.WEB if self.token is None else Channel(self.token.channel)

    @property
    def name(self) -> str:
        """The name that separates the caller's idempotency keys from others'."""
        return "public" if self.token is None else f"token-{self.token.id}"

    @property
    def system(self) -> str | None:
        """The sending system, by the name of its token: a new token with the same name is the same system."""
        return None if self.token is None else self.token.name

    def instansi(self, wanted: str | None) -> str | None:
        """Return the agency meant: the one the token is bound to, if any; raises Problem if another is asked for."""
        bound = None if self.token is None else self.token.instansi
        if bound is not None and wanted not in (None, bound):
            raise Problem(403, "other_instansi", sentence(msgid("This token is only for {bound}."), bound=bound))
        return bound or wanted

    def need(self, scope: str) -> None:
        """Raise Problem if the caller's token lacks this scope; citizens need none."""
        if self.token is not None and scope not in self.token.scopes:
            raise Problem(403, "scope", sentence(msgid("This token lacks the scope “{scope}”."), scope=scope))


async def caller_of(request: Request, token_text: str | None) -> Caller:
    """Identify the caller by token and count the call against its limits; raises Problem 401 or 429.

    For every adapter: `token_text` is the token, wherever its protocol puts it; None for a citizen.
    """
    address = address_of(request)
    gate, tokens = request.app.state.gate, request.app.state.tokens
    if token_text is None:
        await gate.let_in("public", address)
        return Caller(None, address)
    token = await _found(tokens, token_text)
    if token is None:
        # A wrong token counts against the address like a citizen's call.
        await gate.let_in("public", address)
        raise Problem(
            401,
            "token",
            msgid("The token is unknown or revoked."),
            headers={"WWW-Authenticate": 'Bearer realm="kawal", error="invalid_token"'},
        )
    await gate.let_in("token", str(token.id))
    await gate.let_in("address", address)
    return Caller(token, address)


async def _found(tokens: Tokens, text: str) -> Token | None:
    return await tokens.find(text) if len(text) <= 200 else None


def address_of(request: Request) -> str:
    """Return the address that the caller calls from, "unknown" if the server does not know it.

    Of IPv6 it is the network of 64 bits: every subscriber has at least one of these, with all its addresses.
    """
    given = request.client.host if request.client else "unknown"
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:
        return given[:_LONGEST]
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))


def bearer(request: Request) -> str | None:
    """Return the token of `Authorization: Bearer`; raises Problem 401 for another authorization scheme."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    scheme, _, text = given.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Problem(
            401,
            "token",
            msgid("Write `Authorization: Bearer TOKEN`."),
            headers={"WWW-Authenticate": 'Bearer realm="kawal"'},
        )
    return text.strip()


async def caller(request: Request, _shown: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Caller:
    """Return the caller, identified by `Authorization: Bearer`."""
    return await caller_of(request, bearer(request))


Calling = Annotated[Caller, Depends(caller)]
