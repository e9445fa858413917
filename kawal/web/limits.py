"""How much a caller may send: calls in a time, and bytes in a call.

Calls are counted in this process's memory: several API processes each count on their own, and a restart forgets. What
must hold across processes (nothing doubled) does not rest on it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kawal.domain.msgids import msgid, msgids, sentence
from kawal.web.problems import Problem

JSON_BYTES = 256 * 1024
"""A report's longest text, in the longest way to write it in JSON, fits twice."""


class Gate:
    """Counts calls against limits."""

    def __init__(self, rates: Mapping[str, str]) -> None:
        """Take rates in words, such as `30/minute`, for each kind of caller; raises ValueError for what is none."""
        self._rates: dict[str, RateLimitItem] = {kind: parse(words) for kind, words in rates.items()}
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def let_in(self, kind: str, who: str) -> None:
        """Count one call; raises Problem 429 that says when to come back."""
        rate = self._rates[kind]
        if await self._limiter.hit(rate, kind, who):
            return
        window = await self._limiter.get_window_stats(rate, kind, who)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        raise Problem(
            429,
            "too_many",
            sentence(
                msgids("Too many requests; wait a second.", "Too many requests; wait {count} seconds."), count=seconds
            ),
            headers={"Retry-After": str(seconds)},
        )


class BodyLimit:
    """Ends a request whose body grows too large while it comes in, whatever it said of its length."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        """Stand before `app`; `limit_of` gives the most bytes for a path."""
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the body on while it is within the limit; beyond it raises Problem 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said[:20]) > limit:
            raise too_large(limit)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:
                    raise too_large(limit)
            return message

        await self._app(scope, counted, send)


def too_large(limit: int) -> Problem:
    """Return the answer to a body over its limit."""
    return Problem(
        413,
        "too_large",
        sentence(msgid("A request body may have at most {limit} bytes."), limit=limit),
        headers={"Connection": "close"},
    )
