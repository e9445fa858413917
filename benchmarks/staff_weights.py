"""What a page weighs as it is sent, compressed: at the first visit with all that it loads, and at the next.

Counted are bodies. What scripts fetch later (the queue's next reports, what others change) is no part of a visit.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import NamedTuple

import httpx

FIRST_LIMIT = 60_000
AGAIN_LIMIT = 15_000
"""Bytes that an official's page may weigh at the first visit, and when the browser has kept what may be kept."""

Asking = Callable[[str], Awaitable[httpx.Response]]
"""Returns the answer of an address."""

_LOADED = re.compile(r'<(?:link|script|img|image)\b[^>]*?\s(?:href|src)="(/[^"]*)"')
_KEPT = re.compile("max-age=[1-9]")


class Weight(NamedTuple):
    """The bytes of a visit."""

    first: int
    again: int


async def weight_of(address: str, ask: Asking) -> Weight:
    """Return what a page weighs, with the style sheets, scripts and pictures that it loads."""
    page = await ask(address)
    loaded = [await ask(one) for one in sorted({unescape(one) for one in _LOADED.findall(page.text)})]
    anew = [one for one in loaded if not _KEPT.search(one.headers.get("Cache-Control", ""))]
    return Weight(_bytes([page, *loaded]), _bytes([page, *anew]))


async def show_weights(address: str, ask: Asking) -> None:
    """Weigh a page and print its figures."""
    first, again = await weight_of(address, ask)
    print(f"{address:<48} {first:>7,} bytes (limit {FIRST_LIMIT:,}), again {again:>7,} (limit {AGAIN_LIMIT:,})")


def _bytes(answers: list[httpx.Response]) -> int:
    return sum(one.num_bytes_downloaded for one in answers)
