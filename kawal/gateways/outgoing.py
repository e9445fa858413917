"""The gateways by which reporters with a telephone only are told: `<home>/outgoing-gateways.toml`, for its owner alone.

See docs/outgoing-messages.md. An outgoing gateway that has the name of an incoming one (`gateways.toml`) belongs to it:
who wrote to that one can be answered, and what lies there can be fetched.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kawal.base.private_files import read_tables
from kawal.domain.msgids import msgid
from kawal.domain.names import Channel

FILE = "outgoing-gateways.toml"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_KIND = "*"

Parameter = Literal["number", "words", "link", "by"]


class Shape(StrEnum):
    """How a gateway is written to and reports: a program of one's own, or a provider."""

    KAWAL = "kawal"
    TWILIO = "twilio"
    META = "meta"
    VONAGE = "vonage"


class Template(BaseModel):
    """A template that the provider has approved, and the kinds of message for which it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: list[str] = Field(default=[ANY_KIND], min_length=1)
    name: str = Field(min_length=1, max_length=512)
    language: str = Field(default="id", pattern=r"^[A-Za-z_]{2,10}$")
    parameters: list[Parameter] = ["number", "words"]


class OutgoingGateway(BaseModel):
    """One gateway."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    shape: Shape = Shape.KAWAL
    channel: Literal[Channel.SMS, Channel.WHATSAPP]
    url: str
    """Where messages are posted."""

    secret: str = Field(min_length=16, repr=False)
    """KAWAL: signs in both directions. TWILIO: the auth token. META: the access token. VONAGE: the API secret."""

    account: str | None = None
    """TWILIO: the account's SID. VONAGE: the API key."""

    sender: str | None = None
    """TWILIO and VONAGE: the number or service from which messages come."""

    receipts_url: str | None = None
    """TWILIO: the public address of /webhooks/NAME/receipts; it signs that address."""

    receipt_secret: str | None = Field(default=None, min_length=16, repr=False)
    """VONAGE: the signature secret of its webhooks."""

    answered: bool = True
    """Whether a reply to its messages reaches us by an incoming gateway; a sender named by letters takes none."""

    instansi: str | None = None
    """The agency whose reporters it serves; None: of all."""

    template: list[Template] = []
    media_hosts: list[str] = []
    """The hosts from which files that came by the incoming gateway of this name may be fetched."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for url in (self.url, self.receipts_url):
            if url is not None and not _is_safe(url):
                raise ValueError("an address must be https, or http on this machine")
        needed = {Shape.TWILIO: ("account", "sender", "receipts_url"), Shape.VONAGE: ("account", "sender")}
        if any(getattr(self, name) is None for name in needed.get(self.shape, ())):
            raise ValueError("something that this shape needs is missing")
        return self

    def template_for(self, kind: str) -> Template | None:
        """Return the template for a kind of message: its own, else the one for any; None if there is none."""
        named = [one for one in self.template if kind in one.kinds]
        return next(iter([*named, *(one for one in self.template if ANY_KIND in one.kinds)]), None)

    def serves(self, instansi: str | None) -> bool:
        """Return whether it serves an agency's reporters."""
        return self.instansi is None or self.instansi == instansi


def outgoing_gateways_of(home: Path) -> dict[str, OutgoingGateway]:
    """Return the outgoing gateways of an installation by name; none where there is no file.

    Raises SystemUnavailable for a bad one.
    """
    unreadable = msgid("{file} cannot be read ({kind}); see docs/outgoing-messages.md.")
    found = read_tables(home / FILE, "gateway", OutgoingGateway, unreadable)
    return {gateway.name: gateway for gateway in found}


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
