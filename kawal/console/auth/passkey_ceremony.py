"""Passkeys by WebAuthn: what a browser is asked to sign, and whether it did.

A challenge is a keyed hash over the browser's cookie, the purpose and the time until which it is valid: so that showing
a page writes nothing. One that was answered does not count again. The key must be discoverable and verify its user
(PIN, finger, face): a passkey is two factors, and nobody types who they are.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

import webauthn
from starlette.requests import Request
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kawal.base.settings import Settings
from kawal.store.passkeys import Passkey, Passkeys
from kawal.store.people import People, Person

ANSWERED_WITHIN = timedelta(minutes=10)
"""How long a page with a challenge may lie open."""

MOST_TEXT = 20_000
"""The most characters of a browser's answer."""

_STAMP = 8
_REQUIRED = UserVerificationRequirement.REQUIRED


class CeremonyPurpose(StrEnum):
    """What a challenge is for: one for another purpose does not count."""

    SIGN_IN = "sign in"
    ADD = "add"


class RelyingParty(NamedTuple):
    """For whom passkeys are: the host by which people reach this installation, and its origin."""

    id: str
    origin: str


class NewPasskey(NamedTuple):
    """A passkey that was made just now."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def relying_party(request: Request) -> RelyingParty | None:
    """Return for whom passkeys are here; None where there can be none: no https, or an address without a name.

    Without `KAWAL_PUBLIC_URL` it is this machine's own name, localhost: what a request says of its host is no proof.
    """
    settings: Settings = request.app.state.settings
    address = urlsplit(str(request.app.state.public_address(request)))
    host = address.hostname or ""
    if settings.public_url is None and host != "localhost":
        return None
    if (address.scheme != "https" and host != "localhost") or host.replace(".", "").isdigit() or ":" in host:
        return None
    return RelyingParty(host, f"{address.scheme}://{address.netloc}")


class PasskeyCeremony:
    """Asks one browser for passkeys, for one purpose."""

    def __init__(self, passkeys: Passkeys, party: RelyingParty, browser: str, purpose: CeremonyPurpose) -> None:
        """Bind all challenges to `browser`, which only this browser holds."""
        self._passkeys = passkeys
        self._party = party
        self._browser = browser
        self._purpose = purpose

    async def options_to_sign_in(self) -> str:
        """Return what the browser is asked, as JSON: any passkey that it has for this installation."""
        asked = webauthn.generate_authentication_options(
            rp_id=self._party.id, challenge=await self._challenge(), user_verification=_REQUIRED
        )
        return webauthn.options_to_json(asked)

    async def options_to_add(self, handle: bytes, login: str, name: str, known: list[Passkey]) -> str:
        """Return what the browser is asked, as JSON: a new passkey for a person, on no device that has one."""
        asked = webauthn.generate_registration_options(
            rp_id=self._party.id,
            rp_name="Kawal",
            user_id=handle,
            user_name=login or "–",
            user_display_name=name or "–",
            challenge=await self._challenge(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        )
        return webauthn.options_to_json(asked)

    async def added(self, answer: str) -> NewPasskey | None:
        """Return the passkey that the browser made; None if the answer is not what was asked for."""
        challenge = await self._used_challenge(answer)
        if challenge is None:
            return None
        try:
            made = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return None
        return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)

    async def signed_in(self, answer: str, people: People) -> Person | None:
        """Return whose passkey signed; None if nobody's did, or not what was asked."""
        challenge = await self._used_challenge(answer)
        if challenge is None:
            return None
        credential_id, handle = _named(answer)
        passkey = None if credential_id is None else await self._passkeys.find(credential_id)
        person = None if passkey is None else await people.find(passkey.person)
        if passkey is None or person is None or (handle is not None and handle != person.handle):
            return None
        try:
            verified = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self._party.id,
                expected_origin=self._party.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return None
        return person if await self._passkeys.used(passkey.id, verified.new_sign_count) else None

    async def _challenge(self) -> bytes:
        until = int((datetime.now(UTC) + ANSWERED_WITHIN).timestamp())
        return until.to_bytes(_STAMP) + await self._mac(until)

    async def _mac(self, until: int) -> bytes:
        mac = await self._passkeys.challenge_mac(self._browser, self._purpose, self._party.id, str(until))
        return mac[: 32 - _STAMP]

    async def _used_challenge(self, answer: str) -> bytes | None:
        """Return the challenge that was answered, if it is ours, of this browser, still valid, and answered first."""
        challenge = _challenge_in(answer)
        if challenge is None or len(challenge) != 32:
            return None
        until = int.from_bytes(challenge[:_STAMP])
        now = datetime.now(UTC)
        if not now.timestamp() <= until <= (now + ANSWERED_WITHIN).timestamp():
            return None
        if not hmac.compare_digest(challenge[_STAMP:], await self._mac(until)):
            return None
        used = await self._passkeys.use_challenge(challenge, datetime.fromtimestamp(until, UTC))
        return challenge if used else None


def _challenge_in(answer: str) -> bytes | None:
    try:
        said = json.loads(base64url_to_bytes(json.loads(answer[:MOST_TEXT])["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except (ValueError, KeyError, TypeError):
        return None


def _named(answer: str) -> tuple[bytes | None, bytes | None]:
    """Return the id of the passkey that an answer names, and as whose."""
    try:
        read = json.loads(answer[:MOST_TEXT])
        handle = read["response"].get("userHandle")
        return base64url_to_bytes(read["rawId"]), None if handle is None else base64url_to_bytes(handle)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None
