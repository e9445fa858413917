"""The identity providers that the operator allows: `<home>/identity-providers.toml`, for its owner alone.

See docs/operators/identity-providers.md. A demo has none: nothing leaves its machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kawal.base.demo_mark import demo_mark
from kawal.base.private_files import read_tables
from kawal.domain.access import OFFICIALS
from kawal.domain.msgids import msgid
from kawal.domain.names import Role

FILE = "identity-providers.toml"
SECRET = "KAWAL_IDENTITY_SECRET_"  # noqa: S105 - the beginning of a variable's name
"""What the names of the variables begin with that hold a client secret; the provider's code follows."""

LONGEST_ADDRESS = 2000
"""Characters of an address that a provider publishes."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_UNREADABLE = msgid("{file} cannot be read ({kind}); see docs/operators/identity-providers.md.")


class RoleRule(BaseModel):
    """Who has this value among a claim's may act in the role when signed in through the provider, if they hold it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: str = Field(min_length=1, max_length=200)
    """The claim's name in the ID token; full stops lead into objects: `realm_access.roles`."""
    value: str = Field(min_length=1, max_length=200)
    role: Role
    opd: str | None = None
    """None: whichever OPD the role is held for."""
    agency: str | None = None
    """None: in whichever agency."""

    @model_validator(mode="after")
    def _is_an_officials(self) -> Self:
        if self.role not in OFFICIALS:
            raise ValueError("nobody signs in as this")
        return self


class IdentityProvider(BaseModel):
    """One provider, and what Kawal is known by there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    """Stands in the address to which people come back."""
    name: str = Field(min_length=1, max_length=60)
    """What people read on the button."""
    issuer: str = Field(max_length=LONGEST_ADDRESS)
    client_id: str = Field(min_length=1, max_length=200)
    secret: str | None = Field(default=None, min_length=16, repr=False)
    """None: the variable's, and without that a public client, for which PKCE alone vouches."""
    hosts: list[str] = []
    """Hosts (with the port, where it is not 443) besides the issuer's own on which the provider has addresses."""
    scopes: list[str] = []
    """Asked for besides `openid`: what the claims of `role` need."""
    acr: list[str] = []
    amr: list[str] = []
    """What the provider says (`acr`, or one of `amr`) of somebody who proved two factors; none: the account's own
    one-time code is asked for."""
    role: list[RoleRule] = []
    """Which roles may be used; none: all that the person holds."""

    @model_validator(mode="after")
    def _has_a_safe_address(self) -> Self:
        address = urlsplit(self.issuer)
        if address.query or address.fragment or not self.is_own(self.issuer):
            raise ValueError("an issuer's address must be https, or http on this machine")
        return self

    def is_own(self, url: str) -> bool:
        """Tell whether an address lies on one of the provider's hosts, as safely reached as the issuer."""
        if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable():
            return False
        address, issuer = urlsplit(url), urlsplit(self.issuer)
        safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)
        return safe and address.scheme == issuer.scheme and address.netloc in {issuer.netloc, *self.hosts}


def identity_providers_of(home: Path, environ: Mapping[str, str] | None = None) -> dict[str, IdentityProvider]:
    """Return the providers of an installation by code; none where there is no file. Raises SystemUnavailable."""
    if demo_mark(home) is not None:
        return {}
    found = read_tables(home / FILE, "provider", IdentityProvider, _UNREADABLE)
    return {one.code: _with_secret(one, os.environ if environ is None else environ) for one in found}


def _with_secret(provider: IdentityProvider, environ: Mapping[str, str]) -> IdentityProvider:
    given = environ.get(SECRET + provider.code.upper().replace("-", "_"))
    return provider.model_copy(update={"secret": given}) if given and provider.secret is None else provider
