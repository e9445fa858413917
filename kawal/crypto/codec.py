"""The payload codec: encrypts everything that leaves the process for Temporal with the key of its owner.

The serialization context names the workflow; a complaint's workflow has its own key, everything else uses the system's.
In a context, only what that owner's keys encrypted is decrypted: without a complaint's key nobody can send it anything,
neither in plain text nor encrypted for another owner. The key's id is in the payload's metadata, so that readers of the
record (codec server, audit) can decrypt a payload without a context, too.

Two failures are treated differently on purpose. A payload that none of the owner's keys encrypted is passed on as
UNDECODABLE, so that one bad message is refused and recorded while its complaint goes on. A key that exists but is
unavailable now raises an error: the complaint waits at its task, visibly failing, until the key is back, and nothing is
lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from kawal.crypto.data_keys import SYSTEM, AnothersKey, DataKeySource, KeyDestroyed, owner_of
from kawal.crypto.encryption import DataKey, NotAuthentic, decrypt, encrypt
from kawal.crypto.master_keys import KeyUnavailable

ENCRYPTED = b"binary/kawal-encrypted"
UNDECODABLE = b"binary/kawal-undecodable"
"""Encoding of a payload that was not decrypted; its data are the original bytes, and REASON in its metadata says why.
"""

DATA_KEY_ID = "kawal-data-key-id"
REASON = "kawal-reason"
NOT_AUTHENTIC = b"not_authentic"
UNENCRYPTED = b"unencrypted"
FOREIGN = b"foreign"
ERASED = b"erased"


class ComplaintCodec(PayloadCodec, WithSerializationContext):
    """A codec that encrypts and decrypts payloads; its only state is its owner and where its keys come from."""

    def __init__(self, keys: DataKeySource, owner: str = SYSTEM, *, only_theirs: bool = False) -> None:
        """Use the keys of `keys` and encrypt for `owner`; with `only_theirs` decrypt only what that owner's keys
        encrypted."""
        self._keys = keys
        self._owner = owner
        self._only_theirs = only_theirs

    def with_context(self, context: SerializationContext) -> Self:
        """Return a codec that encrypts for the workflow in the context, and decrypts only what belongs to its owner."""
        if not isinstance(context, (WorkflowSerializationContext, ActivitySerializationContext)):
            return self
        owner = owner_of(context.workflow_id)
        bound = self._only_theirs and owner == self._owner
        return self if bound else type(self)(self._keys, owner, only_theirs=True)

    def of_its_owner(self) -> Self:
        """Return a codec for the same owner that decrypts only what belongs to that owner."""
        return type(self)(self._keys, self._owner, only_theirs=True)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt with the owner's key; raises KeyUnavailable if it is missing or unavailable, KeyDestroyed if it is
        destroyed."""
        key = await self._keys.key_for(self._owner)
        metadata = {"encoding": ENCRYPTED, DATA_KEY_ID: str(key.key_id).encode()}
        return [Payload(metadata=metadata, data=encrypt(key, p.SerializeToString(), _aad(key))) for p in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt encrypted payloads and pass on others (in a context as UNDECODABLE); raises only KeyUnavailable."""
        return [await self._opened(payload) for payload in payloads]

    async def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCRYPTED:
            return _undecodable(payload, UNENCRYPTED) if self._only_theirs else payload
        try:
            key = await self._key_of(payload)
            return Payload.FromString(decrypt(key, payload.data, _aad(key)))
        except (NotAuthentic, DecodeError):
            return _undecodable(payload, NOT_AUTHENTIC)
        except AnothersKey:
            return _undecodable(payload, FOREIGN)
        except KeyDestroyed:
            return _undecodable(payload, ERASED)

    async def _key_of(self, payload: Payload) -> DataKey:
        try:
            key_id = UUID(payload.metadata[DATA_KEY_ID].decode("ascii"))
        except (KeyError, ValueError):
            raise NotAuthentic("names no key") from None
        key = await self._keys.key_by_id(key_id, self._owner if self._only_theirs else None)
        if key is None:
            # An unknown key id is garbage, unless the owner's own key is lost as well, in which case this raises.
            await self._keys.key_for(self._owner)
            raise NotAuthentic("names a key that does not exist")
        return key


def _aad(key: DataKey) -> bytes:
    return b"payload\x00" + key.owner.encode()


def _undecodable(payload: Payload, reason: bytes) -> Payload:
    return Payload(metadata={"encoding": UNDECODABLE, REASON: reason}, data=payload.data)


__all__ = ["ENCRYPTED", "UNDECODABLE", "ComplaintCodec", "KeyUnavailable"]
