"""A five-second cache of who a token or pass belongs to."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Generic, TypeVar

REMEMBERED = 5.0
"""Seconds for which a process may trust an entry without asking: the longest that a revocation takes to apply."""

_USED_EVERY = 60.0
_MOST = 10_000

Holder = TypeVar("Holder")


def hash_of(text: str) -> bytes:
    """Return the stored form of a secret of 256 random bits: a plain hash is no easier to search than the secret."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


class SecretCache(Generic[Holder]):
    """A cache of the holder of each secret at its last look-up, including None for an unknown one."""

    def __init__(self) -> None:
        """Start empty."""
        self._known: dict[bytes, tuple[Holder | None, float]] = {}
        self._used: dict[int, float] = {}

    async def find(self, text: str, look_up: Callable[[bytes], Awaitable[Holder | None]]) -> Holder | None:
        """Return the holder of a secret, calling `look_up` with its hash unless the cached entry is fresh."""
        hashed, now = hash_of(text), time.monotonic()
        known = self._known.get(hashed)
        if known is not None and now - known[1] <= REMEMBERED:
            return known[0]
        holder = await look_up(hashed)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[hashed] = (holder, now)
        return holder

    def forget(self) -> None:
        """Empty the cache, so that the next use asks again."""
        self._known.clear()

    def used(self, number: int) -> bool:
        """Return whether a use of the secret of that number is to be recorded: at most once a minute."""
        now = time.monotonic()
        if now - self._used.get(number, -_USED_EVERY) < _USED_EVERY:
            return False
        self._used[number] = now
        return True
