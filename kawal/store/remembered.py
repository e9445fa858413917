"""What a process may go on trusting for a moment without asking the database: whose a secret that was shown is."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Generic, TypeVar

REMEMBERED = 5.0
"""Seconds for which a process may go on trusting without asking: the longest that a revocation takes."""

_USED_EVERY = 60.0
_MOST = 10_000

Holder = TypeVar("Holder")


def hash_of(text: str) -> bytes:
    """The form in which a secret of 256 random bits is stored: a plain hash is no easier to search than the secret."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


class Remembered(Generic[Holder]):
    """Who was behind a secret when it was last looked up, None for an unknown one too."""

    def __init__(self) -> None:
        """Know nobody yet."""
        self._known: dict[bytes, tuple[Holder | None, float]] = {}
        self._used: dict[int, float] = {}

    async def find(self, text: str, look_up: Callable[[bytes], Awaitable[Holder | None]]) -> Holder | None:
        """Whose the secret is, by `look_up` of its hash where this is not known since a moment."""
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
        """Ask again at the next use, whatever is known."""
        self._known.clear()

    def used(self, number: int) -> bool:
        """Whether a use of the secret of that number is to be noted: at most once a minute."""
        now = time.monotonic()
        if now - self._used.get(number, -_USED_EVERY) < _USED_EVERY:
            return False
        self._used[number] = now
        return True
