"""What a provider publishes, kept for an hour: its addresses and the keys with which it signs."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence

from joserfc.jwk import Key
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kawal.console.auth.oidc.connection import ProviderAway, ProviderConnection
from kawal.console.auth.oidc.providers import IdentityProvider
from kawal.console.auth.oidc.tokens import usable_keys

KEPT = 3600.0
"""Seconds for which what was published is believed without asking again."""

KEYS_AGAIN_AFTER = 60.0
"""Seconds between two readings of the keys, whatever keys tokens name."""

WELL_KNOWN = "/.well-known/openid-configuration"


class ProviderMetadata(BaseModel):
    """What of a discovery document counts here (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = Field(default=["client_secret_basic"], max_length=50)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def way_of_clients(self) -> str:
        """How a client with a secret shows it: in the form where it may, since providers read headers differently."""
        in_form = "client_secret_post"
        return in_form if in_form in self.token_endpoint_auth_methods_supported else "client_secret_basic"


class KnownProvider:
    """A provider with what it published last."""

    def __init__(self, provider: IdentityProvider, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet; `clock` tells seconds."""
        self.provider = provider
        self._clock = clock
        self._reading = asyncio.Lock()
        self._metadata: ProviderMetadata | None = None
        self._metadata_at = -math.inf
        self._keys: Sequence[Key] = ()
        self._keys_at = -math.inf

    async def metadata(self, connection: ProviderConnection) -> ProviderMetadata:
        """Return its addresses; raises ProviderAway."""
        async with self._reading:
            return await self._current_metadata(connection)

    async def key(self, connection: ProviderConnection, name: str | None) -> Key | None:
        """Return the key of a name, or the only one for none; None if it publishes none such. Raises ProviderAway."""
        async with self._reading:
            metadata = await self._current_metadata(connection)
            age = self._clock() - self._keys_at
            found = None if age > KEPT else self._named(name)
            if found is None and age >= KEYS_AGAIN_AFTER:
                published = await connection.read(metadata.jwks_uri)
                self._keys = await asyncio.to_thread(usable_keys, published)
                self._keys_at = self._clock()
                found = self._named(name)
            return found

    async def _current_metadata(self, connection: ProviderConnection) -> ProviderMetadata:
        if self._metadata is None or self._clock() - self._metadata_at > KEPT:
            self._metadata = await self._read_metadata(connection)
            self._metadata_at = self._clock()
        return self._metadata

    async def _read_metadata(self, connection: ProviderConnection) -> ProviderMetadata:
        published = await connection.read(self.provider.issuer.rstrip("/") + WELL_KNOWN)
        try:
            metadata = ProviderMetadata.model_validate(published)
        except ValidationError:
            raise ProviderAway("unreadable") from None
        if metadata.issuer != self.provider.issuer:
            raise ProviderAway("another_issuer")
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if not all(self.provider.is_own(address) for address in addresses):
            raise ProviderAway("foreign_host")
        return metadata

    def _named(self, name: str | None) -> Key | None:
        found = [key for key in self._keys if name is None or key.kid == name]
        return found[0] if len(found) == 1 else None
