"""The rules of a day, cached for the relay: looked up once for all reports that were received on it."""

from __future__ import annotations

import asyncio
import time
from datetime import date

from kawal.domain.policy import Rules
from kawal.store.rules import Rulebook

RULES_SECONDS = 5.0
"""How long the rules of a day are cached: an import of new ones reaches the relay within that."""

_MOST = 1_000


class RulesCache:
    """Rules looked up lately; a failed look-up is repeated."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Ask `rulebook`."""
        self._rulebook = rulebook
        self._asked: dict[tuple[str, date], tuple[float, asyncio.Task[Rules]]] = {}

    async def of(self, instansi: str, day: date) -> Rules:
        """Return the rules of a report received on that local day; raises NoRules and the database's errors."""
        at, asked = self._asked.get((instansi, day), (0.0, None))
        if asked is None or _failed(asked) or time.monotonic() - at > RULES_SECONDS:
            asked = asyncio.create_task(self._rulebook.rules_for(instansi, day))
            if len(self._asked) >= _MOST:
                self._asked.clear()
            self._asked[instansi, day] = (time.monotonic(), asked)
        # Others may wait for the same answer when this caller is cancelled.
        return await asyncio.shield(asked)


def _failed(asked: asyncio.Task[Rules]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)
