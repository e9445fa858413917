"""Limits on what a caller may send: calls per time, and bytes per call.

Calls are counted in this process's memory: several API processes count separately, and a restart forgets the counts.
Guarantees that must hold across processes (no duplicates) do not depend on them. Counting a call costs the same however
many addresses have called.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping

from limits import RateLimitItem, parse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kawal.domain.msgids import msgid, msgids, sentence
from kawal.web.problems import Problem

STALLED_SECONDS = 60.0
"""How long nothing of a body may arrive: a telephone between two masts comes back sooner."""

JSON_BYTES = 256 * 1024
"""Room for twice a report's longest text in the longest way to write it in JSON."""


class Gate:
    """A rate limiter for calls."""

    def __init__(self, rates: Mapping[str, str]) -> None:
        """Take a rate, such as `30/minute`, for each kind of caller; raises ValueError for a malformed one."""
        self._windows = {kind: _Window(parse(words)) for kind, words in rates.items()}

    async def let_in(self, kind: str, who: str) -> None:
        """Count one call; raises Problem 429, with the time to retry, when the limit is exceeded."""
        seconds = self._windows[kind].count(who)
        if seconds is None:
            return
        raise Problem(
            429,
            "too_many",
            sentence(
                msgids("Too many requests; wait a second.", "Too many requests; wait {count} seconds."), count=seconds
            ),
            headers={"Retry-After": str(seconds)},
        )

    def give_back(self, kind: str, who: str) -> None:
        """Count a call that was let in no longer: it was no guess after all."""
        self._windows[kind].give_back(who)


class _Window:
    """The calls of one kind in the time for which its rate counts; then all of them are forgotten at once."""

    def __init__(self, rate: RateLimitItem) -> None:
        self._rate = rate
        self._calls = Counter[str]()
        self._until = 0.0

    def count(self, who: str) -> int | None:
        """Count a call; return None if it is let in, else the seconds after which one is."""
        now = time.monotonic()
        if now >= self._until:
            self._calls, self._until = Counter(), now + self._rate.get_expiry()
        self._calls[who] += 1
        return None if self._calls[who] <= self._rate.amount else max(1, math.ceil(self._until - now))

    def give_back(self, who: str) -> None:
        """Count one call less."""
        self._calls[who] = max(0, self._calls[who] - 1)


class BodyLimit:
    """Middleware that ends a request whose body grows too large, whatever length it declared, or comes no further."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        """Wrap `app`; `limit_of` returns the maximum number of bytes for a path."""
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the body on while it is within the limit; beyond it raise Problem 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, whole = self._limit_of(scope["path"]), False
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said[:20]) > limit:
            raise too_large(limit)
        taken = 0

        async def counted() -> Message:
            nonlocal taken, whole
            if whole:  # whoever asks now waits for the caller to go
                return await receive()
            try:
                async with asyncio.timeout(STALLED_SECONDS):
                    message = await receive()
            except TimeoutError:
                raise too_slow() from None
            if message["type"] == "http.request":
                whole = not message.get("more_body", False)
                taken += len(message.get("body", b""))
                if taken > limit:
                    raise too_large(limit)
            return message

        await self._app(scope, counted, send)


def too_slow() -> Problem:
    """Return the answer to a body of which nothing more comes."""
    return Problem(
        408,
        "too_slow",
        msgid("The rest of what you sent did not arrive. Send it again."),
        headers={"Connection": "close"},
    )


def too_large(limit: int) -> Problem:
    """Return the answer to a body that exceeds its limit."""
    return Problem(
        413,
        "too_large",
        sentence(msgid("A request body may have at most {limit} bytes."), limit=limit),
        headers={"Connection": "close"},
    )
