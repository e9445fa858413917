"""Hash chains: each row carries the hash of its predecessor and its own, over exactly what is stored.

    hash = SHA-256(tag, prev, field, field, ...)   each part preceded by its length in 8 bytes, big-endian

A field is encoded as the letter of its type followed by its bytes: `n` nothing, `i` an integer in decimal digits, `t`
an instant in microseconds since 1970 UTC, decimal, `s` text in UTF-8 (a UUID as its usual text), `b` bytes, `j` JSON in
canonical form. So the same row always gives the same bytes on every machine, and neither a database nor a library of
ours is needed to check a row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

GENESIS = bytes(32)
"""The predecessor's hash of a chain's first row; the chain's own name is among that row's fields."""

EVENT_TAG = b"kawal-event-1"
ACCESS_TAG = b"kawal-access-1"
HISTORY_ARCHIVE_TAG = b"kawal-history-archive-1"
SIDE_ACT_TAG = b"kawal-side-act-1"

EVENT_FIELDS = (
    "workflow_id",
    "seq",
    "tracking_id",
    "at",
    "recorded_at",
    "kind",
    "actor_role",
    "actor_account",
    "actor_opd",
    "status",
    "facts",
    "idempotency_mac",
    "ciphertext",
)
"""The columns of an event that its hash covers, in order."""

ACCESS_FIELDS = (
    "n",
    "at",
    "kind",
    "actor_role",
    "actor_account",
    "actor_opd",
    "tracking_id",
    "facts",
    "data_key_id",
    "ciphertext",
)
"""The columns of an access log entry that its hash covers, in order."""

HISTORY_ARCHIVE_FIELDS = (
    "n",
    "workflow_id",
    "run_id",
    "close_status",
    "started_at",
    "closed_at",
    "events",
    "compression",
    "body_hash",
    "archived_at",
)
"""The columns of an archived history that its hash covers, in order; the body is covered by its SHA-256, so that the
body itself may be deleted."""

SIDE_ACT_FIELDS = (
    "n",
    "at",
    "kind",
    "tracking_id",
    "actor_role",
    "actor_account",
    "facts",
    "data_key_id",
    "ciphertext",
)
"""The columns of an act beside the process that its hash covers, in order."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def event_hash(prev: bytes, stored: Sequence[object]) -> bytes:
    """Return the hash of an event: `stored` holds EVENT_FIELDS in order, as PostgreSQL returns them."""
    return row_hash(EVENT_TAG, prev, stored)


def row_hash(tag: bytes, prev: bytes, stored: Sequence[object]) -> bytes:
    """Return the hash of any chain's row; raises TypeError for a value that has no canonical form."""
    parts = (tag, prev, *(_field(value) for value in stored))
    return sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).digest()


def told(value: object) -> list[str]:
    """Return a field as files give it for recomputing a hash: its type's letter, and its bytes as text (`b`: hex)."""
    raw = _field(value)
    letter = chr(raw[0])
    return [letter, raw[1:].hex() if letter == "b" else raw[1:].decode()]


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys, no spaces, and one form for equal numbers (1.0 is 1), which jsonb may mix."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _field(value: object) -> bytes:
    match value:
        case None:
            return b"n"
        case str():
            return b"s" + value.encode()
        case UUID():
            return b"s" + str(value).encode()
        case bytes():
            return b"b" + value
        case int():
            return b"i%d" % value
        case datetime():
            return b"t%d" % ((value - _EPOCH) // _MICROSECOND)
        case dict():
            return b"j" + canonical_json(value).encode()
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")
