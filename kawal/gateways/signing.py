"""The signature between Kawal and a gateway program of one's own: the same in both directions."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

REPLAY_WINDOW = timedelta(minutes=5)
"""A signed time that differs from now by more than this is refused, however good its signature."""

TIMESTAMP = "X-Kawal-Timestamp"
SIGNATURE = "X-Kawal-Signature"


def signature_headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that sign a body at a time: HMAC-SHA256 of the time in seconds, a full stop and the body."""
    stamp = str(int(now.timestamp()))
    return {TIMESTAMP: stamp, SIGNATURE: f"sha256={_digest(secret, stamp, body)}"}


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Return whether the body was recently signed with the secret; header names are lower case."""
    stamp = headers.get(TIMESTAMP.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    given = headers.get(SIGNATURE.lower(), "").removeprefix("sha256=")
    in_time = abs(now.timestamp() - int(stamp)) <= REPLAY_WINDOW.total_seconds()
    return hmac.compare_digest(_digest(secret, stamp, body).encode(), given.encode(errors="replace")) and in_time


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hex()
