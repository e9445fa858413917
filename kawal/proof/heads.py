"""The log's leaves and its signed heads, byte by byte.

A leaf names one row of a chain by the chain, the row's number in it and its hash (proof.chain):

    kawal-leaf-1 \\n chain \\n number \\n hash, hex \\n

where the chain is `complaint-NUMBER` for events, `access`, `history_archive` or `side_act`. A head states the tree's
size and root at an instant:

    kawal-head-1 \\n log \\n size \\n root, hex \\n instant \\n key \\n

and exactly these bytes are signed by the key it names (proof.signing).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from kawal.proof.signing import SIGNATURE_BYTES, KeySet, MalformedProof, bytes_of, instant_of, instant_text

HEAD_FORM = "kawal-head-1"
ACCESS = "access"
HISTORY_ARCHIVE = "history_archive"
SIDE_ACT = "side_act"


def leaf_data(chain: str, number: int, hash_: bytes) -> bytes:
    """Return the data of a row's leaf."""
    return f"kawal-leaf-1\n{chain}\n{number}\n{hash_.hex()}\n".encode()


def row_leaf(chain: str, number: int, hash_: bytes) -> bytes:
    """Return the leaf hash of a row (RFC 9162: SHA-256 of a zero byte and the leaf's data)."""
    return sha256(f"\x00kawal-leaf-1\n{chain}\n{number}\n{hash_.hex()}\n".encode()).digest()


class Head(NamedTuple):
    """A signed tree head."""

    log_id: str
    size: int
    root: bytes
    at: datetime
    key_id: str
    signature: bytes

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return head_text(self.log_id, self.size, self.root, self.at, self.key_id)

    def is_signed_by(self, keys: KeySet) -> bool:
        """Return whether this head is of the log of those keys, and one of them signed it while it was valid."""
        return (
            bool(keys.keys)
            and self.log_id == keys.log_id
            and keys.signed(self.key_id, self.text, self.signature, self.at)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the head in its published form."""
        return {
            "form": HEAD_FORM,
            "log": self.log_id,
            "size": self.size,
            "root": self.root.hex(),
            "at": instant_text(self.at),
            "signing_key": self.key_id,
            "signature": self.signature.hex(),
        }

    @classmethod
    def from_json(cls, value: object) -> Head:
        """Read a published head; raises MalformedProof."""
        if not isinstance(value, Mapping) or value.get("form") != HEAD_FORM:
            raise MalformedProof(f"this is no head of a log ({HEAD_FORM})")
        size = value.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 < size < 1 << 63:
            raise MalformedProof("the head's size is no number of leaves")
        return cls(
            str(value.get("log")),
            size,
            bytes_of(value.get("root"), 32),
            instant_of(value.get("at")),
            str(value.get("signing_key")),
            bytes_of(value.get("signature"), SIGNATURE_BYTES),
        )


def head_text(log_id: str, size: int, root: bytes, at: datetime, key_id: str) -> bytes:
    """Return the bytes of a head that its key signs."""
    lines = (HEAD_FORM, log_id, str(size), root.hex(), instant_text(at), key_id)
    return "".join(f"{line}\n" for line in lines).encode()


def read_heads(text: str) -> list[Head]:
    """Return the heads of a published file, one per line, or of a file with one head; raises MalformedProof."""
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    try:
        found = [whole] if whole is not None else [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        raise MalformedProof("the file is no JSON") from None
    if not found:
        raise MalformedProof("the file holds no head")
    return [Head.from_json(one) for one in found]
