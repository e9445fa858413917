"""Where the encrypted objects are stored: a folder of this machine, or an S3 bucket.

incoming/<random> an upload in progress, or an interrupted one <tracking id>/<name> an attachment: <name> is the keyed
hash of its content <tracking id>/<name>.public the same without metadata
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from kawal.base.errors import StorageUnavailable

INCOMING = "incoming"
_PART = 5 * 1024 * 1024
"""The smallest part that S3 accepts; an upload holds one in memory, however large the file."""

_LOCAL_PART = 256 * 1024

_READ = 256 * 1024
_FAULTS = (BaseError, OSError, TimeoutError)


class StoredObject(NamedTuple):
    """One object as listed; `changed_at` is when it got its present name (UTC)."""

    path: str
    changed_at: datetime


class ObjectStorage:
    """Encrypted objects in one place; every method raises StorageUnavailable if it cannot be reached."""

    def __init__(self, url: str) -> None:
        """Store objects under `url`: `file:///folder` (created if missing) or `s3://bucket/prefix`."""
        parts = urlsplit(url)
        self.folder: Path | None = None
        self._part = _PART
        self._store: ObjectStore
        if parts.scheme == "file":
            self.folder = Path(unquote(parts.path))
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._part = _LOCAL_PART
            self._store = LocalStore(self.folder)
        elif parts.scheme == "s3":
            self._store = _bucket(url)
        else:
            raise ValueError(f"attachments can lie under file:// or s3://, not {parts.scheme}://")

    async def put_incoming(self, pieces: AsyncIterator[bytes]) -> str:
        """Write an object as it arrives under a new temporary name; return that name."""
        path = f"{INCOMING}/{secrets.token_hex(16)}"
        try:
            # One upload is never divided among several connections: its memory is that of one part.
            await obstore.put_async(self._store, path, pieces, chunk_size=self._part, max_concurrency=1)
            await self._sync(path)
        except _FAULTS as error:
            raise _away(error) from error
        return path

    async def settle(self, incoming: str, path: str) -> None:
        """Give an incoming object its final name, replacing an object of that name."""
        try:
            await obstore.rename_async(self._store, incoming, path)
            await self._sync(path)
        except _FAULTS as error:
            raise _away(error) from error

    async def read(self, path: str) -> AsyncIterator[bytes]:
        """Read an object piece by piece."""
        try:
            found = await obstore.get_async(self._store, path)
            async for piece in found.stream(min_chunk_size=_READ):
                yield bytes(piece)
        except _FAULTS as error:
            raise _away(error) from error

    async def remove(self, path: str) -> None:
        """Remove an object; one that is already gone is no error."""
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return
        except _FAULTS as error:
            raise _away(error) from error

    async def changed_at(self, path: str) -> datetime | None:
        """Return when the object got its present name (UTC); None if there is none."""
        try:
            return _utc((await obstore.head_async(self._store, path))["last_modified"])
        except FileNotFoundError:
            return None
        except _FAULTS as error:
            raise _away(error) from error

    async def under(self, prefix: str | None = None) -> AsyncIterator[StoredObject]:
        """Yield all objects, or those in one folder, without a list of them all in memory."""
        try:
            async for batch in obstore.list(self._store, prefix):
                for meta in batch:
                    yield StoredObject(meta["path"], _utc(meta["last_modified"]))
        except _FAULTS as error:
            raise _away(error) from error

    async def remove_broken_off(self, before: datetime) -> int:
        """Remove what a killed process left half written before an instant; return how many.

        For a bucket a lifecycle rule does that ("abort incomplete multipart uploads").
        """
        return 0 if self.folder is None else await asyncio.to_thread(_remove_parts, self.folder / INCOMING, before)

    async def _sync(self, path: str) -> None:
        if self.folder is not None:
            await asyncio.to_thread(_sync, self.folder / path)


def _bucket(url: str) -> S3Store:
    """Return a bucket; its region, credentials and endpoint come from AWS_* in the environment."""
    return S3Store.from_url(
        url,
        client_options={
            # As long as a reader on a slow line may take; these options override the environment's on HTTP.
            "timeout": "10m",
            "connect_timeout": "5s",
            "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true",
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )


def _away(error: Exception) -> StorageUnavailable:
    """Return the error with the first line of the store's message, which says what happened."""
    return StorageUnavailable(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")


def _sync(path: Path) -> None:
    """Make a file and its name survive a power failure."""
    for place in (path, path.parent, path.parent.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_parts(folder: Path, before: datetime) -> int:
    removed = 0
    for path in folder.glob("*#*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _utc(at: Any) -> datetime:
    found: datetime = at
    return found.astimezone(UTC)
