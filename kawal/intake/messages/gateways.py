"""The gateways that may post messages: their secrets, how they sign, and the names of their fields.

They are configured in `<home>/gateways.toml`, which only its owner may read (docs/intake-messages.md).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from kawal.base.private_files import read_tables
from kawal.domain.msgids import msgid
from kawal.domain.names import Channel
from kawal.gateways.signing import is_signed

FILE = "gateways.toml"


class Scheme(StrEnum):
    """How a gateway signs and writes a message.

    TWILIO signs address and form with HMAC-SHA1, META the body with HMAC-SHA256, as those gateways document; neither
    signs a time.
    """

    HMAC = "hmac-sha256"
    TWILIO = "twilio"
    META = "meta"


class Fields(BaseModel):
    """A gateway's own names for the parts of a message; TWILIO's and META's are known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: str = "sender"
    text: str = "text"
    message_id: str = "id"
    name: str = "name"
    media_url: str = "media_url"
    media_type: str = "media_type"
    latitude: str = "latitude"
    longitude: str = "longitude"
    address: str = "address"


class Gateway(BaseModel):
    """One gateway; `name` is its part of the address, /webhooks/NAME."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    secret: str = Field(min_length=16, repr=False)
    channel: Channel
    scheme: Scheme = Scheme.HMAC
    fields: Fields = Fields()
    instansi: str | None = None
    public_url: str | None = None
    """The address under which the gateway reaches this webhook; TWILIO signs it."""

    verify_token: str | None = Field(default=None, min_length=8, repr=False)
    """What META sends once to find out whether the webhook is ours."""

    def accepts(self, headers: Mapping[str, str], body: bytes, form: Mapping[str, str], now: datetime) -> bool:
        """Tell whether the message was recently signed with this gateway's secret."""
        if self.scheme is Scheme.TWILIO:
            return self._signed_as_twilio(headers.get("x-twilio-signature", ""), form)
        if self.scheme is Scheme.META:
            return self._signed_as_meta(headers.get("x-hub-signature-256", ""), body)
        return is_signed(self.secret, headers, body, now)

    def signed_text(self, form: Mapping[str, str]) -> str:
        """Return what TWILIO signs: where a field ends is not part of it, so it may be read in more than one way."""
        return (self.public_url or "") + "".join(f"{name}{form[name]}" for name in sorted(form))

    def verifies(self, token: str) -> bool:
        """Tell whether this is the token by which META verifies the webhook."""
        right = self.verify_token if self.scheme is Scheme.META else None
        return right is not None and hmac.compare_digest(right.encode(), token.encode(errors="replace"))

    def _signed_as_twilio(self, given: str, form: Mapping[str, str]) -> bool:
        signed = self.signed_text(form).encode(errors="replace")
        right = base64.b64encode(hmac.digest(self.secret.encode(), signed, hashlib.sha1))
        return bool(form) and hmac.compare_digest(right, given.encode(errors="replace"))

    def _signed_as_meta(self, given: str, body: bytes) -> bool:
        right = "sha256=" + hmac.digest(self.secret.encode(), body, hashlib.sha256).hex()
        return hmac.compare_digest(right.encode(), given.encode(errors="replace"))


def gateways_of(home: Path) -> dict[str, Gateway]:
    """Return the gateways of an installation by name; none where there is no file.

    Raises SystemUnavailable for a bad one.
    """
    unreadable = msgid("{file} cannot be read ({kind}); see docs/intake-messages.md.")
    found = read_tables(home / FILE, "gateway", Gateway, unreadable)
    return {gateway.name: gateway for gateway in found}
