"""One upload in transit: measured, checked, hashed and encrypted, piece by piece."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kawal.crypto.encryption import DataKey
from kawal.intake.attachments.chunk_encryption import Encryptor
from kawal.intake.attachments.file_types import HEAD, StreamCheck, kind_of
from kawal.intake.attachments.refusals import AttachmentRefused
from kawal.intake.attachments.settings import MEGABYTE


class Upload:
    """A file on its way into the store; its type is known from the start, the rest once `encrypted` is exhausted."""

    def __init__(self, head: bytes, rest: AsyncIterator[bytes], key: DataKey, max_bytes: int) -> None:
        """Begin with the file's first bytes; use `begun`."""
        self.kind = kind_of(head)
        self.size = 0
        self.fault: Exception | None = None
        """The error that ended the upload early; what was written of it is to be discarded."""
        self._head = head
        self._rest = rest
        self._max_bytes = max_bytes
        self._encryptor = Encryptor(key)
        self._check = StreamCheck(self.kind)
        self._content = sha256()
        self._name = hmac.new(_name_key(key), digestmod=sha256)

    @classmethod
    async def begun(cls, stream: AsyncIterator[bytes], key: DataKey, max_bytes: int) -> Upload:
        """Read enough to determine the type; refuse a type that is not taken, an empty or a too large file."""
        head = bytearray()
        async for piece in stream:
            head += piece
            if len(head) > max_bytes:
                raise AttachmentRefused("too_large", limit=max_bytes // MEGABYTE)
            if len(head) >= HEAD:
                break
        if not head:
            raise AttachmentRefused("empty")
        return cls(bytes(head), stream, key, max_bytes)

    @property
    def name_mac(self) -> bytes:
        """The keyed hash of the content, by a key that belongs to this complaint alone and is destroyed with it."""
        return self._name.digest()

    @property
    def sha256(self) -> str:
        """The content's plain hash, in hexadecimal digits."""
        return self._content.hexdigest()

    @property
    def file_id(self) -> bytes:
        """The id of the encrypted form."""
        return self._encryptor.file_id

    async def encrypted(self) -> AsyncIterator[bytes]:
        """Yield the encrypted file, piece by piece; end early, with `fault` set, if the upload fails or is refused."""
        try:
            async for piece in self._pieces():
                out = self._encryptor.update(piece)
                if out:
                    yield out
            self._check.finish()
            yield self._encryptor.finish()
        except Exception as error:
            # The store finishes its write normally, and the caller checks `fault`.
            self.fault = error

    async def _pieces(self) -> AsyncIterator[bytes]:
        yield self._taken(self._head)
        async for piece in self._rest:
            yield self._taken(piece)

    def _taken(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if self.size > self._max_bytes:
            raise AttachmentRefused("too_large", limit=self._max_bytes // MEGABYTE)
        self._check.update(piece)
        self._content.update(piece)
        self._name.update(piece)
        return piece


def _name_key(key: DataKey) -> bytes:
    return HKDF(SHA256(), 32, None, b"kawal attachment name 1\x00" + key.owner.encode()).derive(key.secret)
