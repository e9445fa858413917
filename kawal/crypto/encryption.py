"""Encryption of bytes with a data key: AES-256-GCM, the key's id in a header, everything authenticated.

    version (1 byte) | key id (16) | nonce (12) | ciphertext and tag

Nonces are random: a data key encrypts at most a complaint's few hundred messages, and the system key stays far below
the 2^32 that NIST SP 800-38D allows a key with random 96-bit nonces.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12
_HEADER_BYTES = 1 + 16
_TAG_BYTES = 16
OVERHEAD = _HEADER_BYTES + _NONCE_BYTES + _TAG_BYTES
"""Bytes that encryption adds."""


class NotAuthentic(Exception):  # noqa: N818 - names the condition
    """The bytes were not encrypted with this key for this use, or were changed since."""


@dataclass(frozen=True)
class DataKey:
    """A key that encrypts what belongs to one owner: a complaint's workflow id, or "system"."""

    key_id: UUID
    owner: str
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, owner: str) -> DataKey:
        """Create a new random key for an owner."""
        return cls(uuid4(), owner, AESGCM.generate_key(bit_length=8 * KEY_BYTES))

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher, whose key schedule is computed once."""
        return AESGCM(self.secret)

    @cached_property
    def header(self) -> bytes:
        """What everything begins with that it encrypted."""
        return _VERSION + self.key_id.bytes


def encrypt(key: DataKey, plaintext: bytes, aad: bytes) -> bytes:
    """Encrypt and authenticate. `aad` says what the bytes are for; decrypting them needs the same."""
    header = key.header
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + key.cipher.encrypt(nonce, plaintext, header + aad)


def decrypt(key: DataKey, blob: bytes, aad: bytes) -> bytes:
    """Return the plaintext; raises NotAuthentic for bytes of another key or use, or that were changed."""
    header = key.header
    if len(blob) < OVERHEAD or blob[:_HEADER_BYTES] != header:
        raise NotAuthentic("not encrypted by this key")
    nonce_end = _HEADER_BYTES + _NONCE_BYTES
    try:
        return key.cipher.decrypt(blob[_HEADER_BYTES:nonce_end], blob[nonce_end:], header + aad)
    except InvalidTag:
        raise NotAuthentic("changed since it was encrypted, or encrypted for another use") from None


def key_id_of(blob: bytes) -> UUID | None:
    """Return the id of the key that encrypted these bytes, or None if they are not encrypted bytes."""
    if len(blob) < OVERHEAD or blob[:1] != _VERSION:
        return None
    return UUID(bytes=blob[1:_HEADER_BYTES])
