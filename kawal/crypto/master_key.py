"""Master keys: they wrap the data keys and never touch the data itself.

One is current and wraps; earlier ones may still be available, so that what they wrapped can be unwrapped until it is
rewrapped. A master key is held in this process (crypto.master_keys says where it comes from) or in a key management
service (crypto.kms).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from kawal.crypto.encryption import KEY_BYTES, DataKey, NotAuthentic, decrypt, encrypt
from kawal.domain.msgids import Sayable, msgid, sentence


class KeyUnavailable(Exception):  # noqa: N818 - names the condition
    """The key is unavailable now (database down, master key missing or a different one): try again, nothing is lost."""

    def __init__(self, why: Sayable | str) -> None:
        """Keep the reason: a sentence where an operator reads it, plain English for logs."""
        super().__init__(str(why))
        self.why = why


class NotOpened(KeyUnavailable):
    """This data key cannot be unwrapped with the available master keys: another one wrapped it, or it was changed."""


class WrappedSecret(NamedTuple):
    """The encrypted secret of a data key."""

    master_key_id: str
    """The master key that unwraps it; the id reveals nothing about that key."""
    data: bytes


class MasterKey(Protocol):
    """Anything that wraps data keys: a key in memory, or a key management service.

    The methods may take as long as a network call does; they must not block the event loop.
    """

    async def current_id(self) -> str:
        """Return the id of the master key that wraps now; raises KeyUnavailable."""

    async def opens(self, master_key_id: str) -> bool:
        """Return whether what that master key wrapped can be unwrapped here; raises KeyUnavailable."""

    async def wrap(self, key: DataKey) -> WrappedSecret:
        """Encrypt a data key's secret, bound to its id and owner; raises KeyUnavailable."""

    async def unwrap(self, key_id: UUID, owner: str, wrapped: WrappedSecret) -> DataKey:
        """Decrypt a wrapped key; raises KeyUnavailable if another master key wrapped it or it was changed."""

    async def close(self) -> None:
        """Close connections; the object may be used again."""


class LocalMasterKey:
    """A master key held in this process."""

    def __init__(self, secret: bytes) -> None:
        """Hold a key of 32 bytes; raises ValueError for any other length."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(secret)}")
        self._id = hashlib.sha256(b"kawal master key\x00" + secret).hexdigest()[:16]
        self._key = DataKey(uuid5(NAMESPACE_OID, self._id), "master", secret)

    @property
    def master_key_id(self) -> str:
        """The first 16 hex digits of a hash of the key."""
        return self._id

    async def current_id(self) -> str:
        """Return its own id."""
        return self._id

    async def opens(self, master_key_id: str) -> bool:
        """Return whether the id is its own."""
        return master_key_id == self._id

    async def wrap(self, key: DataKey) -> WrappedSecret:
        """Encrypt a data key's secret, bound to its id and owner."""
        return WrappedSecret(self._id, encrypt(self._key, key.secret, binding(key.key_id, key.owner)))

    async def unwrap(self, key_id: UUID, owner: str, wrapped: WrappedSecret) -> DataKey:
        """Decrypt a wrapped key; raises KeyUnavailable if another master key wrapped it or it was changed."""
        try:
            return DataKey(key_id, owner, decrypt(self._key, wrapped.data, binding(key_id, owner)))
        except NotAuthentic:
            raise not_opened(key_id, owner, wrapped.master_key_id, self._id) from None

    async def close(self) -> None:
        """Do nothing: there are no connections."""


class MasterKeys:
    """The current master key and earlier ones, read again from their sources when something there has changed."""

    def __init__(self, read: Callable[[], Sequence[MasterKey]], stamp: Callable[[], object]) -> None:
        """Take them from `read`, the current one first; `stamp` changes whenever the result of `read` may have."""
        self._read = read
        self._stamp = stamp
        self._seen = stamp()
        self._keys = list(read())

    async def current_id(self) -> str:
        """Return the id of the master key that wraps now; raises KeyUnavailable."""
        return await self._at_hand()[0].current_id()

    async def opens(self, master_key_id: str) -> bool:
        """Return whether one of them unwraps what that master key wrapped; raises KeyUnavailable."""
        return await self._opener(master_key_id) is not None

    async def wrap(self, key: DataKey) -> WrappedSecret:
        """Encrypt a data key's secret with the current master key; raises KeyUnavailable."""
        return await self._at_hand()[0].wrap(key)

    async def unwrap(self, key_id: UUID, owner: str, wrapped: WrappedSecret) -> DataKey:
        """Decrypt a wrapped key with the master key that wrapped it; raises KeyUnavailable if that is not available."""
        opener = await self._opener(wrapped.master_key_id)
        if opener is None:
            raise not_opened(key_id, owner, wrapped.master_key_id, await self.current_id())
        return await opener.unwrap(key_id, owner, wrapped)

    async def close(self) -> None:
        """Close connections."""
        for key in self._keys:
            await key.close()

    async def _opener(self, master_key_id: str) -> MasterKey | None:
        for key in self._at_hand():
            if await key.opens(master_key_id):
                return key
        return None

    def _at_hand(self) -> list[MasterKey]:
        """Return the keys as they are now; while they cannot be read, the keys read before remain in use."""
        stamp = self._stamp()
        if stamp != self._seen:
            try:
                self._keys = list(self._read())
            except KeyUnavailable:
                return self._keys
            self._seen = stamp
        return self._keys


def not_opened(key_id: UUID, owner: str, wrapped_by: str, at_hand: str) -> NotOpened:
    """Return the error for a data key that no available master key unwraps; it names the one that is needed."""
    return NotOpened(
        sentence(
            msgid(
                "the data key {key} of {owner} was wrapped by master key {wrapped_by} and does not open with "
                "{available}: put the master key that wrapped it back"
            ),
            key=key_id,
            owner=owner,
            wrapped_by=wrapped_by,
            available=at_hand,
        )
    )


def binding(key_id: UUID, owner: str) -> bytes:
    """Return the associated data a wrapped key is bound to, so that it can be unwrapped only in its own row."""
    return b"kawal data key\x00" + key_id.bytes + owner.encode()
