"""Passwords: which are strong enough, and whether one is right, in a thread and few at once.

No rule asks for kinds of characters: a long one that nobody would guess is enough (NIST SP 800-63B, 3.1.1.2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.web.problems import RETRY_AFTER, Problem

Result = TypeVar("Result")

SHORTEST = 12
LONGEST = 256
"""Characters of a password."""

AT_ONCE = 2
"""How many passwords are hashed at the same time: each takes a core, and 19 MiB."""

WAITING = 20
"""How many may wait; the next is told to come again."""

_JUDGED = 32
"""What zxcvbn judges; a longer one is judged by its beginning.

It reads signs as letters in every combination: 72 characters of such signs keep it busy for twenty seconds, these for
one.
"""

_GUESSABLE = 3
"""Below this score of zxcvbn's five a password is refused."""

_TOO_SHORT = msgid("A password needs at least {shortest} characters; a sentence of several words is easy to remember.")
_TOO_LONG = msgid("A password may have at most {longest} characters.")
_TOO_EASY = msgid("This password is easy to guess. Choose several words that do not belong together.")
_BUSY = msgid("Many people are signing in at this moment. Try again in a few seconds.")

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's smallest setting for argon2id: a password alone opens nothing here, and the machine may be a small one."""

_NOBODYS = _HASHER.hash("nobody's")
"""Compared with what is typed for a log-in name that nobody has, so that the answer takes as long."""


def weakness(password: str, about: Sequence[str] = ()) -> Sayable | None:
    """Return why a new password is not accepted, None if it is; `about` are words that its owner is known by."""
    if len(password) < SHORTEST:
        return sentence(_TOO_SHORT, shortest=SHORTEST)
    if len(password) > LONGEST:
        return sentence(_TOO_LONG, longest=LONGEST)
    judged = zxcvbn(password[:_JUDGED], user_inputs=[*about, "kawal", "lapor", "pengaduan"])
    return _TOO_EASY if judged["score"] < _GUESSABLE else None


class PasswordCheck:
    """Hashes and compares passwords without holding up anybody else."""

    def __init__(self, most: int = WAITING) -> None:
        """Let at most so many wait, those included who are being compared."""
        self._free = asyncio.Semaphore(AT_ONCE)
        self._most = most
        self._waiting = 0

    async def is_right(self, password_hash: str | None, password: str) -> bool:
        """Tell whether a password is right; without a hash it is not, after as long. Raises Problem 503."""
        return await self._in_turn(lambda: _compare(password_hash, password[:LONGEST]))

    async def weakness_of(self, password: str, about: Sequence[str] = ()) -> Sayable | None:
        """Tell as `weakness` does. Raises Problem 503."""
        return await self._in_turn(lambda: weakness(password, about))

    async def hash_of(self, password: str) -> str:
        """Return what is kept of a new password. Raises Problem 503."""
        return await self._in_turn(lambda: _HASHER.hash(password))

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= self._most:
            raise Problem(503, "busy", _BUSY, headers={"Retry-After": str(RETRY_AFTER)})
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _compare(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _NOBODYS, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
