"""The master key: it wraps the data keys and never meets the data.

It comes from KAWAL_MASTER_KEY (base64 of 32 bytes) or from a file that only its owner may read, kept apart from the
data so that a copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from typing import Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from crypto.sealing import KEY_BYTES, DataKey, NotAuthentic, open_, seal

ENVIRONMENT = "KAWAL_MASTER_KEY"


class KeyUnavailable(Exception):  # noqa: N818 - names the condition
    """The key can't be had now (database away, master key missing or another one): try again, nothing is lost."""


class MasterKey(Protocol):
    """Whatever wraps data keys: a key in memory, or a key management service."""

    @property
    def master_key_id(self) -> str:
        """Names the master key in each data key's row; says nothing about it."""

    def wrap(self, key: DataKey) -> bytes:
        """Seal a data key's secret, bound to its id and owner."""

    def unwrap(self, key_id: UUID, owner: str, wrapped: bytes) -> DataKey:
        """Open a wrapped key; raises KeyUnavailable if another master key wrapped it or it was changed."""


class LocalMasterKey:
    """A master key held in this process."""

    def __init__(self, secret: bytes) -> None:
        """Hold a key of 32 bytes; ValueError for any other length."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(secret)}")
        self._id = hashlib.sha256(b"kawal master key\x00" + secret).hexdigest()[:16]
        self._key = DataKey(uuid5(NAMESPACE_OID, self._id), "master", secret)

    @property
    def master_key_id(self) -> str:
        """The first 16 hex digits of a hash of the key."""
        return self._id

    def wrap(self, key: DataKey) -> bytes:
        """Seal a data key's secret, bound to its id and owner."""
        return seal(self._key, key.secret, _binding(key.key_id, key.owner))

    def unwrap(self, key_id: UUID, owner: str, wrapped: bytes) -> DataKey:
        """Open a wrapped key; raises KeyUnavailable if another master key wrapped it or it was changed."""
        try:
            return DataKey(key_id, owner, open_(self._key, wrapped, _binding(key_id, owner)))
        except NotAuthentic:
            raise KeyUnavailable(
                f"the data key {key_id} of {owner} does not open with master key {self._id}: "
                "put the master key that wrapped it back"
            ) from None


def load_master_key(path: Path) -> LocalMasterKey:
    """Return the master key from the environment, else from the file; raises KeyUnavailable if there is none.

    A file that others may read is refused: its secrecy is all there is.
    """
    text = os.environ.get(ENVIRONMENT)
    if text:
        return _decoded(text, ENVIRONMENT)
    try:
        mode = path.stat().st_mode
        content = path.read_text("ascii", errors="replace")
    except OSError as error:
        raise KeyUnavailable(f"no master key: {ENVIRONMENT} is not set and {path} cannot be read: {error}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyUnavailable(f"{path} may be read by others; make it `chmod 600`")
    return _decoded(content, str(path))


def ensure_master_key(path: Path) -> LocalMasterKey:
    """Return the master key, making the file first if there is neither it nor the environment's; never overwrites."""
    if not os.environ.get(ENVIRONMENT) and not path.exists():
        _make_file(path)
    return load_master_key(path)


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written whole under another name, then linked: two processes starting at once agree on one key.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _decoded(text: str, where: str) -> LocalMasterKey:
    try:
        return LocalMasterKey(base64.b64decode(text.strip(), validate=True))
    except (binascii.Error, ValueError):
        raise KeyUnavailable(f"{where} does not hold the base64 of {KEY_BYTES} bytes") from None


def _binding(key_id: UUID, owner: str) -> bytes:
    return b"kawal data key\x00" + key_id.bytes + owner.encode()
