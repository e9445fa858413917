"""The encrypted form of a file: AES-256-GCM in chunks, so that memory use does not grow with the file.

    header   "KWAT" (4) | version 1 (1) | data key's id (16) | file id (16, random) | chunk size (4, big-endian)
    chunk    ciphertext of `chunk size` bytes and its tag (16); only the last may be shorter, an empty file has one

Each file has a key of its own: HKDF-SHA-256 of the complaint's data key, salt = file id, info = "kawal attachment 1",
a zero byte and the workflow id. So the nonce can be a simple counter that never repeats: the chunk's number from 0 (11
bytes, big-endian), then 1 for the last chunk, 0 for the others. Each chunk also authenticates the header. A chunk that
is changed, moved, left out or added, and a file that ends too early or too late, cannot be decrypted.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kawal.crypto.encryption import DataKey, NotAuthentic

MAGIC = b"KWAT\x01"
CHUNK = 64 * 1024
LARGEST_CHUNK = 1024 * 1024
"""The largest chunk size that a header may state: the header is read before it is authenticated."""

TAG = 16
HEADER = len(MAGIC) + 16 + 16 + 4


class Header(NamedTuple):
    """The part before the chunks."""

    key_id: UUID
    file_id: bytes
    chunk: int

    def packed(self) -> bytes:
        """Return the header's bytes."""
        return MAGIC + self.key_id.bytes + self.file_id + self.chunk.to_bytes(4)

    @classmethod
    def read(cls, raw: bytes) -> Header:
        """Parse a header; raises NotAuthentic for what is none."""
        chunk = int.from_bytes(raw[-4:])
        if len(raw) != HEADER or not raw.startswith(MAGIC) or not 1 <= chunk <= LARGEST_CHUNK:
            raise NotAuthentic("not an encrypted file")
        key_end = len(MAGIC) + 16
        return cls(UUID(bytes=raw[len(MAGIC) : key_end]), raw[key_end : key_end + 16], chunk)


class Encryptor:
    """Encrypts one file as it arrives; at most one chunk is held back."""

    def __init__(self, key: DataKey, chunk: int = CHUNK) -> None:
        """Encrypt for the owner of `key`."""
        self._header = Header(key.key_id, os.urandom(16), chunk)
        self._chunks = _Chunks(key, self._header)
        self._held = bytearray()
        self._started = False

    @property
    def file_id(self) -> bytes:
        """The id of this encrypted form: the same content encrypted again has another one."""
        return self._header.file_id

    def update(self, plaintext: bytes) -> bytes:
        """Take the next bytes of the file and return what is encrypted so far and was not returned yet."""
        self._held += plaintext
        out = bytearray() if self._started else bytearray(self._header.packed())
        self._started = True
        # A full chunk is held back until more comes: it may be the last, which is encrypted differently.
        for chunk in _taken(self._held, self._header.chunk):
            out += self._chunks.encrypt(chunk, last=False)
        return bytes(out)

    def finish(self) -> bytes:
        """Return the rest; the encrypted file ends here."""
        return self.update(b"") + self._chunks.encrypt(bytes(self._held), last=True)


async def decrypt_chunks(
    encrypted: AsyncIterator[bytes], owner: str, key_by_id: Callable[[UUID], Awaitable[DataKey | None]], file_id: bytes
) -> AsyncIterator[bytes]:
    """Decrypt a file while it is read: each piece that is yielded is authentic and in its place.

    Raises NotAuthentic as soon as something is wrong, at the latest at the end, where a truncated file is detected. It
    is decrypted only if it is `owner`'s and the one named `file_id`. Raises KeyUnavailable and KeyDestroyed, too.
    """
    held = bytearray()
    chunks: _Chunks | None = None
    size = 0
    async for piece in encrypted:
        held += piece
        if chunks is None:
            if len(held) < HEADER:
                continue
            header = Header.read(bytes(held[:HEADER]))
            del held[:HEADER]
            chunks = _Chunks(await _key_of(header, owner, key_by_id, file_id), header)
            size = header.chunk + TAG
        for chunk in _taken(held, size):
            yield chunks.decrypt(chunk, last=False)
    if chunks is None:
        raise NotAuthentic("cut short")
    yield chunks.decrypt(bytes(held), last=True)


async def _key_of(
    header: Header, owner: str, key_by_id: Callable[[UUID], Awaitable[DataKey | None]], file_id: bytes
) -> DataKey:
    if header.file_id != file_id:
        raise NotAuthentic("another file lies in its place")
    key = await key_by_id(header.key_id)
    if key is None or key.owner != owner:
        raise NotAuthentic("encrypted by a key that is not this complaint's")
    return key


class _Chunks:
    """Encrypts or decrypts the chunks of one file in order."""

    def __init__(self, key: DataKey, header: Header) -> None:
        self._aad = header.packed()
        self._cipher = AESGCM(
            HKDF(SHA256(), 32, header.file_id, b"kawal attachment 1\x00" + key.owner.encode()).derive(key.secret)
        )
        self._next = 0

    def encrypt(self, plaintext: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last), plaintext, self._aad)

    def decrypt(self, ciphertext: bytes, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(last), ciphertext, self._aad)
        except (InvalidTag, ValueError):
            raise NotAuthentic("changed, moved or cut short since it was encrypted") from None

    def _nonce(self, last: bool) -> bytes:
        number = self._next
        self._next += 1
        return number.to_bytes(11) + bytes([last])


def _taken(held: bytearray, size: int) -> Iterator[bytes]:
    """Take whole pieces off the front as long as something remains behind them."""
    start = 0
    while len(held) - start > size:
        yield bytes(held[start : start + size])
        start += size
    del held[:start]
