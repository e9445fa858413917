"""A device with passkeys, in software: it signs whatever it is told to, so that a test can tell it wrong things."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


class Authenticator:
    """One passkey of one device."""

    def __init__(self, origin: str, rp_id: str, *, verifies: bool = True) -> None:
        self.origin = origin
        self.rp_id = rp_id
        self.verifies = verifies
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)
        self._handle = b""

    def made(self, asked: dict[str, Any]) -> str:
        """Answer a request for a new passkey."""
        point = self._key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        credential = bytes(16) + len(self._id).to_bytes(2) + self._id + public
        data = self._data(HAS_CREDENTIAL) + credential
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        self._handle = asked["user"]["id"].encode()
        return self._answer(asked, "webauthn.create", {"attestationObject": bytes_to_base64url(attested)})

    def signed(self, asked: dict[str, Any]) -> str:
        """Answer a request to sign in."""
        data, client = self._data(0), self._client(asked, "webauthn.get")
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
            "userHandle": self._handle.decode(),
        }
        return self._answer(asked, "webauthn.get", parts)

    def _data(self, flags: int) -> bytes:
        given = USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([given | flags]) + bytes(4)

    def _client(self, asked: dict[str, Any], kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, asked: dict[str, Any], kind: str, parts: dict[str, str]) -> str:
        name = bytes_to_base64url(self._id)
        response = {"clientDataJSON": bytes_to_base64url(self._client(asked, kind)), **parts}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
