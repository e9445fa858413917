"""Signatures of the installation (Ed25519, RFC 8032): keys, their endorsements, and the verification of a set of keys.

A key is named by the SHA-256 of its 32 public bytes, in hex. The name of the first key is the name of the log. Each
later key is endorsed by the one before it, whose period ends when the new one's begins: the old one signs

    kawal-signing-key-1 \\n log \\n key \\n public key, hex \\n from when \\n endorsing key \\n

so that anybody who has the first key's name can verify every later one. (The first endorses itself.) An instant is
written in UTC with microseconds: 2026-01-31T23:59:59.000000Z.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEYS_FORM = "kawal-signing-keys-1"
KEY_BYTES = 32
SIGNATURE_BYTES = 64


class MalformedProof(Exception):  # noqa: N818 - names what is wrong with a file
    """A file of keys, a head or a receipt cannot be read as such; the message says what is missing."""


class PublicKey(NamedTuple):
    """A public signing key, valid from `created_at` to `retired_at` (None: it signs now)."""

    key_id: str
    public: bytes
    created_at: datetime
    retired_at: datetime | None
    endorsed_by: str
    """The id of the key before it; the first key names itself."""
    endorsement: bytes


def fresh_private() -> bytes:
    """Return the 32 secret bytes of a new random key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def name_of(public: bytes) -> str:
    """Return the id of a public key."""
    return sha256(public).hexdigest()


def sign(private: bytes, message: bytes) -> bytes:
    """Sign a message; the signature has 64 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the signature is that key's on that message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def instant_text(at: datetime) -> str:
    """Return an aware instant as signed texts write it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def instant_of(text: object) -> datetime:
    """Parse such an instant; raises MalformedProof."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise MalformedProof("an instant is not written as 2026-01-31T23:59:59.000000Z") from None


def bytes_of(text: object, length: int) -> bytes:
    """Parse that many bytes of hex; raises MalformedProof."""
    try:
        found = bytes.fromhex(str(text))
    except ValueError:
        raise MalformedProof("what should be hexadecimal digits is not") from None
    if len(found) != length:
        raise MalformedProof(f"what should be {length} bytes is {len(found)}")
    return found


def endorsement_text(log_id: str, key_id: str, public: bytes, created_at: datetime, endorsed_by: str) -> bytes:
    """Return the bytes that the endorsing key signs."""
    lines = ("kawal-signing-key-1", log_id, key_id, public.hex(), instant_text(created_at), endorsed_by)
    return "".join(f"{line}\n" for line in lines).encode()


class KeySet:
    """The public keys of an installation, from the first to the one that signs now."""

    def __init__(self, keys: Sequence[PublicKey]) -> None:
        """Take the keys in the order in which they succeeded each other."""
        self.keys = list(keys)
        self._by_id = {key.key_id: key for key in keys}

    @property
    def log_id(self) -> str:
        """The name of the log: its first key's id; raises MalformedProof for a set without keys."""
        if not self.keys:
            raise MalformedProof("there is no key")
        return self.keys[0].key_id

    def fault(self) -> str | None:
        """Return the id of the first key that does not properly follow the one before it; None if all do."""
        before: PublicKey | None = None
        for key in self.keys:
            if not self._follows(key, before):
                return key.key_id
            before = key
        return None

    def signed(self, key_id: str, message: bytes, signature: bytes, at: datetime) -> bool:
        """Return whether that key signed the message and was valid at that instant."""
        key = self._by_id.get(key_id)
        if key is None or at < key.created_at or (key.retired_at is not None and at > key.retired_at):
            return False
        return is_signed(key.public, message, signature)

    def to_json(self) -> dict[str, Any]:
        """Return the set in its published form."""
        return {
            "form": KEYS_FORM,
            "log": self.log_id,
            "keys": [
                {
                    "id": key.key_id,
                    "public": key.public.hex(),
                    "from": instant_text(key.created_at),
                    "until": None if key.retired_at is None else instant_text(key.retired_at),
                    "endorsed_by": key.endorsed_by,
                    "endorsement": key.endorsement.hex(),
                }
                for key in self.keys
            ],
        }

    @classmethod
    def from_json(cls, value: object) -> KeySet:
        """Read a published set; raises MalformedProof."""
        if not isinstance(value, Mapping) or value.get("form") != KEYS_FORM or not isinstance(value.get("keys"), list):
            raise MalformedProof(f"this is no set of keys ({KEYS_FORM})")
        return cls([_key(one) for one in value["keys"]])

    def _follows(self, key: PublicKey, before: PublicKey | None) -> bool:
        endorser = before or key
        text = endorsement_text(self.log_id, key.key_id, key.public, key.created_at, endorser.key_id)
        return (
            key.key_id == name_of(key.public)
            and key.endorsed_by == endorser.key_id
            and (before is None or before.retired_at == key.created_at)
            and is_signed(endorser.public, text, key.endorsement)
        )


def _key(value: object) -> PublicKey:
    if not isinstance(value, Mapping):
        raise MalformedProof("a key is no object")
    until = value.get("until")
    return PublicKey(
        key_id=str(value.get("id")),
        public=bytes_of(value.get("public"), KEY_BYTES),
        created_at=instant_of(value.get("from")),
        retired_at=None if until is None else instant_of(until),
        endorsed_by=str(value.get("endorsed_by")),
        endorsement=bytes_of(value.get("endorsement"), SIGNATURE_BYTES),
    )
