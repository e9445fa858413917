"""The list of erasures, kept outside the database and its backups, by which a restored database is erased again.

One JSON object per line, append-only, each with the hash of the line before it and the installation's signature
(proof.signing) over `kawal-erasure-1\\n` and the line without its signature in canonical JSON. A line that is signed
with a key that no earlier line contains includes the set of public keys, so that the list can be verified on its own.
It names complaints by their numbers and officials by their accounts; it contains no text and no contact of anybody.

The chain reveals lines that were changed, removed or inserted. Lines cut off at the end are revealed only by comparison
with the database (store.erasures).
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

from kawal.crypto.durable_files import sync_folder
from kawal.domain.refusals import Refusal
from kawal.proof.chain import canonical_json
from kawal.proof.signing import KeySet, MalformedProof, PublicKey, instant_of, instant_text, is_signed

FORM = "kawal-erasure-1"
_GENESIS = bytes(32).hex()


class ErasureEntry(BaseModel):
    """An erasure: the complaint, when (UTC), by whose account in which role, and the code of the ground."""

    tracking_id: str
    at: datetime
    role: str
    account: str
    ground: str


class Signer(Protocol):
    """A signer for the installation (store.signing_keys)."""

    async def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign a message; return the signing key's id and the signature."""

    async def public_keys(self) -> KeySet:
        """Return every public key of the installation, the first one first."""


class _ListContent(NamedTuple):
    entries: list[ErasureEntry]
    keys: dict[str, PublicKey]
    last: str
    whole: int
    """Bytes up to the end of the last complete line."""


class ErasureList:
    """The list in one file."""

    def __init__(self, path: Path) -> None:
        """Keep it at `path`; file and folder are created by the first erasure, readable by their owner alone."""
        self.path = path

    def entries(self, log_id: str | None = None) -> list[ErasureEntry]:
        """Return all entries in order, each verified; empty if there is no list yet.

        `log_id` is the installation's (the id of its first signing key): a list of another one is refused. Raises
        Refusal (erasure_list_foreign, erasure_list_tampered) and OSError. A last line that a crash left unfinished is
        ignored: nothing was erased by it.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return _read(content, log_id).entries

    async def append(self, wanted: Sequence[ErasureEntry], signing: Signer) -> int:
        """Append entries and flush them to disk; return how many were not in the list yet.

        Processes exclude each other by a lock. Raises what `entries` raises, and what signing does.
        """
        public = await signing.public_keys()
        with self._opened() as file:
            await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
            read = _read(os.pread(file, os.fstat(file).st_size, 0), public.log_id)
            listed = {entry.tracking_id for entry in read.entries}
            fresh = [entry for entry in wanted if entry.tracking_id not in listed]
            lines, last, known = b"", read.last, set(read.keys)
            for number, entry in enumerate(fresh, len(read.entries) + 1):
                line = await _signed(number, entry, last, public, known, signing)
                lines, last = lines + line + b"\n", sha256(line).hexdigest()
            if lines:
                await asyncio.to_thread(_put, file, lines, read.whole)
        return len(fresh)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fresh:
                sync_folder(self.path.parent)
            yield file
        finally:
            os.close(file)


async def _signed(
    number: int, entry: ErasureEntry, last: str, public: KeySet, known: set[str], signing: Signer
) -> bytes:
    """Return a line with its signature; the key is requested again if it was rotated meanwhile."""
    newest = public.keys[-1].key_id
    while True:
        content: dict[str, Any] = {
            "form": FORM,
            "n": number,
            "complaint": entry.tracking_id,
            "at": instant_text(entry.at),
            "role": entry.role,
            "account": entry.account,
            "ground": entry.ground,
            "log": public.log_id,
            "prev": last,
            "key": newest,
        }
        if newest not in known:
            content["keys"] = (await signing.public_keys()).to_json()
        key_id, signature = await signing.sign(_message(content))
        if key_id == newest:
            known.add(newest)
            return canonical_json(content | {"signature": signature.hex()}).encode()
        newest = key_id


def _read(content: bytes, log_id: str | None) -> _ListContent:
    whole = content.rfind(b"\n") + 1
    entries: list[ErasureEntry] = []
    keys: dict[str, PublicKey] = {}
    last = _GENESIS
    for number, line in enumerate(content[:whole].splitlines(), 1):
        try:
            found = json.loads(line)
            if canonical_json(found).encode() != line:
                raise ValueError("not as it was written")
            log_id = log_id or str(found["log"])
            if found["log"] != log_id:
                raise Refusal("erasure_list_foreign", line=number)
            keys |= _keys_of(found, log_id)
            entries.append(_checked(found, number, last, keys))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MalformedProof):
            raise Refusal("erasure_list_tampered", line=number) from None
        last = sha256(line).hexdigest()
    return _ListContent(entries, keys, last, whole)


def _keys_of(found: dict[str, Any], log_id: str) -> dict[str, PublicKey]:
    """Return the keys in a line, having verified that each is endorsed by its predecessor, back to the first."""
    if "keys" not in found:
        return {}
    brought = KeySet.from_json(found["keys"])
    if brought.log_id != log_id or brought.fault() is not None:
        raise ValueError("the keys do not follow each other")
    return {key.key_id: key for key in brought.keys}


def _checked(found: dict[str, Any], number: int, last: str, keys: dict[str, PublicKey]) -> ErasureEntry:
    signature = bytes.fromhex(found["signature"])
    content = {name: value for name, value in found.items() if name != "signature"}
    signed = is_signed(keys[found["key"]].public, _message(content), signature)
    if not signed or found["form"] != FORM or found["n"] != number or found["prev"] != last:
        raise ValueError("not this line in this place")
    return ErasureEntry(
        tracking_id=found["complaint"],
        at=instant_of(found["at"]),
        role=found["role"],
        account=found["account"],
        ground=found["ground"],
    )


def _message(content: dict[str, Any]) -> bytes:
    return f"{FORM}\n{canonical_json(content)}".encode()


def _put(file: int, lines: bytes, at: int) -> None:
    """Overwrite what a crash left unfinished, and flush to disk."""
    os.ftruncate(file, at)
    while lines:
        written = os.pwrite(file, lines, at)
        lines, at = lines[written:], at + written
    os.fsync(file)
