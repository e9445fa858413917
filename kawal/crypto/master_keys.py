"""Sources of master keys: a service, the environment, or a file that only its owner may read.

    KAWAL_KMS                     a key management service (crypto.kms)
    KAWAL_MASTER_KEY              base64 of 32 bytes
    KAWAL_MASTER_KEY_PREVIOUS     earlier ones, separated by commas, until nothing is wrapped by them any more
    the file, and previous/*.key  the same; stored apart from the data, so that a copy of the data alone reveals nothing

The first of service, environment and file wraps new keys; the others still unwrap what they wrapped.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from kawal.crypto.durable_files import sync_folder
from kawal.crypto.encryption import KEY_BYTES
from kawal.crypto.kms import SERVICE, load_service
from kawal.crypto.master_key import KeyUnavailable, LocalMasterKey, MasterKey, MasterKeys
from kawal.domain.msgids import msgid, sentence

__all__ = [
    "ENVIRONMENT",
    "PREVIOUS",
    "KeyUnavailable",
    "LocalMasterKey",
    "MasterKey",
    "MasterKeyFile",
    "MasterKeys",
    "ensure_master_key",
    "load_master_key",
    "source",
]

ENVIRONMENT = "KAWAL_MASTER_KEY"
PREVIOUS = "KAWAL_MASTER_KEY_PREVIOUS"

_NEXT = "next.key"
_PREVIOUS_FOLDER = "previous"


def load_master_key(path: Path) -> MasterKeys:
    """Return the master keys of an installation whose key file is `path`; raises KeyUnavailable if there is none.

    A file that others may read is refused, because its secrecy is its only protection. A replaced file is noticed; a
    change of the environment needs a new process.
    """
    service = load_service(os.environ[SERVICE]) if os.environ.get(SERVICE) else None
    return MasterKeys(lambda: _at_hand(service, path), lambda: _stamp(path))


def ensure_master_key(path: Path) -> MasterKeys:
    """Return the master keys, first creating the file if there is neither a file, an environment key nor a service."""
    if source() == "file" and not path.exists():
        _write_once(path, os.urandom(KEY_BYTES))
    return load_master_key(path)


def source() -> Literal["service", "environment", "file"]:
    """Return which source the current (wrapping) master key comes from."""
    if os.environ.get(SERVICE):
        return "service"
    return "environment" if os.environ.get(ENVIRONMENT) else "file"


class MasterKeyFile:
    """Replacement of the current master key by a new one, in steps after each of which it may be interrupted and
    resumed."""

    def __init__(self, path: Path) -> None:
        """Work beside the file `path`."""
        self._path = path
        self._next = path.with_name(_NEXT)
        self._previous = path.parent / _PREVIOUS_FOLDER

    def draft(self, given: Path | None = None) -> str:
        """Prepare the next key, the one in the file `given` or a new one, and return its id; a prepared key is kept.

        Raises KeyUnavailable if the given file holds no key, the current key, or a key other than the prepared one.
        """
        secret = os.urandom(KEY_BYTES) if given is None else _secret_in(given)
        if LocalMasterKey(secret).master_key_id == self._id_in(self._path):
            raise KeyUnavailable(sentence(msgid("{file} holds the master key that is in use already"), file=given))
        if not self._next.exists():
            _write_once(self._next, secret)
        if given is not None and _secret_in(self._next) != secret:
            raise KeyUnavailable(
                sentence(
                    msgid("{prepared} is prepared and is another key than {given}; remove one of them"),
                    prepared=self._next,
                    given=given,
                )
            )
        return self._id_in(self._next)

    def install(self, master_key_id: str) -> None:
        """Make the prepared key of that id the current one; its predecessor is kept in `previous/`.

        Repeating it changes nothing. Raises KeyUnavailable if that key is neither prepared nor current.
        """
        before = self._id_in(self._path)
        if before != master_key_id:
            if not self._next.exists() or self._id_in(self._next) != master_key_id:
                raise KeyUnavailable(
                    sentence(
                        msgid("the master key {key} that a rotation began with is not in {file}"),
                        key=master_key_id,
                        file=self._next,
                    )
                )
            _write_once(self._previous / f"{before}.key", _secret_in(self._path))
            os.replace(self._next, self._path)
            sync_folder(self._path.parent)

    def previous(self) -> list[Path]:
        """Return the files of earlier keys, which are to be destroyed once nothing is wrapped by them."""
        return _previous_files(self._path)

    def _id_in(self, path: Path) -> str:
        return LocalMasterKey(_secret_in(path)).master_key_id


def _at_hand(service: MasterKey | None, path: Path) -> Sequence[MasterKey]:
    keys: list[MasterKey] = [] if service is None else [service]
    text = os.environ.get(ENVIRONMENT)
    if text:
        keys.append(LocalMasterKey(_decoded(text, ENVIRONMENT)))
    if not keys or path.exists():
        keys.append(LocalMasterKey(_secret_in(path)))
    earlier = [one for one in os.environ.get(PREVIOUS, "").split(",") if one.strip()]
    keys += [LocalMasterKey(_decoded(one, PREVIOUS)) for one in earlier]
    return [*keys, *(LocalMasterKey(_secret_in(file)) for file in _previous_files(path))]


def _previous_files(path: Path) -> list[Path]:
    folder = path.parent / _PREVIOUS_FOLDER
    return sorted(folder.glob("*.key")) if folder.is_dir() else []


def _stamp(path: Path) -> object:
    """Return a value that differs after a key file was created, replaced or removed."""

    def of(place: Path) -> tuple[int, ...] | None:
        try:
            seen = place.stat()
        except OSError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    return of(path), of(path.parent / _PREVIOUS_FOLDER)


def _secret_in(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        content = path.read_text("ascii", errors="replace")
    except FileNotFoundError as error:
        raise KeyUnavailable(
            sentence(msgid("{variable} is not set and there is no file {file}"), variable=ENVIRONMENT, file=path)
        ) from error
    except OSError as error:
        raise KeyUnavailable(
            sentence(msgid("{file} cannot be read ({error})"), file=path, error=error.strerror or type(error).__name__)
        ) from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyUnavailable(sentence(msgid("{file} may be read by others; make it `chmod 600`"), file=path))
    return _decoded(content, str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyUnavailable(
            sentence(msgid("{file} does not hold {number} bytes in base64"), file=where, number=KEY_BYTES)
        )
    return secret


def _write_once(path: Path, secret: bytes) -> None:
    """Write a key file completely and flush it, unless there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written completely under another name, then linked, so that two processes starting at once agree on one key.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(secret) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    sync_folder(path.parent)
